"""What the API says of the kernel's rows."""

from clinic.models import (
    Departure,
    Episode,
    Event,
    PaperEntry,
    Patient,
    Referrer,
    ReferrerNotice,
    Report,
    ResultCall,
    Step,
    WelfareDecision,
    WetRead,
)
from clinic.selectors.episodes import Story


def as_patient(patient: Patient) -> dict[str, object]:
    """A patient as staff see them."""
    return {
        "id": patient.pk,
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "phone": patient.phone,
        "language": patient.language,
        "zip": patient.zip,
        "reached_by": {
            "contact_name": patient.contact_name,
            "contact_phone": patient.contact_phone,
            "address": patient.contact_address,
            "in_person_plan": patient.in_person_plan,
        },
        "emergency_contact": {"name": patient.emergency_contact_name, "phone": patient.emergency_contact_phone},
        "merged_into": patient.merged_into_id,
    }


def as_step(step: Step) -> dict[str, object]:
    """A step of a worklist."""
    return {
        "id": step.pk,
        "episode": step.episode_id,
        "kind": step.kind,
        "title": step.get_kind_display(),
        "status": step.status,
        "owner": step.owner_id,
        "owner_role": step.owner_role,
        "center": step.center_id,
        "due_at": step.due_at,
        "window_start": step.window_start,
        "window_end": step.window_end,
        "plan_code": step.plan_code,
        "attempts": step.attempts,
        "succeeds": step.succeeds_id,
        "ended_at": step.ended_at,
        "outcome": step.outcome,
    }


def as_report(report: Report) -> dict[str, object]:
    """A report's head."""
    return {
        "id": report.pk,
        "episode": report.episode_id,
        "step": report.step_id,
        "status": report.status,
        "side": report.side,
        "impression": report.impression,
        "category": report.category,
        "scan_ended_at": report.scan_ended_at,
        "signed_by": report.signed_by_id,
        "signed_at": report.signed_at,
        "acknowledged_at": report.acknowledged_at,
        "acknowledged_by": report.acknowledged_by_id,
        "clinician_told_at": report.clinician_told_at,
        "patient_told_at": report.patient_told_at,
        "result_sent_at": report.result_sent_at,
        "opened_at": report.opened_at,
        "patient_acknowledged_at": report.patient_acknowledged_at,
    }


def as_call(call: ResultCall) -> dict[str, object]:
    """One call about a result."""
    return {
        "id": call.pk,
        "report": call.report_id,
        "audience": call.audience,
        "outcome": call.outcome,
        "told_to": call.told_to,
        "read_back": call.read_back,
        "in_person": call.in_person,
        "representative": call.representative_id,
        "identity_check": call.identity_check_id,
        "by": call.by_id,
        "at": call.at,
        "recorded_at": call.recorded_at or call.at,
    }


def as_paper_entry(entry: PaperEntry | None) -> dict[str, object]:
    """What was entered from paper; nothing where it was recorded already."""
    if entry is None:
        return {"entered": None}
    return {
        "entered": {
            "kind": entry.kind,
            "report": entry.report_id,
            "call": entry.call_id,
            "occurred_at": entry.occurred_at,
            "recorded_at": entry.recorded_at,
            "author": entry.author_id,
            "outcome": entry.outcome,
            "step": entry.step_id,
        }
    }


def as_wet_read(read: WetRead) -> dict[str, object]:
    """A physician's spoken impression."""
    return {
        "id": read.pk,
        "report": read.report_id,
        "category": read.category,
        "reader": read.reader_id,
        "told_to": read.told_to,
        "in_person": read.in_person,
        "read_back": read.read_back,
        "spoken_at": read.spoken_at,
        "at": read.at,
    }


def as_departure(departure: Departure) -> dict[str, object]:
    """How a patient left."""
    return {
        "report": departure.report_id,
        "released_by": departure.released_by_id,
        "callback_phone": departure.callback_phone,
        "instructions": departure.instructions,
        "at": departure.at,
    }


def as_welfare(decision: WelfareDecision) -> dict[str, object]:
    """A decision on a welfare check."""
    return {
        "id": decision.pk,
        "report": decision.report_id,
        "choice": decision.choice,
        "reason": decision.reason,
        "by": decision.by_id,
        "at": decision.at,
    }


def as_referrer(referrer: Referrer) -> dict[str, object]:
    """A referring office."""
    return {
        "episode": referrer.episode_id,
        "name": referrer.name,
        "practice": referrer.practice,
        "npi": referrer.npi,
        "caller": referrer.caller,
        "phone": referrer.phone,
        "after_hours_phone": referrer.after_hours_phone,
        "fax": referrer.fax,
        "direct_address": referrer.direct_address,
    }


def as_notice(notice: ReferrerNotice) -> dict[str, object]:
    """How a referring office was told of a report."""
    return {
        "id": notice.pk,
        "report": notice.report_id,
        "version": notice.version,
        "how": notice.how,
        "sent_to": notice.sent_to,
        "confirmed": notice.confirmed,
        "confirmed_by": notice.confirmed_by,
        "by": notice.by_id,
        "at": notice.at,
    }


def as_event(event: Event) -> dict[str, object]:
    """One line of the timeline."""
    return {
        "id": event.pk,
        "kind": event.kind,
        "at": event.at,
        "actor": {"kind": event.actor_kind, "id": event.actor_id},
        "subject": {"kind": event.subject_kind, "id": event.subject_id},
        "codes": event.codes,
    }


def as_episode(story: Story) -> dict[str, object]:
    """An episode's whole story."""
    episode: Episode = story.episode
    return {
        "id": episode.pk,
        "kind": episode.kind,
        "status": episode.status,
        "patient": as_patient(episode.patient),
        "center": episode.center_id,
        "tier": episode.tier,
        "clock_started_at": episode.clock_started_at,
        "scan_by": episode.scan_by,
        "result_by": episode.result_by,
        "opened_at": episode.opened_at,
        "closed_at": episode.closed_at,
        "closed_by": episode.closed_by_id,
        "closing_reason": episode.closing_reason,
        "next_step": as_step(story.next_step) if story.next_step else None,
        "steps": [as_step(step) for step in story.steps],
        "reports": [as_report(report) for report in story.reports],
        "timeline": [as_event(event) for event in story.events],
    }
