"""What a center keeps for same-day rule-outs in each half-day, and how many walk-ins a shift takes: a manager's."""

from collections.abc import Iterable, Sequence

from clinic import events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Invalid
from clinic.models import Center
from scheduling.models import AddOnLimit, HalfDay, Reserve, ReserveRelease, ResourceKind
from scheduling.reserve import DEFAULT_RELEASE, HALVES, Release

#: The most that may be kept in a half-day: more than any center can scan.
MOST_SCANS = 60
MOST_STEPS = 6
MOST_ADD_ONS = 40
#: A release lies between two weeks before a half-day's start and its latest hour.
EARLIEST_MINUTES, LATEST_MINUTES = 14 * 24 * 60, -12 * 60


def set_reserve(
    actor: Actor, *, center: Center, half: str, scans: int, release: Sequence[Release] = DEFAULT_RELEASE
) -> Reserve:
    """Keep room for so many rule-outs in one half-day of every day, and release it in these steps.

    Visits that are booked stay where they are. Raises `Invalid` that names the field for a size or a step that makes
    no sense: later steps keep less.
    """
    require(actor, Permission.EDIT_RESERVE)
    steps = _checked(half, scans, release)

    def work() -> Reserve:
        reserve, created = Reserve.objects.select_for_update(no_key=True).get_or_create(
            center=center, half=half, defaults={"scans": scans}
        )
        former = 0 if created else reserve.scans
        reserve.scans = scans
        reserve.save(update_fields=["scans"])
        reserve.releases.all().delete()
        ReserveRelease.objects.bulk_create(
            ReserveRelease(reserve=reserve, minutes_before=step.minutes_before, kept_percent=step.kept_percent)
            for step in steps
        )
        codes = {"half": half, "scans": scans, "former": former}
        events.record("reserve.changed", actor=actor, center=center, subject=reserve, codes=codes)
        return reserve

    return in_transaction(work)


def add_default_reserves(actor: Actor, *, centers: Iterable[Center]) -> int:
    """Give the centers that keep nothing yet one rule-out a scanner in each half-day; return how many got it."""
    require(actor, Permission.EDIT_RESERVE)
    added = 0
    for center in centers:
        if not center.reserves.exists():
            scans = scanners(center)
            for half in HALVES:
                set_reserve(actor, center=center, half=half, scans=scans)
            added += 1
    return added


def set_add_on_limit(actor: Actor, *, center: Center, visits: int) -> None:
    """Say how many people at the desk one person's shift takes. Raises `Invalid`."""
    require(actor, Permission.EDIT_RESERVE)
    if not 0 <= visits <= MOST_ADD_ONS:
        raise Invalid(fields={"add_ons": f"Give a whole number from 0 to {MOST_ADD_ONS}."})

    def work() -> None:
        AddOnLimit.objects.update_or_create(center=center, defaults={"visits": visits})
        events.record("add_ons.limited", actor=actor, center=center, subject=center, codes={"visits": visits})

    in_transaction(work)


def scanners(center: Center) -> int:
    """Return how many scans a center can do side by side: the fewer of its rooms and its sonographers."""
    active = center.resources.filter(active=True, remote=False)
    return min(active.filter(kind=kind).count() for kind in (ResourceKind.ROOM, ResourceKind.SONOGRAPHER))


def _checked(half: str, scans: int, release: Sequence[Release]) -> list[Release]:
    wrong: dict[str, str] = {}
    if half not in HalfDay.values:
        wrong["half"] = f"Choose one of: {', '.join(HalfDay.values)}."
    if not 0 <= scans <= MOST_SCANS:
        wrong["scans"] = f"Give a whole number from 0 to {MOST_SCANS}."
    if len(release) > MOST_STEPS:
        wrong["release"] = f"Give at most {MOST_STEPS} steps."
    steps = sorted(release, key=lambda step: -step.minutes_before)
    kept = 100
    for at, step in enumerate(steps):
        if not LATEST_MINUTES <= step.minutes_before <= EARLIEST_MINUTES:
            wrong[f"release.{at}.minutes_before"] = f"Give minutes from {LATEST_MINUTES} to {EARLIEST_MINUTES}."
        elif at and step.minutes_before == steps[at - 1].minutes_before:
            wrong[f"release.{at}.minutes_before"] = "Two steps lie at the same time. Leave one out."
        if not 0 <= step.kept_percent <= kept:
            wrong[f"release.{at}.kept_percent"] = f"Give from 0 to {kept} percent: a later step keeps no more."
        kept = min(kept, step.kept_percent) if step.kept_percent >= 0 else kept
    if wrong:
        raise Invalid(fields=wrong)
    return steps
