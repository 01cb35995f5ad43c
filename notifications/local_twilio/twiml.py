"""What a call's instructions (TwiML) say, as far as they are understood here: `<Say>`, `<Gather>` and `<Hangup>`."""

from dataclasses import dataclass
from xml.etree import ElementTree


@dataclass(frozen=True)
class Script:
    """What is heard; where a pressed key goes, if one is waited for; and what is heard where none is pressed."""

    said: tuple[str, ...]
    keys_at: str | None = None
    otherwise: tuple[str, ...] = ()


def read(twiml: str) -> Script:
    """Read instructions; ValueError where they are no TwiML. Of several waits for a key only the first is kept."""
    try:
        response = ElementTree.fromstring(twiml)  # noqa: S314 - from the account's own client, on this machine
    except ElementTree.ParseError as error:
        raise ValueError("not well-formed") from error
    if response.tag != "Response":
        raise ValueError("no <Response>")
    said: list[str] = []
    otherwise: list[str] = []
    keys_at = None
    for verb in response:
        if verb.tag == "Hangup":
            break
        if verb.tag == "Gather" and keys_at is None:
            keys_at = verb.get("action") or ""
            said += _words(list(verb))
        else:
            (said if keys_at is None else otherwise).extend(_words([verb]))
    return Script(tuple(said), keys_at, tuple(otherwise))


def _words(verbs: list[ElementTree.Element]) -> list[str]:
    says = [verb for verb in verbs if verb.tag == "Say"]
    return ["".join(say.itertext()).strip() for say in says for _ in range(int(say.get("loop", "1")))]
