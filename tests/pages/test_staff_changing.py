"""Another time for a visit, or none, on the page of a colleague who has the patient on the phone."""

from datetime import timedelta

import pytest

from clinic.models import Role, Step, StepKind
from notifications.models import Message
from scheduling.models import AppointmentStatus
from tests.pages.staff import Ward
from tests.pages.visitors import slots_on, words

pytestmark = pytest.mark.django_db


def test_a_visit_is_moved_to_a_time_on_the_page(ward: Ward) -> None:
    visit, rosa = ward.place.booked(14), ward.browser(Role.REPRESENTATIVE)
    page = rosa.get(f"/staff/visits/{visit.pk}/change/")
    assert f"/staff/visits/{visit.pk}/change/" in rosa.get(f"/staff/visits/{visit.pk}/").content.decode()
    wanted = slots_on(page)[0]
    answer = rosa.post(f"/staff/visits/{visit.pk}/change/move/", wanted, follow=True)
    visit.refresh_from_db()
    assert visit.starts_at.isoformat() == wanted["starts_at"]
    assert visit.sequence == 1
    assert "moved" in words(answer)
    assert Message.objects.filter(purpose="booking_changed").count() == 1


def test_the_time_that_it_has_is_not_offered(ward: Ward) -> None:
    visit = ward.place.booked(14)
    page = ward.browser(Role.REPRESENTATIVE).get(f"/staff/visits/{visit.pk}/change/")
    assert visit.starts_at.isoformat() not in {each["starts_at"] for each in slots_on(page)}


def test_past_the_deadline_a_clinician_is_asked_and_the_visit_stays(ward: Ward) -> None:
    visit, rosa = ward.place.booked(14), ward.browser(Role.REPRESENTATIVE)
    assert visit.episode is not None
    type(visit.episode).objects.filter(pk=visit.episode.pk).update(scan_by=visit.starts_at, result_by=visit.ends_at)
    later = {"center": visit.center.code, "starts_at": (visit.starts_at + timedelta(hours=3)).isoformat()}
    answer = rosa.post(f"/staff/visits/{visit.pk}/change/move/", later, follow=True)
    assert "past the clinical deadline" in words(answer)
    before = visit.starts_at
    visit.refresh_from_db()
    assert visit.starts_at == before
    assert Step.objects.filter(episode=visit.episode, kind=StepKind.CALLBACK, status="open").count() == 1


def test_a_clinician_may_move_it_past_the_deadline_in_their_own_name(ward: Ward) -> None:
    visit = ward.place.booked(14)
    assert visit.episode is not None
    type(visit.episode).objects.filter(pk=visit.episode.pk).update(scan_by=visit.starts_at, result_by=visit.ends_at)
    later = {"center": visit.center.code, "starts_at": (visit.starts_at + timedelta(hours=3)).isoformat()}
    ward.browser(Role.CLINICIAN).post(f"/staff/visits/{visit.pk}/change/move/", later)
    visit.refresh_from_db()
    assert visit.starts_at.isoformat() == later["starts_at"]


def test_a_cancelled_rule_out_owes_a_clinicians_call(ward: Ward) -> None:
    visit, rosa = ward.place.booked(14), ward.browser(Role.REPRESENTATIVE)
    answer = rosa.post(f"/staff/visits/{visit.pk}/change/cancel/", {"reason": "seen_elsewhere"}, follow=True)
    assert "The next step is open" in words(answer)
    visit.refresh_from_db()
    assert (visit.status, visit.end_reason) == (AppointmentStatus.CANCELLED, "seen_elsewhere")
    assert Step.objects.get(episode=visit.episode, status="open").kind == StepKind.CALLBACK


def test_without_a_reason_nothing_is_cancelled(ward: Ward) -> None:
    visit = ward.place.booked(14)
    answer = ward.browser(Role.REPRESENTATIVE).post(f"/staff/visits/{visit.pk}/change/cancel/", {})
    assert answer.status_code == 422
    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.BOOKED


def test_a_visit_that_has_begun_is_not_offered_another_time(ward: Ward) -> None:
    visit = ward.scanned()
    page = ward.browser(Role.REPRESENTATIVE).get(f"/staff/visits/{visit.pk}/change/")
    assert not slots_on(page)
    assert "be changed any more" in words(page)
