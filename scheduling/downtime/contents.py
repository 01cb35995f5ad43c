"""What stands on a center's sheet: its visits, who is on call, open results, and what else is owed within the day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from clinic.models import Center, Patient, Staff, Step, StepKind
from clinic.phones import national
from clinic.reached import reached
from clinic.selectors.steps import live
from scheduling.downtime.sheet import EMPTY, Sheet, Table
from scheduling.models import Appointment, ResourceKind
from scheduling.selectors.day import visits_of_day
from scheduling.selectors.result_callers import clinician_on_duty, medical_director
from scheduling.selectors.roster import on_call
from scheduling.slots import Deadline

#: Steps by which a result comes to be told: what must not be lost while the system is down.
RESULT_STEPS = (
    StepKind.READING,
    StepKind.TELLING,
    StepKind.ACKNOWLEDGE,
    StepKind.DISCREPANCY,
    StepKind.TREATMENT_START,
    StepKind.REFERRER,
    StepKind.ON_SITE,
)
#: What else is owed is printed where it is due within so long: longer than a system is down.
OWED_WITHIN = timedelta(hours=24)
_VISITS = (
    ("Time", 6),
    ("Patient, born", 17),
    ("Phone", 13),
    ("Visit", 15),
    ("Status", 9),
    ("Arrived", 8),
    ("Started", 8),
    ("Over", 7),
    ("Side, finding, at", 15),
    ("Told whom, at, by", 16),
)
_ON_CALL = (("Role", 24), ("Name", 28), ("Phone", 20))
#: Lines for whoever comes or calls meanwhile: what is asked first stands in the heading of each column.
_UNBOOKED = (
    ("At", 7),
    ("Name, born", 22),
    ("Phone", 14),
    ("Danger signs? Then 911", 17),
    ("Limb, since when", 18),
    ("What was done, by", 26),
)
_LINES = 5
_OWED = (("Due", 12), ("Patient, born", 22), ("Phone", 13), ("What", 26), ("Whose", 16), ("Done at, by, notes", 26))


def sheet_of(center: Center, *, made_at: datetime, stale_at: datetime) -> Sheet:
    """Return a center's sheet as of ``made_at``: today's visits and tomorrow's, in the center's own time."""
    zone = ZoneInfo(center.zone)
    today = made_at.astimezone(zone).date()
    made, stale = (f"{at.astimezone(zone):%b %d, %H:%M}" for at in (made_at, stale_at))
    steps = list(live().filter(center=center, due_at__lt=made_at + OWED_WITHIN))
    results = list(live().filter(center=center, kind__in=RESULT_STEPS))
    others = [step for step in steps if step.kind not in RESULT_STEPS]
    days = [(f"Visits of {day:%A, %B %d}", visits_of_day(center, day)) for day in (today, today + timedelta(days=1))]
    return Sheet(
        title=f"{center.name}: downtime sheet",
        lines=[
            f"Made {made}. Stale from {stale} on: then look for a later one before you trust it.",
            f"Center {national(center.phone)}. Rule-out line {national(settings.RULE_OUT_LINE)}. Emergency: 911.",
            "Write times as they happen, with your initials. Enter them under Downtime once the system is back.",
        ],
        tables=[
            Table("On call", _ON_CALL, _on_call(center, made_at), "Nobody.", width=0.62, read_only=True),
            *(Table(head, _VISITS, [_visit(each, zone) for each in visits], "None.") for head, visits in days),
            Table("Came or called without a visit", _UNBOOKED, [[EMPTY] * len(_UNBOOKED)] * _LINES, ""),
            Table("Open results", _OWED, [_owed(step, zone) for step in results], "None."),
            Table("Owed within a day", _OWED, [_owed(step, zone) for step in others], "Nothing."),
        ],
        footer=f"{center.code}  made {made}, stale from {stale} on. Health information: keep it locked, then shred it.",
    )


def _on_call(center: Center, at: datetime) -> list[list[str]]:
    """Who is on duty now, and who is next to be: the first in line of each role, and the medical director."""
    first, director = clinician_on_duty(center, at=at), medical_director(center, at=at)
    named = [("Clinician, first in line", first)] if first else []
    for label, kind in (("Clinician", ResourceKind.CLINICIAN), ("Reader", ResourceKind.PHYSICIAN)):
        people = on_call(kind, center=center, state=center.state, at=at, in_hand={})
        named += [(label, each.staff) for each in people if each.next_from(at) == at and each.staff != first]
    named += [("Medical director", director)] if director else []
    people_by_id = Staff.objects.in_bulk([staff for _, staff in named])
    return [[label, str(people_by_id[staff]), national(people_by_id[staff].phone)] for label, staff in named]


def _visit(visit: Appointment, zone: ZoneInfo) -> list[str]:
    written = [_hour(at, zone) for at in (visit.arrived_at, visit.started_at, visit.completed_at)]
    patient = visit.patient
    return [
        _hour(visit.starts_at, zone),
        _who(patient),
        reached(patient) if patient else "",
        f"{visit.visit_type}{_deadline(visit, zone)}",
        visit.get_status_display(),
        *written,
        "",
        "",
    ]


def _deadline(visit: Appointment, zone: ZoneInfo) -> str:
    episode = visit.episode
    if episode is None or not episode.tier:
        return ""
    by = Deadline(episode.tier, episode.clock_started_at).result_by
    return f", tier {episode.tier}, result by {by.astimezone(zone):%b %d %H:%M}"


def _owed(step: Step, zone: ZoneInfo) -> list[str]:
    patient = step.episode.patient
    due = f"{step.due_at.astimezone(zone):%b %d %H:%M}" if step.due_at else ""
    whose = str(step.owner) if step.owner else step.get_owner_role_display()
    return [due, _who(patient), reached(patient), step.get_kind_display(), whose, ""]


def _who(patient: Patient | None) -> str:
    if patient is None:
        return ""
    return f"{patient}, {patient.birth_date:%m/%d/%Y}" if patient.birth_date else str(patient)


def _hour(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}" if at else ""
