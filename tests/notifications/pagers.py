"""A center with people on call who have telephones, and the callbacks that they are paged about."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from clinic import clock
from clinic.access import SYSTEM, staff_actor
from clinic.models import Center, Episode, Role, Staff, Step, StepKind
from clinic.services.steps import open_step
from clinic.services.worklist import reassign
from notifications.models import Message
from notifications.services.sending import send_due
from scheduling.models import ResourceKind
from tests.factories import (
    make_center,
    make_resource,
    make_shift,
    make_staff,
    make_zip,
    noon_tomorrow,
    open_calendar,
    set_clock,
)
from tests.kernel import make_episode, new_step

TEN = timedelta(minutes=10)


@dataclass
class OnCallCenter:
    """The center at noon; its clinicians and supervisors in the order in which they are paged."""

    center: Center
    clinicians: list[Staff]
    supervisors: list[Staff]

    def callback(self, within: timedelta = TEN, *, episode: Episode | None = None, **changes: object) -> Step:
        """A clinician is to call a patient within minutes."""
        new = new_step(StepKind.CALLBACK, due_at=clock.now() + within, center_id=self.center.pk, **changes)
        return open_step(SYSTEM, episode=episode or self.patient_in_care(), new=new)

    def patient_in_care(self) -> Episode:
        """An episode whose own first step pages nobody."""
        waits = new_step(StepKind.DECISION, due_at=clock.now() + timedelta(days=1))
        return make_episode(SYSTEM, center=self.center, first_steps=[waits])


def make_on_call(*, clinicians: int = 2, supervisors: int = 1) -> OnCallCenter:
    """Open a center where so many are on call from 8 to 20: the first clinician on site, the others remote."""
    make_zip()
    center = make_center()
    people = [_person(center, Role.CLINICIAN, number, remote=number > 0) for number in range(clinicians)]
    seniors = [_person(center, Role.PHYSICIAN, 50 + number, remote=True) for number in range(supervisors)]
    open_calendar(days=3)
    set_clock(noon_tomorrow())
    return OnCallCenter(center, people, seniors)


def _person(center: Center, role: Role, number: int, *, remote: bool) -> Staff:
    staff = make_staff(role, licensed_in=(center.state,))
    staff.phone = f"+1240555{100 + number:04d}"
    staff.save()
    make_shift(make_resource(center, ResourceKind(role.value), staff=staff, remote=remote), time(8), time(20))
    return staff


def take(step: Step, staff: Staff) -> None:
    """Somebody takes a step on the worklist."""
    reassign(staff_actor(staff), step_id=step.pk, owner_id=staff.pk, owner_role="", center_id=None)


def planned(step: Step) -> list[tuple[Staff | None, str, str]]:
    """To whom, how and what became of each page about a step, in order."""
    pages = Message.objects.filter(step=step, staff__isnull=False).select_related("staff").order_by("due_at", "id")
    return [(page.staff, page.channel, page.status) for page in pages]


def until(at: datetime) -> None:
    """Let time pass to an instant, whatever is due on the way being sent."""
    send_due()
    while (due := Message.objects.filter(status="due", due_at__gt=clock.now(), due_at__lte=at)).exists():
        set_clock(due.order_by("due_at").values_list("due_at", flat=True)[0])
        send_due()
    set_clock(at)
    send_due()
