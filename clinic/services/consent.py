"""Consent to texts and to automated calls: proof rows, by number."""

from clinic import clock, events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.models import Consent, ConsentChannel, ConsentScope, Language, Patient

#: The exact words shown or read, by version and language: the proof that 47 CFR 64.1200 asks for. They cover texts and
#: calls with an artificial voice alike (64.1200(a)(1)); the words of version 2026-1 covered texts only.
WORDING_VERSION = "2026-2"
WORDING = {
    Language.ENGLISH: "I agree that Vein Center may text this number about my care and visits, and call it with a"
    " recorded voice where a text does not arrive. Message and data rates may apply. I can reply STOP at any time."
    " Agreeing is not needed to get care.",
    Language.SPANISH: "Acepto que Vein Center envíe mensajes de texto a este número sobre mi atención y mis citas, y"
    " que llame con una voz grabada si un mensaje no llega. Pueden aplicarse tarifas. Puedo responder STOP en cualquier"
    " momento. No es necesario aceptar para ser atendido.",
}


def record_consent(
    actor: Actor,
    *,
    phone: str,
    granted: bool,
    channel: ConsentChannel,
    language: str,
    patient: Patient | None = None,
    wording: str = "",
    scope: ConsentScope = ConsentScope.CARE_TEXTS,
) -> Consent:
    """Write that the holder of a number agreed, or took it back. The latest row counts.

    ``wording`` is what was said where it was not our own form: the words of a reply, for example. Our form covers
    automated calls as well. So does taking texts back in whatever words: who writes STOP wants nothing from a machine
    (64.1200(a)(10)). Agreeing in other words, as by START, covers texts only.
    """

    def work() -> Consent:
        consent = Consent.objects.create(
            phone=phone,
            patient=patient,
            scope=scope,
            covers_calls=scope == ConsentScope.CARE_CALLS or not wording or not granted,
            granted=granted,
            channel=channel,
            language=language,
            wording=wording or WORDING[Language(language)],
            wording_version=WORDING_VERSION,
            recorded_by_id=actor.staff_id,
            at=clock.now(),
        )
        kind = "consent.given" if granted else "consent.revoked"
        events.record(kind, actor=actor, patient=patient, subject=consent, codes={"channel": channel})
        return consent

    return in_transaction(work)
