"""What the API says of the kernel's rows."""

from clinic.models import Episode, Event, Patient, Report, ResultCall, Step
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
        "clinician_told_at": report.clinician_told_at,
        "patient_told_at": report.patient_told_at,
        "result_sent_at": report.result_sent_at,
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
        "by": call.by_id,
        "at": call.at,
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
