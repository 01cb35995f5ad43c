"""What a call says, in Twilio's markup (TwiML). Pure."""

from twilio.twiml.voice_response import VoiceResponse

#: Whoever takes a call may have missed its first words.
_SAID_TIMES = 2
_VOICES = {"en": "en-US", "es": "es-US"}
#: How long a key is waited for.
_WAITS_SECONDS = 6


def said_twice(words: str, language: str) -> str:
    """Return the instructions that say these words, twice, and hang up."""
    response = VoiceResponse()
    for _ in range(_SAID_TIMES):
        response.say(words, language=_voice(language))
        response.pause(length=1)
    return str(response)


def said(words: str, language: str) -> str:
    """Return the instructions that say these words once, and hang up."""
    response = VoiceResponse()
    response.say(words, language=_voice(language))
    response.hangup()
    return str(response)


def keys_asked(words: str, keys: str, language: str, *, at: str, otherwise: str) -> str:
    """Return the instructions that say these words, then what each key does, and post a pressed key to an address.

    A key counts as soon as it is pressed, also while something is said. Without one ``otherwise`` is said, and the call
    ends.
    """
    response = VoiceResponse()
    gather = response.gather(num_digits=1, action=at, method="POST", timeout=_WAITS_SECONDS)
    gather.say(words, language=_voice(language))
    gather.pause(length=1)
    gather.say(keys, language=_voice(language))
    response.say(otherwise, language=_voice(language))
    response.hangup()
    return str(response)


def _voice(language: str) -> str:
    return _VOICES.get(language, language)
