"""Rows of patients, episodes, visits and their events, gathered in memory and written together: as services would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Model

from clinic.models import (
    ActorKind,
    Center,
    Departure,
    Disclosure,
    Episode,
    Event,
    IdentityCheck,
    Order,
    Patient,
    Plan,
    Report,
    ReportVersion,
    ResultCall,
    Staff,
    Step,
    TherapyDecision,
    TreatmentStart,
)
from scheduling.models import Appointment, Occupancy, ResourceDay

#: Ids that are known only once the rows are written.
Codes = Mapping[str, object] | Callable[[], Mapping[str, object]]
BATCH = 2_000

#: Who acts, by what stands for them.
_KINDS = {Staff: ActorKind.STAFF, Patient: ActorKind.PATIENT, type(None): ActorKind.SYSTEM}


@dataclass
class Ledger:
    """Appends rows that may point to each other before any of them has an id; `write` gives them theirs."""

    patients: list[Patient] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    versions: list[ReportVersion] = field(default_factory=list)
    checks: list[IdentityCheck] = field(default_factory=list)
    calls: list[ResultCall] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    planned: list[Step] = field(default_factory=list)
    successors: list[Step] = field(default_factory=list)
    #: Reports of a plan's own scans: their steps are written after it.
    later_reports: list[Report] = field(default_factory=list)
    starts: list[TreatmentStart] = field(default_factory=list)
    decisions: list[TherapyDecision] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    occupancies: list[Occupancy] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    events: list[tuple[Event, Model, Codes]] = field(default_factory=list)

    def note(
        self,
        kind: str,
        *,
        at: datetime,
        by: Staff | Patient | None,
        subject: Model,
        patient: Patient,
        episode: Episode | None = None,
        center: Center | None = None,
        codes: Codes | None = None,
    ) -> None:
        """Note an event; nobody hears of it, since what is seeded owes no texts."""
        event = Event(
            kind=kind,
            at=at,
            actor_kind=_KINDS[type(by)],
            actor_id=by.pk if by else None,
            episode=episode,
            patient=patient,
            center=center or (episode.center if episode else None),
            subject_kind=type(subject).__name__.lower(),
        )
        self.events.append((event, subject, codes or {}))

    def note_step(self, kind: str, step: Step, *, at: datetime, by: Staff | None) -> None:
        """Note what became of a step."""
        codes = {"step": step.kind} | ({"outcome": step.outcome} if step.ended_at == at else {})
        self.note(kind, at=at, by=by, subject=step, patient=step.episode.patient, episode=step.episode, codes=codes)

    def note_visit(self, kind: str, visit: Appointment, *, at: datetime, by: Staff | None) -> None:
        """Note what became of a visit."""
        if visit.patient is None or visit.episode is None:
            raise ValueError("A visit that is seeded has a patient and an episode.")
        codes = {"visit": visit.visit_type.code, "sequence": visit.sequence}
        self.note(
            kind,
            at=at,
            by=by,
            subject=visit,
            patient=visit.patient,
            episode=visit.episode,
            center=visit.center,
            codes=codes,
        )

    def occupy(self, visit: Appointment, days: tuple[ResourceDay, ...], *, live: bool) -> None:
        """Take the time of a visit, its buffer included; ``live`` as long as it is to come."""
        until = visit.ends_at + timedelta(minutes=visit.visit_type.buffer_minutes)
        for day in sorted(days, key=lambda each: each.resource_id):
            taken = Occupancy(
                appointment=visit, resource_id=day.resource_id, day=day, during=(visit.starts_at, until), live=live
            )
            self.occupancies.append(taken)

    def write(self, then: Callable[[], None] = lambda: None) -> None:
        """Write all rows, each table after those that it points to. Must run in one transaction.

        ``then`` writes what stands beside the ledger, before the events that may tell of it.
        """
        Patient.objects.bulk_create(self.patients, BATCH)
        Episode.objects.bulk_create(self.episodes, BATCH)
        Step.objects.bulk_create(self.steps, BATCH)
        Report.objects.bulk_create(self.reports, BATCH)
        Plan.objects.bulk_create(self.plans, BATCH)
        Step.objects.bulk_create(self.planned, BATCH)
        Step.objects.bulk_create(self.successors, BATCH)
        Report.objects.bulk_create(self.later_reports, BATCH)
        ReportVersion.objects.bulk_create(self.versions, BATCH)
        IdentityCheck.objects.bulk_create(self.checks, BATCH)
        ResultCall.objects.bulk_create(self.calls, BATCH)
        Disclosure.objects.bulk_create(self.disclosures, BATCH)
        Departure.objects.bulk_create(self.departures, BATCH)
        TreatmentStart.objects.bulk_create(self.starts, BATCH)
        TherapyDecision.objects.bulk_create(self.decisions, BATCH)
        Appointment.objects.bulk_create(self.appointments, BATCH)
        Occupancy.objects.bulk_create(self.occupancies, BATCH)
        Order.objects.bulk_create(self.orders, BATCH)
        then()
        # Ids follow the time, as they do where services write.
        self.events.sort(key=lambda noted: noted[0].at)
        for event, subject, codes in self.events:
            event.subject_id = subject.pk
            if event.actor_kind == ActorKind.PATIENT and event.patient is not None:
                # Written only now: before, the patient had no id.
                event.actor_id = event.patient.pk
            event.codes = dict(codes() if callable(codes) else codes)
        Event.objects.bulk_create((event for event, _, _ in self.events), BATCH)
