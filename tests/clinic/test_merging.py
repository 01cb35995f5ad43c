"""Records that are alike warn; a merge is by pointer, moves what is open, and is taken back while nothing is new."""

from datetime import date, timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, Actor
from clinic.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from clinic.models import Episode, LinkPurpose, Patient, PatientMerge, Role, Step, StepKind
from clinic.selectors.duplicates import possible_duplicates
from clinic.services import links
from clinic.services.consent import record_consent
from clinic.services.merging import BothHere, NewFacts, merge_patients, tell_apart, undo_merge
from clinic.services.patients import register
from clinic.services.steps import open_step
from tests.kernel import acting, make_episode, make_patient, make_zip, new_step

pytestmark = pytest.mark.django_db
PHONE = "+12025550177"


@pytest.fixture
def clinician() -> Actor:
    make_zip()
    return acting(Role.CLINICIAN)


def _pair(**changes: object) -> tuple[Patient, Patient]:
    kept = make_patient(given_name="Jon", family_name="Smith", phone=PHONE)
    return kept, make_patient(given_name="John", family_name="Smith", **changes)


def _merged(actor: Actor, kept: Patient, duplicate: Patient) -> PatientMerge:
    return merge_patients(actor, duplicate_id=duplicate.pk, kept_id=kept.pk, reason="Same license.")


def test_alike_records_warn_with_their_reasons_and_nothing_is_merged() -> None:
    kept, other = _pair(phone=PHONE)
    [found] = possible_duplicates(kept)
    assert found.patient == other
    assert found.reasons == ("birth_date_and_phone", "like_name_and_birth_date", "like_name_and_phone")
    assert not PatientMerge.objects.exists()


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"given_name": "Eva", "phone": PHONE}, ("birth_date_and_phone",)),
        ({}, ("like_name_and_birth_date",)),
        ({"phone": PHONE, "birth_date": None}, ("like_name_and_phone",)),
        ({"phone": PHONE, "birth_date": date(1999, 1, 1)}, ()),
        ({"given_name": "Eva"}, ()),
    ],
)
def test_what_makes_two_records_alike(changes: dict[str, object], reasons: tuple[str, ...]) -> None:
    one = make_patient(given_name="John", family_name="Smith", phone=PHONE)
    make_patient(**({"given_name": "Jon", "family_name": "Smith"} | changes))
    assert [each.reasons for each in possible_duplicates(one)] == ([reasons] if reasons else [])


def test_two_people_who_were_told_apart_warn_no_more(clinician: Actor) -> None:
    kept, other = _pair(phone=PHONE)
    tell_apart(clinician, patient_id=other.pk, other_id=kept.pk)
    assert possible_duplicates(kept) == possible_duplicates(other) == []


def test_a_merge_points_to_the_record_that_stays_and_moves_its_open_episodes(clinician: Actor) -> None:
    kept, duplicate = _pair()
    episode = make_episode(clinician, patient=duplicate)
    merge = _merged(clinician, kept, duplicate)
    duplicate.refresh_from_db()
    episode.refresh_from_db()
    assert (duplicate.merged_into, duplicate.given_name) == (kept, "John")
    assert episode.patient == kept
    assert (merge.episodes, merge.two_open_episodes) == ([episode.pk], False)
    assert possible_duplicates(kept) == []


def test_two_open_episodes_are_warned_of_and_a_clinician_is_asked(clinician: Actor) -> None:
    kept, duplicate = _pair()
    first = make_episode(clinician, patient=kept)
    make_episode(clinician, patient=duplicate)
    assert _merged(clinician, kept, duplicate).two_open_episodes
    [asked] = Step.objects.filter(kind=StepKind.TWO_EPISODES)
    assert (asked.episode, asked.owner_role) == (first, Role.CLINICIAN)
    assert Episode.objects.filter(patient=kept, status="open").count() == 2


def _here(actor: Actor, patient: Patient) -> None:
    episode = make_episode(actor, patient=patient)
    step = open_step(actor, episode=episode, new=new_step(StepKind.SCAN, scheduled=True))
    Step.objects.filter(pk=step.pk).update(attended_since=clock.now())


def test_two_who_are_both_in_the_building_are_not_merged(clinician: Actor) -> None:
    kept, duplicate = _pair()
    for patient in (kept, duplicate):
        _here(clinician, patient)
    with pytest.raises(BothHere):
        _merged(clinician, kept, duplicate)
    duplicate.refresh_from_db()
    assert duplicate.merged_into is None


def test_one_who_is_in_the_building_is_merged(clinician: Actor) -> None:
    kept, duplicate = _pair()
    _here(clinician, duplicate)
    assert _merged(clinician, kept, duplicate).episodes


def test_a_record_is_not_merged_into_itself_twice_or_into_a_merged_one(clinician: Actor) -> None:
    kept, duplicate = _pair()
    other = make_patient()
    with pytest.raises(Invalid):
        _merged(clinician, kept, kept)
    _merged(clinician, kept, duplicate)
    for into, merged in ((other, duplicate), (duplicate, other)):
        with pytest.raises(Conflict) as refused:
            _merged(clinician, into, merged)
        assert refused.value.code == "patient_merged"
    with pytest.raises(NotFound):
        merge_patients(clinician, duplicate_id=999_999, kept_id=kept.pk, reason="x")
    with pytest.raises(Invalid):
        merge_patients(clinician, duplicate_id=other.pk, kept_id=kept.pk, reason=" ")


def test_a_representative_does_not_merge(clinician: Actor) -> None:
    kept, duplicate = _pair()
    with pytest.raises(Forbidden):
        _merged(acting(Role.REPRESENTATIVE), kept, duplicate)


def test_undoing_gives_the_episodes_back_with_what_was_done_in_them(clinician: Actor) -> None:
    kept, duplicate = _pair()
    episode = make_episode(clinician, patient=duplicate)
    merge = _merged(clinician, kept, duplicate)
    open_step(clinician, episode=Episode.objects.get(pk=episode.pk), new=new_step())
    undo_merge(clinician, merge_id=merge.pk)
    duplicate.refresh_from_db()
    episode.refresh_from_db()
    assert (duplicate.merged_into, episode.patient) == (None, duplicate)
    assert episode.steps.count() == 2
    with pytest.raises(Conflict) as refused:
        undo_merge(clinician, merge_id=merge.pk)
    assert refused.value.code == "merge_undone"


def test_after_new_facts_of_the_person_a_merge_is_not_undone_and_they_are_named(clinician: Actor) -> None:
    kept, duplicate = _pair()
    merge = _merged(clinician, kept, duplicate)
    make_episode(clinician, patient=Patient.objects.get(pk=kept.pk))
    record_consent(SYSTEM, phone=kept.phone, granted=True, channel="phone", language="en", patient=kept)  # type: ignore[arg-type]
    with pytest.raises(NewFacts) as refused:
        undo_merge(clinician, merge_id=merge.pk)
    assert refused.value.extra["facts"] == ["consent.given", "episode.opened"]
    duplicate.refresh_from_db()
    assert duplicate.merged_into == kept


def test_a_merge_below_another_one_is_undone_after_it(clinician: Actor) -> None:
    kept, duplicate = _pair()
    merge = _merged(clinician, kept, duplicate)
    second = _merged(clinician, make_patient(), kept)
    with pytest.raises(DomainError) as refused:
        undo_merge(clinician, merge_id=merge.pk)
    assert refused.value.code == "new_facts"
    undo_merge(clinician, merge_id=second.pk)
    assert undo_merge(clinician, merge_id=merge.pk).undone_at is not None


def test_a_link_that_was_sent_before_a_merge_still_opens(clinician: Actor) -> None:
    kept, duplicate = _pair(birth_date=date(1964, 5, 18))
    expires_at = clock.now() + timedelta(days=7)
    link = links.issue(purpose=LinkPurpose.RESULT, subject_id=1, patient=duplicate, expires_at=expires_at)
    _merged(clinician, kept, duplicate)
    link.refresh_from_db()
    assert links.prove_birth_date(link=link, birth_date=date(1964, 5, 17)).proved_at is not None


def test_who_gives_the_name_of_a_merged_record_is_the_patient_that_stays(clinician: Actor) -> None:
    kept, duplicate = _pair(phone="+13015550142")
    _merged(clinician, kept, duplicate)
    again = register(
        SYSTEM,
        given_name="John",
        family_name="Smith",
        phone="301-555-0142",
        zip="20770",
        birth_date=duplicate.birth_date,
    )
    assert again == kept
