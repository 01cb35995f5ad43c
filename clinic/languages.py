"""Languages of care: what a patient may need an interpreter for. Pure.

Codes are those of ISO 639 (two letters where there are two), and ``asl`` for American Sign Language.
"""

INTERPRETED: dict[str, str] = {
    "asl": "American Sign Language",
    "am": "Amharic",
    "ar": "Arabic",
    "zh": "Chinese",
    "fr": "French",
    "ht": "Haitian Creole",
    "hi": "Hindi",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "es": "Spanish",
    "tl": "Tagalog",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}


def spoken(codes: list[str]) -> list[str]:
    """Return the names of the languages that somebody of staff speaks with patients: English, and these codes besides.

    A code that nobody has a name for is shown as it was typed: better than a language left out.
    """
    return ["English", *(INTERPRETED.get(code, code) for code in codes if code != "en")]
