"""A step that is taken in its row of the worklist: the keys and the focus go on from there."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from clinic.models import Role, StepKind
from clinic.services.steps import open_step
from tests.browser.conftest import become
from tests.kernel import new_step
from tests.pages.staff import open_ward


@pytest.mark.parametrize("scripted", [True, False])
def test_who_takes_a_step_goes_on_from_its_row(
    scripted: bool, transactional_db: None, live_server: LiveServer, browser: Browser
) -> None:
    ward = open_ward()
    desk = ward.actor(Role.REPRESENTATIVE)
    new = new_step(StepKind.CALLBACK, owner_role=Role.CLINICIAN, center_id=ward.place.center.pk)
    steps = [open_step(desk, episode=ward.suspected(), new=new) for _ in range(3)]
    context = browser.new_context(java_script_enabled=scripted, viewport={"width": 1440, "height": 900})
    become(context, ward.browser(Role.CLINICIAN), live_server.url)
    page = context.new_page()
    page.goto(live_server.url + "/staff/steps/")
    row = page.locator(f"#step-{steps[1].pk}")
    row.get_by_role("button", name="Take").click()
    page.wait_for_url(f"**/#step-{steps[1].pk}")
    expect(row).to_contain_text("yours")
    if not scripted:
        page.keyboard.press("Tab")
    expect(row.locator("a").first).to_be_focused()
    context.close()
