"""Which clinician can next call somebody, and who is on call for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from clinic.models import Center
from scheduling.models import Resource, ResourceKind
from scheduling.paging import OnCall
from scheduling.selectors.centers import CenterCard
from scheduling.selectors.days import cover
from scheduling.selectors.site import surroundings_if_known
from scheduling.slots import Duty

#: How far ahead an opening is looked for, in days.
LOOK_AHEAD_DAYS = 7


def next_call_at(cards: Sequence[CenterCard], *, state: str, zone: str, at: datetime) -> datetime | None:
    """Return the first instant from ``at`` on at which a rostered clinician is on duty; None where there is none.

    Clinicians count where they are licensed in ``state``, the one where the patient is, by the date of its ``zone``: on
    site at one of the centers, or remote. A roster is the clinicians' shifts.
    """
    on_duty = cover([card.id for card in cards], first=at.date(), last=at.date() + timedelta(days=LOOK_AHEAD_DAYS))
    duties = [
        *on_duty.remote(ResourceKind.CLINICIAN, state, zone),
        *(duty for card in cards for duty in on_duty.on_site(ResourceKind.CLINICIAN, card.id, state, zone)),
    ]
    return min((opening for duty in duties if (opening := duty.next_from(at)) is not None), default=None)


def next_call_near(zip: str, *, at: datetime) -> datetime | None:
    """Return the first instant from ``at`` on at which somebody who may call a patient in this ZIP code is on duty."""
    around = surroundings_if_known(zip)
    return next_call_at(around.cards, state=around.care_state, zone=around.care_zone, at=at) if around else None


def on_call(
    kind: ResourceKind, *, center: Center, state: str, at: datetime, in_hand: Mapping[int, int]
) -> list[OnCall]:
    """Return who of a kind may be paged for a center: on site there or remote, licensed in ``state``, with a number.

    ``in_hand`` counts the urgent callbacks that each member of staff has already. Their shifts around ``at`` come with
    them: whether somebody is on duty at one instant is theirs to say.
    """
    around = cover([center.pk], first=at.date(), last=at.date())
    on_site = _by_person(around.on_site(kind, center.pk, state, center.zone))
    remote = _by_person(around.remote(kind, state, center.zone))
    numbers = Resource.objects.filter(pk__in=[*on_site, *remote], staff__is_active=True).exclude(staff__phone="")
    return [
        OnCall(staff, resource in remote, in_hand.get(staff, 0), (on_site | remote)[resource])
        for resource, staff in numbers.values_list("pk", "staff_id")
    ]


def _by_person(duties: Iterable[Duty]) -> dict[int, tuple[Duty, ...]]:
    """Return everybody's duties, by their resource."""
    found: dict[int, tuple[Duty, ...]] = defaultdict(tuple)
    for duty in duties:
        found[duty.person] += (duty,)
    return found
