"""Reading charts: each look is written down, and one at another center's patient takes a reason, which is reviewed."""

from datetime import timedelta

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import ActorKind, ChartOpening, ChartPage, ChartRead, Patient, Verdict
from clinic.selectors.belonging import belonging, bound_to_center

#: How long an opening lasts: a shift.
OPEN_FOR = timedelta(hours=8)
LEAST_REASON, MOST_REASON = 10, 200
#: Those whose looks are written down. A patient sees their own; the system shows nobody anything.
_READERS = (ActorKind.STAFF, ActorKind.INTEGRATION)


class BreakGlassNeeded(Forbidden):
    """This patient is another center's: whoever opens the chart says why."""

    code, title = "break_glass_needed", "This patient is not in the care of your center."

    def __init__(self, patient_id: int) -> None:
        super().__init__(
            "This patient is not in the care of your center. Say why you open the chart "
            "(POST /api/v1/patients/{patient}/break-glass/, or the page that asks): it is written down and reviewed.",
            extra={"patient": patient_id},
        )
        self.patient_id = patient_id


def read_chart(
    actor: Actor, *, patient_id: int, page: ChartPage, episode_id: int | None = None, api: bool = False
) -> None:
    """Write down that a chart is shown to somebody: one insert, and one question more for staff of a center.

    Raises `BreakGlassNeeded` where it is another center's patient and nothing was opened; nothing is shown then.
    """
    if actor.kind not in _READERS:
        return
    opening = None
    if bound_to_center(actor):
        found = belonging(actor, patient_id)
        if not found.own:
            opening = found.opening_id
            if opening is None:
                raise BreakGlassNeeded(patient_id)
    ChartRead.objects.create(
        patient_id=patient_id,
        episode_id=episode_id,
        page=page,
        api=api,
        opening_id=opening,
        actor_kind=actor.kind,
        actor_id=actor.id,
        at=clock.now(),
    )


def break_glass(actor: Actor, *, patient_id: int, reason: str) -> ChartOpening:
    """Open a chart for a while, with the reason.

    Raises `Invalid` without one, `NotFound`, and `Conflict` where the chart is open to the actor anyway.
    """
    require(actor, Permission.BREAK_GLASS)
    staff_id = actor.staff_id
    if staff_id is None:
        raise Forbidden("A person opens a chart, in their own name.")
    said = " ".join(reason.split())
    if not LEAST_REASON <= len(said) <= MOST_REASON:
        raise Invalid(fields={"reason": f"Say why you need this chart, in {LEAST_REASON} to {MOST_REASON} characters."})

    def work() -> ChartOpening:
        patient = Patient.objects.filter(pk=patient_id).first()
        if patient is None:
            raise NotFound("There is no such patient.")
        if not bound_to_center(actor) or belonging(actor, patient_id).own:
            raise Conflict("This chart is open to you: no reason is needed.", code="chart_is_open")
        now = clock.now()
        row = ChartOpening.objects.create(
            patient=patient,
            staff_id=staff_id,
            center_id=actor.center_id,
            reason=said,
            at=now,
            expires_at=now + OPEN_FOR,
        )
        events.record("chart.opened", actor=actor, patient=patient, subject=row)
        return row

    return in_transaction(work)


def review_opening(actor: Actor, *, opening_id: int, verdict: str, note: str = "") -> ChartOpening:
    """Say whether an opening was justified. Raises `Invalid`, `NotFound`, `Conflict` where it is reviewed already, and
    `Forbidden` for one's own."""
    require(actor, Permission.REVIEW_ACCESS)
    if verdict not in Verdict.values:
        raise Invalid(fields={"verdict": f"Choose one of: {', '.join(Verdict.values)}."})
    if len(note) > MOST_REASON:
        raise Invalid(fields={"note": f"Use at most {MOST_REASON} characters."})
    if verdict == Verdict.NOT_JUSTIFIED and not note.strip():
        raise Invalid(fields={"note": "Say what follows from it."})

    def work() -> ChartOpening:
        row = ChartOpening.objects.select_for_update(no_key=True).filter(pk=opening_id).first()
        if row is None:
            raise NotFound("There is no such opening.")
        if actor.staff_id is None or row.staff_id == actor.staff_id:
            raise Forbidden("Somebody else reviews what you opened.")
        if row.reviewed_at is not None:
            raise Conflict("This was reviewed already.", code="opening_reviewed")
        row.reviewed_by_id, row.reviewed_at = actor.staff_id, clock.now()
        row.verdict, row.note = verdict, note.strip()
        row.save(update_fields=["reviewed_by", "reviewed_at", "verdict", "note"])
        events.record("chart.reviewed", actor=actor, patient=row.patient, subject=row, codes={"verdict": verdict})
        return row

    return in_transaction(work)
