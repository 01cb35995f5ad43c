"""The veins that a duplex study names, and what their findings allow a report to say. Pure: values in, values out.

Segments and what a complete study sees follow the SRU consensus (Needleman et al., Circulation 2018;137:1505): from the
groin to the ankle, the calf's paired veins included. The lengths are those of clinical.md section 4.3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

ILIOFEMORAL = frozenset({"common_iliac", "external_iliac", "common_femoral"})
PROXIMAL = ILIOFEMORAL | {"femoral", "deep_femoral", "popliteal"}
DISTAL = frozenset({"posterior_tibial", "peroneal", "anterior_tibial", "gastrocnemius", "soleal"})
LEG_SUPERFICIAL = frozenset({"great_saphenous", "small_saphenous", "accessory_saphenous", "varicose_tributary"})
ARM_DEEP = frozenset({"internal_jugular", "brachiocephalic", "subclavian", "axillary", "brachial", "radial", "ulnar"})
ARM_SUPERFICIAL = frozenset({"cephalic", "basilic"})
LEG = PROXIMAL | DISTAL | LEG_SUPERFICIAL
ARM = ARM_DEEP | ARM_SUPERFICIAL
VEINS = LEG | ARM
#: What must have been seen, on each side studied, before a study may be called complete.
COMPLETE_LEG = frozenset({"common_femoral", "femoral", "popliteal", "posterior_tibial", "peroneal"})
COMPLETE_ARM = frozenset({"subclavian", "axillary", "brachial"})

CLEAR, ACUTE, CHRONIC, NOT_SEEN = "clear", "acute", "chronic", "not_seen"
STATES = (CLEAR, ACUTE, CHRONIC, NOT_SEEN)
SIDES: dict[str, frozenset[str]] = {
    "left": frozenset({"left"}),
    "right": frozenset({"right"}),
    "bilateral": frozenset({"left", "right"}),
}
NEAR_JUNCTION_CM, LONG_CM = 3.0, 5.0


@dataclass(frozen=True, slots=True)
class Vein:
    """One segment that was studied, on one side, and how it was found."""

    name: str
    side: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a report says besides its category. An empty list of veins says nothing, and contradicts nothing."""

    side: str
    veins: tuple[Vein, ...] = ()
    clot_length_cm: float | None = None
    junction_distance_cm: float | None = None


def parsed(given: Iterable[Mapping[str, object]]) -> tuple[Vein, ...]:
    """Return the list as it is stored, as values. Raises `ValueError` that names the wrong entry and the choice."""
    found = []
    for number, each in enumerate(given, start=1):
        vein = Vein(str(each.get("vein", "")), str(each.get("side", "")), str(each.get("state", "")))
        for value, choices, what in (
            (vein.name, sorted(VEINS), "vein"),
            (vein.side, ["left", "right"], "side"),
            (vein.state, list(STATES), "state"),
        ):
            if value not in choices:
                raise ValueError(f"Entry {number}: {what} must be one of {', '.join(choices)}.")
        found.append(vein)
    named = [(vein.name, vein.side) for vein in found]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice:
        raise ValueError(f"The {twice[1]} {spoken(twice[0])} vein is listed twice.")
    return tuple(found)


def contradictions(category: str, details: Details) -> dict[str, str]:
    """Return what a category contradicts, by field; empty where category and details can both be true.

    This alone refuses a signature. A preliminary that differs does not: that is a discrepancy.
    """
    wrong: dict[str, str] = {}
    astray = [vein for vein in details.veins if vein.side not in SIDES[details.side]]
    if astray:
        named = ", ".join(f"{vein.side} {spoken(vein.name)}" for vein in astray)
        wrong["side"] = f"The study is of the {details.side} side, but the list names: {named}."
    if sentence := _of_the_veins(category, details):
        wrong["veins"] = sentence
    if sentence := _of_the_length(category, details):
        wrong["clot_length_cm"] = sentence
    if sentence := _of_the_distance(category, details):
        wrong["junction_distance_cm"] = sentence
    return wrong


def spoken(name: str) -> str:
    """A vein's name with spaces."""
    return name.replace("_", " ")


def _names(veins: Sequence[Vein], state: str) -> frozenset[str]:
    return frozenset(vein.name for vein in veins if vein.state == state)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(spoken(name) for name in sorted(names))


def _of_the_veins(category: str, details: Details) -> str:
    veins = details.veins
    if not veins:
        return ""
    acute, chronic = _names(veins, ACUTE), _names(veins, CHRONIC)
    if category == "upper_extremity_dvt" and acute <= LEG:
        return "An upper extremity DVT needs an acute vein of the arm; none is listed."
    if category in _EXCLUDES and acute & _EXCLUDES[category]:
        return f"{_SAID[category]} excludes an acute {_listed(acute & _EXCLUDES[category])}."
    if category in _NEEDS and not acute & _NEEDS[category]:
        return f"{_SAID[category]} needs one of these found acute: {_listed(_NEEDS[category])}. None is listed so."
    if category in ("no_dvt_complete", "no_dvt_limited") and acute & (VEINS - LEG_SUPERFICIAL - ARM_SUPERFICIAL):
        return f"No DVT excludes an acute {_listed(acute)}."
    if category == "chronic_post_thrombotic" and (acute or not chronic):
        return "Chronic change needs a vein found chronic, and none found acute."
    return _of_completeness(category, details)


def _of_completeness(category: str, details: Details) -> str:
    """A complete study saw every segment that it must, on every side that it names."""
    if category != "no_dvt_complete":
        return ""
    wanted = COMPLETE_ARM if all(vein.name in ARM for vein in details.veins) else COMPLETE_LEG
    for side in sorted(SIDES[details.side]):
        seen = {vein.name for vein in details.veins if vein.side == side and vein.state != NOT_SEEN}
        if missing := wanted - seen:
            return f"A complete study sees the {side} {_listed(missing)} too. Choose no_dvt_limited, or list them."
    return ""


def _of_the_length(category: str, details: Details) -> str:
    length = details.clot_length_cm
    if length is None:
        return ""
    if category == "svt_long" and length < LONG_CM:
        return f"svt_long is {LONG_CM:g} cm or longer; {length:g} cm is given."
    if category == "svt_short" and length >= LONG_CM:
        return f"svt_short is shorter than {LONG_CM:g} cm; {length:g} cm is given."
    return ""


def _of_the_distance(category: str, details: Details) -> str:
    distance = details.junction_distance_cm
    if distance is None:
        return ""
    if category == "svt_near_sfj" and distance > NEAR_JUNCTION_CM:
        return f"svt_near_sfj lies within {NEAR_JUNCTION_CM:g} cm of the junction; {distance:g} cm is given."
    if category in ("svt_long", "svt_short") and distance <= NEAR_JUNCTION_CM:
        return f"Within {NEAR_JUNCTION_CM:g} cm of the junction the category is svt_near_sfj; {distance:g} cm is given."
    return ""


_SAID = {
    "acute_proximal_dvt": "An acute proximal DVT",
    "acute_iliofemoral_threatened": "An acute iliofemoral DVT",
    "isolated_distal_dvt": "An isolated distal DVT",
    "svt_near_sfj": "A superficial vein thrombosis",
    "svt_long": "A superficial vein thrombosis",
    "svt_short": "A superficial vein thrombosis",
}
_SUPERFICIAL = LEG_SUPERFICIAL | ARM_SUPERFICIAL
_NEEDS: dict[str, frozenset[str]] = {
    "acute_proximal_dvt": PROXIMAL,
    "acute_iliofemoral_threatened": ILIOFEMORAL,
    "isolated_distal_dvt": DISTAL,
    "svt_near_sfj": frozenset({"great_saphenous", "accessory_saphenous"}),
    "svt_long": _SUPERFICIAL,
    "svt_short": _SUPERFICIAL,
}
_DEEP = PROXIMAL | DISTAL | ARM_DEEP
_EXCLUDES: dict[str, frozenset[str]] = {
    "isolated_distal_dvt": PROXIMAL,
    "svt_near_sfj": _DEEP,
    "svt_long": _DEEP,
    "svt_short": _DEEP,
}
