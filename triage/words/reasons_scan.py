"""Why a scan was asked for, or could not be had in time: R7 and R8."""

from collections.abc import Mapping

from triage.words.clause import TABLE, ClauseWords

_CONSTANS = f"Constans et al., Thromb Haemost 2008;99:202; {TABLE}, R7"
_WELLS = f"NICE NG158 table 1; Wells et al., NEJM 2003;349:1227; {TABLE}, R8"
_FOUR_HOURS = f"NICE QS201 (scan result within 4 hours); {TABLE}, R8a"
_SUSPECT_EN = "Your signs could be a blood clot."
_SUSPECT_ES = "Sus señales podrían ser un coágulo de sangre."

SCAN_WORDS: Mapping[str, ClauseWords] = {
    "R7.no_arm_scan": ClauseWords(
        "Your arm could have a blood clot, and no center near you can scan an arm now. A hospital can.",
        "Su brazo podría tener un coágulo y ningún centro cercano puede examinar un brazo ahora. Un hospital sí.",
        "R7: arm DVT suspected; no upper-extremity duplex within reach. ED now.",
        f"{TABLE}, R7",
    ),
    "R7.tier1": ClauseWords(
        "Your arm could have a blood clot. You need a scan in the next few hours.",
        "Su brazo podría tener un coágulo de sangre. Necesita un ultrasonido en las próximas horas.",
        "R7: arm DVT suspected, Constans upper bound 2 or more, or a cardinal sign unknown: tier 1.",
        _CONSTANS,
    ),
    "R7.tier2": ClauseWords(
        "Your arm could have a blood clot. You need a scan today.",
        "Su brazo podría tener un coágulo de sangre. Necesita un ultrasonido hoy.",
        "R7: arm DVT suspected, Constans upper bound below 2: tier 2.",
        _CONSTANS,
    ),
    "R7.tier1_no_slot": ClauseWords(
        "Your arm could have a blood clot, and we have no scan soon enough. A hospital can look today.",
        "Su brazo podría tener un coágulo y no tenemos un ultrasonido a tiempo. Un hospital puede verle hoy.",
        "R7: arm, tier 1, no result within 240 min: ED now.",
        _CONSTANS,
    ),
    "R7.tier2_no_slot": ClauseWords(
        "Your arm could have a blood clot, and we have no scan left today. A clinician will plan the next step.",
        "Su brazo podría tener un coágulo y no queda un ultrasonido hoy. "
        "Un profesional clínico planeará el siguiente paso.",
        "R7: arm, tier 2, no result within 720 min the same day: callback 60.",
        _CONSTANS,
    ),
    "STAT.tier1": ClauseWords(
        "Your doctor asked for a scan at once. You need a scan in the next few hours.",
        "Su médico pidió un ultrasonido de inmediato. Necesita un ultrasonido en las próximas horas.",
        "Stat order of the referring clinician: at least tier 1, whatever else was answered. "
        "Result to a clinician within 240 min.",
        f"{TABLE}, stat orders",
    ),
    "STAT.tier1_no_slot": ClauseWords(
        "Your doctor asked for a scan at once, and we have no scan soon enough. A hospital can look today.",
        "Su médico pidió un ultrasonido de inmediato y no tenemos uno a tiempo. Un hospital puede verle hoy.",
        "Stat order of the referring clinician; no result within 240 min: ED now.",
        f"{TABLE}, stat orders",
    ),
    "R8.no_iliac": ClauseWords(
        "You are pregnant and your signs could be a blood clot. No center near you has the scan that you need. "
        "A hospital does.",
        "Está embarazada y sus señales podrían ser un coágulo. Ningún centro cercano tiene el ultrasonido que "
        "necesita. Un hospital sí.",
        "R8: pregnant with suspected DVT; no iliac Doppler within reach. ED now.",
        f"{TABLE}, R8",
    ),
    "R8.tier1": ClauseWords(
        f"{_SUSPECT_EN} You need a scan in the next few hours.",
        f"{_SUSPECT_ES} Necesita un ultrasonido en las próximas horas.",
        "R8: leg DVT suspected; Wells upper bound 2 or more, or an unknown or risk that forces tier 1. "
        "Result to a clinician within 240 min.",
        f"{_WELLS}a",
    ),
    "R8.tier2": ClauseWords(
        f"{_SUSPECT_EN} You need a scan today.",
        f"{_SUSPECT_ES} Necesita un ultrasonido hoy.",
        "R8: leg DVT suspected, Wells unlikely and nothing that forces tier 1. Result the same day, within 720 min.",
        f"{_WELLS}b",
    ),
    "R8.tier1_proven_no_slot": ClauseWords(
        f"{_SUSPECT_EN} Your risk is high, and we have no scan soon enough. A hospital can look today.",
        f"{_SUSPECT_ES} Su riesgo es alto y no tenemos un ultrasonido a tiempo. Un hospital puede verle hoy.",
        "R8a: tier 1 on certain answers; no result within 240 min: ED now.",
        _FOUR_HOURS,
    ),
    "R8.tier1_unknown_no_slot": ClauseWords(
        f"{_SUSPECT_EN} We have no scan soon enough. A clinician will ask you more and find the safest way.",
        f"{_SUSPECT_ES} No tenemos un ultrasonido a tiempo. "
        "Un profesional clínico le preguntará más y buscará lo más seguro.",
        "R8a: tier 1 only through unknown answers; no result within 240 min: callback 30.",
        _FOUR_HOURS,
    ),
    "R8.tier2_no_slot": ClauseWords(
        f"{_SUSPECT_EN} We have no scan left today. A clinician will plan the next step.",
        f"{_SUSPECT_ES} No queda un ultrasonido hoy. Un profesional clínico planeará el siguiente paso.",
        "R8b: tier 2, no result within 720 min the same day: callback 60.",
        f"{_WELLS}b",
    ),
}
