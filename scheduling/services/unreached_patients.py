"""A patient who is owed a spoken result and answers no call: the emergency contact, a welfare check, emergency care."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q, QuerySet

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.models import (
    LIVE_STEP,
    Audience,
    CallOutcome,
    Event,
    Report,
    ResultAlert,
    ResultCall,
    Role,
    Rung,
    Step,
    StepKind,
)
from clinic.services.locked_reports import locked
from clinic.services.plans import decision_where_last
from clinic.services.steps import NewStep, complete_step, open_step
from scheduling.result_ladder import CALLS, Unreached
from scheduling.selectors.result_callers import clinician_on_duty

#: How long each has: the call to the emergency contact, the decision after it, the hand-over.
CONTACT_WITHIN = timedelta(minutes=15)
WELFARE_WITHIN = timedelta(minutes=15)
TRANSFER_WITHIN = timedelta(minutes=15)
TRANSFER = "ed_transfer"
#: They have left, and there is no number to call, neither theirs nor a contact's: as if every call were in vain.
_NOBODY_TO_CALL = Q(episode__patient__phone=None, episode__patient__contact_phone="", departure__isnull=False)


def follow_call(event: Event) -> None:
    """A call about a result was noted: a third one in vain asks the emergency contact; their answer, a decision."""
    report = event.subject
    if not isinstance(report, Report):
        return
    if event.codes["audience"] == Audience.EMERGENCY_CONTACT:
        _decide_after_contact(report, str(event.codes["outcome"]))
    elif event.codes["audience"] == Audience.PATIENT and event.codes["outcome"] != CallOutcome.REACHED:
        for telling in _tellings().filter(episode=report.episode):
            _pursue(report, telling)


def decide_when_contact_is_late(event: Event) -> None:
    """Nobody has called the emergency contact in time: the decision on a welfare check does not wait for it."""
    if event.codes["step"] != StepKind.EMERGENCY_CONTACT or event.episode is None:
        return
    report = Report.objects.select_related("center", "episode__center").filter(episode=event.episode).last()
    if report is not None:
        _owe_decision(report)


def pursue_unreached() -> int:
    """Do what is due for every patient whom no call reached; one transaction each. Return how many there were."""
    count = 0
    for report, telling, state in list(_unreached()):
        due = state.next_due()
        if due is not None and due <= clock.now():
            in_transaction(partial(_pursue, report, telling))
            count += 1
    return count


def next_unreached(after: datetime) -> datetime | None:
    """The first instant later than ``after`` at which such a patient is pursued."""
    return min((due for _, _, state in _unreached() if (due := state.next_due()) and due > after), default=None)


def waiting_unreached() -> int:
    """How many of them wait for what is due."""
    now = clock.now()
    return sum(1 for _, _, state in _unreached() if (due := state.next_due()) and due <= now)


def advise_transfer(report: Report) -> None:
    """Advise transfer to an emergency department: a physician hands over, and an unreached patient is texted."""
    if report.episode.steps.filter(kind=StepKind.HANDOVER, plan_code=TRANSFER, status__in=LIVE_STEP).exists():
        return
    step = open_step(
        SYSTEM,
        episode=report.episode,
        new=NewStep(
            kind=StepKind.HANDOVER,
            owner_role=Role.PHYSICIAN,
            center_id=report.center_id,
            due_at=clock.now() + TRANSFER_WITHIN,
            plan_code=TRANSFER,
        ),
    )
    unreached = report.patient_told_at is None and any(
        state.calls for other, _, state in _unreached() if other.pk == report.pk
    )
    codes = {"unreached": unreached, "handover": step.pk}
    events.record("result.transfer_advised", actor=SYSTEM, episode=report.episode, subject=report, codes=codes)


def _pursue(report: Report, telling: Step) -> None:
    """Do what is due. The report is locked, so that two sweeps, or a sweep and a call, ask nobody twice."""
    report = locked(report.pk)
    if report.patient_told_at is not None or not _tellings().filter(pk=telling.pk).exists():
        return
    now, state = clock.now(), _state(report, telling)
    due = state.contact_due()
    if due is not None and due <= now:
        _ask_contact(report)
    due = state.transfer_due()
    if due is not None and due <= now:
        advise_transfer(report)


def _ask_contact(report: Report) -> None:
    """Owe the call to the emergency contact; where nobody is named, the decision at once.

    Of who has no telephone the contact that is recorded serves as well.
    """
    patient = report.episode.patient
    if not (patient.emergency_contact_phone or (patient.phone is None and patient.contact_phone)):
        _owe_decision(report)
        return
    open_step(
        SYSTEM,
        episode=report.episode,
        new=NewStep(
            kind=StepKind.EMERGENCY_CONTACT,
            owner_role=Role.CLINICIAN,
            center_id=report.center_id,
            due_at=clock.now() + CONTACT_WITHIN,
        ),
    )


def _decide_after_contact(report: Report, outcome: str) -> None:
    _owe_decision(report)
    steps = report.episode.steps.filter(kind=StepKind.EMERGENCY_CONTACT, status__in=LIVE_STEP)
    for step in steps:
        complete_step(SYSTEM, step=step, outcome=outcome, then=decision_where_last(step))


def _owe_decision(report: Report) -> None:
    """A named clinician on duty decides; where nobody is, whoever comes on first."""
    report = locked(report.pk)
    if report.patient_told_at is not None:
        return
    if report.episode.steps.filter(kind=StepKind.WELFARE_CHECK, status__in=LIVE_STEP).exists():
        return
    now = clock.now()
    named = clinician_on_duty(report.center, at=now)
    step = open_step(
        SYSTEM,
        episode=report.episode,
        new=NewStep(
            kind=StepKind.WELFARE_CHECK,
            owner_role=Role.CLINICIAN,
            owner_id=named,
            center_id=report.center_id,
            due_at=now + WELFARE_WITHIN,
        ),
    )
    alert = ResultAlert.objects.create(report=report, step=step, rung=Rung.CLINICIAN, staff_id=named, at=now)
    codes = {"step": step.kind, "rung": alert.rung, "staff": named}
    events.record("result.alerted", actor=SYSTEM, episode=report.episode, subject=alert, codes=codes)


def _tellings() -> QuerySet[Step]:
    return Step.objects.filter(kind=StepKind.TELLING, status__in=LIVE_STEP)


def _unreached() -> Iterator[tuple[Report, Step, Unreached]]:
    """Every report that is still owed by voice, with the calls that reached nobody, or that nobody can make."""
    tellings = {step.episode_id: step for step in _tellings().order_by("id")}
    reports = Report.objects.select_related("center", "episode__center", "episode__patient").filter(
        Q(calls__audience=Audience.PATIENT) | _NOBODY_TO_CALL, episode__in=tellings, patient_told_at=None
    )
    for report in reports.distinct().order_by("id"):
        telling = tellings[report.episode_id]
        yield report, telling, _state(report, telling)


def _state(report: Report, telling: Step) -> Unreached:
    """What was tried since this telling is owed: calls before it were about another result."""
    since = Q(at__gte=telling.created_at) | Q(recorded_at__gte=telling.created_at)
    calls = ResultCall.objects.filter(since, report=report, audience=Audience.PATIENT)
    pursued = report.episode.steps.filter(created_at__gte=telling.created_at)
    asked = pursued.filter(kind__in=(StepKind.EMERGENCY_CONTACT, StepKind.WELFARE_CHECK)).exists()
    in_vain = tuple(calls.exclude(outcome=CallOutcome.REACHED).order_by("at", "id").values_list("at", flat=True))
    if not in_vain and Report.objects.filter(_NOBODY_TO_CALL, pk=report.pk).exists():
        in_vain = (max(telling.created_at, report.departure.at),) * CALLS
    return Unreached(
        calls=in_vain,
        contact_asked=asked,
        transfer_advised=pursued.filter(kind=StepKind.HANDOVER, plan_code=TRANSFER).exists(),
    )
