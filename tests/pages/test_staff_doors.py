"""The staff's front door, the menu of each role, errors in words, the demo's clock, and how much a page asks for."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.models import Role, Step
from scheduling.services.editing import Closing, apply
from tests.pages.staff import Ward
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db

#: The page that stands first in each role's menu.
FIRST = {
    Role.REPRESENTATIVE: "/staff/console/",
    Role.SONOGRAPHER: "/staff/day/",
    Role.CLINICIAN: "/staff/results/",
    Role.PHYSICIAN: "/staff/results/",
    Role.MANAGER: "/staff/network/",
    Role.ADMINISTRATOR: "/staff/clock/",
}
MOST_QUERIES = 12


@pytest.mark.parametrize("role", Role.values)
def test_every_page_of_a_roles_menu_opens(ward: Ward, role: str) -> None:
    page = ward.browser(role).get("/staff/")
    places = page.context["places"]
    assert places[0].url == FIRST[Role(role)]
    for place in places:
        assert ward.browser(role).get(place.url).status_code == 200, place.url


def test_a_chart_is_kept_by_no_browser_and_no_proxy(ward: Ward) -> None:
    report = ward.read()
    episode, patient = report.episode_id, report.episode.patient_id
    clinician = ward.browser(Role.CLINICIAN)
    for url in (
        f"/staff/patients/{patient}/",
        f"/staff/patients/{patient}/disclosures/",
        f"/staff/patients/{patient}/texts/",
        f"/staff/episodes/{episode}/",
        f"/staff/episodes/{episode}/orders/",
        f"/staff/episodes/{episode}/follow-up/",
        f"/staff/visits/{report.step.appointments.get().pk}/",
        f"/staff/results/{report.pk}/",
        f"/api/v1/episodes/{episode}/",
        f"/api/v1/messages/?patient={patient}",
        f"/staff/documents/{report.pk}/paper/",
    ):
        answer = clinician.get(url)
        assert "no-store" in answer["Cache-Control"], (url, answer.status_code)


@pytest.mark.parametrize(
    "url", ["/staff/day/?center=C%00", "/staff/downtime/?center=C%00", "/staff/walk-in/CENTER/1/?visit_type=V%00"]
)
def test_an_address_that_holds_what_no_code_can_leads_nowhere(ward: Ward, url: str) -> None:
    url = url.replace("CENTER", ward.place.center.code)
    assert ward.browser(Role.SONOGRAPHER).get(url).status_code == 404


def test_a_number_of_a_practice_that_is_none_is_not_looked_up(ward: Ward) -> None:
    given = {"npi": "12\0", "look_up": "yes"}
    assert ward.browser(Role.MANAGER).post("/staff/referral/", given).status_code < 500


def test_a_long_menu_keeps_what_is_seldom_needed_under_more_and_says_where_one_is(ward: Ward) -> None:
    manager = ward.browser(Role.MANAGER)
    row, more = _menu(manager.get("/staff/people/"))
    places = {place.url for place in manager.get("/staff/").context["places"]}
    assert row | more == places
    assert {"/staff/network/", "/staff/steps/", "/staff/day/"} <= row
    assert {"/staff/people/", "/staff/sending/", "/staff/downtime/"} <= more
    assert "More : People" in words(manager.get("/staff/people/"))
    assert not _menu(ward.browser(Role.SONOGRAPHER).get("/staff/"))[1]


def _menu(page: Any) -> tuple[set[str], set[str]]:
    """The addresses in the row on top of a page, and those under "More"."""
    nav = page.content.decode().partition('<nav class="site-nav')[2].partition("</nav>")[0]
    row, _details, more = nav.partition("<details")
    return set(re.findall(r'href="([^"]+)"', row)), set(re.findall(r'href="([^"]+)"', more))


def test_a_wrong_role_reads_why(ward: Ward) -> None:
    answer = ward.browser(Role.SONOGRAPHER).get("/staff/network/")
    assert answer.status_code == 403
    assert "This page is not for your role" in answer.content.decode()
    assert ": Sonographer." in answer.content.decode()


def test_who_logs_in_comes_to_the_page_that_was_asked_for(ward: Ward) -> None:
    person = ward.people[Role.CLINICIAN]
    person.set_password("swollen-leg-1856")
    person.save()
    client = Client()
    login = client.get("/staff/steps/").headers["Location"]
    given = {"login": person.username, "password": "swollen-leg-1856", "next": "/staff/steps/"}
    assert client.post(login, given).headers["Location"] == "/staff/steps/"
    assert client.get("/staff/steps/").status_code == 200


def test_who_has_left_is_let_in_no_more(ward: Ward) -> None:
    clara = ward.browser(Role.CLINICIAN)
    ward.people[Role.CLINICIAN].is_active = False
    ward.people[Role.CLINICIAN].save()
    assert clara.get("/staff/steps/").headers["Location"].startswith("/staff/account/login/")


def test_nobody_signs_up(ward: Ward) -> None:
    assert "Nobody signs up here" in Client().get("/staff/account/signup/").content.decode()


def test_an_unknown_address_is_told_in_words_with_the_telephone_numbers(ward: Ward) -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "tel:+18777226388" in answer.content.decode()


def test_a_forged_form_is_told_in_words(ward: Ward) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ward.people[Role.CLINICIAN])
    answer = client.post("/staff/patients/", {"name": "a"})
    assert answer.status_code == 403
    assert "Please send it again" in answer.content.decode()


def test_our_own_fault_keeps_the_telephone_numbers(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("clinic.pages.steps.worklist", broken)
    clara = ward.browser(Role.CLINICIAN)
    clara.raise_request_exception = False
    answer = clara.get("/staff/steps/")
    assert answer.status_code == 500
    assert "tel:+18777226388" in answer.content.decode()


def test_browsers_may_send_forms() -> None:
    """With "no-referrer" a browser calls its origin null, and every form would be refused."""
    assert Client().get("/staff/account/login/").headers["Referrer-Policy"] == "same-origin"


def test_the_administrator_moves_the_demos_clock(ward: Ward) -> None:
    Step.objects.all().delete()
    before = clock.now()
    answer = ward.browser(Role.ADMINISTRATOR).post("/staff/clock/", {"amount": "10", "unit": "minutes"}, follow=True)
    assert "The clock was moved" in answer.content.decode()
    # The clock moves by whole seconds.
    assert clock.now() - before > timedelta(minutes=10, seconds=-2)


def test_production_has_no_clock_to_move(ward: Ward, settings: LazySettings) -> None:
    settings.CLOCK_MOVABLE = False
    administrator = ward.browser(Role.ADMINISTRATOR)
    assert administrator.get("/staff/clock/").status_code == 404
    assert "/staff/clock/" not in administrator.get("/staff/").content.decode()


def test_no_page_asks_for_more_than_a_dozen_things(ward: Ward) -> None:
    report = ward.read(hour=13)
    for hour in (15, 16, 17):
        ward.place.booked(hour)
    visit = ward.place.booked(18)
    for _ in range(5):
        ward.suspected()
    step = Step.objects.filter(status="open").first()
    assert step is not None
    center = ward.place.center
    closing = Closing(place=center, on=clock.today(center.zone), reason="Storm")
    edit = apply(ward.actor(Role.MANAGER), closing, displace=True)
    urls = (
        *dict.fromkeys(FIRST.values()),
        "/staff/",
        "/staff/steps/?role=",
        f"/staff/steps/{step.pk}/",
        f"/staff/episodes/{report.episode_id}/",
        f"/staff/patients/{visit.patient_id}/",
        f"/staff/patients/{visit.patient_id}/texts/",
        f"/staff/visits/{visit.pk}/",
        f"/staff/results/{report.pk}/",
        f"/staff/patients/{visit.patient_id}/access/",
        f"/staff/episodes/{report.episode_id}/coverage/",
        "/staff/chart-reads/",
        "/staff/chart-reads/openings/",
        "/staff/people/",
        "/staff/shifts/",
        f"/staff/shifts/edits/{edit.pk}/",
    )
    for url in urls:
        role = next(role for role in Role.values if ward.browser(role).get(url).status_code == 200)
        with CaptureQueriesContext(connection) as asked:
            ward.browser(role).get(url)
        # The clock that tests and the demo move is asked of the database, every 0.1 s; production has no such clock.
        queries = [query["sql"] for query in asked if "clinic_clockoffset" not in query["sql"]]
        assert len(queries) <= MOST_QUERIES, "\n".join((url, *queries))
