"""When a clinician can next call somebody."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scheduling import bits
from scheduling.models import ResourceKind
from scheduling.selectors.centers import CenterCard
from scheduling.selectors.days import cover
from scheduling.selectors.site import surroundings_if_known

#: How far ahead an opening is looked for, in days.
LOOK_AHEAD_DAYS = 7


def next_call_at(cards: Sequence[CenterCard], *, state: str, at: datetime) -> datetime | None:
    """Return the first instant from ``at`` on at which a rostered clinician is on duty; None where there is none.

    Clinicians count where they are licensed in ``state``, the one where the patient is: on site at one of the centers,
    or remote. A roster is the clinicians' shifts.
    """
    on_duty = cover([card.id for card in cards], first=at.date(), last=at.date() + timedelta(days=LOOK_AHEAD_DAYS))
    duties = [
        *on_duty.remote.get((ResourceKind.CLINICIAN, state), ()),
        *(duty for card in cards for duty in on_duty.on_site.get((ResourceKind.CLINICIAN, card.id, state), ())),
    ]
    openings = []
    for duty in duties:
        now = bits.bit_within(duty.origin, at)
        left = duty.shift >> now << now if now > 0 else duty.shift
        if left:
            openings.append(max(at, bits.instant_of(duty.origin, next(bits.positions(left)))))
    return min(openings, default=None)


def next_call_near(zip: str, *, at: datetime) -> datetime | None:
    """Return the first instant from ``at`` on at which somebody who may call a patient in this ZIP code is on duty."""
    around = surroundings_if_known(zip)
    return next_call_at(around.cards, state=around.care_state, at=at) if around else None
