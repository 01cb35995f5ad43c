"""A finding in a patient's words: what was found, and what it means (clinical.md sections 4 and 5)."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

_LIMBS = {
    ("leg", "left"): noop("your left leg"),
    ("leg", "right"): noop("your right leg"),
    ("leg", "bilateral"): noop("your legs"),
    ("arm", "left"): noop("your left arm"),
    ("arm", "right"): noop("your right arm"),
    ("arm", "bilateral"): noop("your arms"),
}
_ARM = "upper_extremity_dvt"
_TREATED = noop("It can be treated. Treatment keeps it from growing, and from moving to the lungs.")
_WATCHED = noop("We watch it with more scans, to see that it does not grow.")
_NOT_ALL_SEEN = noop("Not every vein could be seen this time.")
_NOT_ALL_SEEN_AGAIN = noop("Not every vein could be seen this time. So we look again, to be sure.")
_OLD = noop("A clinician talks with you about what that means for you.")
_OLD_OR_NEW = noop("We look again, to be sure that there is no new one.")

#: What was found, and what it means; a meaning that depends on more than the category is `_meaning`'s.
_WORDS: dict[str, tuple[str, str]] = {
    "no_dvt_complete": (noop("There is no sign of a blood clot in the deep veins."), ""),
    "no_dvt_limited": (noop("There is no sign of a blood clot in the veins that we could see."), _NOT_ALL_SEEN),
    "non_diagnostic": (
        noop("The scan did not give a clear answer."),
        noop("We cannot say yet if there is a blood clot. So we look again, or in another way."),
    ),
    "acute_proximal_dvt": (noop("There is a blood clot in a deep vein of %(limb)s."), _TREATED),
    "acute_iliofemoral_threatened": (
        noop("There is a large blood clot in the deep veins of %(limb)s."),
        noop("It needs care in a hospital right away."),
    ),
    "isolated_distal_dvt": (noop("There is a blood clot in a deep vein of %(limb)s, below the knee."), _WATCHED),
    "svt_near_sfj": (noop("There is a blood clot under the skin of %(limb)s, close to a deep vein."), _TREATED),
    "svt_long": (
        noop("There is a blood clot in a vein under the skin of %(limb)s."),
        noop("Treatment for some weeks keeps it from growing."),
    ),
    "svt_short": (
        noop("There is a short blood clot in a vein under the skin of %(limb)s."),
        noop("It is not in a deep vein. We look again, to see that it does not grow."),
    ),
    "chronic_post_thrombotic": (noop("There are marks of an old blood clot in %(limb)s."), _OLD),
    "incidental": (
        noop("We saw something else that your clinician wants to look into."),
        noop("A clinician calls you and says what comes next."),
    ),
    _ARM: (noop("There is a blood clot in a deep vein of %(limb)s."), _TREATED),
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a study found: its category, where, and what the follow-up makes of it."""

    category: str
    side: str
    treated: bool = False
    equivocal: bool = False
    scanned_again: bool = False


def in_words(found: Found) -> list[str]:
    """Return what was found and what it means, in the language of the page."""
    limb = gettext(_LIMBS["arm" if found.category == _ARM else "leg", found.side])
    sentence = gettext(_WORDS[found.category][0]) % {"limb": limb}
    meaning = _meaning(found)
    return [sentence, gettext(meaning)] if meaning else [sentence]


def _meaning(found: Found) -> str:
    if found.category == "no_dvt_limited" and found.scanned_again:
        return _NOT_ALL_SEEN_AGAIN
    if found.category == "isolated_distal_dvt" and found.treated:
        return _TREATED
    if found.category == "chronic_post_thrombotic" and found.equivocal:
        return _OLD_OR_NEW
    return _WORDS[found.category][1]
