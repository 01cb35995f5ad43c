"""What follows from a call: what the patient was promised, what can be booked now, and the words for it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from clinic import clock
from clinic.access import Actor
from clinic.errors import Invalid
from clinic.languages import INTERPRETED
from clinic.models import LIVE_STEP, Episode, Referrer, Step, StepKind
from scheduling.intake.deciding import TO_EMERGENCY_CARE
from scheduling.intake.reading import needs_of
from scheduling.models import Appointment, AppointmentStatus, HoldPurpose, VisitKind, VisitType
from scheduling.needs import NO_NEEDS
from scheduling.pages.dispositions import TONES
from scheduling.pages.patient.offers import in_time
from scheduling.pages.patient.wishes import BOOKABLE, Wish
from scheduling.pages.ways import shown
from scheduling.selectors.fitting import needs_at_hand, spoken_languages
from scheduling.selectors.search import Slot
from scheduling.services.callers import is_clinician
from scheduling.states import MOVABLE
from scheduling.waitlist.ways import ways_forward
from triage.answers import Answers
from triage.contradictions import questions_back
from triage.models import Assessment, Decision, Disposition
from triage.selectors import answers_of, decision_in_force
from triage.words import spoken_for

#: How many slots are read aloud, and how many are shown to who asks for more.
READ_ALOUD, SHOWN = 3, 12
#: The zone of a call that no center has been found for yet.
NO_ZONE = "America/New_York"
#: The step that tells of each promise.
_PROMISES = (StepKind.CALLBACK, StepKind.ARRIVAL_CALL, StepKind.SELF_CARE_CHECK)


@dataclass(frozen=True)
class Visits:
    """The visit that is booked, the time that is kept for a callback, and the one that is kept while they choose."""

    booked: Appointment | None = None
    kept: Appointment | None = None
    mine: Appointment | None = None


def wanted(assessment: Assessment, decision: Decision, answers: Answers) -> Wish | None:
    """Return the visit that a decision lets somebody book at once; None where it lets them book none."""
    kind = BOOKABLE.get(Disposition(decision.disposition))
    if kind is None or assessment.episode is None or assessment.patient is None:
        return None
    needs = needs_of(answers) if kind == VisitKind.DVT_SCAN else NO_NEEDS
    needs |= needs_at_hand(assessment.patient)
    visit_type = VisitType.objects.get(kind=kind)
    return Wish(visit_type, assessment.zip, assessment.patient, assessment.episode, needs)


def visits(actor: Actor, assessment: Assessment, held: int | None) -> Visits:
    """Return what is booked or kept. ``held``: the hold that this colleague took for this call."""
    if assessment.episode_id is None:
        return Visits()
    mine = Q(pk=held or 0, holder=actor.key)
    rows = Appointment.objects.filter(Q(episode=assessment.episode_id) | mine).select_related("center", "visit_type")
    found = list(rows.filter(status__in=(AppointmentStatus.HELD, *MOVABLE)).order_by("id"))
    stand = [row for row in found if row.status == AppointmentStatus.HELD and _stands(row)]
    return Visits(
        booked=next((row for row in found if row.status in MOVABLE), None),
        kept=next((row for row in stand if row.hold_purpose == HoldPurpose.CALLBACK), None),
        mine=next((row for row in stand if row.pk == held), None),
    )


def slots(wish: Wish, *, more: bool) -> list[Slot]:
    """Return the best slots for a wish: three to read aloud, or many, from further away too."""
    return in_time(
        wish.visit_type,
        zip=wish.zip,
        needs=wish.needs,
        deadline=wish.deadline,
        until=wish.latest,
        widely=more,
        most=SHOWN if more else READ_ALOUD,
    )


def in_language(wish: Wish, code: str) -> Wish:
    """Return a wish for people who speak a language besides English. Raises `Invalid` for a code that is none."""
    if code not in ("", *INTERPRETED):
        raise Invalid(fields={"language": _("Choose one of the languages of the list.")})
    return replace(wish, needs=replace(wish.needs, language=code))


def told(actor: Actor, assessment: Assessment, *, held: int | None, more: bool, language: str = "") -> dict[str, Any]:
    """Return what the page of a call says; of times those with somebody who speaks a language, where one is named."""
    decision = decision_in_force(assessment)
    if decision is None:
        return {"assessment": assessment, "decision": None}
    answers = answers_of(assessment)
    taken = visits(actor, assessment, held)
    wish = wanted(assessment, decision, answers) if taken.booked is None else None
    if wish and language in INTERPRETED:
        wish = in_language(wish, language)
    episode, found = assessment.episode, slots(wish, more=more) if wish else []
    disposition = Disposition(decision.disposition)
    return {
        "assessment": assessment,
        "patient": assessment.patient,
        "episode": assessment.episode,
        "decision": decision,
        "tone": TONES[disposition],
        "zone": assessment.episode.center.zone if assessment.episode else NO_ZONE,
        "language": assessment.language,
        "screen": spoken_for(disposition, decision.within_minutes, assessment.language),
        "reason": decision.reasons[0]["patient"][assessment.language],
        "questions": questions_back(answers),
        "promise": None if disposition in BOOKABLE else _promise(assessment),
        "to_care": decision.disposition in TO_EMERGENCY_CARE,
        "visits": taken,
        **office(episode),
        "wish": wish,
        "slots": found,
        "spoken": spoken_languages(wish.visit_type.takes) if wish else {},
        "ends_here": _ends_here(wish, found),
        **shown(actor, ways_forward(episode.pk) if episode and _ends_here(wish, found) else None),
        "more": more,
        "can_book_kept": is_clinician(actor),
    }


def _ends_here(wish: Wish | None, found: list[Slot]) -> bool:
    """Whether no time is in time, whoever does it: a language that nobody speaks ends nothing."""
    return wish is not None and wish.deadline is not None and not found and not wish.needs.language


def office(episode: Episode | None) -> dict[str, Any]:
    """Return who referred, and the step that owes them the time, where there are such."""
    referrer = Referrer.objects.filter(episode=episode).first() if episode else None
    if episode is None or referrer is None:
        return {}
    live = episode.steps.filter(kind=StepKind.REFERRER_TIME, status__in=LIVE_STEP)
    return {"office": referrer, "office_step": live.first()}


def _promise(assessment: Assessment) -> Step | None:
    """Return the call or check-in that was promised, with who owes it and by when."""
    if assessment.episode is None:
        return None
    live = assessment.episode.steps.filter(status__in=LIVE_STEP, kind__in=_PROMISES)
    return live.order_by("due_at").first()


def _stands(hold: Appointment) -> bool:
    expires: datetime | None = hold.hold_expires_at
    return expires is not None and expires > clock.now()
