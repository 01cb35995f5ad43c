"""What each disposition says on its screen: headline, what to do, and what to watch for.

A callback in 10 minutes carries the 911 text on screen. Only self-care, where no clot is suspected, speaks of warmth.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.decision import Decision
from triage.urgency import CALLBACK_NOW, Disposition

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Screen:
    """Headline, steps to take now (in order), and the safety net, in one language."""

    headline: str
    steps: tuple[str, ...]
    safety_net: str


_NET_EN = (
    "Call 911 at once if you find it hard to breathe, your chest hurts, you cough up blood, you faint, "
    "or your heart races."
)
_NET_ES = (
    "Llame al 911 de inmediato si le cuesta respirar, le duele el pecho, tose sangre, se desmaya "
    "o el corazón le late muy rápido."
)

EN: Mapping[str, Screen] = {
    "EMERGENCY_911": Screen(
        "Call 911 now",
        (
            "Call 911. Say: I may have a blood clot in my lung, a stroke, or bad bleeding.",
            "Tell them what you feel and where you are.",
            "Do not drive yourself. Sit or lie down and unlock the door.",
        ),
        "If you are alone, stay on the line with 911.",
    ),
    "ED_NOW": Screen(
        "Go to the emergency room now",
        (
            "Be there within one hour. Ask someone to take you.",
            "If you have no ride, call 911.",
            "Tell the staff: I was told that I need to be seen now for my arm or leg.",
            "Bring a list of the medicines that you take.",
        ),
        _NET_EN,
    ),
    "CALLBACK_10": Screen(
        "A clinician will call you within 10 minutes",
        (
            "Keep your phone with you and stay with someone if you can.",
            "If no one has called in 10 minutes, go to the emergency room.",
        ),
        _NET_EN,
    ),
    "CLINICIAN_CALLBACK": Screen(
        "A clinician will call you",
        (
            "Keep your phone with you. We show the time of the call on this page.",
            "Do not rub the sore area.",
            "Have a list of your medicines ready.",
        ),
        _NET_EN,
    ),
    "SAME_DAY_DVT_SCAN": Screen(
        "You need a scan today",
        (
            "Pick a time now. The scan uses sound waves and does not hurt.",
            "Do not rub the sore area before the scan.",
            "Stay at the center until you are told that you may go.",
        ),
        _NET_EN,
    ),
    "NEXT_DAY_DVT_SCAN": Screen(
        "You need a scan within 24 hours",
        (
            "Pick a time now. The scan uses sound waves and does not hurt.",
            "Do what the clinician told you about your medicine.",
            "Do not rub the sore area before the scan.",
            "We will call you before the scan to ask how you are.",
        ),
        _NET_EN,
    ),
    "VASCULAR_CONSULT": Screen(
        "See a vein specialist within 14 days",
        (
            "Pick a time for a visit, or call us at 240-512-4759.",
            "Write down when it hurts and what helps.",
            "If your leg or arm swells, turns red, feels warm, or hurts all day, "
            "answer these questions again that same day.",
        ),
        _NET_EN,
    ),
    "SELF_CARE": Screen(
        "You can care for this at home",
        (
            "Stretch your calf and foot gently each day and before bed.",
            "Drink enough water.",
            "A warm bath or a warm pad can ease a cramp.",
            "We will check in with you on day 14.",
        ),
        "If your leg or arm swells, turns red, feels warm, or hurts all day, stop the warmth and call 877-722-6388 "
        f"the same day. {_NET_EN}",
    ),
}

ES: Mapping[str, Screen] = {
    "EMERGENCY_911": Screen(
        "Llame al 911 ahora",
        (
            "Llame al 911. Diga: puedo tener un coágulo en el pulmón, un derrame cerebral o un sangrado grave.",
            "Diga qué siente y dónde está.",
            "No maneje. Siéntese o acuéstese y deje la puerta sin llave.",
        ),
        "Si no hay nadie con usted, no cuelgue la llamada con el 911.",
    ),
    "ED_NOW": Screen(
        "Vaya a la sala de emergencias ahora",
        (
            "Llegue en menos de una hora. Pida a alguien que le lleve.",
            "Si no tiene quien le lleve, llame al 911.",
            "Diga al personal: me dijeron que deben verme ahora por mi brazo o mi pierna.",
            "Lleve una lista de las medicinas que toma.",
        ),
        _NET_ES,
    ),
    "CALLBACK_10": Screen(
        "Un profesional clínico le llamará en 10 minutos",
        (
            "Tenga el teléfono a la mano y, si puede, quédese con alguien.",
            "Si nadie le llama en 10 minutos, vaya a la sala de emergencias.",
        ),
        _NET_ES,
    ),
    "CLINICIAN_CALLBACK": Screen(
        "Un profesional clínico le llamará",
        (
            "Tenga el teléfono a la mano. La hora de la llamada está en esta página.",
            "No frote la zona que le duele.",
            "Tenga lista la lista de sus medicinas.",
        ),
        _NET_ES,
    ),
    "SAME_DAY_DVT_SCAN": Screen(
        "Necesita un ultrasonido hoy",
        (
            "Elija una hora ahora. El ultrasonido usa ondas de sonido y no duele.",
            "No frote la zona que le duele antes del ultrasonido.",
            "Quédese en el centro hasta que le digan que puede irse.",
        ),
        _NET_ES,
    ),
    "NEXT_DAY_DVT_SCAN": Screen(
        "Necesita un ultrasonido en 24 horas o menos",
        (
            "Elija una hora ahora. El ultrasonido usa ondas de sonido y no duele.",
            "Siga lo que el profesional clínico le dijo sobre su medicina.",
            "No frote la zona que le duele antes del ultrasonido.",
            "Le llamaremos antes del ultrasonido para preguntarle cómo está.",
        ),
        _NET_ES,
    ),
    "VASCULAR_CONSULT": Screen(
        "Vea a un especialista en venas en 14 días o menos",
        (
            "Elija una hora para la visita o llámenos al 240-512-4759.",
            "Anote cuándo le duele y qué le ayuda.",
            "Si la pierna o el brazo se hincha, se pone rojo, se siente caliente o duele todo el día, "
            "responda estas preguntas otra vez ese mismo día.",
        ),
        _NET_ES,
    ),
    "SELF_CARE": Screen(
        "Puede cuidarse en casa",
        (
            "Estire la pantorrilla y el pie con suavidad cada día y antes de dormir.",
            "Tome suficiente agua.",
            "Un baño tibio o una almohadilla tibia puede aliviar un calambre.",
            "Le preguntaremos cómo sigue en el día 14.",
        ),
        "Si la pierna o el brazo se hincha, se pone rojo, se siente caliente o duele todo el día, "
        f"deje el calor y llame al 877-722-6388 ese mismo día. {_NET_ES}",
    ),
}

SCREENS: Mapping[str, Mapping[str, Screen]] = {"en": EN, "es": ES}


def screen_for(decision: Decision, language: str) -> Screen:
    """The screen of a decision in ``en`` or ``es``. Raises KeyError for another language."""
    disposition, minutes = decision.disposition, decision.within_minutes
    soon = disposition is Disposition.CLINICIAN_CALLBACK and minutes is not None and minutes <= CALLBACK_NOW
    return SCREENS[language]["CALLBACK_10" if soon else disposition.value]
