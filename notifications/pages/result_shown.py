"""What a patient's result says, on the page and on paper: the finding, the treatment, what comes next."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import (
    LIVE_STEP,
    EpisodeStatus,
    Report,
    Side,
    StartRoute,
    Step,
    StepKind,
    TherapyChoice,
    TherapyDecision,
    TreatmentStart,
)
from clinic.result_rules import NEGATIVE
from clinic.veins import ACUTE
from notifications.pages.finding_words import Found, in_words
from scheduling.pages.patient.step_words import ShownStep, shown_steps
from scheduling.templatetags.patient_times import day, zoned_hour

_SCANS = (StepKind.SCAN, StepKind.FOLLOW_UP_SCAN)


@dataclass(frozen=True)
class ShownResult:
    """A result that may be read. ``treatment`` is empty where none is owed and none was begun; ``to_care``: it is the
    way to an emergency room, now."""

    report: Report
    found: list[str]
    treatment: list[str]
    first_dose: TreatmentStart | None
    steps: list[ShownStep]
    to_care: bool

    @property
    def clear(self) -> bool:
        """Whether nothing was found."""
        return self.report.category in NEGATIVE

    @property
    def waits(self) -> bool:
        """Whether a visit or scan of it has no time yet."""
        return any(step.waits_for_a_time for step in self.steps)

    @property
    def closed(self) -> bool:
        """Whether a clinician has signed that nothing more is due."""
        return self.report.episode.status == EpisodeStatus.CLOSED


def shown_result(report: Report) -> ShownResult:
    """Return what the patient reads of a report that may be read."""
    live = list(
        Step.objects.filter(episode=report.episode, status__in=LIVE_STEP, due_at__isnull=False)
        .select_related("center")
        .order_by("due_at")
    )
    starts = _starts(report)
    dose = next((start for start in starts if start.route == StartRoute.FIRST_DOSE), None)
    return ShownResult(
        report=report,
        found=in_words(_found(report, live)),
        treatment=[] if report.category in NEGATIVE else _treatment(report, live, starts, dose),
        first_dose=dose,
        steps=shown_steps(live),
        to_care=report.category not in NEGATIVE and _is_handed_over(live),
    )


def _starts(report: Report) -> list[TreatmentStart]:
    """How treatment began after this study, as long as no clinician has decided to stop it."""
    episode = report.episode
    if TherapyDecision.objects.filter(
        episode=episode, choice=TherapyChoice.STOP, at__gte=report.scan_ended_at
    ).exists():
        return []
    return list(TreatmentStart.objects.filter(episode=episode, at__gte=report.scan_ended_at).order_by("id"))


def _found(report: Report, live: list[Step]) -> Found:
    plan = report.plans.order_by("-id").first()
    return Found(
        category=report.category,
        side=_side(report),
        treated=plan is not None and plan.treated,
        equivocal=plan is not None and plan.equivocal,
        scanned_again=any(step.kind in _SCANS for step in live),
    )


def _side(report: Report) -> str:
    """The side on which something acute was seen, where the study was of both and says so."""
    last = report.versions.order_by("-number").first()
    sides = {vein["side"] for vein in last.veins if vein["state"] == ACUTE} if last else set()
    return sides.pop() if report.side == Side.BILATERAL and len(sides) == 1 else report.side


def _is_handed_over(live: list[Step]) -> bool:
    return any(step.kind == StepKind.HANDOVER for step in live)


def _treatment(
    report: Report, live: list[Step], starts: list[TreatmentStart], dose: TreatmentStart | None
) -> list[str]:
    """How the treatment stands: begun, in other hands, or owed, with what to do where it does not come."""
    if _is_handed_over(live):
        return [_("Go to the emergency room now, as we told you."), _("Call 911 if you have no safe way to get there.")]
    if dose is not None and dose.first_dose_taken_at is not None:
        taken = day(dose.first_dose_taken_at.astimezone(ZoneInfo(report.center.zone)))
        return [
            _("You took the first dose on %(day)s.") % {"day": taken},
            _("Take your medicine as we told you. Do not stop unless a clinician says so."),
            _("If you miss a dose or run low, call us."),
        ]
    if starts and starts[-1].route == StartRoute.ED_ACCEPTED:
        return [_("This emergency room knows that you come: %(place)s.") % {"place": starts[-1].facility}]
    owed = next((step for step in live if step.kind == StepKind.TREATMENT_START), None)
    if owed is None or owed.due_at is None:
        return []
    if owed.due_at <= clock.now():
        return [_("Have you not taken the first dose of your medicine yet? Call us now.")]
    by = owed.due_at.astimezone(ZoneInfo(report.center.zone))
    when = {"day": day(by), "hour": zoned_hour(by)}
    return [_("Your treatment starts on %(day)s, by %(hour)s. If you have no medicine by then, call us.") % when]
