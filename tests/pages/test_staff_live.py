"""Boards and lists keep themselves up to date: only what changed is sent, and only to who may see it."""

import pytest
from django.test import Client

from clinic.models import Role
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
#: What the page's script sends, besides the tag of what it shows.
POLL = {"HX-Request": "true", "HX-Trigger": "live"}
PAGES = (
    (Role.SONOGRAPHER, "/staff/day/"),
    (Role.REPRESENTATIVE, "/staff/console/"),
    (Role.REPRESENTATIVE, "/staff/waitlist/"),
    (Role.REPRESENTATIVE, "/staff/conversations/"),
    (Role.CLINICIAN, "/staff/steps/"),
    (Role.CLINICIAN, "/staff/results/"),
)


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_an_unchanged_list_is_not_sent_again(role: Role, path: str, ward: Ward) -> None:
    browser = ward.browser(role)
    page = browser.get(path)
    assert 'hx-trigger="every 15s, refresh"' in page.content.decode()
    assert f'<a class="tap" href="{path}">Refresh</a>' in page.content.decode()
    again = browser.get(path, headers=POLL | {"If-None-Match": page.context["live_tag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_day_is_sent_without_the_page_around_it(ward: Ward) -> None:
    browser = ward.browser(Role.SONOGRAPHER)
    tag = browser.get("/staff/day/").context["live_tag"]
    visit = ward.place.booked()
    news = browser.get("/staff/day/", headers=POLL | {"If-None-Match": tag})
    assert news.status_code == 200
    assert f'id="visit-{visit.pk}"' in news.content.decode()
    assert "<html" not in news.content.decode()
    assert browser.get("/staff/day/", headers=POLL | {"If-None-Match": news.headers["ETag"]}).status_code == 304


def test_a_filtered_worklist_stays_filtered(ward: Ward) -> None:
    path = "/staff/steps/?role=physician&overdue=yes"
    page = ward.browser(Role.CLINICIAN).get(path).content.decode()
    assert f'hx-get="{path.replace("&", "&amp;")}"' in page


def test_a_page_whose_log_in_ran_out_is_told_so_and_not_replaced(ward: Ward) -> None:
    answer = Client().get("/staff/day/", headers=POLL)
    assert (answer.status_code, answer.content) == (401, b"")
