"""A realistic load of visits that are booked already, from a fixed random seed: rows as the services would write them.

Scans of the coming days are repeat scans: a rule-out is booked on its own day. Consultations fill most of a clinician's
day. The nearer the day, the fuller.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic import clock
from clinic.models import (
    ActorKind,
    Center,
    Episode,
    EpisodeKind,
    Event,
    Patient,
    PretestCategory,
    Role,
    Step,
    StepKind,
    StepStatus,
)
from clinic.seeding.people import FAMILY, GIVEN
from scheduling import bits
from scheduling.models import (
    Appointment,
    AppointmentStatus,
    HoldPurpose,
    Occupancy,
    ResourceDay,
    ResourceKind,
    VisitKind,
    VisitType,
)

SEED = 1856
#: The share of starts that are taken, by days ahead: scans, consultations.
SCANS = (0.45, 0.40, 0.35, 0.30, 0.25)
CONSULTS = (0.75, 0.70, 0.65, 0.60, 0.55)
HOLDER = "seed"


@dataclass(frozen=True)
class Booked:
    """One visit to write."""

    center: Center
    visit_type: VisitType
    days: tuple[ResourceDay, ...]
    starts_at: datetime


def load_bookings(centers: list[Center], visit_types: dict[str, VisitType], *, days: int) -> int:
    """Write the visits of the coming days at these centers, once; return how many were written."""
    if Appointment.objects.filter(holder=HOLDER).exists():
        return 0
    chance = random.Random(SEED)  # noqa: S311 - a load to look at, not a secret
    today = clock.now().date()
    wanted = [
        visit
        for ahead in range(days)
        for center in centers
        for visit in _day(chance, center, visit_types, today + timedelta(days=ahead), ahead)
    ]
    for at in range(0, len(wanted), 2_000):
        _write(chance, wanted[at : at + 2_000])
    return len(wanted)


def _day(
    chance: random.Random, center: Center, visit_types: dict[str, VisitType], on: date, ahead: int
) -> Iterator[Booked]:
    kinds: dict[str, list[ResourceDay]] = {}
    on_site = ResourceDay.objects.filter(center=center, on=on, resource__remote=False).order_by("resource_id")
    for day in on_site:
        kinds.setdefault(day.kind, []).append(day)
    scanners = zip(kinds.get(ResourceKind.ROOM, ()), kinds.get(ResourceKind.SONOGRAPHER, ()), strict=False)
    for pair in scanners:
        yield from _fill(chance, center, visit_types[VisitKind.REPEAT_SCAN], pair, SCANS[min(ahead, 4)])
    for clinician in kinds.get(ResourceKind.CLINICIAN, ()):
        yield from _fill(chance, center, visit_types[VisitKind.CONSULT], (clinician,), CONSULTS[min(ahead, 4)])


def _fill(
    chance: random.Random, center: Center, visit_type: VisitType, days: tuple[ResourceDay, ...], share: float
) -> Iterator[Booked]:
    """Walk the day from start to start, and take a share of those at which all are on duty, buffer included."""
    length = bits.units(visit_type.minutes + visit_type.buffer_minutes)
    free = bits.FULL
    for day in days:
        free &= bits.runs(bits.decode(day.shift), length)
    free &= bits.grid(visit_type.step_minutes)
    taken_until, soonest = 0, clock.now() + timedelta(minutes=30)
    for bit in bits.positions(free):
        starts_at = bits.instant_of(days[0].origin, bit)
        if bit >= taken_until and starts_at > soonest and chance.random() < share:
            taken_until = bit + length
            yield Booked(center, visit_type, days, starts_at)


def _write(chance: random.Random, wanted: list[Booked]) -> None:
    now = clock.now()
    patients = Patient.objects.bulk_create(_patient(chance, visit.center, now) for visit in wanted)
    episodes = Episode.objects.bulk_create(
        _episode(visit, patient, now) for visit, patient in zip(wanted, patients, strict=True)
    )
    steps = Step.objects.bulk_create(
        _step(visit, episode, now) for visit, episode in zip(wanted, episodes, strict=True)
    )
    appointments = Appointment.objects.bulk_create(
        _appointment(visit, step, now) for visit, step in zip(wanted, steps, strict=True)
    )
    Occupancy.objects.bulk_create(
        Occupancy(
            appointment=appointment,
            resource_id=day.resource_id,
            day=day,
            during=(
                visit.starts_at,
                appointment.ends_at + timedelta(minutes=visit.visit_type.buffer_minutes),
            ),
        )
        for visit, appointment in zip(wanted, appointments, strict=True)
        for day in visit.days
    )
    Event.objects.bulk_create(
        Event(
            kind="appointment.booked",
            at=now,
            actor_kind=ActorKind.SYSTEM,
            episode=appointment.episode,
            patient=appointment.patient,
            center=appointment.center,
            subject_kind="appointment",
            subject_id=appointment.pk,
            codes={"visit": appointment.visit_type.code, "sequence": 0, "seeded": True},
        )
        for appointment in appointments
    )


def _patient(chance: random.Random, center: Center, now: datetime) -> Patient:
    return Patient(
        given_name=chance.choice(GIVEN),
        family_name=chance.choice(FAMILY),
        birth_date=date(chance.randint(1936, 2004), chance.randint(1, 12), chance.randint(1, 28)),
        sex=chance.choice("FM"),
        phone=f"+1{center.phone[2:5]}55501{chance.randint(0, 99):02d}",
        language="es" if chance.random() < 0.2 else "en",
        zip=center.zip,
        created_at=now,
    )


def _episode(visit: Booked, patient: Patient, now: datetime) -> Episode:
    consult = visit.visit_type.kind == VisitKind.CONSULT
    return Episode(
        patient=patient,
        kind=EpisodeKind.CONSULT if consult else EpisodeKind.SUSPECTED_DVT,
        center=visit.center,
        tier=None if consult else 2,
        clock_started_at=now - timedelta(days=6),
        pretest_category="" if consult else PretestCategory.UNLIKELY,
        opened_at=now - timedelta(days=6),
    )


def _step(visit: Booked, episode: Episode, now: datetime) -> Step:
    consult = visit.visit_type.kind == VisitKind.CONSULT
    return Step(
        episode=episode,
        kind=StepKind.CONSULT if consult else StepKind.FOLLOW_UP_SCAN,
        status=StepStatus.SCHEDULED,
        owner_role=Role.CLINICIAN if consult else Role.SONOGRAPHER,
        center=visit.center,
        due_at=visit.starts_at,
        created_at=now,
    )


def _appointment(visit: Booked, step: Step, now: datetime) -> Appointment:
    return Appointment(
        visit_type=visit.visit_type,
        center=visit.center,
        patient=step.episode.patient,
        episode=step.episode,
        step=step,
        status=AppointmentStatus.BOOKED,
        starts_at=visit.starts_at,
        ends_at=visit.starts_at + timedelta(minutes=visit.visit_type.minutes),
        holder=HOLDER,
        hold_purpose=HoldPurpose.CHOOSING,
        created_at=now,
        booked_at=now,
    )
