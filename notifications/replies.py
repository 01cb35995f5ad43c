"""What a reply means. Pure: words in, meaning out."""

import re
import unicodedata
from enum import StrEnum


class Meaning(StrEnum):
    """What somebody wants who writes back."""

    EMERGENCY = "emergency"
    STOP = "stop"
    START = "start"
    HELP = "help"
    CONFIRM = "confirm"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    OTHER = "other"


#: Words that opt out when they stand alone; the provider acts on most of them itself, REVOKE and OPTOUT count in law.
STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "ALTO", "PARAR"}
START = {"START", "YES", "UNSTOP"}
HELP = {"HELP", "INFO", "AYUDA"}
#: Free text that plainly revokes (47 CFR 64.1200(a)(10)).
REVOKES = ("NO MAS", "LEAVE ME ALONE", "STOP TEXTING", "DO NOT TEXT", "DON'T TEXT", "NO ME ESCRIBA")
#: Words of an emergency, in both languages: answered at once, whatever else the text says.
EMERGENCIES = (
    "CAN'T BREATHE",
    "CANT BREATHE",
    "CANNOT BREATHE",
    "SHORT OF BREATH",
    "HARD TO BREATHE",
    "TROUBLE BREATHING",
    "CHEST PAIN",
    "CHEST HURTS",
    "COUGHING BLOOD",
    "COUGHING UP BLOOD",
    "PASSED OUT",
    "FAINTED",
    "BLEEDING A LOT",
    "STROKE",
    "NO PUEDO RESPIRAR",
    "ME FALTA EL AIRE",
    "DOLOR DE PECHO",
    "DOLOR EN EL PECHO",
    "TOSO SANGRE",
    "TOSIENDO SANGRE",
    "ME DESMAYE",
    "SANGRO MUCHO",
    "911",
)
_LETTERS = {"C": Meaning.CONFIRM, "R": Meaning.RESCHEDULE, "X": Meaning.CANCEL}


def meaning_of(body: str, opt_out_type: str = "") -> Meaning:
    """Return what a reply means. The provider's own ``OptOutType`` is trusted; an emergency comes before all else."""
    words = _plain(body)
    if any(phrase in words for phrase in EMERGENCIES):
        return Meaning.EMERGENCY
    if opt_out_type:
        return {"STOP": Meaning.STOP, "START": Meaning.START}.get(opt_out_type.upper(), Meaning.HELP)
    alone = re.sub(r"[^A-Z ]", "", words).strip()
    for known, meaning in ((STOP, Meaning.STOP), (START, Meaning.START), (HELP, Meaning.HELP)):
        if alone in known:
            return meaning
    if any(phrase in words for phrase in REVOKES):
        return Meaning.STOP
    return _LETTERS.get(alone, Meaning.OTHER)


def _plain(body: str) -> str:
    """Capitals without accents, single spaces, a straight apostrophe."""
    text = unicodedata.normalize("NFD", body.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join("".join(mark for mark in text if not unicodedata.combining(mark)).upper().split())
