"""Finding and registering patients, and an episode's story, on the pages of staff."""

import pytest

from clinic.models import Consent, Patient, Role
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db

NEW = {
    "given_name": "Ana",
    "family_name": "Ruiz",
    "phone": "301-555-0142",
    "zip": "20770",
    "birth_date": "1970-05-17",
    "sex": "F",
    "language": "es",
    "consent": "yes",
    "consent_channel": "phone",
}


def test_a_search_is_posted_and_finds_by_part_of_the_name(ward: Ward) -> None:
    patient = ward.suspected().patient
    found = ward.browser(Role.REPRESENTATIVE).post("/staff/patients/", {"name": patient.family_name[:4]})
    assert f"/staff/patients/{patient.pk}/" in found.content.decode()
    by_address = ward.browser(Role.REPRESENTATIVE).get("/staff/patients/", {"name": patient.family_name})
    assert f"/staff/patients/{patient.pk}/" not in by_address.content.decode()


def test_an_empty_search_says_what_to_give(ward: Ward) -> None:
    answer = ward.browser(Role.REPRESENTATIVE).post("/staff/patients/", {})
    assert answer.status_code == 422
    assert "Give a phone number, a name or a birth date." in answer.content.decode()


def test_a_patient_is_registered_with_their_answer_about_texts(ward: Ward) -> None:
    answer = ward.browser(Role.REPRESENTATIVE).post("/staff/patients/new/", NEW)
    patient = Patient.objects.get(family_name="Ruiz")
    assert answer.headers["Location"] == f"/staff/patients/{patient.pk}/"
    assert (patient.phone, patient.language) == ("+13015550142", "es")
    assert Consent.objects.get(phone=patient.phone).granted is True


def test_what_is_asked_of_who_has_no_telephone_is_folded_until_it_is_wanted(ward: Ward) -> None:
    browser = ward.browser(Role.REPRESENTATIVE)
    folded, wanted = '<details class="more"><summary>They have', '<details class="more" open><summary>They have'
    assert folded in browser.get("/staff/patients/new/").content.decode()
    assert folded in browser.post("/staff/patients/new/", NEW | {"zip": "00000"}).content.decode()
    assert wanted in browser.post("/staff/patients/new/", NEW | {"phone": ""}).content.decode()
    typed = NEW | {"phone": "", "zip": "00000", "address": "12 Oak Street, Greenbelt"}
    assert wanted in browser.post("/staff/patients/new/", typed).content.decode()


def test_a_refused_registration_keeps_what_was_typed_and_names_the_field(ward: Ward) -> None:
    answer = ward.browser(Role.REPRESENTATIVE).post("/staff/patients/new/", NEW | {"phone": "12", "zip": "00000"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Ana"' in page
    assert 'value="12"' in page
    assert "too few or too many digits" in page
    assert "This ZIP code does not exist." in page
    assert not Patient.objects.filter(family_name="Ruiz").exists()


def test_an_episode_is_told_in_plain_words(ward: Ward) -> None:
    visit = ward.scanned()
    page = ward.browser(Role.CLINICIAN).get(f"/staff/episodes/{visit.episode_id}/").content.decode()
    for words in ("The episode was opened", "The visit was booked", "The patient arrived", "Next step: read the study"):
        assert words in page


def test_an_episode_that_owes_something_is_not_closed_and_says_what(ward: Ward) -> None:
    episode = ward.suspected()
    answer = ward.browser(Role.CLINICIAN).post(f"/staff/episodes/{episode.pk}/close/", {"reason": "ruled_out"})
    assert answer.status_code == 422
    assert "Something is still owed in this episode: book the visit." in answer.content.decode()


def test_a_clinician_signs_that_an_episode_is_over(ward: Ward) -> None:
    episode = ward.suspected()
    page = ward.browser(Role.CLINICIAN).post(
        f"/staff/episodes/{episode.pk}/close/", {"reason": "declined"}, follow=True
    )
    assert "Closed: Declined by the patient" in page.content.decode()
    episode.refresh_from_db()
    assert episode.closed_by == ward.people[Role.CLINICIAN]


def test_only_a_physician_signs_that_somebody_was_lost(ward: Ward) -> None:
    episode = ward.suspected()
    to = f"/staff/episodes/{episode.pk}/close/"
    refused = ward.browser(Role.CLINICIAN).post(to, {"reason": "lost_to_follow_up"})
    assert refused.status_code == 422
    assert "Lost to follow-up is a physician&#x27;s signature." in refused.content.decode()
    assert ward.browser(Role.PHYSICIAN).post(to, {"reason": "lost_to_follow_up"}).status_code == 302
