"""Two records of one person: merged by a pointer, never by rewriting, and apart again while nothing new is known."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, settle
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import (
    DistinctPatients,
    Episode,
    EpisodeStatus,
    Event,
    Patient,
    PatientMerge,
    Role,
    Step,
    StepKind,
)
from clinic.services.steps import NewStep, open_step

#: How soon a clinician says which of two open episodes of one patient goes on.
DECIDE_WITHIN = timedelta(hours=2)
#: What was learned of the person since a merge, and may be either one's: after it a merge is not undone.
OF_THE_PERSON = frozenset(
    {
        "episode.opened",
        "consent.given",
        "consent.revoked",
        "identity.checked",
        "patient.contact_named",
        "patient.phone_changed",
        "patient.registration",
        "patient.merged",
        "record.given",
        "representative.recorded",
        "representative.permitted",
        "representative.ended",
    }
)


class BothHere(Conflict):
    """Both are in the building: they are two people, or somebody is mistaken about who is here."""

    code = "both_in_the_building"
    title = "Both patients are in the building now. Look at both, and merge when one of them was found to be nobody."


class NewFacts(Conflict):
    """Since the merge something was learned that may be either person's."""

    code = "new_facts"
    title = "Since the merge, facts were recorded that may belong to either person."


def merge_patients(actor: Actor, *, duplicate_id: int, kept_id: int, reason: str) -> PatientMerge:
    """Point a second record of a person to the one that stays, and move its open episodes with their steps.

    What has ended stays where it was written, and is found through the pointer. Where both have an open episode, a
    clinician's step asks which one goes on. Raises `Conflict` where either was merged already, and `BothHere`.
    """
    require(actor, Permission.MERGE_PATIENTS)
    by, reason = _by(actor), " ".join(reason.split())
    if duplicate_id == kept_id:
        raise Invalid(fields={"duplicate": "A record is not merged into itself. Name another one."})
    if not reason or len(reason) > 200:
        raise Invalid(fields={"reason": "Say how you know that it is one person, in at most 200 characters."})

    def work() -> PatientMerge:
        pair = _locked(duplicate_id, kept_id)
        duplicate, kept = pair[duplicate_id], pair[kept_id]
        for each in (duplicate, kept):
            if each.merged_into_id is not None:
                raise Conflict(
                    f"Patient {each.pk} was merged into patient {each.merged_into_id} already.", code="patient_merged"
                )
        if _attended(duplicate) and _attended(kept):
            raise BothHere
        return _merged(actor, by, duplicate, kept, reason)

    return in_transaction(work)


def undo_merge(actor: Actor, *, merge_id: int) -> PatientMerge:
    """Take a merge back: the pointer goes, and the episodes that it moved are the other record's again.

    What was recorded in those episodes meanwhile goes with them. Raises `NewFacts` where something was learned of the
    person since, which no episode says whose it is.
    """
    require(actor, Permission.MERGE_PATIENTS)
    by = _by(actor)

    def work() -> PatientMerge:
        merge = PatientMerge.objects.filter(pk=merge_id).first()
        if merge is None:
            raise NotFound("There is no such merge.")
        pair = _locked(merge.duplicate_id, merge.kept_id)
        merge.refresh_from_db()
        if merge.undone_at is not None:
            raise Conflict("This merge was taken back already.", code="merge_undone")
        _refuse_new_facts(merge)
        Patient.objects.filter(pk=merge.duplicate_id).update(merged_into=None)
        Episode.objects.filter(pk__in=merge.episodes).update(patient_id=merge.duplicate_id)
        merge.undone_by_id, merge.undone_at = by, clock.now()
        merge.save(update_fields=["undone_by", "undone_at"])
        codes = {"duplicate": merge.duplicate_id, "kept": merge.kept_id, "episodes": merge.episodes}
        events.record("patient.unmerged", actor=actor, patient=pair[merge.kept_id], subject=merge, codes=codes)
        settle()
        return merge

    return in_transaction(work)


def tell_apart(actor: Actor, *, patient_id: int, other_id: int) -> DistinctPatients:
    """Keep that two records that are alike are of two people: they are not shown as duplicates any more."""
    require(actor, Permission.REGISTER_PATIENTS)
    by = _by(actor)
    if patient_id == other_id:
        raise Invalid(fields={"other": "Name another record."})

    def work() -> DistinctPatients:
        pair = _locked(patient_id, other_id)
        if any(each.merged_into_id is not None for each in pair.values()):
            raise Conflict("One of them is merged: take the merge back first.", code="patient_merged")
        one, other = sorted(pair)
        row, made = DistinctPatients.objects.get_or_create(
            one_id=one, other_id=other, defaults={"by_id": by, "at": clock.now()}
        )
        if made:
            codes = {"other": other_id}
            events.record("patient.told_apart", actor=actor, patient=pair[patient_id], subject=row, codes=codes)
        return row

    return in_transaction(work)


def _merged(actor: Actor, by: int, duplicate: Patient, kept: Patient, reason: str) -> PatientMerge:
    moved = list(_open(duplicate).order_by("id").select_for_update(no_key=True).values_list("id", flat=True))
    theirs = list(_open(kept).order_by("id"))
    Patient.objects.filter(pk=duplicate.pk).update(merged_into=kept)
    Episode.objects.filter(pk__in=moved).update(patient=kept)
    merge = PatientMerge.objects.create(
        duplicate=duplicate,
        kept=kept,
        episodes=moved,
        two_open_episodes=bool(moved and theirs),
        reason=reason,
        by_id=by,
        at=clock.now(),
    )
    codes = {"duplicate": duplicate.pk, "kept": kept.pk, "episodes": moved, "two_open": merge.two_open_episodes}
    events.record("patient.merged", actor=actor, patient=kept, subject=merge, codes=codes)
    if merge.two_open_episodes:
        _ask_which_goes_on(actor, theirs[-1])
    settle()
    return merge


def _ask_which_goes_on(actor: Actor, episode: Episode) -> None:
    new = NewStep(
        kind=StepKind.TWO_EPISODES,
        owner_role=Role.CLINICIAN,
        center_id=episode.center_id,
        due_at=clock.now() + DECIDE_WITHIN,
    )
    open_step(actor, episode=episode, new=new)


def _refuse_new_facts(merge: PatientMerge) -> None:
    if PatientMerge.objects.filter(duplicate=merge.kept_id, undone_at=None).exists():
        raise NewFacts("The record that stayed was merged into another one since. Take that back first.")
    began = Event.objects.filter(kind="patient.merged", subject_kind="patientmerge", subject_id=merge.pk).get()
    since = Event.objects.filter(patient_id=merge.kept_id, pk__gt=began.pk, kind__in=OF_THE_PERSON)
    kinds = sorted(set(since.values_list("kind", flat=True)))
    if kinds:
        raise NewFacts(
            "Since the merge, facts were recorded that may belong to either person. Register the other person anew, and"
            " close what is not theirs as entered in error.",
            extra={"facts": kinds},
        )


def _open(patient: Patient) -> QuerySet[Episode]:
    return Episode.objects.filter(patient=patient, status=EpisodeStatus.OPEN)


def _attended(patient: Patient) -> bool:
    """Whether somebody recorded that this patient is here for a step."""
    return Step.objects.filter(episode__patient=patient, attended_since__isnull=False).exists()


def _locked(*ids: int) -> dict[int, Patient]:
    """Lock both records, in the order of their ids. Raises `NotFound`."""
    rows: Iterable[Patient] = Patient.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != len(set(ids)):
        raise NotFound("There is no such patient.")
    return found


def _by(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("A person says whether two records are of one patient.")
    return actor.staff_id
