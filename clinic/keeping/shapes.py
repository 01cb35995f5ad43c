"""What FHIR R4 says of the kernel's rows, and which of the kernel's tables belong to a patient's record."""

from typing import Any

from clinic.keeping.record import Whose, goes_with, keep, plain
from clinic.models import (
    AccessNeeds,
    ChartOpening,
    ChartRead,
    Consent,
    Coverage,
    Departure,
    Disclosure,
    DistinctPatients,
    Episode,
    Event,
    IdentityCheck,
    Link,
    Order,
    PaperEntry,
    Patient,
    PatientMerge,
    Plan,
    Referrer,
    ReferrerNotice,
    Registration,
    Report,
    ReportVersion,
    Representative,
    ResultAlert,
    ResultCall,
    ResultPermission,
    ResultShare,
    Step,
    TherapyDecision,
    TreatmentStart,
    VillaltaScore,
    WelfareDecision,
    WetRead,
)

_GENDER = {"F": "female", "M": "male"}
_TASK = {
    "open": "requested",
    "scheduled": "accepted",
    "escalated": "requested",
    "done": "completed",
    "missed": "failed",
    "cancelled": "cancelled",
}
_OF_EPISODE, _OF_REPORT = "episode__patient", "report__episode__patient"


def patient(row: Patient) -> dict[str, object]:
    """FHIR `Patient`."""
    said: dict[str, object] = {
        "name": [{"given": [row.given_name], "family": row.family_name}],
        "telecom": [{"system": "phone", "value": row.phone}] if row.phone else [],
        "gender": _GENDER.get(row.sex, "unknown"),
        "address": _address(row),
        "communication": [{"language": {"text": row.language}, "preferred": True}],
    }
    if row.birth_date is not None:
        said["birthDate"] = row.birth_date.isoformat()
    if row.merged_into_id is not None:
        said["link"] = [{"type": "replaced-by", "other": {"reference": f"Patient/patient-{row.merged_into_id}"}}]
    others = ((row.emergency_contact_name, row.emergency_contact_phone), (row.contact_name, row.contact_phone))
    if contacts := [_contact(name, number) for name, number in others if name]:
        said["contact"] = contacts
    if row.contact_address:
        said["address"] = [*_address(row), {"type": "postal", "text": row.contact_address}]
    if row.in_person_plan:
        said["extension"] = [{"url": "urn:ruleout:in-person-plan", "valueString": row.in_person_plan}]
    return said


def _contact(name: str, number: str) -> dict[str, object]:
    return {"name": {"text": name}, "telecom": [{"system": "phone", "value": number}]}


def _address(row: Patient) -> list[dict[str, object]]:
    return [{"postalCode": row.zip, "country": "US"}]


def episode(row: Episode) -> dict[str, object]:
    """FHIR `EpisodeOfCare`."""
    status = "active" if row.status == "open" else "finished"
    return {"status": status, "period": period(row.opened_at, row.closed_at), "type": [_text(row.get_kind_display())]}


def step(row: Step) -> dict[str, object]:
    """FHIR `Task`."""
    return {
        "status": _TASK[row.status],
        "intent": "order",
        "code": _text(row.get_kind_display()),
        "focus": {"reference": f"EpisodeOfCare/episode-{row.episode_id}"},
        "restriction": {"period": period(row.window_start, row.due_at)},
    }


def plan(row: Plan) -> dict[str, object]:
    """FHIR `CarePlan`."""
    status = "revoked" if row.superseded_at else "completed" if row.ended_at else "active"
    return {"status": status, "intent": "plan", "title": row.get_category_display(), "created": plain(row.created_at)}


def report(row: Report) -> dict[str, object]:
    """FHIR `DiagnosticReport`."""
    said = row.get_category_display() or row.get_impression_display()
    return {"status": row.status, "effectiveDateTime": plain(row.scan_ended_at), "conclusion": said}


def order(row: Order) -> dict[str, object]:
    """FHIR `ServiceRequest`."""
    status = {"wanted": "draft", "signed": "active"}.get(row.status, "revoked")
    return {"status": status, "intent": "order", "priority": row.priority, "authoredOn": plain(row.created_at)}


def version(row: ReportVersion) -> dict[str, object]:
    """FHIR `DiagnosticReport`, as one of its versions."""
    said = row.get_category_display() or row.get_impression_display()
    return {"status": row.status, "issued": plain(row.at), "conclusion": said}


def spoken(row: Any) -> dict[str, object]:
    """FHIR `Communication`, of something said or sent at one time."""
    return {"status": "completed", "sent": plain(row.at)}


def observed(row: Any) -> dict[str, object]:
    """FHIR resources that are final once they are written, with their time."""
    return {"status": "final", "effectiveDateTime": plain(row.at)}


def entered(row: PaperEntry) -> dict[str, object]:
    """FHIR `Provenance`."""
    return {"occurredDateTime": plain(row.occurred_at), "recorded": plain(row.recorded_at)}


def consent(row: Consent) -> dict[str, object]:
    """FHIR `Consent`."""
    provision = {"type": "permit" if row.granted else "deny"}
    return {"status": "active", "dateTime": plain(row.at), "scope": _text(row.scope), "provision": provision}


def event(row: Event) -> dict[str, object]:
    """FHIR `AuditEvent`."""
    return {"recorded": plain(row.at), "type": {"code": row.kind}, "agent": [{"type": _text(row.actor_kind)}]}


def disclosed(row: Disclosure) -> dict[str, object]:
    """FHIR `AuditEvent`, of a copy of the record."""
    agent = [{"name": row.to_whom, "requestor": True}]
    return {"recorded": plain(row.at), "type": {"code": "disclosure"}, "agent": agent}


def registration(row: Registration) -> dict[str, object]:
    """FHIR `Coverage`."""
    said: dict[str, object] = {"status": "active", "payor": [{"display": row.payer or "self-pay"}]}
    return said | ({"subscriberId": row.member_number} if row.member_number else {})


def representative(row: Representative) -> dict[str, object]:
    """FHIR `RelatedPerson`."""
    return {
        "active": row.ended_at is None,
        "relationship": [_text(row.get_kind_display())],
        "name": [{"text": row.name}],
        "telecom": [{"system": "phone", "value": row.phone}],
        "period": period(row.recorded_at, row.ended_at or row.expires_on),
    }


def permission(row: ResultPermission) -> dict[str, object]:
    """FHIR `Consent`, to one person's hearing of results."""
    provision = {"type": "permit" if row.granted else "deny"}
    return {"status": "active", "dateTime": plain(row.at), "scope": _text("results"), "provision": provision}


def checked(row: IdentityCheck) -> dict[str, object]:
    """FHIR `AuditEvent`, of a check of identity."""
    return {"recorded": plain(row.at), "type": {"code": "identity"}, "outcome": "0" if row.passed else "4"}


def merged(row: PatientMerge | DistinctPatients) -> dict[str, object]:
    """FHIR `Provenance`, of what somebody said of two records."""
    return {"recorded": plain(row.at)}


def period(start: object, end: object) -> dict[str, object]:
    """FHIR `Period`."""
    return {name: plain(value) for name, value in (("start", start), ("end", end)) if value is not None}


def _text(words: str) -> dict[str, object]:
    return {"text": words}


def _consents(whose: Whose) -> Any:
    own = Consent.objects.filter(patient=None, phone__in=whose.own_numbers)
    return Consent.objects.filter(patient__in=whose.ids) | own


def register() -> None:
    """Enter the kernel's tables."""
    keep(Patient, "Patient", "pk", shape=patient)
    keep(Episode, "EpisodeOfCare", "patient", shape=episode)
    keep(Step, "Task", _OF_EPISODE, shape=step)
    keep(Plan, "CarePlan", _OF_EPISODE, shape=plan)
    keep(Report, "DiagnosticReport", _OF_EPISODE, shape=report)
    keep(ReportVersion, "DiagnosticReport", _OF_REPORT, shape=version)
    for model in (ResultCall, WetRead, ResultAlert, Departure, ReferrerNotice, ResultShare):
        keep(model, "Communication", _OF_REPORT, shape=spoken)
    keep(PaperEntry, "Provenance", _OF_REPORT, shape=entered)
    keep(WelfareDecision, "ClinicalImpression", _OF_REPORT, shape=observed)
    keep(TherapyDecision, "ClinicalImpression", _OF_EPISODE, shape=observed)
    keep(Referrer, "PractitionerRole", _OF_EPISODE)
    keep(Order, "ServiceRequest", _OF_EPISODE, shape=order)
    keep(TreatmentStart, "MedicationStatement", _OF_EPISODE, shape=observed)
    keep(VillaltaScore, "Observation", _OF_EPISODE, shape=observed)
    keep(Consent, "Consent", rows=_consents, shape=consent)
    # Who opened what stands in the events; the digests open nothing, and are no part of a record.
    keep(Link, "AuditEvent", "patient", without=("digest", "code_digest"))
    keep(Event, "AuditEvent", "patient", _OF_EPISODE, shape=event)
    keep(Disclosure, "AuditEvent", "patient", shape=disclosed)
    keep(AccessNeeds, "Observation", "patient")
    keep(Coverage, "Coverage", _OF_EPISODE)
    # Who looked, and why: of the house, not of the patient's record.
    goes_with(ChartRead, "patient")
    goes_with(ChartOpening, "patient")
    keep(Registration, "Coverage", "patient", shape=registration)
    keep(Representative, "RelatedPerson", "patient", shape=representative)
    keep(ResultPermission, "Consent", "representative__patient", shape=permission)
    keep(IdentityCheck, "AuditEvent", "patient", shape=checked)
    keep(PatientMerge, "Provenance", "duplicate", "kept", shape=merged)
    keep(DistinctPatients, "Provenance", "one", "other", shape=merged)
