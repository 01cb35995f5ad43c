"""Who is alerted to a finding: the people on duty, a second one, and the medical director."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from clinic.models import LIVE_STEP, Center, ResultAlert, Staff, Step, StepKind
from scheduling.models import ResourceKind
from scheduling.paging import in_line
from scheduling.selectors.roster import on_call


def clinician_on_duty(center: Center, *, at: datetime, but: Collection[int] = ()) -> int | None:
    """Return the clinician who is first in line now, or None: somebody who has not been asked before, if there is."""
    return _first(ResourceKind.CLINICIAN, center, at, but)


def medical_director(center: Center, *, at: datetime) -> int | None:
    """Return the medical director who is on duty, else another physician on duty, else a director at any hour."""
    directors = set(
        Staff.objects.filter(medical_director=True, is_active=True).exclude(phone="").values_list("pk", flat=True)
    )
    on_duty = _on_duty(ResourceKind.PHYSICIAN, center, at)
    return next(
        (staff for staff in [*(each for each in on_duty if each in directors), *on_duty, *sorted(directors)]), None
    )


def _first(kind: ResourceKind, center: Center, at: datetime, but: Collection[int]) -> int | None:
    return next((staff for staff in _on_duty(kind, center, at) if staff not in but), None)


def _on_duty(kind: ResourceKind, center: Center, at: datetime) -> list[int]:
    people = on_call(kind, center=center, state=center.state, at=at, in_hand=_in_hand())
    return [person.staff for person in in_line(people) if person.next_from(at) == at]


def _in_hand() -> Counter[int]:
    """How many urgent calls and findings everybody has at present."""
    live = Step.objects.filter(status__in=LIVE_STEP)
    counted = Counter(live.filter(kind=StepKind.CALLBACK, owner__isnull=False).values_list("owner_id", flat=True))
    alerted = ResultAlert.objects.filter(step__in=live.filter(kind=StepKind.ACKNOWLEDGE), staff__isnull=False)
    counted.update(alerted.values_list("staff_id", flat=True))
    return counted
