"""Log-in and all around it look like the rest, and lead on."""

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from clinic.models import Role
from tests.pages.staff import Ward
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db


def test_the_password_is_changed_on_a_page_that_everybody_finds(ward: Ward) -> None:
    clara = ward.browser(Role.CLINICIAN)
    assert 'href="/staff/account/password/change/"' in clara.get("/staff/").content.decode()
    person = ward.people[Role.CLINICIAN]
    person.set_password("swollen-leg-1856")
    person.save()
    clara.force_login(person)
    page = clara.get("/staff/account/password/change/").content.decode()
    assert '<button class="button"' in page
    given = {"oldpassword": "swollen-leg-1856", "password1": "calmer-calf-2044", "password2": "calmer-calf-2044"}
    clara.post("/staff/account/password/change/", given)
    person.refresh_from_db()
    assert person.check_password("calmer-calf-2044")


def test_a_forgotten_password_is_asked_of_an_administrator_not_of_a_mailbox() -> None:
    page = Client().get("/staff/account/password/reset/")
    assert "Ask an administrator" in words(page)
    assert 'name="email"' not in page.content.decode()


def test_no_page_of_an_account_writes_to_a_mailbox(ward: Ward) -> None:
    assert Client().post("/staff/account/password/reset/", {"email": "anybody@example.com"}).status_code == 405
    clara, person = Client(), ward.people[Role.CLINICIAN]
    person.set_password("swollen-leg-1856")
    person.save()
    clara.post("/staff/account/login/", {"login": person.username, "password": "swollen-leg-1856"})
    given = {"action_add": "", "email": "anybody@example.com"}
    assert clara.post("/staff/account/email/", given).status_code < 500
    assert mail.outbox == []


def test_too_many_tries_are_told_on_a_page_of_ours(settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    given = {"login": "nobody", "password": "nothing"}
    client.post("/staff/account/login/", given)
    page = client.post("/staff/account/login/", given)
    assert page.status_code == 429
    assert "Please try again in a minute" in words(page)
    assert "tel:+18777226388" in page.content.decode()


def test_behind_a_proxy_a_strangers_wrong_tries_keep_no_colleague_out(ward: Ward, settings: LazySettings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip", "login_failed": "2/m/ip"}
    clara = ward.people[Role.CLINICIAN]
    clara.set_password("swollen-leg-1856")
    clara.save()
    wrong, right = {"login": "nobody", "password": "nothing"}, {"login": clara.username, "password": "swollen-leg-1856"}
    strangers = [Client(headers={"X-Forwarded-For": f"192.0.2.{made_up}, 203.0.113.9"}) for made_up in range(5)]
    # A header of their own making gives the stranger no further tries.
    assert [each.post("/staff/account/login/", wrong).status_code for each in strangers][-1] == 429
    colleague = Client(headers={"X-Forwarded-For": "198.51.100.7"})
    assert colleague.post("/staff/account/login/", right).status_code == 302


def test_the_tables_have_no_door_of_their_own(ward: Ward) -> None:
    assert Client().get("/admin/", follow=True).request["PATH_INFO"] == "/staff/account/login/"
    refused = ward.browser(Role.CLINICIAN).get("/admin/", follow=True)
    assert refused.status_code == 403
    assert "This page is not for your role" in words(refused)


def test_an_administrator_finds_the_tables(ward: Ward) -> None:
    person = ward.people[Role.ADMINISTRATOR]
    person.is_staff = person.is_superuser = True
    person.save()
    ada = ward.browser(Role.ADMINISTRATOR)
    assert 'href="/admin/"' in ada.get("/staff/").content.decode()
    assert ada.get("/admin/").status_code == 200
    assert 'href="/admin/"' not in ward.browser(Role.CLINICIAN).get("/staff/").content.decode()


def test_the_apis_page_keeps_to_the_strict_policy() -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    assert '<html lang="en">' in page
    assert "<style" not in page
