"""A day and a time in a text are in the language of the text, and never longer than its longest."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.dates import day_in, moment_in, time_of
from notifications.segments import beyond_gsm_7
from notifications.services.sending import send_due
from notifications.wording import LONGEST
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of
from tests.notifications.called import agrees
from tests.notifications.carrier import Carrier
from tests.pages.staff import open_ward


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("en", "Wed Sep 30", "Wed Sep 30 9:05 AM"), ("es", "mi\u00e9 30 sep", "mi\u00e9 30 sep 9:05 AM")],
)
def test_it_reads_as_people_write_it(language: str, day: str, moment: str) -> None:
    local = datetime(2026, 9, 30, 9, 5, tzinfo=UTC)
    assert (day_in(language, local), moment_in(language, local)) == (day, moment)


def test_noon_and_midnight_are_told_apart() -> None:
    noon = datetime(2026, 9, 30, 12, tzinfo=UTC)
    assert [time_of(each) for each in (noon, noon - timedelta(hours=12))] == ["12:00 PM", "12:00 AM"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_day_of_the_year_makes_a_text_longer_than_its_longest(language: str) -> None:
    year = [datetime(2026, 1, 1, 12, 45, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    said = [moment_in(language, each) for each in year]
    assert max(map(len, said)) <= len(LONGEST["when"])
    assert not any(map(beyond_gsm_7, said))
    assert len({day_in(language, each) for each in year}) == 365


@pytest.mark.django_db
def test_a_text_in_spanish_says_the_day_in_spanish(carrier: Carrier) -> None:
    ward, patient = open_ward(), make_patient(language="es")
    agrees(phone_of(patient))
    visit = book(ward.place.actor, patient=patient, slot=ward.place.at(16, kind="consult"))
    send_due()
    local = visit.starts_at.astimezone(ZoneInfo(visit.center.zone))
    assert f"{day_in('es', local)} 4:00 PM" in carrier.calls[0].body
