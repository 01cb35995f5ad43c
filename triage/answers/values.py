"""The closed sets that an answer may take."""

from enum import StrEnum


class Tri(StrEnum):
    """Yes, no, or not known. What was not answered is UNKNOWN."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Limb(StrEnum):
    """Where the trouble is. ALTERNATING: cramps now in one leg, now in the other."""

    LEFT_LEG = "left_leg"
    RIGHT_LEG = "right_leg"
    BOTH_LEGS = "both_legs"
    ALTERNATING = "alternating"
    LEFT_ARM = "left_arm"
    RIGHT_ARM = "right_arm"
    UNKNOWN = "unknown"


ONE_LEG = frozenset({Limb.LEFT_LEG, Limb.RIGHT_LEG})
ARMS = frozenset({Limb.LEFT_ARM, Limb.RIGHT_ARM})


class Anticoagulant(StrEnum):
    """Blood thinners taken now, by their strength."""

    NONE = "none"
    PROPHYLACTIC = "prophylactic"
    THERAPEUTIC = "therapeutic"
    UNKNOWN = "unknown"


class Alternative(StrEnum):
    """Whether a clinician finds another diagnosis at least as likely as DVT. Only a clinician sets it."""

    YES = "yes"
    NO = "no"
    NOT_ASSESSED = "not_assessed"
