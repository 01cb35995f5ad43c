"""Who speaks for a patient: recorded with what was seen, permitted by the patient, and reviewed at 18."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from clinic import clock, events
from clinic.access import SYSTEM, Actor, Permission, require
from clinic.authority import DOCUMENTED, of_age_on
from clinic.db import in_transaction
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import (
    LIVE_STEP,
    ConsentChannel,
    EpisodeStatus,
    Language,
    Patient,
    Representative,
    RepresentativeKind,
    ResultPermission,
    Role,
    StepKind,
)
from clinic.phones import normalize_own
from clinic.selectors.identity import today_of
from clinic.selectors.patients import staying
from clinic.services.consent import record_consent
from clinic.services.identifying import Said, identified, locked_patient
from clinic.services.steps import NewStep, open_step

#: How long somebody has to ask a patient who is 18 now.
ASK_WITHIN = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Somebody who speaks for a patient, as a colleague writes them down."""

    kind: str
    name: str
    phone: str
    language: str = Language.ENGLISH
    document: str = ""
    expires_on: date | None = None
    consent_to_texts: bool | None = None


def record_representative(actor: Actor, *, patient_id: int, speaker: Speaker) -> Representative:
    """Keep who speaks for a patient. A document counts as seen by whoever records it.

    Raises `Invalid` for a parent of somebody who is 18, and for a document that has expired already.
    """
    require(actor, Permission.REGISTER_PATIENTS)
    by, number = _by(actor), _checked(speaker)

    def work() -> Representative:
        patient = locked_patient(patient_id)
        _fits(patient, speaker)
        seen = bool(speaker.document.strip())
        row = Representative.objects.create(
            patient=patient,
            kind=speaker.kind,
            name=" ".join(speaker.name.split()),
            phone=number,
            language=speaker.language,
            document=speaker.document.strip(),
            document_seen_by_id=by if seen else None,
            document_seen_at=clock.now() if seen else None,
            expires_on=speaker.expires_on,
            recorded_by_id=by,
            recorded_at=clock.now(),
        )
        if speaker.consent_to_texts is not None:
            record_consent(
                actor,
                phone=number,
                granted=speaker.consent_to_texts,
                channel=ConsentChannel.PHONE,
                language=speaker.language,
            )
        codes = {"kind": row.kind, "document": seen}
        events.record("representative.recorded", actor=actor, patient=patient, subject=row, codes=codes)
        return row

    return in_transaction(work)


def record_permission(
    actor: Actor,
    *,
    representative_id: int,
    granted: bool,
    how: str,
    expires_on: date | None = None,
    identifiers: Said | None = None,
) -> ResultPermission:
    """Keep the patient's own word on who may hear results: in person, or by phone once they are known.

    Raises what `clinic.services.identifying.identified` raises where it came by phone and the patient is not known.
    """
    require(actor, Permission.CHECK_IDENTITY)
    by = _by(actor)
    if how not in (ConsentChannel.PHONE, ConsentChannel.IN_PERSON):
        raise Invalid(fields={"how": "Choose one of: phone, in_person."})

    def work() -> ResultPermission:
        row = _live(representative_id)
        patient = locked_patient(staying(row.patient).pk)
        if expires_on is not None and expires_on < today_of(patient):
            raise Invalid(fields={"expires_on": "This day has passed."})
        if how == ConsentChannel.PHONE:
            identified(actor, patient=patient, said=identifiers, representative=None, called_back=False)
        word = ResultPermission.objects.create(
            representative=row, granted=granted, how=how, expires_on=expires_on, recorded_by_id=by, at=clock.now()
        )
        codes = {"granted": granted, "how": how}
        events.record("representative.permitted", actor=actor, patient=patient, subject=row, codes=codes)
        return word

    return in_transaction(work)


def end_representative(actor: Actor, *, representative_id: int, reason: str) -> Representative:
    """Keep that somebody speaks for the patient no longer; ``reason`` is a short code."""
    require(actor, Permission.REGISTER_PATIENTS)
    if not reason or len(reason) > 40 or not reason.replace("_", "").isalnum():
        raise Invalid(fields={"reason": "Use a short code of letters, digits and underscores, such as revoked."})

    def work() -> Representative:
        row = _live(representative_id)
        locked_patient(staying(row.patient).pk)
        return _ended(actor, row, reason)

    return in_transaction(work)


def of_age() -> list[Representative]:
    """Parents whose child is 18 by now."""
    return [row for row in _parents() if _comes_of_age(row) <= clock.now()]


def next_of_age(after: datetime) -> datetime | None:
    """The first instant later than ``after`` at which a patient with a parent is 18."""
    return min((at for row in _parents() if (at := _comes_of_age(row)) > after), default=None)


def review_parents() -> int:
    """End the authority of each parent whose child is 18, and have somebody ask the patient; return how many."""
    return sum(in_transaction(partial(_review, row.pk)) for row in of_age())


def _parents() -> list[Representative]:
    mine = Representative.objects.filter(kind=RepresentativeKind.PARENT, ended_at=None)
    return list(mine.filter(patient__birth_date__isnull=False).select_related("patient").order_by("id"))


def _comes_of_age(row: Representative) -> datetime:
    """When the 18th birthday has begun in every zone that we serve: at 12:00 UTC no day is younger in Honolulu."""
    born = row.patient.birth_date or date.max
    return datetime.combine(of_age_on(born), datetime.min.time(), UTC) + timedelta(hours=12)


def _review(representative_id: int) -> bool:
    patient_id = Representative.objects.values_list("patient_id", flat=True).get(pk=representative_id)
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient_id)
    row = Representative.objects.select_related("patient").get(pk=representative_id)
    if row.ended_at is not None:
        return False
    _ended(SYSTEM, row, "of_age")
    episode = staying(patient).episodes.filter(status=EpisodeStatus.OPEN).order_by("-id").first()
    asked = episode and episode.steps.filter(kind=StepKind.REPRESENTATIVE, status__in=LIVE_STEP).exists()
    if episode is not None and not asked:
        new = NewStep(
            kind=StepKind.REPRESENTATIVE,
            owner_role=Role.REPRESENTATIVE,
            center_id=episode.center_id,
            due_at=clock.now() + ASK_WITHIN,
        )
        open_step(SYSTEM, episode=episode, new=new)
    return True


def _ended(actor: Actor, row: Representative, reason: str) -> Representative:
    row.ended_at, row.end_reason = clock.now(), reason
    row.save(update_fields=["ended_at", "end_reason"])
    codes = {"kind": row.kind, "reason": reason}
    events.record("representative.ended", actor=actor, patient=row.patient, subject=row, codes=codes)
    return row


def _live(representative_id: int) -> Representative:
    row = Representative.objects.select_related("patient").filter(pk=representative_id).first()
    if row is None:
        raise NotFound("There is no such representative.")
    if row.ended_at is not None:
        raise Conflict("They speak for the patient no longer.", code="representative_ended")
    return row


def _fits(patient: Patient, speaker: Speaker) -> None:
    """What the kind of representative asks of the patient. Raises `Invalid`."""
    today = today_of(patient)
    if speaker.kind == RepresentativeKind.PARENT:
        if patient.birth_date is None:
            raise Invalid(fields={"kind": "The patient's birth date is not known: complete the registration first."})
        if today >= of_age_on(patient.birth_date):
            raise Invalid(fields={"kind": "The patient is 18. Record a helper, and ask the patient for permission."})
    if speaker.expires_on is not None and speaker.expires_on < today:
        raise Invalid(fields={"expires_on": "This document has expired: it gives no authority any more."})


def _checked(said: Speaker) -> str:
    """Return the number as E.164, or raise `Invalid` with every field that is wrong."""
    wrong: dict[str, str] = {}
    number = ""
    if said.kind not in RepresentativeKind.values:
        wrong["kind"] = f"Choose one of: {', '.join(RepresentativeKind.values)}."
    if not said.name.strip() or len(said.name) > 120:
        wrong["name"] = "Enter a name of at most 120 characters."
    try:
        number = normalize_own(said.phone)
    except ValueError as error:
        wrong["phone"] = str(error)
    if said.language not in Language.values:
        wrong["language"] = f"Choose one of: {', '.join(Language.values)}."
    if len(said.document) > 120:
        wrong["document"] = "Use at most 120 characters."
    elif said.kind in DOCUMENTED and not said.document.strip():
        wrong["document"] = "Say which document you have seen, such as: order of the court."
    if said.kind not in DOCUMENTED and (said.document.strip() or said.expires_on):
        wrong["document"] = "Only a guardian's or an agent's document is recorded."
    if wrong:
        raise Invalid(fields=wrong)
    return number


def _by(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("A person records who speaks for a patient.")
    return actor.staff_id
