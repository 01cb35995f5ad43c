"""The screens' words where somebody reads them aloud: a caller has no page to look at, and chooses a time with us."""

from collections.abc import Mapping
from dataclasses import replace

from triage.urgency import CALLBACK_NOW, Disposition
from triage.words.screens import EN, ES, Screen


def _first_step(screen: Screen, words: str) -> Screen:
    return replace(screen, steps=(words, *screen.steps[1:]))


_TIME_EN = "We choose a time now. The scan uses sound waves and does not hurt."
_TIME_ES = "Elegimos una hora ahora. El ultrasonido usa ondas de sonido y no duele."

SPOKEN: Mapping[str, Mapping[str, Screen]] = {
    "en": {
        **EN,
        "CLINICIAN_CALLBACK": _first_step(
            EN["CLINICIAN_CALLBACK"], "Keep your phone with you. I tell you by when the call comes."
        ),
        "SAME_DAY_DVT_SCAN": _first_step(EN["SAME_DAY_DVT_SCAN"], _TIME_EN),
        "NEXT_DAY_DVT_SCAN": _first_step(EN["NEXT_DAY_DVT_SCAN"], _TIME_EN),
        "VASCULAR_CONSULT": replace(
            EN["VASCULAR_CONSULT"],
            steps=(
                "We choose a time for a visit now.",
                "Write down when it hurts and what helps.",
                "If your leg or arm swells, turns red, feels warm, or hurts all day, call us again the same day.",
            ),
        ),
    },
    "es": {
        **ES,
        "CLINICIAN_CALLBACK": _first_step(
            ES["CLINICIAN_CALLBACK"], "Tenga el teléfono a la mano. Le digo antes de qué hora le llamarán."
        ),
        "SAME_DAY_DVT_SCAN": _first_step(ES["SAME_DAY_DVT_SCAN"], _TIME_ES),
        "NEXT_DAY_DVT_SCAN": _first_step(ES["NEXT_DAY_DVT_SCAN"], _TIME_ES),
        "VASCULAR_CONSULT": replace(
            ES["VASCULAR_CONSULT"],
            steps=(
                "Elegimos una hora para la visita ahora.",
                "Anote cuándo le duele y qué le ayuda.",
                "Si la pierna o el brazo se hincha, se pone rojo, se siente caliente o duele todo el día, "
                "llámenos otra vez ese mismo día.",
            ),
        ),
    },
}


def spoken_for(disposition: str, within_minutes: int | None, language: str) -> Screen:
    """What is read to a caller in ``en`` or ``es``. Raises KeyError for another language."""
    now = within_minutes is not None and within_minutes <= CALLBACK_NOW
    soon = disposition == Disposition.CLINICIAN_CALLBACK and now
    return SPOKEN[language]["CALLBACK_10" if soon else disposition]
