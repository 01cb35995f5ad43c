"""Every page of staff, on a wide screen and on a narrow one: read by everybody, and no wider than the screen."""

import re
from collections import Counter
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from clinic import clock
from clinic.models import Report, Role
from notifications.local_twilio.message import new_sid
from notifications.models import Conversation, Delivery
from notifications.services.hearing import handle_replies, store
from tests.browser.conftest import PHONE, become, path_of
from tests.browser.looking import look_at
from tests.browser.pairs import pairs
from tests.factories import phone_of
from tests.pages.staff import Ward, open_ward

DESK = ViewportSize(width=1440, height=900)


class Hospital(NamedTuple):
    """A ward with a visit ahead, a scan that was just done, a report that waits and a text that came in; and where its
    pages are."""

    ward: Ward
    site: str
    pages: dict[Role, tuple[str, ...]]


@pytest.fixture
def hospital(transactional_db: None, live_server: LiveServer) -> Hospital:
    """The pages that each role works on, besides those of its menu."""
    ward = open_ward()
    report, done, ahead, waiting = (
        ward.read("suspicious", 13),
        ward.scanned(14),
        ward.place.booked(16),
        ward.suspected(),
    )
    step = waiting.steps.get()
    store(sid=new_sid(), phone=phone_of(waiting.patient), body="Where do I park?", opt_out_type="")
    handle_replies()
    thread = Conversation.objects.get(phone=waiting.patient.phone)
    asked = waiting.steps.get(kind="contact")
    _has_left(report)
    episode, result = f"/staff/episodes/{report.episode_id}/", f"/staff/results/{report.pk}/"
    pages = {
        Role.REPRESENTATIVE: (
            f"/staff/visits/{ahead.pk}/change/",
            f"/staff/episodes/{waiting.pk}/ways/",
            f"/staff/steps/{step.pk}/",
            f"/staff/patients/{waiting.patient_id}/",
            f"/staff/patients/{waiting.patient_id}/registration/",
            f"/staff/patients/{waiting.patient_id}/identity/",
            f"/staff/patients/{waiting.patient_id}/representatives/",
            f"/staff/patients/{waiting.patient_id}/disclosures/",
            f"/staff/conversations/{thread.pk}/",
            f"/staff/steps/{asked.pk}/",
            "/staff/referral/",
            f"/staff/patients/{waiting.patient_id}/access/",
            f"/staff/episodes/{waiting.pk}/coverage/",
        ),
        Role.SONOGRAPHER: (
            f"/staff/visits/{done.pk}/",
            f"/staff/visits/{ahead.pk}/",
            f"/staff/visits/{done.pk}/back-entry/",
        ),
        Role.CLINICIAN: (
            *(episode, f"{episode}decisions/", f"{episode}orders/", result),
            f"/staff/patients/{waiting.patient_id}/open/",
        ),
        Role.PHYSICIAN: (result, "/staff/account/2fa/"),
        Role.MANAGER: (
            f"/staff/reserves/{ward.place.center.code}/",
            f"/staff/patients/{waiting.patient_id}/record/",
            f"/staff/patients/{waiting.patient_id}/merge/{ahead.patient_id}/",
        ),
        Role.ADMINISTRATOR: (f"/staff/people/{ward.people[Role.CLINICIAN].pk}/", "/staff/chart-reads/openings/"),
    }
    return Hospital(ward, live_server.url, pages)


def _has_left(report: Report) -> None:
    """Documents for the page of them: one that failed, one that arrived."""
    at = clock.now()
    for code, status in (("busy", "failed"), ("", "confirmed")):
        Delivery.objects.create(
            report=report,
            version=1,
            way="fax",
            address="+13015550151",
            office="Dr. Rey, Example Family Practice",
            dedupe_key=status,
            status=status,
            end_code=code,
            due_at=at,
            ended_at=at,
            created_at=at,
        )


@pytest.mark.soak
@pytest.mark.parametrize(("role", "screen"), pairs(Role.values, (DESK, PHONE)))
def test_each_page_of_a_role_can_be_read_by_everybody(
    role: str, screen: ViewportSize, hospital: Hospital, context: BrowserContext, page: Page
) -> None:
    client = hospital.ward.browser(role)
    places = client.get("/staff/").context["places"]
    become(context, client, hospital.site)
    page.set_viewport_size(screen)
    seen: Counter[str] = Counter()
    for path in ("/staff/", *(place.url for place in places), *hospital.pages[Role(role)]):
        page.goto(hospital.site + path)
        assert path_of(page, hospital.site).startswith(path)
        # The same name in every run: numbers and codes are of this one's records.
        name = re.sub(r"/c?\d+/", "/one/", path)
        seen[name] += 1
        look_at(page, f"{role} {name} {seen[name] if seen[name] > 1 else ''} {screen['width']}")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.REPRESENTATIVE])
def test_the_menu_is_one_row_on_a_desk_and_what_is_under_more_opens_without_moving_the_page(
    role: Role, transactional_db: None, live_server: LiveServer, context: BrowserContext, page: Page
) -> None:
    become(context, open_ward().browser(role), live_server.url)
    page.set_viewport_size(DESK)
    # Its name stands beside "More": no other menu is as wide.
    page.goto(live_server.url + ("/staff/chart-reads/" if role == Role.MANAGER else "/staff/"))
    lines = page.locator(".nav-row a").evaluate_all("links => new Set(links.map(link => link.offsetTop)).size")
    assert lines == 1
    more = page.locator(".nav-more summary")
    if role == Role.MANAGER:
        heading = page.locator("h1").bounding_box()
        more.click()
        assert page.locator(".nav-panel a").first.is_visible()
        assert page.locator("h1").bounding_box() == heading
        look_at(page, "menu opened 1440")
    else:
        assert not more.count()
