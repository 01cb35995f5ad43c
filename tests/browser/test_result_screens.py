"""What a patient reads of their result and of what follows, in both languages."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page

from clinic import clock
from clinic.models import LinkPurpose, Report, Role
from clinic.services import links
from clinic.services.representatives import Speaker, record_permission, record_representative
from clinic.services.sharing import share_result
from clinic.services.telling import release_result
from tests.browser.looking import look_at_both
from tests.browser.pairs import of
from tests.browser.test_patient_screens import LANGUAGES, shown, speaking
from tests.kernel import acting, make_patient
from tests.pages.told import BORN, link_to, phone_of, signed, tell


def _sent() -> Report:
    return release_result(acting(Role.REPRESENTATIVE), report_id=signed("no_dvt_complete").pk)


@pytest.mark.soak
@pytest.mark.parametrize("language", of(LANGUAGES, "es"))
def test_a_result_and_the_way_to_it_can_be_read_by_everybody(
    language: str, site: str, context: BrowserContext, page: Page
) -> None:
    client = speaking(language)
    sent = _sent()
    client.post(f"/l/{links.token(link_to(sent))}", {"birth_date": BORN})
    shown(context, page, client, site, "/result/")
    look_at_both(page, f"result code {language}")
    for name, report in (
        ("clear", sent),
        ("refused", signed("acute_proximal_dvt")),
        ("positive", tell(signed("acute_proximal_dvt"))),
        ("threatened", tell(signed("acute_iliofemoral_threatened"))),
        ("unclear", tell(signed("non_diagnostic"))),
    ):
        shown(context, page, phone_of(report, speaking(language)), site, "/result/")
        assert page.locator("html").get_attribute("lang") == language
        look_at_both(page, f"result {name} {language}")


@pytest.mark.soak
@pytest.mark.parametrize("language", of(LANGUAGES, "en"))
def test_what_follows_can_be_read_by_everybody(language: str, site: str, context: BrowserContext, page: Page) -> None:
    report = tell(signed("acute_proximal_dvt"))
    link = links.issue(
        purpose=LinkPurpose.FOLLOW_UP,
        subject_id=report.episode_id,
        patient=report.episode.patient,
        expires_at=clock.now() + timedelta(days=30),
    )
    client = speaking(language)
    client.post(f"/l/{links.token(link)}", {"birth_date": BORN})
    shown(context, page, client, site, "/follow-up/")
    look_at_both(page, f"follow-up {language}")


@pytest.mark.soak
@pytest.mark.parametrize("language", of(LANGUAGES, "es"))
def test_what_twins_and_a_representative_see_can_be_read_by_everybody(
    language: str, site: str, context: BrowserContext, page: Page
) -> None:
    report = _sent()
    patient = report.episode.patient
    make_patient(given_name="Twin", birth_date=patient.birth_date, phone=patient.phone)
    client, path = speaking(language), f"/l/{links.token(link_to(report))}"
    shown(context, page, client, site, path)
    look_at_both(page, f"link of a twin {language}")
    desk = acting(Role.REPRESENTATIVE)
    speaker = Speaker(kind="helper", name="Elena", phone="+13015550178", language=language, consent_to_texts=True)
    helper = record_representative(desk, patient_id=patient.pk, speaker=speaker)
    record_permission(desk, representative_id=helper.pk, granted=True, how="in_person")
    share = share_result(desk, report_id=report.pk, representative_id=helper.pk)
    expires_at = clock.now() + timedelta(days=30)
    link = links.issue(purpose=LinkPurpose.SHARE, subject_id=share.pk, patient=patient, expires_at=expires_at)
    client.post(f"/l/{links.token(link)}", {"birth_date": BORN, "given_name": patient.given_name})
    shown(context, page, client, site, "/shared-result/")
    look_at_both(page, f"shared result code {language}")
    client.post("/shared-result/", {"action": "send_code"})
    link.refresh_from_db()
    client.post("/shared-result/", {"action": "check_code", "code": links.current_code(link)})
    shown(context, page, client, site, "/shared-result/")
    look_at_both(page, f"shared result {language}")
    record_permission(desk, representative_id=helper.pk, granted=False, how="in_person")
    shown(context, page, client, site, "/shared-result/")
    look_at_both(page, f"shared result over {language}")
