"""The paper of a result: all that it must say, in both languages, and names in letters that can be printed."""

import pytest
from django.utils import translation

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Report
from clinic.printing import printable
from clinic.services.reports import Finding, finalize, record_preliminary
from notifications.pages.result_paper import sheet_of
from notifications.pages.result_shown import shown_result
from notifications.result_sheet import Sheet, as_pdf
from tests.kernel import acting, make_episode, make_scan
from tests.pages.told import signed, tell


def test_a_name_stays_readable_whatever_its_letters() -> None:
    assert printable("Nguyễn Peña") == "Nguyen Peña"
    assert printable("李") == "?"


def test_the_properties_of_the_file_name_nobody() -> None:
    sheet = Sheet(title="Your result", language="en", facts=[("Name", "Ana Ruiz")], sections=[], footer="")
    paper = as_pdf(sheet)
    assert b"/Title" not in paper
    assert b"/Author" not in paper


def _report(category: str) -> Report:
    scan = make_scan(SYSTEM, make_episode(SYSTEM))
    finding = Finding(impression="negative", side="left")
    report = record_preliminary(acting("sonographer"), step_id=scan.pk, finding=finding, scan_ended_at=clock.now())
    final = Finding(impression="", category=category, side="left")
    return finalize(acting("physician"), report_id=report.pk, finding=final)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "There is no sign of a blood clot in the veins that we could see."), ("es", "coágulo")],
)
def test_the_paper_says_whose_what_where_and_whom_to_call(language: str, said: str) -> None:
    report = _report("no_dvt_limited")
    with translation.override(language):
        sheet = sheet_of(shown_result(report), language)
    patient, center = report.episode.patient, report.center
    all_words = str(sheet)
    for words in (said, patient.family_name, center.street, str(report.signed_by), "911"):
        assert words in all_words
    assert as_pdf(sheet).startswith(b"%PDF-")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_longest_plan_stays_on_one_page(language: str) -> None:
    with translation.override(language):
        paper = as_pdf(sheet_of(shown_result(tell(signed("acute_proximal_dvt"))), language))
    assert paper.count(b"/Type /Page\n") == 1
