"""What the person at the browser may book: by their own answers, by a proven link, or a consultation they asked for."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from clinic.models import Episode, LinkPurpose, Patient, Step, StepKind
from scheduling.intake.reading import needs_of
from scheduling.models import VisitKind, VisitType
from scheduling.needs import NO_NEEDS, Needs
from scheduling.pages.patient import visitor
from scheduling.pages.patient.promises import visit_ahead
from scheduling.selectors.deadlines import of_episode
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.step_times import AWAITED, awaiting
from scheduling.slots import Deadline
from triage.models import Assessment, Disposition
from triage.selectors import answers_of

#: What a disposition lets a visitor book by themselves. Emergency care and callbacks: nothing.
BOOKABLE = {
    Disposition.SAME_DAY_DVT_SCAN: VisitKind.DVT_SCAN,
    Disposition.NEXT_DAY_DVT_SCAN: VisitKind.DVT_SCAN,
    Disposition.VASCULAR_CONSULT: VisitKind.CONSULT,
}


@dataclass(frozen=True)
class Wish:
    """A visit to be booked. Patient and episode are None where a consultation is booked without questions."""

    visit_type: VisitType
    zip: str
    patient: Patient | None = None
    episode: Episode | None = None
    needs: Needs = NO_NEEDS
    step: Step | None = None

    @property
    def deadline(self) -> Deadline | None:
        """The clinical clock that the visit must keep; None where none runs."""
        return of_episode(self.episode) if self.episode and self.urgent else None

    @property
    def urgent(self) -> bool:
        """Whether it is the rule-out scan."""
        return self.visit_type.kind == VisitKind.DVT_SCAN

    @property
    def latest(self) -> datetime | None:
        """Until when a scan may start that has a limit of its own instead of a tier: one on the next day."""
        return self.episode.scan_by if self.episode and self.urgent and self.episode.tier is None else None


def wish(request: HttpRequest) -> Wish | None:
    """Return what may be booked now, or None: nobody is offered a slot without a reason for it.

    A link that opens empties the browser: what was answered there since is newer than the link, and may be another
    person's. It goes first, until its visit is booked.
    """
    followed, assessment = _followed(request), visitor.assessment(request)
    if assessment is not None:
        own = _of_assessment(assessment)
        if followed is None or own is None or visit_ahead(own.episode) is None:
            return own
    elif place := request.session.get(visitor.CONSULT_ZIP):
        needs = Needs.named(request.session.get(visitor.NEEDS, ""))
        return Wish(_type(VisitKind.CONSULT), place, needs=needs)
    return _of_follow_up(followed) if followed else None


def _followed(request: HttpRequest) -> Episode | None:
    """Return the episode whose follow-up was opened by its link, as long as it is of that patient."""
    link = visitor.proven(request, LinkPurpose.FOLLOW_UP)
    if link is None:
        return None
    episode = Episode.objects.select_related("patient").get(pk=link.subject_id)
    return episode if visitor.is_theirs(link, episode.patient) else None


def needs_in(assessment: Assessment) -> Needs:
    """Return what the answers need of a center."""
    return needs_of(answers_of(assessment))


def _of_assessment(assessment: Assessment) -> Wish | None:
    decision = assessment.decisions.order_by("-number").first()
    kind = BOOKABLE.get(Disposition(decision.disposition)) if decision else None
    if kind is None or assessment.episode is None or assessment.patient is None:
        return None
    needs = needs_in(assessment) if kind == VisitKind.DVT_SCAN else NO_NEEDS
    needs |= needs_of_patient(assessment.patient_id)
    return Wish(_type(kind), assessment.zip, assessment.patient, assessment.episode, needs)


def _of_follow_up(episode: Episode) -> Wish | None:
    step = awaiting(episode)
    if step is None:
        return None
    needs = needs_of_patient(episode.patient_id)
    return Wish(_type(AWAITED[StepKind(step.kind)]), episode.patient.zip, episode.patient, episode, needs, step)


def _type(kind: VisitKind) -> VisitType:
    return VisitType.objects.get(kind=kind)
