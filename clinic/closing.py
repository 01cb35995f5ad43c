"""When an episode may be called over: the last column of the follow-up table (clinical.md section 5). Pure.

A clinician's signature ends an episode, and "the risk has passed" or "ruled out" says that the row's conditions hold.
What is still open is listed with what would settle it. An episode may end for another reason (transferred, declined,
and so on): then the reason is the record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from clinic.pathway import Risk, treated, watched_pregnancy
from clinic.result_rules import ACUTE, NEGATIVE

#: The clear check lies four to six weeks after the last dose: not sooner.
CLEAR_CHECK_AFTER = timedelta(weeks=4)
#: Outcomes of the safety call after which the symptoms are settling.
SETTLING = frozenset({"settling", "settled", "reached", "done"})
#: Outcomes after which a referral is completed.
COMPLETED = frozenset({"referral_completed", "handed_over", "done"})
#: The outcome of other imaging that excludes a thrombosis.
EXCLUDED = "definitive_negative"
_NO_EXTENSION = NEGATIVE | {"svt_short", "svt_long", "chronic_post_thrombotic", "incidental"}
_STABLE = NEGATIVE | {"isolated_distal_dvt", "chronic_post_thrombotic", "svt_short", "incidental"}
UNKNOWN_RISK = Risk()


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step of the plan that was done: when, how it ended, and what its scan's signed report found, if any."""

    code: str
    on: date
    outcome: str = ""
    found: str = ""


@dataclass(frozen=True, kw_only=True)
class Course:
    """What the conditions are judged by. ``owed`` are the codes of the plan's open steps, ``besides`` says in words
    what is open and belongs to no plan; ``category`` is empty where no plan is in force."""

    on: date
    category: str = ""
    risk: Risk = UNKNOWN_RISK
    done: tuple[Done, ...] = ()
    owed: frozenset[str] = frozenset()
    besides: frozenset[str] = frozenset()
    unsigned: bool = False
    choice: str = ""
    last_dose_on: date | None = None

    def was_done(self, code: str) -> Done | None:
        """The last time that a step of this code was done."""
        return next((each for each in reversed(self.done) if each.code == code), None)


@dataclass(frozen=True)
class Condition:
    """A condition that does not hold yet: its code, and what is missing, in a clinician's words."""

    code: str
    missing: str


#: Stands in the way of every end, whatever the reason.
PATIENT_HERE = Condition(
    "patient_here", "The patient is here: complete the visit, or cancel it where they left unseen."
)


def open_conditions(course: Course) -> tuple[Condition, ...]:
    """Return every condition that forbids to sign that it is over; none where it may be signed."""
    found = []
    if course.unsigned:
        found.append(Condition("report_unsigned", "A report is not signed."))
    found += [Condition("step_owed", f"{what}.") for what in sorted(course.besides)]
    if course.category:
        found += _of_row(course)
        found += _of_other_findings(course)
    return tuple(found)


def _of_row(course: Course) -> list[Condition]:
    if treated(course.category, course.risk):
        return _treated(course)
    owed = [
        Condition("step_owed", f"Still owed in the plan: {code.replace('_', ' ')}.")
        for code in sorted(course.owed)
        if not code.startswith("incidental")
    ]
    row = _ROWS.get(course.category)
    return owed + (row(course) if row else [])


def _treated(course: Course) -> list[Condition]:
    """Stop decision, last dose, scan at the end, one clear check: extended therapy never ends by itself."""
    found = []
    if course.category == "acute_iliofemoral_threatened" and not course.was_done("handover"):
        found.append(Condition("handover_open", "The handover was not acknowledged."))
    if course.choice == "extend":
        return [*found, Condition("therapy_extended", "Treatment was extended: it is reviewed every year.")]
    last = course.last_dose_on
    if course.choice != "stop" or last is None:
        return [*found, Condition("no_stop_decision", "Nobody has decided to stop treatment.")]
    if last > course.on:
        found.append(Condition("last_dose_ahead", "The last dose is still ahead."))
    if not _found(course, "end_of_treatment_scan", _NO_EXTENSION | _STABLE):
        found.append(Condition("no_end_scan", "The scan at the end of treatment is not signed as free of a new clot."))
    check = course.was_done("clear_check")
    if check is None or check.on < last + CLEAR_CHECK_AFTER:
        found.append(Condition("no_clear_check", "A clear check four to six weeks after the last dose is missing."))
    return found


def _found(course: Course, code: str, allowed: frozenset[str]) -> bool:
    done = course.was_done(code)
    return done is not None and done.found in allowed


def _no_dvt_complete(course: Course) -> list[Condition]:
    if watched_pregnancy(course.risk):
        clear = _found(course, "scan_d7", NEGATIVE)
        return [] if clear else [Condition("no_clear_day_7", "The scan of day 7 is not signed as negative.")]
    call = course.was_done("safety_call_d7")
    if call is not None and call.outcome not in SETTLING:
        return [Condition("not_settling", "The safety call did not find the symptoms settling.")]
    return []


def _no_dvt_limited(course: Course) -> list[Condition]:
    if watched_pregnancy(course.risk) or (
        course.risk.pretest_category == "unlikely" and course.risk.d_dimer == "negative"
    ):
        return _no_dvt_complete(course)
    clear = _found(course, "repeat_scan_d6_8", NEGATIVE)
    return [] if clear else [Condition("no_clear_repeat", "The repeat scan is not signed as negative.")]


def _non_diagnostic(course: Course) -> list[Condition]:
    other = course.was_done("other_imaging_24h")
    if other is not None and other.outcome == EXCLUDED:
        return []
    return [Condition("no_definitive_study", "No definitive study has been made.")]


def _isolated_distal(course: Course) -> list[Condition]:
    unstable = [code for code in ("scan_d7", "scan_d14") if not _found(course, code, _STABLE)]
    words = "The surveillance scans of days 7 and 14 are not both signed as stable or resolved."
    return [Condition("not_stable", words)] if unstable else []


def _svt_long(course: Course) -> list[Condition]:
    found = []
    if course.choice != "stop" or course.last_dose_on is None or course.last_dose_on > course.on:
        found.append(Condition("course_incomplete", "The course has no last dose yet: record that it is complete."))
    if not _found(course, "scan_d7_14", _NO_EXTENSION):
        found.append(Condition("extension_open", "The scan of days 7 to 14 is not signed as free of an extension."))
    return found


def _svt_short(course: Course) -> list[Condition]:
    clear = _found(course, "scan_d7_10", _NO_EXTENSION)
    return (
        []
        if clear
        else [Condition("extension_open", "The scan of days 7 to 10 is not signed as free of an extension.")]
    )


def _chronic(course: Course) -> list[Condition]:
    found = []
    if not course.was_done("consult_d14"):
        found.append(Condition("no_consult", "The consultation has not taken place."))
    again = ACUTE | {"isolated_distal_dvt", "non_diagnostic", ""}
    scans = ("scan_d1_3", "scan_d7_10") if course.risk.equivocal else ()
    if any((done := course.was_done(code)) is None or done.found in again for code in scans):
        found.append(Condition("recurrence_open", "The scans have not excluded a recurrence."))
    return found


def _of_other_findings(course: Course) -> list[Condition]:
    """What else was found is followed until its referral is completed, whatever the plan is."""
    concerned = course.category == "incidental" or any(code.startswith("incidental") for code in course.owed)
    concerned = concerned or any(each.code.startswith("incidental") for each in course.done)
    referral = course.was_done("incidental_referral")
    if not concerned or (referral is not None and referral.outcome in COMPLETED):
        return []
    return [Condition("referral_open", "The referral for the other finding is not completed.")]


_ROWS: dict[str, Callable[[Course], list[Condition]]] = {
    "no_dvt_complete": _no_dvt_complete,
    "no_dvt_limited": _no_dvt_limited,
    "non_diagnostic": _non_diagnostic,
    "isolated_distal_dvt": _isolated_distal,
    "svt_long": _svt_long,
    "svt_short": _svt_short,
    "chronic_post_thrombotic": _chronic,
}
