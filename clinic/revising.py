"""What a new result makes of the plan in force (clinical.md section 5). Pure.

A further study that finds no more than what is followed leaves the plan as it is: a clear scan in the middle of a
treatment ends no treatment, and the first of two surveillance scans does not stand for the second. One that finds more
puts its own row in the place of the plan's. One that finds something else besides adds its row. An amendment says that
the study itself had found something else: the plan is that of what it found.
"""

from dataclasses import dataclass

from clinic.pathway import INCIDENTAL_CODES, THERAPY_CODES, PlannedStep, Risk, planned, treated, watched_pregnancy
from clinic.result_rules import ACUTE, NEGATIVE


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A plan in force: the row that it follows."""

    category: str
    risk: Risk


@dataclass(frozen=True, kw_only=True)
class Revision:
    """What becomes of the plan in force: it goes on, with ``steps`` besides; or ``steps`` take its place.

    No step at all in its place: nothing is owed but the clinician's signature.
    """

    goes_on: bool
    steps: tuple[PlannedStep, ...] = ()


#: From the least to the gravest: a finding leaves the plan of a graver one, or of its own kind, as it is.
_GRAVITY = {
    "chronic_post_thrombotic": 1,
    "svt_short": 2,
    "svt_long": 3,
    "isolated_distal_dvt": 4,
    "svt_near_sfj": 5,
    "upper_extremity_dvt": 5,
    "acute_proximal_dvt": 6,
    "acute_iliofemoral_threatened": 7,
}
#: Findings that are followed beside whatever else is.
_BESIDES = frozenset({"incidental", "non_diagnostic"})
#: Watching a distal clot does not cut the course of a superficial one short, nor the other way round.
_SIDE_BY_SIDE = {"svt_long", "isolated_distal_dvt"}


def after_study(standing: Standing | None, category: str, risk: Risk, *, earlier: bool = False) -> Revision:
    """Return what a further study makes of the plan in force; without one, its row.

    ``earlier``: the study was made before the one whose plan stands, and was signed or amended after it. That it found
    nothing, or could not tell, says nothing of what was seen since.
    """
    row = planned(category, risk)
    if standing is not None and earlier and (category in NEGATIVE or category == "non_diagnostic"):
        return Revision(goes_on=True)
    if standing is None or standing.category == "incidental":
        # What else was found is followed to its own end: `still_applies`.
        return Revision(goes_on=standing is not None and category == "incidental", steps=row)
    if standing.category in NEGATIVE or standing.category == "non_diagnostic":
        return _after_nothing_found(standing, category, risk)
    if category in NEGATIVE:
        return Revision(goes_on=True)
    if category in _BESIDES:
        return Revision(goes_on=True, steps=row)
    if {standing.category, category} == _SIDE_BY_SIDE and not treated(category, risk) and not _is_treated(standing):
        return Revision(goes_on=True, steps=row)
    if _found_before(standing, category, risk):
        return Revision(goes_on=True)
    return Revision(goes_on=False, steps=row)


def after_change(standing: Standing, risk: Risk) -> Revision:
    """Return the plan of the same finding where a clinician says otherwise of what it depends on."""
    return Revision(goes_on=False, steps=planned(standing.category, risk))


def still_applies(code: str, *, category: str, risk: Risk, amends: bool = False) -> bool:
    """Whether an open step of the former plan is owed all the same under the row that takes its place.

    Another finding is followed to its own end, unless the study that showed it is amended; and a drug that is taken has
    its change of dose, its decision and its end, whatever the clot is called.
    """
    if code in THERAPY_CODES:
        return treated(category, risk)
    return code in INCIDENTAL_CODES and not amends


def _after_nothing_found(standing: Standing, category: str, risk: Risk) -> Revision:
    row = planned(category, risk)
    if category == "incidental":
        return Revision(goes_on=True, steps=row)
    if category not in NEGATIVE:
        return Revision(goes_on=False, steps=row)
    if standing.category == "non_diagnostic":
        # A complete study is definitive; a limited one is judged by its own row.
        definitive = category == "no_dvt_complete" and not watched_pregnancy(risk)
        return Revision(goes_on=False, steps=() if definitive else row)
    if watched_pregnancy(standing.risk):
        # Day 3 does not stand for day 7, unless the suspicion is over.
        return Revision(goes_on=watched_pregnancy(risk), steps=() if watched_pregnancy(risk) else row)
    if standing.category == "no_dvt_complete" and category == "no_dvt_limited":
        return Revision(goes_on=True, steps=row)
    # The repeat is clear, or the same study was seen again.
    return Revision(goes_on=True)


def _found_before(standing: Standing, category: str, risk: Risk) -> bool:
    """Whether a thrombosis is the one followed, or a lesser one that its plan covers."""
    if category in ACUTE and category != standing.category:
        return _GRAVITY[category] < _GRAVITY[standing.category]
    if _is_treated(standing):
        return category == standing.category or category not in ACUTE
    if treated(category, risk):
        return False
    return _GRAVITY[category] <= _GRAVITY[standing.category]


def _is_treated(standing: Standing) -> bool:
    return treated(standing.category, standing.risk)
