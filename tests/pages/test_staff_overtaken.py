"""Who comes second is told how it stands; who comes too late keeps what was typed."""

import pytest
from django.conf import settings
from django.test import Client

from clinic.models import Report, Role, StepKind
from clinic.services.steps import open_step
from tests.kernel import new_step
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def test_a_visit_that_a_colleague_checked_in_names_them(ward: Ward) -> None:
    visit = ward.place.booked()
    ward.browser(Role.REPRESENTATIVE).post(f"/staff/visits/{visit.pk}/check-in/")
    second = ward.browser(Role.SONOGRAPHER).post(f"/staff/visits/{visit.pk}/check-in/", follow=True)
    told = second.content.decode()
    assert "this visit is arrived already" in told
    assert str(ward.people[Role.REPRESENTATIVE]) in told


def test_a_step_that_a_colleague_ended_shows_who_and_what_is_next(ward: Ward) -> None:
    episode = ward.suspected()
    new = new_step(StepKind.CALLBACK, owner_role=Role.CLINICIAN, center_id=ward.place.center.pk)
    call = open_step(ward.actor(Role.REPRESENTATIVE), episode=episode, new=new)
    ward.browser(Role.PHYSICIAN).post(f"/staff/steps/{call.pk}/done/", {"outcome": "reached"})
    second = ward.browser(Role.CLINICIAN).post(f"/staff/steps/{call.pk}/done/", {"outcome": "reached"})
    assert second.status_code == 409
    told = second.content.decode()
    assert "Somebody was quicker" in told
    assert str(ward.people[Role.PHYSICIAN]) in told
    assert f"/staff/steps/{episode.steps.get(kind='booking').pk}/" in told


def test_a_preliminary_that_a_colleague_wrote_first_keeps_the_words_of_the_second(ward: Ward) -> None:
    visit = ward.scanned()
    given = {"impression": "negative", "side": "left", "findings": "Compressible throughout."}
    ward.browser(Role.SONOGRAPHER).post(f"/staff/visits/{visit.pk}/preliminary/", given)
    second = ward.browser(Role.SONOGRAPHER).post(
        f"/staff/visits/{visit.pk}/preliminary/", given | {"findings": "Fully compressible."}
    )
    assert second.status_code == 409
    assert "Fully compressible." in second.content.decode()
    assert f'href="/staff/visits/{visit.pk}/"' in second.content.decode()
    assert Report.objects.get().versions.count() == 1


def test_a_time_that_is_taken_leads_back_to_the_other_times(ward: Ward) -> None:
    visit, rival = ward.place.booked(13), ward.place.booked(15)
    taken = {"center": ward.place.center.code, "starts_at": rival.starts_at.isoformat()}
    answer = ward.browser(Role.REPRESENTATIVE).post(f"/staff/visits/{visit.pk}/change/move/", taken, follow=True)
    assert answer.request["PATH_INFO"] == f"/staff/visits/{visit.pk}/change/"
    assert 'role="alert"' in answer.content.decode()
    assert answer.context["slots"]


def test_a_form_sent_after_the_log_in_ran_out_keeps_what_was_typed(ward: Ward) -> None:
    visit = ward.scanned()
    given = {"impression": "negative", "side": "left", "findings": "Compressible throughout."}
    path = f"/staff/visits/{visit.pk}/preliminary/"
    answer = Client().post(path, given)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (401, True)
    page = answer.content.decode()
    assert f'action="{path}"' in page
    assert all(f'name="{name}" value="{value}"' in page for name, value in given.items())
    assert not Report.objects.exists()


@pytest.mark.parametrize(("origin", "kept"), [("http://testserver", True), ("https://evil.example", False)])
def test_only_a_form_of_ours_from_before_a_log_in_is_offered_again(origin: str, kept: bool, ward: Ward) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ward.people[Role.CLINICIAN])
    browser.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    given = {"name": "Ruiz", "csrfmiddlewaretoken": "b" * 32}
    answer = browser.post("/staff/patients/", given, headers={"Origin": origin})
    assert answer.status_code == 403
    assert ('name="name" value="Ruiz"' in answer.content.decode()) is kept
