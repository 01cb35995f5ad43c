"""What follows a result of the seeded year: treatment, the plan's calls, visits and scans, and the signature."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic import pathway
from clinic.models import LIVE_STEP, ClosingReason, Plan, Report, Role, Staff, Step, StepKind, StepStatus
from clinic.result_rules import ACUTE, NEGATIVE
from clinic.seeding import odds, therapy
from clinic.seeding.history import close, complete, run
from clinic.seeding.odds import MINUTE, Pace
from clinic.seeding.starts import Taken
from clinic.seeding.studies import Study, Year, end_in_time_or_raised, raise_step, read, send, tell
from clinic.seeding.visits import Scene, book, end_step, open_step
from clinic.services.plan_dates import DUE_HOUR, as_step
from clinic.workdays import at_local, working_day_after
from notifications.models import Purpose
from scheduling.models import AppointmentStatus, VisitKind, VisitType

NO_SHOW = 0.08
FRIDAY = 4
#: A missed visit comes again after three days (clinical.md section 5); a missed scan or dose has a ladder of its own.
AGAIN = timedelta(days=3)
#: What went wrong so lately would not be put right yet.
LATELY = timedelta(days=5)
#: Visits and scans of a plan by the kind of their step.
VISITS = {StepKind.FOLLOW_UP_VISIT: VisitKind.FOLLOW_UP_VISIT, StepKind.FOLLOW_UP_SCAN: VisitKind.REPEAT_SCAN}


def follow(year: Year, report: Report, told_at: datetime, types: dict[str, VisitType], pace: Pace) -> None:
    """Make the plan that the report asks for, and tell of each of its steps whose time has come."""
    plan, steps = _planned(year.scene, report)
    last_at = told_at
    for step in steps:
        if step.kind == StepKind.TREATMENT_START:
            last_at = told_at + pace.minutes(year.scene.chance, 26, 0.55)
            by = year.scene.crew.clinicians[year.scene.center.pk]
            therapy.begin(year.scene, plan, at=last_at - 2 * MINUTE)
            end_in_time_or_raised(year.scene, step, "first_dose", at=last_at, by=by)
        elif step.due_at is not None and step.due_at < year.now:
            last_at = max(last_at, _done(year, step, types, pace))
            if step.plan_code == "visit_3_months":
                therapy.extend(year.scene, plan, at=last_at)
        if step.outcome == "episode_closed":
            plan.ended_at = last_at
            return
    if not any(step.status in LIVE_STEP for step in steps):
        _sign_off(year, plan, last_at)


def _planned(scene: Scene, report: Report) -> tuple[Plan, list[Step]]:
    """Write the plan of a report and its steps, by the pathway in force."""
    at, by, episode = report.signed_at, report.signed_by, report.episode
    if at is None or by is None:
        raise ValueError("A plan follows a signed report.")
    zone = scene.center.zone
    anchor = report.scan_ended_at.astimezone(ZoneInfo(zone)).date()
    plan = Plan(
        episode=episode,
        report=report,
        category=report.category,
        pathway_version=pathway.VERSION,
        anchor=anchor,
        created_at=at,
    )
    rows = pathway.planned(report.category, pathway.Risk(pretest_category=episode.pretest_category))
    steps = [_step(scene, plan, row, at) for row in rows]
    scene.ledger.plans.append(plan)
    scene.ledger.planned += steps
    for step in steps:
        scene.ledger.note_step("step.opened", step, at=at, by=by)
    scene.ledger.note(
        "plan.made",
        at=at,
        by=by,
        subject=plan,
        patient=episode.patient,
        episode=episode,
        codes=lambda: {"steps": [step.pk for step in steps], "pathway": pathway.VERSION},
    )
    return plan, steps


def _step(scene: Scene, plan: Plan, planned: pathway.PlannedStep, at: datetime) -> Step:
    step = Step(
        episode=plan.episode,
        kind=StepKind(planned.kind),
        status=StepStatus.OPEN,
        owner_role=planned.owner_role,
        center=scene.center,
        plan=plan,
        plan_code=planned.code,
        created_at=at,
    )
    new = as_step(plan, planned)
    step.window_start, step.window_end = new.window_start, new.window_end
    step.due_at = at + planned.minutes * MINUTE if planned.minutes is not None else new.due_at
    return step


def _done(year: Year, step: Step, types: dict[str, VisitType], pace: Pace) -> datetime:
    """Tell of a step whose time has passed; return when it ended, by being done or by being given up."""
    scene, due_at = year.scene, step.due_at
    if due_at is None:
        raise ValueError("A planned step is due at some time.")
    send(year, Purpose.FOLLOW_UP_REMINDER, step, step, at=due_at - timedelta(hours=8))
    if step.kind in VISITS:
        return _visited(year, step, types[VISITS[StepKind(step.kind)]], pace)
    clinician = scene.crew.clinicians[scene.center.pk]
    if scene.chance.random() >= odds.CALL_MISSED or _lately(year, due_at):
        at = due_at - scene.chance.randint(30, 400) * MINUTE
        end_step(scene, step, "reached", at=at, by=clinician)
        return at
    raise_step(scene, step)
    at = due_at + scene.chance.randint(5 * 60, 23 * 60) * MINUTE
    if scene.chance.random() >= odds.CALL_NEVER_DONE or step.plan_code != pathway.SAFETY_CALL.code:
        end_step(scene, step, "reached", at=at, by=clinician)
        return at
    # Only a physician signs that somebody is lost.
    physician = scene.crew.reader(scene.chance, scene.center.state)
    close(scene, step.episode, step, ClosingReason.LOST_TO_FOLLOW_UP, at=at, by=physician)
    return at


def _visited(year: Year, step: Step, kind: VisitType, pace: Pace) -> datetime:
    """Tell of a visit or a scan of the plan: some patients do not come at first."""
    scene = year.scene
    missed = step.kind == StepKind.FOLLOW_UP_VISIT and scene.chance.random() < NO_SHOW
    if missed and step.due_at is not None and not _lately(year, step.due_at):
        step = _again(year, step, kind)
    taken, by = _slot(scene, step, kind), _host(scene, step)
    visit = book(scene, step, taken, at=taken.starts_at - timedelta(days=1), by=scene.crew.representative(scene.chance))
    ended_at = run(scene, visit, by)
    complete(scene, visit, taken, at=ended_at, by=by)
    if step.kind != StepKind.FOLLOW_UP_SCAN:
        return ended_at
    due_at = ended_at + kind.reading_minutes * MINUTE
    reading = open_step(scene, step.episode, StepKind.READING, Role.PHYSICIAN, due_at=due_at, at=ended_at, by=by)
    was = step.plan.category if step.plan else ""
    found = "no_dvt_complete" if was in NEGATIVE | ACUTE else was
    report = read(scene, Study(step, by, ended_at), found, pace)
    if report.signed_at is not None and report.signed_by is not None:
        end_in_time_or_raised(scene, reading, "signed", at=report.signed_at, by=report.signed_by)
    return tell(year, report, pace)


def _lately(year: Year, due_at: datetime) -> bool:
    return due_at + LATELY > year.now


def _again(year: Year, step: Step, kind: VisitType) -> Step:
    """The patient did not come: the step is missed, and comes again."""
    scene, taken = year.scene, _slot(year.scene, step, kind)
    desk = scene.crew.representative(scene.chance)
    visit = book(scene, step, taken, at=taken.starts_at - timedelta(days=1), by=desk)
    at = taken.starts_at + 45 * MINUTE
    visit.status, visit.ended_at, visit.end_reason = AppointmentStatus.NO_SHOW, at, "no_show"
    scene.ledger.note_visit("appointment.no_show", visit, at=at, by=None)
    step.status, step.outcome, step.ended_at = StepStatus.MISSED, "no_show", at
    scene.ledger.note_step("step.missed", step, at=at, by=None)
    successor = Step(
        episode=step.episode,
        kind=step.kind,
        status=StepStatus.OPEN,
        owner_role=Role.REPRESENTATIVE,
        center=step.center,
        due_at=at + AGAIN,
        window_start=step.window_start,
        window_end=step.window_end,
        plan=step.plan,
        plan_code=step.plan_code,
        succeeds=step,
        rung=1,
        missed_since=at,
        created_at=at,
    )
    scene.ledger.successors.append(successor)
    scene.ledger.note_step("step.opened", successor, at=at, by=None)
    return successor


def _slot(scene: Scene, step: Step, kind: VisitType) -> Taken:
    """A time between nine and three of the day on which the step is due, or of the Friday before."""
    zone = scene.center.zone
    on = step.due_at.astimezone(ZoneInfo(zone)).date() if step.due_at else step.created_at.date()
    on -= timedelta(days=max(0, on.weekday() - FRIDAY))
    at = time(scene.chance.randint(9, 14), scene.chance.choice((0, 20, 40)))
    return Taken(kind, (), at_local(on, at, zone))


def _host(scene: Scene, step: Step) -> Staff:
    if step.kind == StepKind.FOLLOW_UP_SCAN:
        return scene.ledger.reports[-1].created_by
    return scene.crew.clinicians[scene.center.pk]


def _sign_off(year: Year, plan: Plan, at: datetime) -> None:
    """Nothing is owed but the signature: the clinician gives it on the next working day, if that is over."""
    scene, zone, clinician = year.scene, year.scene.center.zone, year.scene.crew.clinicians[year.scene.center.pk]
    on = working_day_after(at.astimezone(ZoneInfo(zone)).date())
    due_at = at_local(on, DUE_HOUR, zone)
    decision = open_step(scene, plan.episode, StepKind.DECISION, Role.CLINICIAN, due_at=due_at, at=at, by=clinician)
    signed_at = at_local(on, time(9), zone) + scene.chance.randint(0, 90) * MINUTE
    if signed_at < year.now:
        plan.ended_at = signed_at
        if plan.category == "svt_long":
            therapy.stop(scene, plan, at=signed_at - 5 * MINUTE)
        reason = ClosingReason.RULED_OUT if plan.category in NEGATIVE else ClosingReason.RISK_PASSED
        close(scene, plan.episode, decision, reason, at=signed_at, by=clinician)
