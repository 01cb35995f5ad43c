"""What a call says to the patient or the mailbox that took it, and what the keys do.

The provider asks us by a signed request. All of it follows from the attempt that the address names, so that any web
process can answer, and asked again the answer is the same.
"""

from clinic.access import SYSTEM
from clinic.errors import NotFound
from clinic.models import ConsentChannel, ConsentScope
from clinic.services.consent import record_consent
from notifications.models import Attempt, Channel, Message
from notifications.provider.twiml import keys_asked, said
from notifications.receipt_rank import BY_A_MACHINE, KEYS, TAKEN_BY
from notifications.selectors.spoken import script_of
from notifications.services import settling

MORE, AGAIN, STOP = "1", "2", "9"


def answered(*, attempt_id: int | None, sid: str, answered_by: str, keys_at: str) -> str:
    """Return what a call says to who took it, and keep by whom it was taken. Raises `NotFound`.

    A mailbox hears who calls and the number. Who may be either hears what a person hears, and counts as reached only
    once a key is pressed.
    """
    message = _call(attempt_id)
    script = script_of(message)
    if answered_by.startswith("machine") or answered_by == "fax":
        _keep(attempt_id, sid, BY_A_MACHINE)
        return said(script.mailbox, message.language)
    _keep(attempt_id, sid, TAKEN_BY.get(answered_by, TAKEN_BY["unknown"]))
    return keys_asked(script.greeting, script.keys, message.language, at=keys_at, otherwise=script.goodbye)


def pressed(*, attempt_id: int | None, sid: str, key: str, keys_at: str) -> str:
    """Return what a call says after a key: more, the same again, or that it was the last one. Raises `NotFound`."""
    message = _call(attempt_id)
    script, language = script_of(message), message.language
    new = _keep(attempt_id, sid, KEYS[key]) if key in KEYS else False
    if key == STOP:
        if new:
            _no_more_calls(message)
        return said(script.stopped, language)
    words = script.more if key == MORE else script.greeting
    return keys_asked(words, script.keys, language, at=keys_at, otherwise=script.goodbye)


def _call(attempt_id: int | None) -> Message:
    """The call to a patient that an attempt is for."""
    named = Attempt.objects.filter(pk=attempt_id or 0, message__channel=Channel.VOICE, message__patient__isnull=False)
    attempt = named.select_related("message__patient", "message__episode__center").first()
    if attempt is None:
        raise NotFound("There is no such call.")
    return attempt.message


def _keep(attempt_id: int | None, sid: str, status: str) -> bool:
    return settling.receive(attempt_id=attempt_id, sid=sid, status=status, code="")


def _no_more_calls(message: Message) -> None:
    """Whoever has the number wants no calls by machine; of texts they said nothing."""
    record_consent(
        SYSTEM,
        phone=message.phone,
        granted=False,
        channel=ConsentChannel.PHONE,
        language=message.language,
        patient=message.patient,
        wording="Pressed 9 on an automated call: no more calls by machine.",
        scope=ConsentScope.CARE_CALLS,
    )
