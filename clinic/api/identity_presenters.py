"""What the API says of who somebody is, and of who speaks for them."""

from clinic.models import Disclosure, IdentityCheck, PatientMerge, Registration, Representative, ResultPermission
from clinic.selectors.duplicates import Likeness
from clinic.selectors.identity import FAILURES, IdentityState, ruling_on


def as_registration(row: Registration) -> dict[str, object]:
    """A registration, with what is missing."""
    patient = row.patient
    return {
        "patient": patient.pk,
        "legal_name": row.legal_name,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "address": {"street": row.street, "city": row.city, "state": row.state, "zip": patient.zip},
        "emergency_contact": {"name": patient.emergency_contact_name, "phone": patient.emergency_contact_phone},
        "language": patient.language,
        "primary_clinician": row.primary_clinician,
        "payer": {"name": row.payer, "member_number": row.member_number},
        "asked": row.asked,
        "missing": row.missing,
        "changed_at": row.changed_at,
    }


def as_check(row: IdentityCheck, state: IdentityState) -> dict[str, object]:
    """A check of identity, and how it stands after it."""
    return {
        "id": row.pk,
        "patient": row.patient_id,
        "representative": row.representative_id,
        "passed": row.passed,
        "matched": row.matched,
        "failed": row.failed,
        "called_back": row.called_back,
        "by": row.by_id,
        "at": row.at,
        "recorded_at": row.recorded_at,
        "tries_left": max(0, FAILURES - state.failures),
        "locked": state.locked,
    }


def as_duplicate(found: Likeness) -> dict[str, object]:
    """A record that may be of the same person."""
    other = found.patient
    return {
        "id": other.pk,
        "given_name": other.given_name,
        "family_name": other.family_name,
        "birth_date": other.birth_date,
        "phone": other.phone,
        "reasons": list(found.reasons),
    }


def as_merge(row: PatientMerge) -> dict[str, object]:
    """A merge, with what it warns of."""
    return {
        "id": row.pk,
        "duplicate": row.duplicate_id,
        "kept": row.kept_id,
        "episodes_moved": row.episodes,
        "warnings": ["two_open_episodes"] if row.two_open_episodes else [],
        "by": row.by_id,
        "at": row.at,
        "undone_by": row.undone_by_id,
        "undone_at": row.undone_at,
    }


def as_representative(row: Representative) -> dict[str, object]:
    """Who speaks for a patient, and whether they may hear a result today."""
    ruling = ruling_on(row)
    return {
        "id": row.pk,
        "patient": row.patient_id,
        "kind": row.kind,
        "name": row.name,
        "phone": row.phone,
        "language": row.language,
        "document": row.document,
        "document_seen_by": row.document_seen_by_id,
        "expires_on": row.expires_on,
        "ended_at": row.ended_at,
        "end_reason": row.end_reason,
        "may_book": row.ended_at is None,
        "may_hear_results": ruling.may_hear,
        "ground": ruling.ground,
        "refusal": {"code": ruling.code, "reason": ruling.reason} if ruling.code else None,
    }


def as_permission(row: ResultPermission) -> dict[str, object]:
    """The patient's word on who may hear results."""
    return {
        "id": row.pk,
        "representative": row.representative_id,
        "granted": row.granted,
        "how": row.how,
        "expires_on": row.expires_on,
        "recorded_by": row.recorded_by_id,
        "at": row.at,
    }


def as_disclosure(row: Disclosure) -> dict[str, object]:
    """One line of the log."""
    return {
        "id": row.pk,
        "what": "result" if row.report_id else "record",
        "report": row.report_id,
        "to_whom": row.to_whom,
        "representative": row.representative_id,
        "purpose": row.purpose,
        "ground": row.ground,
        "way": row.way,
        "by": row.by_id,
        "at": row.at,
        "recorded_at": row.recorded_at,
    }
