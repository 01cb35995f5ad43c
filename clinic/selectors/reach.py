"""Whom no text reaches, and why: asked for many patients at once."""

from collections.abc import Collection, Iterable

from clinic.models import Consent, ConsentScope, Event, Patient

#: The carrier's codes for a number that takes no texts (Twilio's error dictionary), and what they mean.
NO_TEXTS = {
    "21211": "no_phone",
    "30005": "no_phone",
    "21614": "landline",
    "30006": "landline",
}


def unreachable(patients: Iterable[Patient]) -> dict[int, str]:
    """Return why no text reaches each of these patients: ``opted_out``, ``no_consent``, ``landline``, ``no_phone``.

    Who can be texted is left out. Two queries.
    """
    by_id = {patient.pk: patient for patient in patients}
    consented = _consents({patient.phone for patient in by_id.values() if patient.phone is not None})
    failed = _failed(by_id)
    found = {}
    for pk, patient in by_id.items():
        granted = consented.get(patient.phone or "")
        if patient.phone is None:
            found[pk] = "no_phone"
        elif pk in failed:
            found[pk] = failed[pk]
        elif not granted:
            found[pk] = "no_consent" if granted is None else "opted_out"
    return found


def _consents(phones: Collection[str]) -> dict[str, bool]:
    rows = Consent.objects.filter(phone__in=phones, scope=ConsentScope.CARE_TEXTS)
    return dict(rows.order_by("phone", "-at", "-id").distinct("phone").values_list("phone", "granted"))


def _failed(patient_ids: Iterable[int]) -> dict[int, str]:
    rows = Event.objects.filter(kind="message.failed", patient_id__in=list(patient_ids), codes__code__in=list(NO_TEXTS))
    return {int(pk): NO_TEXTS[code] for pk, code in rows.values_list("patient_id", "codes__code")}
