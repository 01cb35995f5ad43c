"""The words that no text, log line, URL or page title may hold: body parts, signs, tests, findings and treatments."""

import re
from collections.abc import Iterable

#: Beginnings of words, in English.
ENGLISH = (
    "dvt",
    "clot",
    "thromb",
    "embol",
    "phlebit",
    "vein",
    "leg",
    "legs",
    "limb",
    "calf",
    "thigh",
    "swell",
    "swollen",
    "cramp",
    "ultraso",
    "doppler",
    "duplex",
    "scan",
    "scans",
    "scanned",
    "sonogra",
    "compressi",
    "diagnos",
    "positive",
    "negative",
    "suspicious",
    "proximal",
    "distal",
    "iliofemoral",
    "anticoag",
    "apixaban",
    "rivaroxaban",
    "warfarin",
    "heparin",
    "pregnan",
    "postpartum",
    "cancer",
    "surgery",
    "d-dimer",
    "villalta",
    "treatment",
)
#: Beginnings of words, in Spanish.
SPANISH = (
    "tvp",
    "coágulo",
    "coagulo",
    "trombo",
    "embolia",
    "flebitis",
    "vena",
    "pierna",
    "pantorrilla",
    "muslo",
    "brazo",
    "hinchaz",
    "hinchad",
    "calambre",
    "ultrasonido",
    "ecograf",
    "escáner",
    "diagnóst",
    "positivo",
    "negativo",
    "sospechos",
    "anticoag",
    "embaraz",
    "cáncer",
    "cirug",
    "tratamiento",
    "sangre",
)
#: What is no finding of anybody: the clinics' own name and address on the web, and the rule-out line's number.
ALLOWED = (r"Vein Center", r"vein-?center\S*", r"877-SCAN-DVT")
_WORDS = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, (*ENGLISH, *SPANISH)))})", re.IGNORECASE)
_ALLOWED = re.compile("|".join(ALLOWED), re.IGNORECASE)


def clinical(lines: Iterable[str]) -> list[str]:
    """The lines that hold such a word, each once, with the word in front."""
    found = {}
    for line in lines:
        if hit := _WORDS.search(_ALLOWED.sub(" ", line)):
            found[line] = f"{hit[0]}: {line}"
    return sorted(found.values())
