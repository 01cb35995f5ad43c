"""Whoever signs proves who they are twice: setting an app up, logging in with it, and what is refused without."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from clinic.access import SecondFactorNeeded
from clinic.errors import DomainError
from clinic.models import Event, Report, Role
from clinic.services.episodes import close_episode
from clinic.services.reports import Finding, amend, finalize
from clinic.services.second_factors import use_code
from clinic.services.signing_orders import Signing, sign_order
from tests.pages.staff import Ward, open_ward
from tests.pages.visitors import words
from tests.second_factors import PASSWORD, code_of, devices_of, logged_in, with_app, wrong_code

pytestmark = pytest.mark.django_db

SIGN = {"category": "no_dvt_complete", "side": "left"}


@pytest.fixture
def ward(db: None, settings: LazySettings) -> Ward:
    settings.SECOND_FACTOR_REQUIRED = True
    return open_ward()


def _finalize(client: Client, report: Report) -> int:
    url = f"/api/v1/reports/{report.pk}/finalize/"
    return client.post(url, SIGN, content_type="application/json", headers={"Idempotency-Key": "k1"}).status_code


def test_no_service_signs_for_a_log_in_that_passed_one_factor_only(ward: Ward) -> None:
    report = ward.read()
    finding = Finding(impression="", category="no_dvt_complete", side="left")
    physician, clinician = ward.actor(Role.PHYSICIAN), ward.actor(Role.CLINICIAN)
    for refused in (
        lambda: finalize(physician, report_id=report.pk, finding=finding),
        lambda: amend(physician, report_id=report.pk, finding=finding),
        lambda: sign_order(clinician, episode_id=report.episode_id, signing=Signing(side="left", reason="Again")),
        lambda: close_episode(clinician, episode_id=report.episode_id, reason="declined"),
    ):
        with pytest.raises(SecondFactorNeeded):
            refused()
    report.refresh_from_db()
    assert report.status == "preliminary"


def test_a_log_in_with_a_code_signs(ward: Ward) -> None:
    report = ward.read()
    peter = ward.people[Role.PHYSICIAN]
    secret = with_app(peter)
    assert _finalize(logged_in(peter, secret), report) == 200
    report.refresh_from_db()
    assert report.signed_by == peter


def test_without_a_code_nobody_with_an_app_is_logged_in_at_all(ward: Ward) -> None:
    peter = ward.people[Role.PHYSICIAN]
    with_app(peter)
    assert logged_in(peter).get("/staff/").headers["Location"].startswith("/staff/account/login/")


def test_a_wrong_code_is_refused_and_written_down(ward: Ward) -> None:
    peter = ward.people[Role.PHYSICIAN]
    secret = with_app(peter)
    client = logged_in(peter)
    answer = client.post("/staff/account/2fa/authenticate/", {"code": wrong_code(secret)})
    assert "Incorrect code" in words(answer)
    assert client.get("/staff/").status_code == 302
    assert Event.objects.filter(kind="second_factor.failed", actor_id=peter.pk).exists()


def test_a_code_opens_one_log_in_only(ward: Ward) -> None:
    peter = ward.people[Role.PHYSICIAN]
    secret = with_app(peter)
    code = code_of(secret)
    for count in (1, 0):
        client = logged_in(peter)
        client.post("/staff/account/2fa/authenticate/", {"code": code})
        assert (client.get("/staff/").status_code == 200) == bool(count)


def test_a_code_that_another_process_took_opens_nothing_here(ward: Ward) -> None:
    peter = ward.people[Role.PHYSICIAN]
    code = code_of(with_app(peter))
    first = logged_in(peter)
    first.post("/staff/account/2fa/authenticate/", {"code": code})
    assert first.get("/staff/").status_code == 200
    # Another process has a cache of its own, and the same database.
    cache.clear()
    second = logged_in(peter)
    answer = second.post("/staff/account/2fa/authenticate/", {"code": code})
    assert "Incorrect code" in words(answer)
    assert second.get("/staff/").status_code == 302
    assert Event.objects.filter(kind="second_factor.failed", actor_id=peter.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_uses_a_code_up(ward: Ward) -> None:
    peter, counter = ward.people[Role.PHYSICIAN], 58_000_000

    def use(_: int) -> bool:
        try:
            return use_code(staff_id=peter.pk, counter=counter)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(use, range(24))) == 1
    assert not use_code(staff_id=peter.pk, counter=counter - 1)
    assert use_code(staff_id=peter.pk, counter=counter + 1)


def test_the_refusal_says_what_to_do_and_keeps_what_was_typed(ward: Ward) -> None:
    report = ward.read()
    browser = ward.browser(Role.PHYSICIAN)
    page = browser.post(
        f"/staff/results/{report.pk}/sign/", {"category": "no_dvt_complete", "side": "left", "findings": "All clear."}
    )
    assert "/staff/account/2fa/" in page.content.decode()
    assert "Your signature needs a second factor" in words(page)
    assert "All clear." in page.content.decode()
    problem = browser.post(
        f"/api/v1/reports/{report.pk}/finalize/",
        SIGN,
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert (problem.status_code, problem.json()["code"]) == (403, "second_factor_needed")


@pytest.mark.django_db(transaction=True)
def test_who_sets_an_app_up_has_recovery_codes_and_signs_in_the_same_log_in(ward: Ward) -> None:
    report = ward.read()
    peter = ward.people[Role.PHYSICIAN]
    peter.set_password(PASSWORD)
    peter.save()
    client = logged_in(peter)
    assert "Set up an app" in words(client.get("/staff/account/2fa/"))
    client.get("/staff/account/2fa/totp/activate/")
    client.post("/staff/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/staff/account/2fa/totp/activate/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = page.context["form"].secret
    code = code_of(secret)
    client.post("/staff/account/2fa/totp/activate/", {"code": code})
    assert devices_of(peter) == {"totp", "recovery_codes"}
    assert "10 of 10 are left" in words(client.get("/staff/account/2fa/recovery-codes/"))
    assert _finalize(client, report) == 200
    assert Event.objects.filter(kind="second_factor.added", actor_id=peter.pk).exists()
    # That code was used with it.
    another = logged_in(peter)
    another.post("/staff/account/2fa/authenticate/", {"code": code})
    assert another.get("/staff/").status_code == 302


def test_a_secret_does_not_lie_open_in_the_database(ward: Ward) -> None:
    secret = with_app(ward.people[Role.PHYSICIAN])
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_who_signs_is_reminded_on_every_page_and_nobody_else(ward: Ward) -> None:
    reminder = "Set it up, or confirm a code"
    assert reminder in words(ward.browser(Role.PHYSICIAN).get("/staff/"))
    assert reminder not in words(ward.browser(Role.SONOGRAPHER).get("/staff/"))


def test_a_demo_signs_without_and_says_so(ward: Ward, settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    report = ward.read()
    client = ward.browser(Role.PHYSICIAN)
    assert "this is a demo" in words(client.get("/staff/account/2fa/"))
    assert _finalize(client, report) == 200


def test_a_refused_signature_is_an_event_of_the_report(ward: Ward) -> None:
    report = ward.read()
    with pytest.raises(DomainError):
        finalize(
            ward.actor(Role.PHYSICIAN),
            report_id=report.pk,
            finding=Finding(impression="", category="no_dvt_complete", side="left"),
        )
    assert Event.objects.get(kind="report.refused", episode=report.episode_id).codes["code"] == "second_factor_needed"


def test_the_administrators_tables_show_no_secret(ward: Ward) -> None:
    ada = ward.people[Role.ADMINISTRATOR]
    ada.is_staff = ada.is_superuser = True
    ada.save()
    assert ward.browser(Role.ADMINISTRATOR).get("/admin/mfa/authenticator/").status_code == 404
