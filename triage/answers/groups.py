"""The groups of answers, one frozen class each, named by the clinical field names (clinical.md section 1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from triage.answers.values import Alternative, Anticoagulant, Limb, Tri

U = Tri.UNKNOWN


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is about. ``age`` in whole years on the day of the answers; None where not known."""

    age: int | None = None
    sex: str = "unknown"


@dataclass(frozen=True, slots=True)
class Emergency:
    """Signs that may mean a clot in the lung, a stroke or a bleed."""

    short_of_breath: Tri = U
    chest_pain: Tri = U
    coughing_blood: Tri = U
    fainted: Tri = U
    rapid_heartbeat: Tri = U
    confused_or_collapsed: Tri = U
    stroke_signs: Tri = U
    major_bleeding: Tri = U
    new_cough_or_lightheaded: Tri = U


@dataclass(frozen=True, slots=True)
class LimbThreat:
    """Signs that the limb, or the patient, needs an emergency department."""

    limb_blue_white_or_mottled: Tri = U
    limb_cold: Tri = U
    sudden_numb_or_weak: Tri = U
    pulse_absent_or_weak: Tri = U
    tense_or_pain_out_of_proportion: Tri = U
    infection_with_fever_or_spreading: Tri = U
    cannot_bear_weight_after_injury: Tri = U
    bladder_bowel_saddle: Tri = U
    face_neck_swelling: Tri = U


@dataclass(frozen=True, slots=True)
class Symptoms:
    """Cardinal signs (the first five), minor signs (the next two), and others that the rules name."""

    swelling: Tri = U
    pain_persistent: Tri = U
    warmth: Tri = U
    redness: Tri = U
    new_visible_veins: Tri = U
    heaviness: Tri = U
    difficulty_walking: Tri = U
    cramps: Tri = U
    asymmetric: Tri = U
    cellulitis_like_local: Tri = U
    rest_pain_or_open_wound: Tri = U


CARDINAL = ("swelling", "pain_persistent", "warmth", "redness", "new_visible_veins")
MINOR = ("heaviness", "difficulty_walking")


@dataclass(frozen=True, slots=True)
class Wells:
    """The nine positive items of the two-level Wells DVT score, and the clinician's alternative."""

    active_cancer: Tri = U
    paralysis_or_cast: Tri = U
    bedridden_3d_or_surgery_12w: Tri = U
    deep_vein_tenderness: Tri = U
    entire_leg_swollen: Tri = U
    calf_3cm: Tri = U
    pitting_one_leg: Tri = U
    collateral_veins: Tri = U
    prior_dvt_documented: Tri = U
    alternative_dx_clinician: Alternative = Alternative.NOT_ASSESSED


RISKS = ("active_cancer", "prior_dvt_documented", "bedridden_3d_or_surgery_12w", "paralysis_or_cast")
LEG_SIGNS = ("deep_vein_tenderness", "entire_leg_swollen", "calf_3cm", "pitting_one_leg", "collateral_veins")


@dataclass(frozen=True, slots=True)
class Constans:
    """The three positive items of the Constans score for an arm."""

    venous_material: Tri = U
    localized_pain: Tri = U
    unilateral_edema: Tri = U


@dataclass(frozen=True, slots=True)
class Context:
    """What changes which rule applies."""

    pregnant: Tri = U
    postpartum_6wk: Tri = U
    inpatient: Tri = U
    prior_pe: Tri = U
    anticoagulant: Anticoagulant = Anticoagulant.UNKNOWN


@dataclass(frozen=True, slots=True)
class History:
    """Older complaints, conditions and habits that are a reason for a consultation."""

    cramps_frequent_or_sleep_loss: Tri = U
    cramps_despite_self_care: Tri = U
    skin_change_chronic: Tri = U
    varicose_veins_established: Tri = U
    gradual_numbness: Tri = U
    exertional_cramp_relieved_by_rest: Tri = U
    hx_pad: Tri = U
    hx_cvi: Tri = U
    hx_vte: Tri = U
    hx_cardiovascular: Tri = U
    diabetes: Tri = U
    hypertension: Tri = U
    obesity: Tri = U
    smoking: Tri = U
    sedentary: Tri = U
    vascular_concern: Tri = U
    neuro_condition: Tri = U
    chronic_symmetric_swelling: Tri = U


@dataclass(frozen=True, slots=True)
class Site:
    """What the network can offer now within 50 miles, travel included.

    ``next_result_min``: minutes from the first answer to the earliest possible result, None where there is none.
    A capability that was not stated is taken as absent, so that nobody is sent to a center that cannot scan them.
    """

    next_result_min: int | None = None
    upper_extremity: bool = False
    iliac_duplex: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """All that the rules read, and ``kept``, which no rule reads.

    ``onset_days``: whole days since it began, None where not known. ``stat_order``: a referring clinician ordered the
    scan stat; nobody is asked this, an order says it.
    """

    patient: Person = Person()
    limb: Limb = Limb.UNKNOWN
    onset_days: int | None = None
    worsening: Tri = U
    emergency: Emergency = Emergency()
    limb_threat: LimbThreat = LimbThreat()
    symptoms: Symptoms = Symptoms()
    wells: Wells = Wells()
    constans: Constans = Constans()
    context: Context = Context()
    history: History = History()
    site: Site = Site()
    stat_order: bool = False
    kept: Mapping[str, object] = field(default_factory=dict)

    def offered(self, next_result_min: int | None) -> "Answers":
        """The same answers, where the network's earliest result is ``next_result_min`` minutes away."""
        return replace(self, site=replace(self.site, next_result_min=next_result_min))
