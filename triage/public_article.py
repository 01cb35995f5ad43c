"""Where the product keeps what the network's public article on leg cramps promises (clinical.md section 7).

The article is for anybody; each of its items is a question, a rule, a screen, a page or a module here. A test holds
every place named below to exist.
"""

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What kind of place keeps an item."""

    QUESTION = "question"
    RULE = "rule"
    SCREEN = "screen"
    PAGE = "page"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class Place:
    """One place: a question's key, a rule's clause, a screen's name, a page's path or a file."""

    kind: PlaceKind
    name: str


@dataclass(frozen=True, slots=True)
class ArticleItem:
    """One thing that the article says, and the places that keep it."""

    says: str
    places: tuple[Place, ...]


def _item(
    says: str,
    *,
    questions: str = "",
    rules: str = "",
    screens: str = "",
    pages: str = "",
    modules: str = "",
) -> ArticleItem:
    """An item, with the names of each kind of place parted by spaces."""
    named = (
        (PlaceKind.QUESTION, questions),
        (PlaceKind.RULE, rules),
        (PlaceKind.SCREEN, screens),
        (PlaceKind.PAGE, pages),
        (PlaceKind.MODULE, modules),
    )
    return ArticleItem(says, tuple(Place(kind, name) for kind, names in named for name in names.split()))


_CARDINAL = "symptoms.swelling symptoms.pain_persistent symptoms.warmth symptoms.redness symptoms.new_visible_veins"
_MINOR = "symptoms.heaviness symptoms.difficulty_walking"
_SCANS = "R7.tier1 R7.tier2 R8.tier1 R8.tier2"

ARTICLE: tuple[ArticleItem, ...] = (
    _item("Low-risk cause: fatigue", questions="kept.activity"),
    _item("Low-risk cause: dehydration", questions="kept.fluids kept.diuretics"),
    _item("Low-risk cause: injury", questions="kept.injury limb_threat.cannot_bear_weight_after_injury", rules="R2"),
    _item(
        "Low-risk cause: pregnancy",
        questions="context.pregnant context.postpartum_6wk",
        rules="R8.no_iliac R8.tier1 R9.cramps_with_risk R10.listed",
    ),
    _item(
        "Low-risk cause: other conditions",
        questions="history.diabetes history.neuro_condition history.hx_pad history.hx_cvi history.hypertension "
        "history.hx_cardiovascular kept.medicines kept.hormones",
        rules="R10.listed",
    ),
    _item("Self-care", rules="R11", screens="SELF_CARE", modules="scheduling/services/opening.py"),
    _item(
        "When to be concerned: the six flags",
        questions=f"history.cramps_frequent_or_sleep_loss history.cramps_despite_self_care {_CARDINAL} {_MINOR} "
        "history.skin_change_chronic history.gradual_numbness history.exertional_cramp_relieved_by_rest",
        rules="R9.sign_unknown R9.both_legs R9.rest_pain R9.cramps_with_risk R10.listed",
        pages="/",
    ),
    _item("The signs of a DVT", questions=f"limb onset_days worsening {_CARDINAL} {_MINOR}", rules=_SCANS, pages="/"),
    _item(
        "The signs of a pulmonary embolism are an emergency",
        questions="emergency.short_of_breath emergency.chest_pain emergency.coughing_blood emergency.fainted "
        "emergency.rapid_heartbeat emergency.new_cough_or_lightheaded",
        rules="R1 R3.cough R3.unknown",
        screens="EMERGENCY_911 CALLBACK_10",
        pages="/",
    ),
    _item(
        "Risk factor: surgery",
        questions="wells.bedridden_3d_or_surgery_12w kept.surgery_date kept.anesthesia",
        rules="R8.tier1 R9.cramps_with_risk R10.listed",
    ),
    _item(
        "Risk factor: immobility",
        questions="wells.paralysis_or_cast wells.bedridden_3d_or_surgery_12w kept.days_in_bed kept.travel "
        "history.sedentary",
        rules="R8.tier1 R9.cramps_with_risk R10.listed",
    ),
    _item(
        "Risk factor: clots before",
        questions="wells.prior_dvt_documented context.prior_pe history.hx_vte",
        rules="R8.tier1 R9.cramps_with_risk R10.listed",
    ),
    _item(
        "Same-day evaluation near the patient, by phone: 877-SCAN-DVT (877-722-6388)",
        questions="contact.phone contact.zip",
        rules=_SCANS,
        pages="/ /staff/console/",
        modules="scheduling/intake/deciding.py",
    ),
    _item(
        "Same-day evaluation near the patient, online",
        questions="contact.zip",
        rules=_SCANS,
        screens="SAME_DAY_DVT_SCAN",
        pages="/check/ /slots/ /api/v1/slots/",
        modules="scheduling/selectors/site.py",
    ),
    _item(
        "Results the same day",
        pages="/result/ /staff/results/",
        modules="scheduling/slots.py clinic/escalation.py clinic/services/telling.py",
    ),
    _item("Treatment at once where needed", modules="clinic/pathway.py clinic/services/plans.py"),
    _item(
        "Follow-up until the risk has passed",
        pages="/follow-up/",
        modules="clinic/pathway.py clinic/models/safety_net.py",
    ),
    _item(
        "Consultation through a Patient Services Representative: 240-512-4759",
        screens="VASCULAR_CONSULT",
        pages="/ /book/ /staff/console/",
    ),
    _item("Consultation online", rules="R10.listed R10.not_all_no", screens="VASCULAR_CONSULT", pages="/book/ /slots/"),
    _item("Reason for a consultation: sleep", questions="history.cramps_frequent_or_sleep_loss", rules="R10.listed"),
    _item(
        "Reason for a consultation: accompanying symptoms",
        questions=f"{_CARDINAL} {_MINOR} symptoms.rest_pain_or_open_wound history.skin_change_chronic "
        "history.varicose_veins_established history.gradual_numbness history.chronic_symmetric_swelling",
        rules="R9.rest_pain R10.listed",
    ),
    _item(
        "Reason for a consultation: history",
        questions="history.hx_pad history.hx_cvi history.hx_vte history.hx_cardiovascular context.prior_pe",
        rules="R10.listed R10.not_all_no",
    ),
    _item(
        "Reason for a consultation: risk factors",
        questions="wells.active_cancer wells.prior_dvt_documented wells.bedridden_3d_or_surgery_12w "
        "wells.paralysis_or_cast history.obesity history.smoking history.sedentary history.hypertension",
        rules="R9.cramps_with_risk R10.listed",
    ),
    _item(
        "Reason for a consultation: self-care failed",
        questions="history.cramps_despite_self_care",
        rules="R10.listed",
    ),
    _item("Reason for a consultation: concern", questions="history.vascular_concern", rules="R10.listed"),
    _item(
        "A family member may book",
        questions="contact.answering_for contact.name contact.relation contact.consent",
        pages="/check/",
    ),
)
