"""Writing down an intake: its answers, its decisions, and the episode that follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clinic import clock
from clinic.access import Actor, Permission
from clinic.db import in_transaction
from clinic.errors import Invalid
from clinic.models import Center, ConsentChannel, Episode, Patient, Sex, Step
from clinic.services.access_needs import add_access
from clinic.services.episodes import Risk, open_episode
from clinic.services.other_ways import OtherWay
from clinic.services.patients import register
from scheduling.intake.deciding import TO_EMERGENCY_CARE, Decided, decide, examine
from scheduling.intake.keeping import keep_slot
from scheduling.intake.reading import Answerer, Contact, needs_of, on_the_web, read
from scheduling.models import Appointment
from scheduling.needs import NO_NEEDS
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.site import Surroundings, surroundings_if_known
from scheduling.services.callers import require_or_own
from scheduling.services.opening import opening
from triage import models
from triage.answers import AnswerError, Answers, Site, Tri
from triage.contradictions import questions_back
from triage.models import DecisionSource
from triage.rules import without_slot
from triage.services.recording import Answered, record_assessment, record_decision


@dataclass(frozen=True)
class IntakeResult:
    """What an intake led to. Episode, step and patient are None where nobody said who it is about.

    ``decisions`` are rows in order; the last one is in force. ``hold`` is the slot kept for a clinician's callback.
    ``questions`` are what the answers leave to be asked back, where they do not fit together; the decision stands until
    they are answered.
    """

    assessment: models.Assessment
    decisions: tuple[models.Decision, ...]
    episode: Episode | None = None
    step: Step | None = None
    patient: Patient | None = None
    hold: Appointment | None = None
    questions: tuple[AnswerError, ...] = ()

    @property
    def decision(self) -> models.Decision:
        """The decision in force."""
        return self.decisions[-1]


def submit(
    actor: Actor,
    *,
    raw_answers: Mapping[str, Any],
    language: str = "en",
    answered_by: str = "patient",
    relation: str = "",
    relative_name: str = "",
    contact: Contact | None = None,
    first_answer_at: datetime | None = None,
    zip: str = "",
    contact_matters: bool = False,
) -> IntakeResult:
    """Decide on the answers of one intake, and open the episode that follows from them.

    Without a ``contact`` only the answers and the decisions are kept; ``zip`` then says where the patient is. Where
    staff or a program give neither, the table is examined: with the ``site`` in the answers, or as if all could be had.
    ``relative_name`` is who answered, where it was a relative: kept beside the ``relation``.
    ``first_answer_at`` is the server's own time of the first answer: the clinical clock starts there.

    Raises `Invalid` that names each wrong answer or field of the contact, and where a search is needed but nobody said
    where the patient is. Advice to call 911 or go to an emergency department is never held up by a wrong contact,
    unless ``contact_matters``: the advice was given already, and this is to be able to call.
    """
    require_or_own(actor, Permission.ASSESS)
    where = contact.zip if contact else zip
    who = Answerer(answered_by, relation, relative_name)
    answers, site = read(actor, raw_answers, zip=where, who=who)
    given = _Given(
        raw_answers=raw_answers,
        answers=answers,
        site=site,
        language=language,
        who=who,
        contact=contact,
        zip=where,
        first_answer_at=first_answer_at,
        contact_matters=contact_matters,
    )
    return in_transaction(lambda: _written(actor, given))


@dataclass(frozen=True, kw_only=True)
class _Given:
    """All that was said, and the present."""

    raw_answers: Mapping[str, Any]
    answers: Answers
    site: Site | None
    language: str
    who: Answerer
    contact: Contact | None
    zip: str
    first_answer_at: datetime | None
    contact_matters: bool
    now: datetime = field(default_factory=clock.now)

    @property
    def started(self) -> datetime:
        """When the clinical clock starts: with the first answer, which never lies ahead."""
        return min(self.first_answer_at or self.now, self.now)

    @property
    def answered(self) -> Answered:
        """What is kept of it as the assessment."""
        return Answered(
            raw_answers=self.raw_answers,
            language=self.language,
            answered_by=self.who.answered_by,
            relation=self.who.relation,
            relative_name=self.who.relative_name,
            first_answer_at=self.started,
        )


def _written(actor: Actor, given: _Given) -> IntakeResult:
    around = surroundings_if_known(given.zip)
    if around is None and given.contact is None and not on_the_web(actor):
        decided = examine(given.answers, given.site)
    else:
        needs = given.contact.needs if given.contact else NO_NEEDS
        decided = decide(given.answers, around, started=given.started, now=given.now, needs=needs)
    patient = _registered(actor, given, decided)
    episode = _opened(actor, given, patient, around, decided)
    assessment = record_assessment(
        actor,
        answered=given.answered,
        patient=patient,
        episode=episode,
        phone=(patient.phone or "") if patient else "",
        zip=given.zip if around else "",
    )
    rows = tuple(
        record_decision(actor, assessment=assessment, decision=decision, source=source, site=decided.site)
        for decision, source in decided.chain
    )
    hold = _kept(actor, given, decided, episode)
    if episode and decided.last.hold_slot and hold is None:
        # Others were faster, again and again: the call stands, and nothing is promised that is not there.
        further = record_decision(
            actor,
            assessment=assessment,
            decision=without_slot(decided.last),
            source=DecisionSource.FALLBACK,
            site=decided.site,
        )
        rows = (*rows, further)
    step = episode.steps.order_by("id").first() if episode else None
    questions = questions_back(given.answers)
    return IntakeResult(assessment, rows, episode, step, patient, hold, questions)


def _kept(actor: Actor, given: _Given, decided: Decided, episode: Episode | None) -> Appointment | None:
    """Keep the slot that a callback needs, in a room that fits."""
    if episode is None or not decided.last.hold_slot:
        return None
    return keep_slot(actor, decided, episode, needs_of(given.answers) | needs_of_patient(episode.patient_id))


def _registered(actor: Actor, given: _Given, decided: Decided) -> Patient | None:
    """Register who it is about. What is wrong with a contact never holds up advice to seek emergency care."""
    contact, sex = given.contact, given.answers.patient.sex
    if contact is None:
        return None
    try:
        patient = register(
            actor,
            given_name=contact.given_name,
            family_name=contact.family_name,
            phone=contact.phone,
            zip=contact.zip,
            other_way=contact.access.other_way if contact.access else OtherWay(),
            birth_date=contact.birth_date,
            sex=sex if sex in Sex.values else Sex.OTHER,
            language=given.language,
            consent_to_texts=contact.consent_to_texts,
            consent_channel=ConsentChannel.WEB if on_the_web(actor) else ConsentChannel.PHONE,
        )
    except Invalid:
        if decided.last.disposition in TO_EMERGENCY_CARE and not given.contact_matters:
            return None
        raise
    _keep_access(actor, given, patient, decided)
    return patient


def _keep_access(actor: Actor, given: _Given, patient: Patient, decided: Decided) -> None:
    """Keep what they need to be seen."""
    access = given.contact.access if given.contact else None
    if access is None:
        return
    try:
        add_access(actor, patient=patient, access=access)
    except Invalid:
        if decided.last.disposition not in TO_EMERGENCY_CARE:
            raise


def _opened(
    actor: Actor, given: _Given, patient: Patient | None, around: Surroundings | None, decided: Decided
) -> Episode | None:
    """Open the episode at the center whose slot was found, or else the nearest. None without a patient."""
    if patient is None or around is None:
        return None
    card = decided.slot.center if decided.slot else around.nearest
    if card is None:
        raise Invalid(fields={"zip": "There is no center yet that could see this patient."})
    new = opening(decided.last, center_id=card.id, zone=card.zone, now=given.now, clock_started_at=given.started)
    return open_episode(
        actor,
        patient=patient,
        kind=new.kind,
        center=Center.objects.get(pk=card.id),
        clock_started_at=given.started,
        first_steps=[new.first_step],
        tier=new.limits.tier,
        scan_by=new.limits.scan_by,
        result_by=new.limits.result_by,
        risk=_risk(given.answers, decided),
    )


def _risk(answers: Answers, decided: Decided) -> Risk:
    """Return what a follow-up plan will need; what is not known counts as a yes."""
    context = answers.context
    ruled_out = context.pregnant is Tri.NO and context.postpartum_6wk is Tri.NO
    return Risk(
        pretest_category=decided.last.category,
        pregnant=answers.patient.sex != Sex.MALE and not ruled_out,
        active_cancer=answers.wells.active_cancer is not Tri.NO,
    )
