"""The document of the follow-up: the plans, the ladder and the conditions as the rules themselves say them. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from clinic.closing import Course, open_conditions
from clinic.missed import CLIMBING, pursued, rung
from clinic.pathway import (
    CATEGORIES,
    CLEAR_CHECK,
    DOSE_CHANGES,
    END_SCAN,
    VERSION,
    YEARLY_REVIEW,
    PlannedStep,
    Risk,
    planned,
)
from clinic.revising import Revision, Standing, after_study
from clinic.villalta import ITEMS, SOURCE

_SURE = Risk(pretest_category="unlikely", d_dimer="negative", suspicion_persists=False)


@dataclass(frozen=True)
class Case:
    """A row of the table under one risk, in words."""

    category: str
    words: str
    risk: Risk


CASES = (
    Case("no_dvt_complete", "", _SURE),
    Case("no_dvt_complete", "pregnant, suspicion persists or not said", Risk(pregnant=True)),
    Case("no_dvt_limited", "Wells likely or not known, or D-dimer positive or unknown", Risk()),
    Case("no_dvt_limited", "Wells unlikely and D-dimer negative", _SURE),
    Case("no_dvt_limited", "pregnant, suspicion persists or not said", Risk(pregnant=True)),
    Case("non_diagnostic", "repeated here", Risk()),
    Case("non_diagnostic", "other imaging chosen", Risk(other_imaging=True)),
    *(Case(category, "", Risk()) for category in CATEGORIES[3:7]),
    Case("isolated_distal_dvt", "watched", Risk()),
    Case("isolated_distal_dvt", "treated", Risk(treated=True)),
    Case("svt_long", "", Risk()),
    Case("svt_short", "", Risk()),
    Case("chronic_post_thrombotic", "", Risk()),
    Case("chronic_post_thrombotic", "equivocal", Risk(equivocal=True)),
    Case("incidental", "", Risk()),
)
_HEAD = f"""# The follow-up

Written by `python3 manage.py follow_up_doc` from the rules themselves (pathway {VERSION}); a test compares it. Days
count from D: the diagnosis, or the scan where there is none. A step is due on its day at 5 p.m. where the center is,
and may happen within its window.
"""


def follow_up_document() -> str:
    """Return the document, as Markdown."""
    parts = [_HEAD, "## The plans\n", *(_case(case) for case in CASES), _therapy(), _revisions(), _ladder()]
    return "\n".join(parts)


def _case(case: Case) -> str:
    steps = planned(case.category, case.risk)
    lines = [
        f"### `{case.category}`{': ' + case.words if case.words else ''}\n",
        "| step | kind | due | window | owner |",
        "| --- | --- | --- | --- | --- |",
        *(_line(step) for step in steps),
        "",
        "May be signed as over when none of this is open: " + _conditions(case) + ".\n",
    ]
    return "\n".join(lines)


def _line(step: PlannedStep) -> str:
    owner = f"{step.owner_role}, a named person" if step.named_owner else step.owner_role
    return f"| `{step.code}` | {step.kind.replace('_', ' ')} | {_due(step)} | {_window(step)} | {owner} |"


def _due(step: PlannedStep) -> str:
    if step.minutes is not None:
        return f"{step.minutes // 60} h" if step.minutes % 60 == 0 and step.minutes > 60 else f"{step.minutes} min"
    return f"{step.working_days} working days" if step.working_days is not None else f"D{step.day}"


def _window(step: PlannedStep) -> str:
    if step.minutes is not None or step.working_days is not None:
        return "from D" if step.working_days is not None else "from the signature"
    return f"D{step.first_day} to D{step.last_day}" if step.first_day != step.last_day else f"D{step.day}"


def _conditions(case: Case) -> str:
    """What the rule finds open before anything was done."""
    owed = frozenset(step.code for step in planned(case.category, case.risk))
    course = Course(on=date(2026, 1, 1), category=case.category, risk=case.risk, owed=owed)
    codes = dict.fromkeys(condition.code for condition in open_conditions(course))
    if "no_stop_decision" in codes:
        codes |= dict.fromkeys(("last_dose_ahead", "no_end_scan", "no_clear_check", "therapy_extended"))
    return ", ".join(f"`{code}`" for code in codes)


def _therapy() -> str:
    rows = [f"| {drug} | `{step.code}` | day {step.day} after the first dose |" for drug, step in DOSE_CHANGES.items()]
    after = [
        ("stop", END_SCAN, "the last dose"),
        ("stop", CLEAR_CHECK, "the last dose"),
        ("extend", YEARLY_REVIEW, "the decision"),
    ]
    rows += [
        f"| {why} | `{step.code}` | days {step.first_day} to {step.last_day} from {base} |" for why, step, base in after
    ]
    lines = [
        "## Steps that follow from a drug or a decision\n",
        "Treatment has begun when a first dose was taken, an emergency department has accepted, or a clinician says",
        "why not; a prescription alone begins nothing. The visit of three months, and every yearly review, asks a",
        f"clinician to stop or to extend. The Villalta score has {len(ITEMS)} items of 0 to 3 and the ulcer",
        f"({SOURCE}).\n",
        "| what | step | when |",
        "| --- | --- | --- |",
        *rows,
        "",
    ]
    return "\n".join(lines)


def _revisions() -> str:
    columns = CATEGORIES
    lines = [
        "## What a further study makes of the plan in force\n",
        "Rows: the plan in force. Columns: what the further study finds, in the same order. `=` the plan goes on; `+`",
        "it goes on and the finding's steps are added; `>` the finding's own row takes its place; `.` only the",
        "signature is owed.\n",
        "| plan | " + " | ".join(str(number) for number in range(1, len(columns) + 1)) + " |",
        "| --- |" + " --- |" * len(columns),
    ]
    for number, former in enumerate(columns, 1):
        found = [after_study(Standing(category=former, risk=Risk()), each, Risk()) for each in columns]
        lines.append(f"| {number} `{former}` | " + " | ".join(_sign(each) for each in found) + " |")
    return "\n".join([*lines, ""])


def _sign(revision: Revision) -> str:
    if revision.goes_on:
        return "+" if revision.steps else "="
    return ">" if revision.steps else "."


def _ladder() -> str:
    lines = [
        "## Missed steps\n",
        "All times count from when the step was missed first. After its last rung a step comes again every week, with",
        "a physician: no plan lapses to closed. Steps with clocks of their own (treatment, handover, decision, other",
        f"imaging) are raised by the minute instead; these climb: {', '.join(sorted(CLIMBING)).replace('_', ' ')}.\n",
        "| missed | surveillance scan, dose-change call | any other step |",
        "| --- | --- | --- |",
    ]
    for times in range(1, 6):
        cells = [_rung(kind, code, times) for kind, code in (("dose_change", ""), ("follow_up_visit", ""))]
        lines.append(f"| {times} | " + " | ".join(cells) + " |")
    measured = [
        code for code in ("baseline_scan_3_months", "end_of_treatment_scan") if not pursued("follow_up_scan", code)
    ]
    return "\n".join([*lines, "", f"Not surveillance: {', '.join(f'`{code}`' for code in measured)}.", ""])


def _rung(kind: str, code: str, times: int) -> str:
    up = rung(kind, code, times)
    day = timedelta(days=1)
    after = (
        f"{up.after // day} d"
        if up.after % day == timedelta(0) and up.after >= 3 * day
        else f"{up.after // timedelta(hours=1)} h"
    )
    words = [f"by {after}", up.role, f"{up.calls} calls" if up.calls else "", "certified letter" if up.letter else ""]
    return ", ".join(word for word in words if word)
