"""The timeline in plain words: one table from an event's kind to what a colleague would say of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.models import (
    ActorKind,
    Audience,
    CallOutcome,
    ClosingReason,
    Episode,
    Event,
    OrderSource,
    ReferrerNotice,
    Rung,
    Staff,
    StartRoute,
    StepKind,
    TherapyChoice,
    WelfareChoice,
)
from clinic.pages.refusal_words import refused
from clinic.pages.step_forms import outcome_words
from clinic.selectors.episodes import Story
from clinic.watchdog import LOSSES

#: kind of event → words, tone. ``%(what)s`` is the event's own detail, as `_detail` reads it.
WORDS: dict[str, tuple[Promise | str, str]] = {
    "patient.registered": (_("The patient was registered"), "neutral"),
    "consent.given": (_("Agreed to texts"), "calm"),
    "consent.revoked": (_("Wants no more texts"), "soon"),
    "draft.started": (_("Began to answer the questions"), "neutral"),
    "assessment.recorded": (_("Answered the questions"), "info"),
    "whereabouts.recorded": (_("Said where they are"), "info"),
    "decision.made": (_("The answers were assessed: %(what)s"), "info"),
    "episode.opened": (_("The episode was opened"), "info"),
    "episode.closed": (_("The episode was closed: %(what)s"), "calm"),
    "episode.closing_refused": (_("Not closed: something is still open"), "soon"),
    "treatment.recorded": (_("Treatment: %(what)s"), "calm"),
    "villalta.scored": (_("The Villalta score was recorded"), "info"),
    "therapy.decided": (_("Treatment: %(what)s"), "info"),
    "episode.retriaged": (_("The episode follows another decision"), "soon"),
    "step.opened": (_("Next step: %(what)s"), "neutral"),
    "step.scheduled": (_("A visit was booked for: %(what)s"), "neutral"),
    "step.unscheduled": (_("To be booked again: %(what)s"), "soon"),
    "step.moved": (_("Moved to another time: %(what)s"), "neutral"),
    "step.postponed": (_("Due again: %(what)s"), "neutral"),
    "step.done": (_("Done: %(what)s"), "calm"),
    "step.missed": (_("Missed: %(what)s"), "soon"),
    "step.cancelled": (_("No longer needed: %(what)s"), "neutral"),
    "step.given_up": (_("No longer needed; it ends with the visit that the patient is here for: %(what)s"), "neutral"),
    "step.escalated": (_("Overdue, raised to the next in line: %(what)s"), "urgent"),
    "step.reassigned": (_("Handed over: %(what)s"), "neutral"),
    "step.attempted": (_("Tried: %(what)s"), "neutral"),
    "appointment.contradicted": (_("The paper of a downtime says otherwise: a person decides"), "urgent"),
    "access.recorded": (_("What the patient needs to be seen was recorded"), "neutral"),
    "coverage.recorded": (_("The coverage was recorded"), "neutral"),
    "chart.opened": (_("Another center opened the chart, with a reason"), "soon"),
    "chart.reviewed": (_("That opening was reviewed"), "neutral"),
    "report.contradicted": (
        _("The paper says otherwise about the result: a clinician decides"),
        "urgent",
    ),
    "record.given": (_("The whole record was given to somebody"), "neutral"),
    "appointment.held": (_("A time was kept"), "neutral"),
    "appointment.released": (_("The time that was kept was given back"), "neutral"),
    "appointment.hold_expired": (_("The time that was kept ran out"), "neutral"),
    "appointment.booked": (_("The visit was booked"), "info"),
    "appointment.rescheduled": (_("The visit was moved"), "info"),
    "appointment.displaced": (_("A changed shift took the visit's time"), "soon"),
    "appointment.unit_changed": (_("The visit keeps its time, on another unit"), "neutral"),
    "appointment.confirmed": (_("The patient confirmed the visit"), "calm"),
    "appointment.arrived": (_("The patient arrived"), "info"),
    "appointment.walked_in": (_("The patient walked in and was given a time"), "info"),
    "appointment.late": (_("The patient had not come in time; a call was asked for"), "soon"),
    "appointment.deadline_at_risk": (_("The day runs too late for the deadline; a clinician was asked"), "urgent"),
    "appointment.started": (_("The visit began"), "info"),
    "appointment.completed": (_("The visit was completed"), "calm"),
    "appointment.cancelled": (_("The visit was cancelled"), "soon"),
    "appointment.no_show": (_("The patient did not come"), "urgent"),
    "appointment.refused": (_("A time was refused: %(what)s"), "soon"),
    "appointment.overbooked": (_("The visit was added on: %(what)s"), "soon"),
    "appointment.clinician_asked": (_("A later time was asked for: a clinician calls"), "soon"),
    "waitlist.joined": (_("Waits for a time"), "info"),
    "waitlist.ended": (_("Waits no longer: %(what)s"), "neutral"),
    "offer.made": (_("A time was offered"), "info"),
    "offer.accepted": (_("The offer was accepted"), "calm"),
    "offer.declined": (_("The offer was declined"), "neutral"),
    "offer.expired": (_("The offer was not answered in time"), "soon"),
    "offer.withdrawn": (_("The offer was no longer needed"), "neutral"),
    "report.preliminary": (_("The sonographer wrote the preliminary"), "info"),
    "report.final": (_("The physician signed the report"), "calm"),
    "report.amended": (_("The report was amended"), "soon"),
    "report.wet_read": (_("The physician spoke the finding before signing, read back"), "info"),
    "report.refused": (_("Refused: %(what)s"), "soon"),
    "treatment.refused": (_("Refused: %(what)s"), "soon"),
    "result.alerted": (_("Alerted to a finding: %(what)s"), "urgent"),
    "result.acknowledged": (_("A clinician has the finding in hand"), "calm"),
    "result.transfer_advised": (_("Transfer to an emergency department was advised"), "urgent"),
    "result.read": (_("The patient says that they have read the result"), "calm"),
    "patient.left": (_("The patient left the center, released"), "calm"),
    "patient.phone_changed": (_("The callback number was corrected"), "neutral"),
    "patient.registration": (_("The registration was completed further"), "neutral"),
    "patient.merged": (_("Two records were merged: one person"), "soon"),
    "patient.unmerged": (_("The merge was taken back: two people"), "soon"),
    "patient.told_apart": (_("Two records that are alike are of two people"), "neutral"),
    "identity.checked": (_("Who is on the phone was checked: %(what)s"), "neutral"),
    "representative.recorded": (_("Who speaks for the patient was recorded"), "info"),
    "representative.permitted": (_("The patient said who may hear results: %(what)s"), "info"),
    "representative.ended": (_("Somebody speaks for the patient no longer"), "neutral"),
    "patient.contact_named": (_("The emergency contact was recorded"), "neutral"),
    "welfare.decided": (_("Decided on a welfare check: %(what)s"), "soon"),
    "order.wanted": (_("An order is wanted"), "soon"),
    "order.signed": (_("An order was signed: %(what)s"), "calm"),
    "order.amended": (_("The order was amended: %(what)s"), "soon"),
    "document.owed": (_("The report is owed to the referring office"), "neutral"),
    "document.failed": (_("The report did not reach the referring office that way"), "urgent"),
    "practice.kept": (_("The practice was kept in the directory"), "neutral"),
    "referrer.recorded": (_("The referring clinician was recorded"), "neutral"),
    "referrer.notified": (_("The referring clinician was told: %(what)s"), "info"),
    "result.called": (_("Call about the result: %(what)s"), "neutral"),
    "result.told": (_("Told the result, read back: %(what)s"), "calm"),
    "result.released": (_("The result was released to the patient"), "info"),
    "result.shared": (_("A link to the result was sent to who speaks for the patient"), "info"),
    "result.opened_by_representative": (_("Who speaks for the patient opened the result"), "calm"),
    "result.opened": (_("The patient opened the result"), "calm"),
    "step.offered": (_("Times were offered for: %(what)s"), "neutral"),
    "step.carried": (_("Still owed under the new plan: %(what)s"), "neutral"),
    "plan.made": (_("The follow-up was planned"), "info"),
    "plan.revised": (_("The follow-up was planned anew"), "info"),
    "reconcile.lost": (_("The check found a loose end: %(what)s"), "urgent"),
    "plan.ended": (_("The follow-up plan ended"), "calm"),
    "message.suppressed": (_("A text was held back: no consent"), "soon"),
    "message.expired": (_("A text was not sent in time"), "soon"),
    "message.unsettled": (_("Whether a text arrived can't be found out: a person was asked"), "soon"),
    "message.cancelled": (_("An operator had a text not sent"), "soon"),
    "message.retried": (_("An operator had a text sent again"), "neutral"),
    "message.failed": (_("A text could not be delivered"), "urgent"),
    "share.failed": (_("A text to who speaks for the patient did not arrive"), "soon"),
    "page.failed": (_("A page to who is on call could not be delivered"), "soon"),
    "reply.received": (_("The patient replied to a text"), "info"),
    "message.typed": (_("A colleague wrote to the patient"), "info"),
    "link.opened": (_("The patient opened their link"), "neutral"),
    "link.refused": (_("A link was refused"), "soon"),
    "link.locked": (_("A link was locked after wrong answers"), "urgent"),
    "link.renewed": (_("Another link takes the place of a locked one"), "neutral"),
}
#: What was decided, by the code that the event carries.
DECIDED: dict[str, Promise | str] = {
    "EMERGENCY_911": _("call 911"),
    "ED_NOW": _("to the emergency department"),
    "CLINICIAN_CALLBACK": _("a clinician calls back"),
    "SAME_DAY_DVT_SCAN": _("a scan today"),
    "NEXT_DAY_DVT_SCAN": _("a scan within 24 hours"),
    "VASCULAR_CONSULT": _("a consultation"),
    "SELF_CARE": _("care at home"),
}
#: Where an event's detail is one of its codes: of which choices, and under which name. A step's kind otherwise.
CODED: dict[str, tuple[type[TextChoices], str]] = {
    "episode.closed": (ClosingReason, "reason"),
    "result.told": (Audience, "audience"),
    "result.alerted": (Rung, "rung"),
    "welfare.decided": (WelfareChoice, "choice"),
    "referrer.notified": (ReferrerNotice.How, "how"),
    "order.signed": (OrderSource, "source"),
    "order.amended": (OrderSource, "source"),
    "treatment.recorded": (StartRoute, "route"),
    "therapy.decided": (TherapyChoice, "choice"),
}
BY: dict[str, Promise | str] = {
    ActorKind.PATIENT: _("the patient"),
    ActorKind.INTEGRATION: _("a connected system"),
    ActorKind.VISITOR: _("a visitor on the web"),
    ActorKind.SYSTEM: _("the system"),
}
_LOST = {loss.code: loss.title[:1].lower() + loss.title[1:] for loss in LOSSES}


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    words: str
    by: str
    tone: str


#: What happens to many steps at one go.
_TOGETHER = ("step.opened", "step.cancelled", "step.carried")
_ONE_GO = timedelta(seconds=2)
#: What apps above tell of an episode that is no event of its own.
Source = Callable[[Episode], list[Moment]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Add to what the timeline of an episode tells."""
    if source not in _sources:
        _sources.append(source)


def told(story: Story) -> list[Moment]:
    """Tell an episode's whole story, newest first: its events, and what else is known of it."""
    more = [moment for source in _sources for moment in source(story.episode)]
    return sorted([*told_of(story.events), *more], key=lambda moment: moment.at, reverse=True)


def told_of(events: Sequence[Event]) -> list[Moment]:
    """Tell events, newest first, in one query more: the names of those who acted."""
    acted = {event.actor_id for event in events if event.actor_kind == ActorKind.STAFF and event.actor_id}
    names = {staff.pk: str(staff) for staff in Staff.objects.filter(pk__in=acted)}
    alike = _alike(list(reversed(events)))
    return [_moment(each[0], names, _steps_of(each) if len(each) > 1 else "") for each in alike]


def _alike(events: Sequence[Event]) -> list[list[Event]]:
    """Steps that one person opened, or gave up, at one go are one line: a plan draws up ten."""
    found: list[list[Event]] = []
    for event in events:
        if found and _at_one_go(found[-1][-1], event):
            found[-1].append(event)
        else:
            found.append([event])
    return found


def _at_one_go(one: Event, other: Event) -> bool:
    same = one.kind == other.kind and (one.actor_kind, one.actor_id) == (other.actor_kind, other.actor_id)
    outcomes = one.codes.get("outcome") == other.codes.get("outcome")
    return one.kind in _TOGETHER and same and outcomes and abs(one.at - other.at) <= _ONE_GO


def _steps_of(events: Sequence[Event]) -> str:
    """Several steps in words, the first opened first: "follow-up call, 3 × follow-up visit"."""
    counted = Counter(_detail(event) for event in reversed(events))
    return ", ".join(words if number == 1 else f"{number} × {words}" for words, number in counted.items())


def _moment(event: Event, names: dict[int, str], detail: str = "") -> Moment:
    words, tone = WORDS.get(event.kind, (event.kind.replace(".", ": ").replace("_", " "), "neutral"))
    by = names.get(event.actor_id or 0) if event.actor_kind == ActorKind.STAFF else BY.get(event.actor_kind)
    return Moment(event.at, str(words) % {"what": detail or _detail(event)}, str(by or ""), tone)


def _detail(event: Event) -> str:
    """What an event is about, from its codes: a step's kind, a closing reason, who was called and how it went."""
    codes = event.codes
    if event.kind == "decision.made":
        code = str(codes.get("disposition", ""))
        return str(DECIDED.get(code, code))
    if event.kind == "result.called":
        return f"{_label(Audience, codes.get('audience'))}, {_label(CallOutcome, codes.get('outcome'))}"
    if event.kind in ("appointment.refused", "report.refused", "treatment.refused"):
        return refused(str(codes.get("action", "")), str(codes.get("code", "")))
    if event.kind in ("appointment.overbooked", "waitlist.ended"):
        return str(codes.get("reason", "")).replace("_", " ")
    if event.kind == "identity.checked":
        return str(_("known") if codes.get("passed") else _("not known"))
    if event.kind == "representative.permitted":
        return str(_("yes") if codes.get("granted") else _("no"))
    if event.kind == "reconcile.lost":
        return _LOST.get(str(codes.get("loss", "")), "")
    choices, code = CODED.get(event.kind, (StepKind, "step"))
    outcome = f" ({outcome_words(str(codes['outcome']))})" if choices is StepKind and codes.get("outcome") else ""
    return _label(choices, codes.get(code)) + outcome


def _label(choices: type[TextChoices], code: object) -> str:
    """A code's words, with a small first letter as it stands within a sentence; an unknown code as it is."""
    if code not in choices.values:
        return str(code or "")
    words = str(choices(code).label)
    return words[0].lower() + words[1:]
