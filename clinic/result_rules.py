"""What a result allows, by its category: who speaks first, and what a text may say (clinical.md section 4).

Pure: values in, values out.
"""

VERSION = "2026-1"

#: Results that may be sent as "your result is ready": everything else is spoken by a clinician first.
NEGATIVE = frozenset({"no_dvt_complete", "no_dvt_limited"})
#: Acute thrombosis: treatment starts within the hour.
ACUTE = frozenset({"acute_proximal_dvt", "acute_iliofemoral_threatened", "svt_near_sfj", "upper_extremity_dvt"})
#: Preliminary impressions that go to the interpreting physician at once; the patient stays on site.
URGENT_IMPRESSIONS = frozenset({"positive", "suspicious", "non_diagnostic"})
#: The longest from the scan's end until a clinician has been told, in minutes (section 4.5).
TELL_WITHIN_MINUTES = 60

#: Every category that finds a thrombosis, old or new, or something else of note.
THROMBOSIS = ACUTE | {"isolated_distal_dvt", "svt_long", "svt_short", "chronic_post_thrombotic", "incidental"}

_AGREES = {
    "negative": NEGATIVE | {"chronic_post_thrombotic", "incidental"},
    "non_diagnostic": frozenset({"non_diagnostic", "no_dvt_limited"}),
    "positive": THROMBOSIS,
    "suspicious": THROMBOSIS,
}


def voice_first(category: str) -> bool:
    """Whether a clinician must speak with the patient before anything is sent."""
    return category not in NEGATIVE


def may_be_read(category: str, *, signed: bool, told: bool, sent: bool) -> bool:
    """Whether the patient's own page may say it: once a physician has signed it, and a clinician has said it and heard
    it read back; or, of a kind that needs no voice first, once it was sent."""
    return signed and (told or (sent and not voice_first(category)))


def discrepant(impression: str, category: str) -> bool:
    """Whether the final category contradicts the preliminary impression: recorded, and told to the clinician."""
    return category not in _AGREES[impression]
