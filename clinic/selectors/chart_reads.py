"""The log of chart reads, by patient and by person, and the openings that wait for a review."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from clinic.keeping.record import whose
from clinic.models import ActorKind, ChartOpening, ChartRead, Integration, Patient, Staff

MOST = 200


@dataclass(frozen=True)
class Look:
    """One look at a chart, with the names of who looked and whose it was."""

    read: ChartRead
    who: str
    staff: Staff | None


def looks(*, patient_id: int | None = None, staff_id: int | None = None, before: int | None = None) -> list[Look]:
    """Return the looks at a patient's chart, with those that were merged into it, or those of a person: newest first.

    With neither, the newest of all. ``before`` goes on after a page: the id of its last one.
    """
    found = ChartRead.objects.select_related("patient", "opening")
    if patient_id is not None:
        patient = Patient.objects.filter(pk=patient_id).first()
        found = found.filter(patient_id__in=whose(patient).ids if patient else ())
    if staff_id is not None:
        found = found.filter(actor_kind=ActorKind.STAFF, actor_id=staff_id)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(_named(found.order_by("-id")[:MOST]))


def _named(reads: "QuerySet[ChartRead]") -> Iterable[Look]:
    rows = list(reads)
    ids = {kind: {row.actor_id for row in rows if row.actor_kind == kind} for kind in ActorKind.values}
    people = Staff.objects.select_related("home_center").in_bulk(ids[ActorKind.STAFF])
    programs = Integration.objects.in_bulk(ids[ActorKind.INTEGRATION])
    for row in rows:
        staff = people.get(row.actor_id or 0) if row.actor_kind == ActorKind.STAFF else None
        program = programs.get(row.actor_id or 0) if row.actor_kind == ActorKind.INTEGRATION else None
        yield Look(row, str(staff or program or row.get_actor_kind_display()), staff)


def openings(*, reviewed: bool = False) -> list[ChartOpening]:
    """Return the openings that wait for a review, oldest first, or those that were reviewed, newest first."""
    found = ChartOpening.objects.select_related("patient", "staff", "center", "reviewed_by").annotate(
        looks=Count("reads")
    )
    if reviewed:
        return list(found.exclude(reviewed_at=None).order_by("-reviewed_at", "-id")[:MOST])
    return list(found.filter(reviewed_at=None).order_by("at", "id")[:MOST])


def people_named(words: str) -> list[Staff]:
    """Return staff whose user name or name begins with each of these words."""
    found = Staff.objects.select_related("home_center")
    for word in words.split():
        found = found.filter(
            Q(username__istartswith=word) | Q(first_name__istartswith=word) | Q(last_name__istartswith=word)
        )
    return list(found.order_by("last_name", "first_name", "id")[:20]) if words.strip() else []
