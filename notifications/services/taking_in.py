"""Taking somebody into our care who wrote of an emergency and is in nobody's: the answer says that we call them."""

from collections.abc import Sequence
from datetime import datetime

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Invalid
from clinic.models import Center, Episode, EpisodeKind, Patient, Role, StepKind
from clinic.phones import area_code
from clinic.services.episodes import open_episode
from clinic.services.patients import register_unnamed
from clinic.services.steps import NewStep
from notifications.zones import zones_of_number
from scheduling.selectors.centers import nearest_centers

#: How somebody stands in the records whom we know by their number only.
NOT_NAMED = ("Not named", "Texted us")


def take_into_care(patient: Patient, *, due_at: datetime) -> Episode:
    """Open an episode that begins with a clinician's call, at the center that knows the patient or the nearest one."""
    last = Episode.objects.filter(patient=patient).select_related("center").order_by("-opened_at").first()
    return _opened(patient, last.center if last else _nearest(patient.zip), due_at)


def take_in_a_stranger(phone: str, *, language: str, due_at: datetime) -> Episode | None:
    """Keep a number without a name as a patient, and have a clinician call it; None where there is no center at all.

    Their center is one of the number's own area, so that whoever calls may be licensed where they are.
    """
    center = _center_of(phone)
    if center is None:
        return None
    given, family = NOT_NAMED
    patient = register_unnamed(
        SYSTEM, given_name=given, family_name=family, phone=phone, zip=center.zip, language=language
    )
    return _opened(patient, center, due_at)


def _opened(patient: Patient, center: Center, due_at: datetime) -> Episode:
    call = NewStep(kind=StepKind.CALLBACK, owner_role=Role.CLINICIAN, center_id=center.pk, due_at=due_at)
    return open_episode(
        SYSTEM,
        patient=patient,
        kind=EpisodeKind.CONSULT,
        center=center,
        clock_started_at=clock.now(),
        first_steps=[call],
    )


def _nearest(zip: str) -> Center:
    try:
        [card, *_] = nearest_centers(near_zip=zip)
    except Invalid:
        [card, *_] = nearest_centers()
    return Center.objects.get(pk=card.id)


def _center_of(phone: str) -> Center | None:
    """A center with the same area code, else one in the same zone, else the first."""
    centers: Sequence[Center] = list(Center.objects.filter(active=True).order_by("code"))
    zones = zones_of_number(phone)
    near = [center for center in centers if area_code(center.phone) == area_code(phone)]
    in_zone = [center for center in centers if center.zone in zones]
    return next(iter([*near, *in_zone, *centers]), None)
