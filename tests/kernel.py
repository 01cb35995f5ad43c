"""Plain functions that make the kernel's rows for tests: a center, people, a patient with an open episode."""

import itertools
from datetime import UTC, date, datetime, time, timedelta

from clinic import clock
from clinic.access import Actor, staff_actor
from clinic.models import (
    Center,
    Episode,
    EpisodeKind,
    OpeningHours,
    Patient,
    Report,
    Role,
    Staff,
    Step,
    StepKind,
    WetRead,
    ZipCode,
)
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep, complete_step, open_step
from clinic.services.wet_reads import Spoken, record_wet_read

_numbers = itertools.count(1)


def make_zip(zip: str = "20770") -> ZipCode:
    """Greenbelt, unless another ZIP is named."""
    row, _ = ZipCode.objects.get_or_create(
        zip=zip,
        defaults={
            "city": "Greenbelt",
            "state": "MD",
            "zone": "America/New_York",
            "latitude": 38.9996,
            "longitude": -76.884,
        },
    )
    return row


def make_center(**changes: object) -> Center:
    """A center in Greenbelt, open all week from 08:00 to 18:00."""
    number = next(_numbers)
    values: dict[str, object] = {
        "code": f"T{number:03d}",
        "name": f"Test Vein Center {number}",
        "short_name": f"Test {number}",
        "street": "1 Test Way",
        "city": "Greenbelt",
        "state": "MD",
        "zip": "20770",
        "zone": "America/New_York",
        "latitude": 38.9996,
        "longitude": -76.884,
        "phone": f"+1240555{100 + number % 100:04d}",
        "arm_scans": True,
        "iliac_doppler": True,
    }
    center = Center.objects.create(**(values | changes))
    OpeningHours.objects.bulk_create(
        OpeningHours(center=center, weekday=weekday, opens=time(8), closes=time(18)) for weekday in range(7)
    )
    return center


def make_staff(role: str = Role.CLINICIAN, **changes: object) -> Staff:
    """Somebody of a role."""
    number = next(_numbers)
    values: dict[str, object] = {"username": f"k-{role}{number}", "first_name": "Sam", "last_name": f"Test{number}"}
    return Staff.objects.create(role=role, **(values | changes))


def acting(role: str = Role.CLINICIAN, **changes: object) -> Actor:
    """The actor that somebody of a role is."""
    return staff_actor(make_staff(role, **changes))


def make_patient(**changes: object) -> Patient:
    """A patient near Greenbelt with a number of their own."""
    values: dict[str, object] = {
        "given_name": "Pat",
        "family_name": f"Example{next(_numbers)}",
        "birth_date": date(1964, 5, 17),
        "phone": f"+1301555{next(_numbers) % 10000:04d}",
        "zip": "20770",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Patient.objects.create(**(values | changes))


def soon(minutes: int = 30) -> datetime:
    """An instant a little ahead on the product's clock."""
    return clock.now() + timedelta(minutes=minutes)


def new_step(kind: StepKind = StepKind.CALLBACK, **changes: object) -> NewStep:
    """A clinician's step, due in half an hour."""
    values: dict[str, object] = {"kind": kind, "due_at": soon(), "owner_role": Role.CLINICIAN}
    return NewStep(**(values | changes))  # type: ignore[arg-type]


def make_episode(actor: Actor, *, center: Center | None = None, steps: int = 1, **changes: object) -> Episode:
    """An open episode of a suspected DVT with so many live steps."""
    values: dict[str, object] = {
        "patient": make_patient(),
        "kind": EpisodeKind.SUSPECTED_DVT,
        "center": center or make_center(),
        "clock_started_at": clock.now(),
        "first_steps": [new_step() for _ in range(steps)],
        "tier": 1,
    }
    return open_episode(actor, **(values | changes))  # type: ignore[arg-type]


def live_steps(episode: Episode) -> list[Step]:
    """The episode's live steps, oldest first."""
    return list(episode.steps.filter(status__in=("open", "scheduled", "escalated")).order_by("id"))


def make_scan(actor: Actor, episode: Episode) -> Step:
    """A scan of the episode that is done: its step, with the reading owed in its place."""
    scan = open_step(actor, episode=episode, new=new_step(StepKind.SCAN, owner_role=Role.SONOGRAPHER, scheduled=True))
    reading = new_step(StepKind.READING, owner_role=Role.PHYSICIAN)
    for step in live_steps(episode):
        if step.pk != scan.pk:
            complete_step(actor, step=step, outcome="booked")
    return complete_step(actor, step=scan, outcome="completed", then=[reading])


def make_wet_read(report: Report, **changes: object) -> WetRead:
    """A physician's spoken impression of a preliminary, read back by the clinician who treats."""
    values: dict[str, object] = {"category": "acute_proximal_dvt", "told_to": "Dr. Clara Test", "read_back": True}
    return record_wet_read(acting(Role.PHYSICIAN), report_id=report.pk, spoken=Spoken(**(values | changes)))  # type: ignore[arg-type]
