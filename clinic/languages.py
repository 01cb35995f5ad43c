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
