"""Two identifiers before anything is disclosed by phone; three checks that fail close the phone until we call back."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db.models import QuerySet

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import (
    LIVE_STEP,
    EpisodeStatus,
    Identifier,
    IdentityCheck,
    Patient,
    Representative,
    Role,
    Step,
    StepKind,
)
from clinic.names import is_said, same
from clinic.phones import normalize
from clinic.selectors.identity import FAILURES, check_in_force, identity_state
from clinic.selectors.patients import records_of
from clinic.services.plans import decision_where_last
from clinic.services.registration import registration_of
from clinic.services.steps import NewStep, complete_step, open_step

#: How soon somebody calls the recorded number after three failures.
CALL_BACK_WITHIN = timedelta(minutes=15)
#: Whoever gave these three is one person, however many records there are of them.
_SURE = frozenset({Identifier.NAME, Identifier.BIRTH_DATE, Identifier.PHONE})


class IdentityLocked(Conflict):
    """Three checks failed in a row."""

    code = "identity_locked"
    title = (
        "Three checks failed: disclose nothing to this caller. Hang up, call the number on record, and check two"
        " identifiers on that call."
    )


class IdentityAmbiguous(Conflict):
    """What was said is true of two people: twins with one birth date and one number, say. It counts as no failure."""

    code = "identity_ambiguous"
    title = "What was said is true of more than one patient. Ask for what tells them apart."


class NotIdentified(Conflict):
    """Nobody checked who is on the phone, or what was said is not what we have."""

    code = "not_identified"
    title = "Nothing is disclosed by phone before two identifiers were checked on this call."


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody on the phone said of the patient. Not kept: only which identifiers were right is."""

    name: str = ""
    birth_date: date | None = None
    phone: str = ""
    street: str = ""
    zip: str = ""

    @property
    def given(self) -> list[Identifier]:
        """Which identifiers were given at all."""
        address = bool(self.street.strip() and self.zip.strip())
        held = (self.name.strip(), self.birth_date, self.phone.strip(), address)
        return [each for each, value in zip(Identifier, held, strict=True) if value]


def check_identity(
    actor: Actor, *, patient_id: int, said: Said, representative_id: int | None = None, called_back: bool = False
) -> IdentityCheck:
    """Compare what somebody on the phone said with the record, and keep which identifiers were right.

    ``called_back``: we dialed the number on record, which is one of the two; of who has none it is that of their
    contact, which tells nothing of who answers and is none. A check that fails is kept as well; the
    third in a row opens the step to call back. Raises `Invalid` where fewer than two were given, `IdentityLocked` after
    three failures unless we called back, and `IdentityAmbiguous` where it is true of two people.
    """
    require(actor, Permission.CHECK_IDENTITY)
    by = _caller(actor)

    def work() -> IdentityCheck:
        patient = locked_patient(patient_id)
        representative = representative_of(patient, representative_id) if representative_id is not None else None
        matched, failed = compared(patient, said, called_back=called_back)
        return _kept(actor, patient, by, representative, matched, failed, called_back=called_back)

    return in_transaction(work)


def identified(
    actor: Actor, *, patient: Patient, said: Said | None, representative: Representative | None, called_back: bool
) -> IdentityCheck:
    """Return the check by which a caller is known, made now of what they said, or just before by the same colleague.

    For a service that is about to record a disclosure, in its transaction. A failure is kept though that is rolled
    back. Raises `NotIdentified`, and what `check_identity` raises.
    """
    by = _caller(actor)
    if said is None:
        found = check_in_force(patient, by=by, representative=representative)
        if found is None:
            raise IdentityLocked if identity_state(patient).locked else NotIdentified
        return found
    matched, failed = compared(patient, said, called_back=called_back)
    if failed:
        refusal = NotIdentified(
            "This is not what we have: nothing may be disclosed.",
            fields={each.value: f"{each.label}: this is not what we have." for each in failed},
        )
        refusal.afterwards = partial(
            _keep_failure, actor, patient.pk, by, representative, matched, failed, called_back=called_back
        )
        raise refusal
    return _kept(actor, patient, by, representative, matched, failed, called_back=called_back)


def locked_patient(patient_id: int) -> Patient:
    """Lock and return a patient. Raises `NotFound`, and `Conflict` where the record was merged."""
    patient = Patient.objects.select_for_update(no_key=True).filter(pk=patient_id).first()
    if patient is None:
        raise NotFound("There is no such patient.")
    if patient.merged_into_id is not None:
        raise Conflict(f"This record was merged into patient {patient.merged_into_id}.", code="patient_merged")
    return patient


def representative_of(patient: Patient, representative_id: int) -> Representative:
    """Return who speaks for a patient, or for a record that was merged into theirs. Raises `Invalid`."""
    found = Representative.objects.select_related("patient").filter(pk=representative_id).first()
    if found is None or found.patient_id not in records_of(patient):
        raise Invalid(fields={"representative": "This is no representative of the patient."})
    return found


def compared(
    patient: Patient, said: Said, *, called_back: bool, on_paper: bool = False
) -> tuple[list[Identifier], list[Identifier]]:
    """Which identifiers are right and which are wrong. Raises where that can't be judged, or must not be.

    What stands ``on_paper`` was said on a call that is over: that the phone is closed now does not concern it.
    """
    if not on_paper and identity_state(patient).locked and not called_back:
        raise IdentityLocked
    dialed = called_back and patient.phone is not None
    given = list(dict.fromkeys([*said.given, *([Identifier.PHONE] if dialed else [])]))
    if len(given) < 2:
        raise Invalid(
            "Ask for two identifiers.", fields={"identifiers": "Give two: name, birth date, phone, or street and ZIP."}
        )
    right = {
        Identifier.NAME: lambda: _name_is_right(patient, said.name),
        Identifier.BIRTH_DATE: lambda: said.birth_date == patient.birth_date,
        Identifier.PHONE: lambda: (dialed and not said.phone.strip()) or _number(said.phone) == patient.phone,
        Identifier.ADDRESS: lambda: _address_is_right(patient, said),
    }
    matched = [each for each in given if right[each]()]
    failed = [each for each in given if each not in matched]
    if not failed and _others(patient, said, set(matched)):
        untold = [each for each in (Identifier.NAME, Identifier.BIRTH_DATE, Identifier.PHONE) if each not in matched]
        raise IdentityAmbiguous(fields={each.value: f"Ask for it as well: {each.label.lower()}." for each in untold})
    return matched, failed


def _others(patient: Patient, said: Said, matched: set[Identifier]) -> bool:
    """Whether all that was right is true of another patient too."""
    if matched >= _SURE:
        return False
    found: QuerySet[Patient] = Patient.objects.filter(merged_into=None).exclude(pk=patient.pk)
    if Identifier.BIRTH_DATE in matched:
        found = found.filter(birth_date=patient.birth_date)
    if Identifier.PHONE in matched:
        found = found.filter(phone=patient.phone)
    if Identifier.ADDRESS in matched:
        found = found.filter(zip=patient.zip, registration__street__iexact=registration_of(patient).street)
    if Identifier.NAME not in matched:
        return found.exists()
    return any(
        same(each.family_name, patient.family_name) and same(each.given_name, patient.given_name)
        for each in found.order_by("id").iterator(chunk_size=200)
    )


def _name_is_right(patient: Patient, name: str) -> bool:
    return is_said(name, patient.given_name, patient.family_name, registration_of(patient).legal_name)


def _address_is_right(patient: Patient, said: Said) -> bool:
    street = registration_of(patient).street
    return bool(street) and _line(said.street) == _line(street) and said.zip.strip() == patient.zip


def _line(street: str) -> str:
    return " ".join("".join(each if each.isalnum() else " " for each in street.casefold()).split())


def _number(phone: str) -> str:
    try:
        return normalize(phone)
    except ValueError:
        return ""


def _kept(
    actor: Actor,
    patient: Patient,
    by: int,
    representative: Representative | None,
    matched: list[Identifier],
    failed: list[Identifier],
    *,
    called_back: bool,
) -> IdentityCheck:
    """Keep a check, and what follows from it: the step to call back, or its end."""
    row = IdentityCheck.objects.create(
        patient=patient,
        representative=representative,
        matched=[each.value for each in matched],
        failed=[each.value for each in failed],
        passed=not failed,
        called_back=called_back,
        by_id=by,
        at=clock.now(),
    )
    codes = {"passed": row.passed, "matched": row.matched, "failed": row.failed, "called_back": called_back}
    events.record("identity.checked", actor=actor, patient=patient, subject=row, codes=codes)
    if row.passed:
        for step in _owed(patient):
            complete_step(actor, step=step, outcome="identified", then=decision_where_last(step))
    elif identity_state(patient).failures >= FAILURES:
        owe_callback(actor, patient)
    settle()
    return row


def _keep_failure(
    actor: Actor,
    patient_id: int,
    by: int,
    representative: Representative | None,
    matched: list[Identifier],
    failed: list[Identifier],
    *,
    called_back: bool,
) -> None:
    """Keep a failure of which the disclosure was refused, in a transaction of its own."""
    _kept(actor, locked_patient(patient_id), by, representative, matched, failed, called_back=called_back)


def owe_callback(actor: Actor, patient: Patient) -> None:
    """Owe the call to the recorded number, in the episode that is open; once. Who owes a result by voice calls.

    After three checks that failed by phone, and after a link that five wrong answers locked.
    """
    episode = patient.episodes.filter(status=EpisodeStatus.OPEN).order_by("-id").first()
    if episode is None or _owed(patient):
        return
    spoken = episode.steps.filter(kind=StepKind.TELLING, status__in=LIVE_STEP, owner_role=Role.CLINICIAN).exists()
    new = NewStep(
        kind=StepKind.IDENTITY,
        owner_role=Role.CLINICIAN if spoken else Role.REPRESENTATIVE,
        center_id=episode.center_id,
        due_at=clock.now() + CALL_BACK_WITHIN,
    )
    open_step(actor, episode=episode, new=new)


def _owed(patient: Patient) -> list[Step]:
    mine = Step.objects.filter(episode__patient=patient, kind=StepKind.IDENTITY, status__in=LIVE_STEP)
    return list(mine.select_related("episode").order_by("id"))


def _caller(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("A person checks who is on the phone.")
    return actor.staff_id
