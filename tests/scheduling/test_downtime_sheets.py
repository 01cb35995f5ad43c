"""Each center's sheet for when the system is down: what is on it, when it is made, and that an old one is noticed."""

from datetime import datetime, timedelta

import pytest

from clinic import clock
from clinic.metrics import exposition
from clinic.models import Center, Patient, Role
from clinic.pages.notices import notices
from clinic.phones import national
from scheduling.downtime.contents import sheet_of
from scheduling.downtime.paper import as_pdf
from scheduling.downtime.sheet import Sheet
from scheduling.models import DowntimeSheet
from scheduling.services import sheets
from scheduling.services.sheets import ANEW_AFTER, STALE_AFTER, render_sheets
from tests.factories import make_center, phone_of, set_clock
from tests.pages.staff import Ward

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


def _words(center: Center) -> dict[str, str]:
    """What each table of a center's sheet says, by its heading's first words."""
    now = clock.now()
    tables = sheet_of(center, made_at=now, stale_at=now + STALE_AFTER).tables
    return {table.heading.split(" of ")[0]: "" for table in tables} | {
        table.heading: "\n".join(" ".join(row) for row in table.rows) for table in tables
    }


def test_the_sheet_holds_visits_phones_open_results_and_who_is_on_call(ward: Ward) -> None:
    to_come = ward.place.booked(15)
    report = ward.read("positive")
    words = _words(ward.place.center)
    all_of_it = "\n".join(words.values())
    patient = to_come.patient
    assert patient is not None
    assert str(patient) in all_of_it
    assert national(phone_of(patient)) in all_of_it
    assert "result by" in all_of_it
    assert "Clinician acknowledges the finding" in words["Open results"]
    assert str(report.episode.patient) in words["Open results"]
    assert "On call" in words


def test_the_file_is_a_pdf_that_can_be_printed_though_a_name_has_letters_of_its_own(ward: Ward) -> None:
    visit = ward.place.booked(15)
    assert visit.patient is not None
    visit.patient.given_name = "Nguyễn 李"
    visit.patient.save()
    now = clock.now()
    assert as_pdf(sheet_of(ward.place.center, made_at=now, stale_at=now + STALE_AFTER)).startswith(b"%PDF-")


def test_one_that_is_reached_by_a_long_address_leaves_no_center_without_its_sheet(ward: Ward) -> None:
    visit = ward.place.booked(15)
    Patient.objects.filter(appointments=visit).update(
        phone=None,
        contact_name=("WILLAMINA WAWRZYNIAK-HAMMERSCHMIDT " * 4)[:120],
        contact_phone="+12405550199",
        contact_address=("1600 GWENDOLYN MMAMMOTH MEMORIAL HIGHWAY W " * 5)[:200],
        in_person_plan=("WOMEN'S HOMELESS WELCOME, WARM MEAL ROOM " * 5)[:200],
    )
    make_center()
    assert render_sheets() == 2


def test_a_sheet_that_can_not_be_written_holds_up_no_other(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_center()

    def contents(center: Center, **when: datetime) -> Sheet:
        if center == ward.place.center:
            raise RuntimeError
        return sheet_of(center, **when)

    monkeypatch.setattr(sheets, "sheet_of", contents)
    assert render_sheets() == 1
    assert DowntimeSheet.objects.get().center == other


def test_every_active_center_has_one_that_is_made_anew_every_quarter_of_an_hour(ward: Ward) -> None:
    make_center(active=False)
    assert render_sheets() == 1
    sheet = DowntimeSheet.objects.get()
    assert sheet.stale_at - sheet.made_at == timedelta(minutes=20)
    set_clock(sheet.made_at + ANEW_AFTER - timedelta(seconds=30))
    assert render_sheets() == 0
    set_clock(sheet.made_at + ANEW_AFTER)
    assert render_sheets() == 1
    assert DowntimeSheet.objects.get().made_at >= sheet.made_at + ANEW_AFTER


def test_a_sheet_that_is_too_old_is_on_every_page_of_staff_and_in_the_figures(ward: Ward) -> None:
    assert notices() == []
    render_sheets()
    assert notices() == []
    assert 'ruleout_downtime_sheets{state="fresh"} 1.0' in exposition().decode()
    set_clock(clock.now() + STALE_AFTER)
    [said] = notices()
    assert ward.place.center.code in said
    assert 'ruleout_downtime_sheets{state="stale"} 1.0' in exposition().decode()
    browser = ward.browser(Role.SONOGRAPHER)
    assert said.encode() in browser.get("/staff/steps/").content
    assert b"Too old to trust" in browser.get("/staff/downtime/").content
    render_sheets()
    assert notices() == []


def test_the_center_opens_its_sheet_and_a_machine_there_fetches_it(ward: Ward) -> None:
    browser, code = ward.browser(Role.SONOGRAPHER), ward.place.center.code
    assert browser.get(f"/staff/downtime/{code}/sheet/").status_code == 404
    render_sheets()
    assert f"/staff/downtime/{code}/sheet/".encode() in browser.get("/staff/downtime/").content
    for path in (f"/staff/downtime/{code}/sheet/", f"/api/v1/downtime-sheets/{code}/"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        assert answer.headers["X-Stale-At"] == DowntimeSheet.objects.get().stale_at.isoformat()
