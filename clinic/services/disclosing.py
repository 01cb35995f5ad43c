"""Giving a patient's whole record to somebody: what leaves is written down with to whom it goes."""

from dataclasses import dataclass

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Invalid, NotFound
from clinic.keeping.record import resources
from clinic.models import ChartPage, Disclosure, DisclosurePurpose, Patient
from clinic.services.charts import read_chart


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """A record as it was given, with the row that says so."""

    disclosure: Disclosure
    resources: list[dict[str, object]]

    @property
    def bundle(self) -> dict[str, object]:
        """The record as one FHIR `Bundle`."""
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": self.disclosure.at.isoformat(),
            "identifier": {"value": f"disclosure-{self.disclosure.pk}"},
            "total": len(self.resources),
            "entry": [{"resource": resource} for resource in self.resources],
        }


def give_record(actor: Actor, *, patient_id: int, to_whom: str, purpose: str) -> GivenRecord:
    """Gather a patient's whole record, with what was merged into it, and note to whom it goes.

    What is noted is not yet part of what is given: the next copy tells of this one. Raises `Forbidden`, `NotFound`, and
    `Invalid` where it is not said to whom, or why.
    """
    require(actor, Permission.EXPORT_RECORDS)
    to_whom = " ".join(to_whom.split())
    wrong = {}
    if not to_whom:
        wrong["to_whom"] = "Say to whom the record goes: a name, or an office."
    if purpose not in DisclosurePurpose.values:
        wrong["purpose"] = f"Choose one of: {', '.join(DisclosurePurpose.values)}."
    if wrong:
        raise Invalid(fields=wrong)

    def work() -> GivenRecord:
        patient = _locked(patient_id)
        read_chart(actor, patient_id=patient.pk, page=ChartPage.RECORD)
        found = list(resources(patient))
        given = Disclosure.objects.create(
            patient=patient,
            to_whom=to_whom,
            purpose=purpose,
            resources=len(found),
            by_id=actor.staff_id,
            at=clock.now(),
        )
        codes = {"purpose": purpose, "resources": len(found)}
        events.record("record.given", actor=actor, patient=patient, subject=given, codes=codes)
        return GivenRecord(given, found)

    return in_transaction(work)


def _locked(patient_id: int) -> Patient:
    """Lock and return the record, so that nothing is merged into it meanwhile. Raises where it is gone into another."""
    patient = Patient.objects.select_for_update(no_key=True).filter(pk=patient_id).first()
    if patient is None:
        raise NotFound("There is no such patient.")
    if patient.merged_into_id is not None:
        raise Invalid(
            f"This record was merged into patient {patient.merged_into_id}: export that one, which holds both.",
            fields={"patient": f"Use {patient.merged_into_id}."},
        )
    return patient
