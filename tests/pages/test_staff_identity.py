"""Who a patient is, on the pages of staff."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.models import IdentityCheck, Patient, PatientMerge, Registration, Report, Representative, Role
from clinic.services.registration import registration_of
from scheduling.models import Appointment, AppointmentStatus
from tests.factories import make_patient
from tests.kernel import make_wet_read
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
BORN = "1970-01-01"


def _page(ward: Ward, path: str, role: str = Role.CLINICIAN) -> str:
    answer = ward.browser(role).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_registration_is_completed_in_parts_and_the_rest_stays_missing(ward: Ward) -> None:
    patient = make_patient()
    path = f"/staff/patients/{patient.pk}/registration/"
    assert "Primary clinician" in _page(ward, path)
    form = {"zip": "20770", "sex": "F", "no_payer": "on", "no_primary_clinician": "on"}
    page = ward.browser(Role.REPRESENTATIVE).post(path, form, follow=True).content.decode()
    assert "Still missing: Legal name" in page
    row = Registration.objects.get(patient=patient)
    assert row.asked == ["sex", "primary_clinician", "payer"]
    kept = ward.browser(Role.REPRESENTATIVE).post(path, {"zip": "20770", "state": "Maryland"})
    assert kept.status_code == 422
    assert registration_of(patient).asked == row.asked


def test_the_day_shows_what_is_missing_and_checks_in_all_the_same(ward: Ward) -> None:
    visit = ward.place.booked(13)
    page = _page(ward, "/staff/day/", Role.SONOGRAPHER)
    assert "8 parts to register" in page
    ward.browser(Role.SONOGRAPHER).post(f"/staff/visits/{visit.pk}/check-in/", {})
    assert Appointment.objects.get(pk=visit.pk).status == AppointmentStatus.ARRIVED


def test_two_identifiers_are_checked_and_a_wrong_one_says_what_is_left(ward: Ward) -> None:
    patient = make_patient()
    path = f"/staff/patients/{patient.pk}/identity/"
    clara = ward.browser(Role.CLINICIAN)
    wrong = {"said_name": str(patient), "said_birth_date": "1970-01-02"}
    assert "Tries left: 2" in clara.post(path, wrong, follow=True).content.decode()
    right = clara.post(path, wrong | {"said_birth_date": BORN}, follow=True).content.decode()
    assert "Known by two identifiers" in right
    for _ in range(3):
        clara.post(path, wrong)
    assert "Disclose nothing to this caller." in _page(ward, path)
    assert "Disclose nothing to a caller." in _page(ward, f"/staff/patients/{patient.pk}/")


def _spoken(ward: Ward) -> Report:
    report = ward.read("positive")
    make_wet_read(report)
    return report


def test_the_result_desk_tells_by_phone_only_who_is_known(ward: Ward) -> None:
    report, clara = _spoken(ward), ward.browser(Role.CLINICIAN)
    patient, path = report.episode.patient, f"/staff/results/{report.pk}/call/"
    call = {"audience": "patient", "outcome": "reached", "told_to": "Ana", "read_back": "on"}
    refused = clara.post(path, call)
    assert refused.status_code == 422
    assert "two identifiers" in refused.content.decode()
    wrong = clara.post(path, call | {"said_name": "Somebody Else", "said_birth_date": BORN})
    assert "Given and family name: this is not what we have." in wrong.content.decode()
    assert report.calls.count() == 0
    clara.post(path, call | {"said_name": str(patient), "said_birth_date": BORN})
    assert report.calls.get().identity_check is not None
    assert "Ana" in _page(ward, f"/staff/patients/{patient.pk}/disclosures/")


def test_a_check_on_the_patients_page_serves_the_call_on_the_desk(ward: Ward) -> None:
    report, clara = _spoken(ward), ward.browser(Role.CLINICIAN)
    patient = report.episode.patient
    form = {"said_name": str(patient), "said_birth_date": BORN}
    clara.post(f"/staff/patients/{patient.pk}/identity/", form)
    assert "On the phone, known by:" in _page(ward, f"/staff/results/{report.pk}/")
    call = {"audience": "patient", "outcome": "reached", "told_to": "Ana", "read_back": "on"}
    clara.post(f"/staff/results/{report.pk}/call/", call)
    assert report.calls.get().identity_check == IdentityCheck.objects.get()


def test_alike_records_are_shown_compared_and_told_apart_or_merged(ward: Ward) -> None:
    kept = make_patient(given_name="Jon", family_name="Smith", phone="+12405550191")
    other = make_patient(given_name="John", family_name="Smith", phone="+12405550191")
    third = make_patient(given_name="Joan", family_name="Smith", phone="+12405550192")
    page = _page(ward, f"/staff/patients/{kept.pk}/")
    assert "May be the same person" in page
    assert "Same birth date and phone" in page
    ward.browser(Role.REPRESENTATIVE).post(f"/staff/patients/{kept.pk}/apart-{third.pk}/", {})
    assert f"/merge/{third.pk}/" not in _page(ward, f"/staff/patients/{kept.pk}/")
    merge = f"/staff/patients/{kept.pk}/merge/{other.pk}/"
    assert "Points to it" in _page(ward, merge)
    assert ward.browser(Role.CLINICIAN).post(merge, {"reason": " "}).status_code == 422
    ward.browser(Role.CLINICIAN).post(merge, {"reason": "Same license."})
    assert Patient.objects.get(pk=other.pk).merged_into == kept
    away = _page(ward, f"/staff/patients/{other.pk}/")
    assert "Take the merge back" in away
    row = PatientMerge.objects.get()
    ward.browser(Role.CLINICIAN).post(f"/staff/patients/{other.pk}/undo-{row.pk}/", {})
    assert Patient.objects.get(pk=other.pk).merged_into is None


def test_a_merge_moves_the_visit_and_both_episodes_show_on_the_page_that_stays(ward: Ward) -> None:
    visit = ward.place.booked(13)
    kept = make_patient()
    assert visit.patient is not None
    path = f"/staff/patients/{kept.pk}/merge/{visit.patient.pk}/"
    ward.browser(Role.CLINICIAN).post(path, {"reason": "Same license."})
    assert Appointment.objects.get(pk=visit.pk).patient == kept
    assert f"/staff/episodes/{visit.episode_id}/" in _page(ward, f"/staff/patients/{kept.pk}/")
    row = PatientMerge.objects.get()
    ward.browser(Role.CLINICIAN).post(f"/staff/patients/{visit.patient.pk}/undo-{row.pk}/", {})
    assert Appointment.objects.get(pk=visit.pk).patient == visit.patient


def test_one_person_is_not_booked_in_two_places_by_a_merge(ward: Ward) -> None:
    visit = ward.place.booked(13)
    assert visit.patient is not None
    rival = Appointment.objects.get(pk=ward.place.booked(15).pk)
    assert rival.patient is not None
    Appointment.objects.filter(pk=rival.pk).update(starts_at=visit.starts_at, ends_at=visit.ends_at)
    path = f"/staff/patients/{rival.patient.pk}/merge/{visit.patient.pk}/"
    answer = ward.browser(Role.CLINICIAN).post(path, {"reason": "Same license."})
    assert answer.status_code == 422
    assert "another visit at that time" in answer.content.decode()
    assert Patient.objects.get(pk=visit.patient.pk).merged_into is None


def test_who_speaks_for_a_patient_is_recorded_permitted_and_ended(ward: Ward) -> None:
    patient = make_patient()
    path = f"/staff/patients/{patient.pk}/representatives/"
    rosa = ward.browser(Role.REPRESENTATIVE)
    body = {"kind": "helper", "name": "Elena", "phone": "240-555-0178", "language": "es"}
    page = rosa.post(path, body, follow=True).content.decode()
    assert "Hears no result" in page
    row = Representative.objects.get()
    by_phone = {"granted": "yes", "how": "phone"}
    refused = rosa.post(f"{path}permission-{row.pk}/", by_phone)
    assert refused.status_code == 422
    assert "two identifiers" in refused.content.decode()
    said = {"said_name": str(patient), "said_birth_date": BORN}
    page = rosa.post(f"{path}permission-{row.pk}/", by_phone | said, follow=True).content.decode()
    assert "May hear results" in page
    rosa.post(f"{path}end-{row.pk}/", {})
    assert "They speak for the patient no longer." in _page(ward, path)


def test_a_document_that_expires_says_so_the_day_after(ward: Ward) -> None:
    patient = make_patient()
    path = f"/staff/patients/{patient.pk}/representatives/"
    today = clock.today("America/New_York")
    body = {"kind": "guardian", "name": "Lee", "phone": "240-555-0178", "language": "en", "document": "Order"}
    ward.browser(Role.CLINICIAN).post(path, body | {"expires_on": today.isoformat()})
    assert "May hear results" in _page(ward, path)
    clock.advance(timedelta(days=1))
    assert "Their document ended on" in _page(ward, path)


def test_a_second_record_warns_where_it_is_registered(ward: Ward) -> None:
    make_patient(given_name="Ana", family_name="Ruiz", phone="+13015550142")
    new = {"given_name": "Anna", "family_name": "Ruiz", "phone": "301-555-0142", "zip": "20770"}
    more = {"birth_date": BORN, "sex": "F", "language": "en", "consent_channel": "phone"}
    page = ward.browser(Role.REPRESENTATIVE).post("/staff/patients/new/", new | more, follow=True).content.decode()
    assert "records that may be of the same person" in page
    assert Patient.objects.filter(family_name="Ruiz", merged_into=None).count() == 2


def test_what_stands_on_record_and_was_never_asked_is_not_typed_in_beforehand(ward: Ward) -> None:
    patient = make_patient()
    path = f"/staff/patients/{patient.pk}/registration/"
    page = _page(ward, path)
    assert "Jan 1, 1970" in page
    assert 'value="1970-01-01"' not in page
    ward.browser(Role.REPRESENTATIVE).post(path, {"zip": "20770", "birth_date": BORN})
    assert 'value="1970-01-01"' in _page(ward, path)


def test_a_check_is_told_by_the_clocks_where_the_patient_lives(ward: Ward) -> None:
    patient = make_patient()
    path = f"/staff/patients/{patient.pk}/identity/"
    ward.browser(Role.CLINICIAN).post(path, {"said_name": str(patient), "said_birth_date": BORN})
    assert "12:00\N{NO-BREAK SPACE}PM\N{NO-BREAK SPACE}EST" in _page(ward, path)
