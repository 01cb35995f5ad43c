"""How a visit is shown on the day's page: its status, what may be done with it now, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.access import Actor, Permission, allowed
from clinic.models import Side
from clinic.pages.tones import tone_of
from clinic.selectors.registration import missing_of
from scheduling.models import Appointment, AppointmentStatus, ResourceKind
from scheduling.running import Expected
from scheduling.states import MOVABLE, TRANSITIONS

S = AppointmentStatus
#: target status → route, words, kind of button, in the order of the buttons.
BUTTONS: dict[AppointmentStatus, tuple[str, Promise | str, str]] = {
    S.ARRIVED: ("staff-visit-check-in", _("Check in"), ""),
    S.IN_PROGRESS: ("staff-visit-start", _("Start"), ""),
    S.COMPLETED: ("staff-visit-complete", _("Complete"), ""),
    S.NO_SHOW: ("staff-visit-no-show", _("Did not come"), "quiet"),
}
SCANS = ("dvt_scan", "repeat_scan")


@dataclass(frozen=True)
class Button:
    """What may be done with a visit now."""

    route: str
    label: Promise | str
    kind: str


@dataclass(frozen=True)
class VisitLine:
    """One visit as the day shows it."""

    visit: Appointment
    zone: str
    tone: str
    late: bool
    expected: Expected | None
    with_whom: str
    buttons: list[Button]
    wants_preliminary: bool
    movable: bool
    sides: list[tuple[str, str]]
    #: Nobody has signed the order that its scan needs before it starts.
    unsigned: bool
    #: Parts of the registration that nobody asked yet.
    missing_count: int
    missing: str


def as_line(visit: Appointment, actor: Actor, now: datetime, expected: Expected | None = None) -> VisitLine:
    """Present a visit that `scheduling.selectors.day.shown` has loaded; ``expected``: its start as the day runs."""
    status = AppointmentStatus(visit.status)
    waiting = status in {S.BOOKED, S.CONFIRMED}
    missing = missing_of(visit.patient)
    names = [taken.resource.name for taken in visit.occupancies.all() if taken.resource.kind != ResourceKind.OVERFLOW]
    return VisitLine(
        visit=visit,
        zone=visit.center.zone,
        tone="urgent" if waiting and visit.starts_at < now else tone_of(status),
        late=waiting and visit.starts_at < now,
        expected=expected if expected and expected.late_minutes else None,
        with_whom=", ".join(dict.fromkeys(names)),
        buttons=_buttons(visit, actor, now) if allowed(actor, Permission.RUN_VISIT) else [],
        wants_preliminary=(
            status == S.COMPLETED
            and visit.visit_type.kind in SCANS
            and visit.step_id is not None
            and not getattr(visit, "has_report", False)
            and allowed(actor, Permission.WRITE_PRELIMINARY)
        ),
        movable=status in MOVABLE and allowed(actor, Permission.BOOK),
        sides=[*Side.choices] if status == S.ARRIVED and visit.visit_type.kind in SCANS else [],
        unsigned=status in (*MOVABLE, S.ARRIVED) and getattr(visit, "unsigned", False),
        missing_count=len(missing),
        missing=", ".join(part.label.lower() for part in missing),
    )


def _buttons(visit: Appointment, actor: Actor, now: datetime) -> list[Button]:
    """The transitions that the visit's status and the hour allow; the service decides again."""
    possible = TRANSITIONS[AppointmentStatus(visit.status)]
    if visit.starts_at > now:
        possible -= {S.NO_SHOW}
    return [Button(*BUTTONS[target]) for target in BUTTONS if target in possible]
