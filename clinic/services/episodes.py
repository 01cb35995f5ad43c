"""Opening and closing an episode of care."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Min

from clinic import clock, events
from clinic.access import Actor, Permission, require_signature
from clinic.closing import PATIENT_HERE, Condition
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import (
    LIVE_STEP,
    Center,
    ClosingReason,
    Episode,
    EpisodeKind,
    EpisodeStatus,
    Event,
    Patient,
    Plan,
    Role,
    Step,
    StepKind,
)
from clinic.selectors.closing import conditions_of
from clinic.services.steps import NewStep, cancel_step, open_step

#: After these, where no other way is named, a person was asked to say what a text did not.
_HANDED_OVER = (
    "message.failed",
    "message.suppressed",
    "message.expired",
    "message.cancelled",
    "message.unsettled",
)
_ABOUT_A_RESULT = ("result_ready", "result_waiting", "please_call")


@dataclass(frozen=True, kw_only=True)
class Risk:
    """The risk that a follow-up plan needs, copied from the decision. ``True`` also where the answer is not known."""

    pretest_category: str = ""
    pregnant: bool = False
    active_cancer: bool = False


def open_episode(
    actor: Actor,
    *,
    patient: Patient,
    kind: EpisodeKind,
    center: Center,
    clock_started_at: datetime,
    first_steps: Sequence[NewStep],
    tier: int | None = None,
    scan_by: datetime | None = None,
    result_by: datetime | None = None,
    risk: Risk = Risk(),
) -> Episode:
    """Open an episode together with its first steps. Raises `NoNextStep` where none was given."""

    def work() -> Episode:
        episode = Episode.objects.create(
            patient=patient,
            kind=kind,
            center=center,
            tier=tier,
            clock_started_at=clock_started_at,
            scan_by=scan_by,
            result_by=result_by,
            opened_at=clock.now(),
            **asdict(risk),
        )
        codes = {"kind": kind, "tier": tier}
        events.record("episode.opened", actor=actor, episode=episode, subject=episode, codes=codes)
        for new in first_steps:
            open_step(actor, episode=episode, new=new)
        settle()
        return episode

    return in_transaction(work)


def retriage_episode(
    actor: Actor,
    *,
    episode: Episode,
    kind: EpisodeKind,
    tier: int | None,
    scan_by: datetime | None,
    result_by: datetime | None,
) -> Episode:
    """Let an open episode follow a further decision: its kind and deadlines. The clock itself is never restarted."""

    def work() -> Episode:
        changed = Episode.objects.filter(pk=episode.pk, status=EpisodeStatus.OPEN).update(
            kind=kind, tier=tier, scan_by=scan_by, result_by=result_by
        )
        if changed != 1:
            raise Conflict("This episode is closed.", code="episode_closed")
        episode.refresh_from_db()
        events.record(
            "episode.retriaged", actor=actor, episode=episode, subject=episode, codes={"kind": kind, "tier": tier}
        )
        return episode

    return in_transaction(work)


class OpenConditions(Conflict):
    """The reason says that all is over, and it is not: the conditions are listed."""

    code, title = "open_conditions", "Something is still open in this episode."


#: Reasons that say that all is over: a plan is not cut short by them.
_MUST_BE_OVER = {ClosingReason.RISK_PASSED, ClosingReason.RULED_OUT, ClosingReason.CONSULT_COMPLETED}
_BY_PHYSICIAN = {ClosingReason.LOST_TO_FOLLOW_UP}


def close_episode(actor: Actor, *, episode_id: int, reason: str) -> Episode:
    """Close an episode with a clinician's signature.

    Raises `Invalid` for an unknown reason, `Forbidden` where the reason needs a physician, and `OpenConditions` where
    the reason says that all is over and a condition of the follow-up table is open, or where the patient is here for a
    visit, whatever the reason: what is seen must be read. That refusal is an event.
    """
    _check_signature(actor, reason)

    def work() -> Episode:
        found = Episode.objects.select_related("center").select_for_update(no_key=True, of=("self",))
        episode = found.filter(pk=episode_id).first()
        if episode is None:
            raise NotFound("No such episode.")
        if episode.status == EpisodeStatus.CLOSED:
            raise Conflict("This episode is closed already.", code="episode_closed")
        _refuse_open_conditions(episode, reason)
        Episode.objects.filter(pk=episode.pk).update(
            status=EpisodeStatus.CLOSED,
            closed_at=clock.now(),
            closed_by_id=actor.staff_id,
            closing_reason=reason,
        )
        Plan.objects.filter(episode=episode, ended_at=None, superseded_at=None).update(ended_at=clock.now())
        for step in Step.objects.filter(episode=episode, status__in=LIVE_STEP).order_by("id"):
            if not outlives(step, reason):
                cancel_step(actor, step=step, outcome="episode_closed")
        episode.refresh_from_db()
        events.record("episode.closed", actor=actor, episode=episode, subject=episode, codes={"reason": reason})
        settle()
        return episode

    try:
        return in_transaction(work)
    except OpenConditions as refusal:
        _note_refusal(actor, episode_id, reason, refusal)
        raise


def _check_signature(actor: Actor, reason: str) -> None:
    """Refuse who may not close for this reason, and a reason that is none."""
    require_signature(actor, Permission.CLOSE_EPISODES)
    if actor.staff_id is None:
        raise Forbidden("An episode is closed by a person's signature.")
    if reason not in ClosingReason.values:
        raise Invalid(fields={"reason": f"Choose one of: {', '.join(ClosingReason.values)}."})
    if reason in _BY_PHYSICIAN and actor.role != Role.PHYSICIAN:
        raise Forbidden("Lost to follow-up is a physician's signature.")


def outlives(step: Step, reason: str) -> bool:
    """Whether a step stays with its owner though the episode ends: the office that referred is owed its report still,
    and the patient the result that no text brought them; unless all of it was an error."""
    if reason == ClosingReason.DUPLICATE:
        return False
    if step.kind == StepKind.CONTACT and reason != ClosingReason.DIED:
        return _brings_a_result(step)
    return step.kind == StepKind.REFERRER


def _brings_a_result(step: Step) -> bool:
    """Whether a person was asked to reach the patient since no text brings them a result that nobody has told yet.

    One who is asked for another reason tells it as well; but not who is to answer a text.
    """
    untold = step.episode.reports.filter(result_sent_at__isnull=False, patient_told_at=None)
    sent_at = untold.aggregate(first=Min("result_sent_at"))["first"]
    if sent_at is None or step.episode.patient.phone is None:
        return sent_at is not None
    told = Event.objects.filter(episode=step.episode)
    handed_over = told.filter(kind__in=_HANDED_OVER, codes__purpose__in=_ABOUT_A_RESULT, at__gte=sent_at)
    answers = told.filter(kind="reply.received", subject_kind="step", subject_id=step.pk)
    return handed_over.exclude(codes__has_key="way").exists() and not answers.exists()


def _refuse_open_conditions(episode: Episode, reason: str) -> None:
    """Refuse "it is over" while a condition of its row of the follow-up table is open, and any end while a visit is."""
    missing: tuple[Condition, ...] = conditions_of(episode) if reason in _MUST_BE_OVER else ()
    if Step.objects.filter(episode=episode, attended_since__isnull=False).exists():
        missing = (PATIENT_HERE, *missing)
    if not missing:
        return
    owed = Step.objects.filter(episode=episode, status__in=LIVE_STEP).exclude(kind=StepKind.DECISION)
    raise OpenConditions(
        "Something is still owed in this episode: " + "; ".join(_within(each.missing) for each in missing) + ".",
        extra={
            "conditions": [{"code": each.code, "missing": each.missing} for each in missing],
            "open_steps": list(owed.order_by("id").values_list("id", flat=True)),
            "unsigned_report": any(each.code == "report_unsigned" for each in missing),
        },
    )


def _within(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _note_refusal(actor: Actor, episode_id: int, reason: str, refusal: OpenConditions) -> None:
    """Somebody wanted to call it over too soon: that is a fact of the episode as well."""
    conditions = refusal.extra["conditions"]
    codes = {"reason": reason, "conditions": [each["code"] for each in conditions]}  # type: ignore[attr-defined]
    episode = Episode.objects.get(pk=episode_id)
    in_transaction(
        lambda: events.record("episode.closing_refused", actor=actor, episode=episode, subject=episode, codes=codes)
    )
