"""Another center's chart takes a reason, and somebody else reviews it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clinic import clock
from clinic.access import staff_actor
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.models import ChartOpening, ChartRead, Event, Role, Staff
from clinic.services.charts import OPEN_FOR, BreakGlassNeeded, break_glass, review_opening
from clinic.services.steps import reassign_step
from scheduling.models import Resource, ResourceDay, ResourceKind
from tests.clinic.charts import WHY, browser_of, from_elsewhere, look, patient_booked
from tests.factories import make_patient, make_staff, set_clock
from tests.pages.staff import Ward
from tests.pages.visitors import words

# Static files are collected by a deployment, not by a test.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.mark.parametrize("role", [Role.SONOGRAPHER, Role.CLINICIAN, Role.MANAGER])
def test_staff_of_another_center_see_nothing_without_a_reason(ward: Ward, role: str) -> None:
    patient = patient_booked(ward)
    answer = browser_of(from_elsewhere(role)).get(f"/staff/patients/{patient.pk}/")
    assert answer.headers["Location"].startswith(f"/staff/patients/{patient.pk}/open/")
    assert not ChartRead.objects.exists()


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.PHYSICIAN])
def test_who_serves_the_whole_network_is_not_hindered_wherever_they_sit(ward: Ward, role: str) -> None:
    look(staff_actor(from_elsewhere(role)), patient_booked(ward))
    assert ChartRead.objects.get().opening is None


def test_a_clinician_on_call_for_all_centers_is_not_hindered(ward: Ward) -> None:
    look(staff_actor(make_staff(Role.CLINICIAN)), patient_booked(ward))
    assert ChartRead.objects.get().opening is None


def test_the_centers_own_staff_are_not_hindered(ward: Ward) -> None:
    look(ward.actor(Role.SONOGRAPHER), patient_booked(ward))
    assert ChartRead.objects.get().opening is None


def test_who_took_a_step_of_the_patient_reads_their_chart(ward: Ward) -> None:
    step = ward.suspected().steps.get()
    other = from_elsewhere()
    reassign_step(ward.actor(Role.CLINICIAN), step=step, owner_id=other.pk)
    look(staff_actor(other), step.episode.patient)
    assert ChartRead.objects.get().opening is None


def test_who_is_lent_to_the_center_today_reads_its_charts(ward: Ward) -> None:
    visit = ward.place.booked(15)
    lent = from_elsewhere(Role.SONOGRAPHER)
    assert lent.home_center is not None
    unit = Resource.objects.create(center=lent.home_center, kind=ResourceKind.SONOGRAPHER, name="L", staff=lent)
    ResourceDay.objects.create(
        resource=unit,
        center=visit.center,
        kind=unit.kind,
        on=clock.now().date(),
        origin=clock.now(),
        shift=b"\0" * 38,
        busy=b"\0" * 38,
    )
    look(staff_actor(lent), visit.patient)  # type: ignore[arg-type]
    assert ChartRead.objects.get().opening is None


def test_an_escalated_step_of_a_center_without_a_manager_is_any_managers(ward: Ward) -> None:
    step = ward.suspected().steps.get()
    reassign_step(ward.actor(Role.CLINICIAN), step=step, owner_role=Role.MANAGER, center_id=step.center_id)
    other = staff_actor(from_elsewhere(Role.MANAGER))
    with pytest.raises(BreakGlassNeeded):
        look(other, step.episode.patient)
    Staff.objects.filter(home_center=step.center, role=Role.MANAGER).update(is_active=False)
    look(other, step.episode.patient)


def test_who_is_in_no_care_yet_is_everybodys(db: None) -> None:
    look(staff_actor(from_elsewhere()), make_patient())
    assert ChartRead.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "because", "x" * 201])
def test_break_glass_without_a_reason_is_refused_by_field(ward: Ward, reason: str) -> None:
    patient = patient_booked(ward)
    with pytest.raises(Invalid) as refused:
        break_glass(staff_actor(from_elsewhere()), patient_id=patient.pk, reason=reason)
    assert "reason" in refused.value.fields
    page = browser_of(from_elsewhere()).post(f"/staff/patients/{patient.pk}/open/", {"reason": reason})
    assert page.status_code == 422
    assert not ChartOpening.objects.exists()


def test_a_reason_opens_the_chart_for_a_shift_and_marks_each_look(ward: Ward) -> None:
    patient = patient_booked(ward)
    browser = browser_of(from_elsewhere())
    asked = browser.get(f"/staff/patients/{patient.pk}/").headers["Location"]
    assert patient.family_name not in browser.get(asked).content.decode()
    shown = browser.post(asked, {"reason": WHY, "next": f"/staff/patients/{patient.pk}/"}, follow=True)
    assert patient.family_name in shown.content.decode()
    opening = ChartOpening.objects.get()
    assert ChartRead.objects.get().opening == opening
    assert Event.objects.filter(kind="chart.opened", patient=patient).exists()
    assert WHY not in str(Event.objects.get(kind="chart.opened").codes)
    set_clock(clock.now() + OPEN_FOR + timedelta(minutes=1))
    assert browser.get(f"/staff/patients/{patient.pk}/").status_code == 302


def test_the_api_says_what_is_needed_and_opens_the_chart(ward: Ward) -> None:
    report = ward.read()
    browser, url = browser_of(from_elsewhere()), f"/api/v1/episodes/{report.episode_id}/"
    problem = browser.get(url)
    assert (problem.status_code, problem.json()["code"]) == (403, "break_glass_needed")
    patient = problem.json()["patient"]
    made = browser.post(
        f"/api/v1/patients/{patient}/break-glass/",
        {"reason": WHY},
        content_type="application/json",
        headers={"Idempotency-Key": "open-1"},
    )
    assert made.status_code == 201
    assert browser.get(url).status_code == 200


def test_no_glass_is_broken_where_none_is(ward: Ward) -> None:
    with pytest.raises(Conflict):
        break_glass(ward.actor(Role.CLINICIAN), patient_id=patient_booked(ward).pk, reason=WHY)
    with pytest.raises(NotFound):
        break_glass(ward.actor(Role.CLINICIAN), patient_id=999_999, reason=WHY)


def test_an_opening_waits_for_somebody_elses_review(ward: Ward) -> None:
    patient = patient_booked(ward)
    manager = from_elsewhere(Role.MANAGER)
    row = break_glass(staff_actor(manager), patient_id=patient.pk, reason=WHY)
    with pytest.raises(Forbidden):
        review_opening(staff_actor(manager), opening_id=row.pk, verdict="justified")
    with pytest.raises(IntegrityError, match="nobody_reviews"), transaction.atomic():
        ChartOpening.objects.update(reviewed_by=manager, reviewed_at=clock.now(), verdict="justified")
    maya = ward.browser(Role.MANAGER)
    listed = maya.get("/staff/chart-reads/openings/")
    assert WHY in words(listed)
    assert "1 opening to review" in words(maya.get("/staff/chart-reads/"))
    maya.post(f"/staff/chart-reads/openings/{row.pk}/", {"verdict": "justified"})
    row.refresh_from_db()
    assert row.reviewed_by == ward.people[Role.MANAGER]
    with pytest.raises(Conflict):
        review_opening(ward.actor(Role.MANAGER), opening_id=row.pk, verdict="justified")


def test_what_was_not_justified_says_what_follows(ward: Ward) -> None:
    row = break_glass(staff_actor(from_elsewhere()), patient_id=patient_booked(ward).pk, reason=WHY)
    with pytest.raises(Invalid) as refused:
        review_opening(ward.actor(Role.MANAGER), opening_id=row.pk, verdict="not_justified")
    assert "note" in refused.value.fields
