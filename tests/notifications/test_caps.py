"""One routine text a day and three a week to a number: the rule, and that every text is asked about when it is sent."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import ConsentChannel, Event
from clinic.services.consent import record_consent
from notifications.caps import next_under_caps
from notifications.models import Message
from notifications.provider import Refused
from notifications.services.sending import send_due
from tests.factories import make_zip, set_clock, tomorrow_at
from tests.notifications.carrier import Carrier, a_text_owed, asked_of_a_person, in_care, status_of

EAST, WEST, PHOENIX = "America/New_York", "America/Los_Angeles", "America/Phoenix"


def _at(words: str, zone: str = EAST) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("at", "sent", "may_go"),
    [
        ("2026-06-10 10:00", [], "2026-06-10 10:00"),
        # A day is one of the calendar.
        ("2026-06-10 20:59", ["2026-06-10 08:00"], "2026-06-11 00:00"),
        ("2026-06-11 08:00", ["2026-06-10 20:59"], "2026-06-11 08:00"),
        ("2026-06-11 10:00", ["2026-06-09 10:00", "2026-06-10 10:00"], "2026-06-11 10:00"),
        # A week is any seven days on end.
        ("2026-06-11 10:00", ["2026-06-08 10:00", "2026-06-09 12:00", "2026-06-10 10:00"], "2026-06-15 10:00"),
        ("2026-06-15 10:00", ["2026-06-08 10:00", "2026-06-09 12:00", "2026-06-10 10:00"], "2026-06-15 10:00"),
        ("2026-06-10 12:00", ["2026-06-08 10:00", "2026-06-09 12:00", "2026-06-10 10:00"], "2026-06-15 10:00"),
        # More than there may be, as before the caps were kept: only the last three count.
        ("2026-06-10 12:00", ["2026-06-05 10:00"] * 4 + ["2026-06-07 10:00", "2026-06-09 09:00"], "2026-06-12 10:00"),
        # The days on which the clocks change: 23 and 25 hours long.
        ("2026-03-08 20:00", ["2026-03-08 08:00"], "2026-03-09 00:00"),
        ("2026-11-01 20:00", ["2026-11-01 08:00"], "2026-11-02 00:00"),
    ],
)
def test_one_a_day_and_three_a_week(at: str, sent: list[str], may_go: str) -> None:
    for order in (sent, sent[::-1]):
        assert next_under_caps(_at(at), [_at(each) for each in order], [EAST]) == _at(may_go)


@pytest.mark.parametrize(
    ("sent", "zones", "may_go"),
    [
        (("2026-06-10 01:00", EAST), [EAST], ("2026-06-11 00:00", EAST)),
        # 01:00 in the east is still the day before in the west: the later of both days' ends counts.
        (("2026-06-10 01:00", EAST), [EAST, WEST], ("2026-06-11 00:00", EAST)),
        (("2026-06-10 12:00", EAST), [EAST, WEST], ("2026-06-11 00:00", WEST)),
        (("2026-07-01 12:00", PHOENIX), [PHOENIX], ("2026-07-02 00:00", PHOENIX)),
    ],
)
def test_a_day_ends_where_the_patient_is(sent: tuple[str, str], zones: list[str], may_go: tuple[str, str]) -> None:
    at = _at(*sent)
    assert next_under_caps(at, [at], zones) == _at(*may_go)


def test_whatever_is_asked_when_keeps_to_both_caps() -> None:
    sent: list[datetime] = []
    at = _at("2026-02-20 08:00")
    for hours in (1, 5, 11, 30, 3, 60, 2, 90, 7, 7, 7, 200, 1, 1) * 6:
        at = next_under_caps(at + timedelta(hours=hours), sent, [EAST])
        sent.append(at)
    days = [each.astimezone(ZoneInfo(EAST)).date() for each in sent]
    assert len(set(days)) == len(days)
    assert all(later - first >= timedelta(days=7) for first, later in zip(sent, sent[3:], strict=False))


@pytest.mark.django_db
class TestWhenItIsSent:
    """The rows: the caps are asked of what has left for the number."""

    @pytest.fixture(autouse=True)
    def noon(self) -> None:
        """A day far from the night, in a place whose zone is known."""
        make_zip()
        set_clock(tomorrow_at(12))

    def test_a_second_routine_text_waits_for_the_next_morning(self, carrier: Carrier) -> None:
        first = a_text_owed(urgent=False, good_for=timedelta(days=2))
        second = a_text_owed(phone=first.phone, urgent=False, good_for=timedelta(days=2))
        send_due()
        assert [status_of(each) for each in (first, second)] == ["sent", "due"]
        second.refresh_from_db()
        assert second.due_at.astimezone(ZoneInfo(EAST)).hour == 8
        set_clock(second.due_at)
        send_due()
        assert status_of(second) == "sent"

    def test_a_fourth_within_a_week_waits_for_the_week_to_pass(self, carrier: Carrier) -> None:
        first = a_text_owed(urgent=False)
        send_due()
        began = clock.now()
        for _ in range(2):
            clock.advance(timedelta(days=1))
            a_text_owed(phone=first.phone, urgent=False)
            send_due()
        clock.advance(timedelta(days=1))
        fourth = a_text_owed(phone=first.phone, urgent=False, good_for=timedelta(days=9))
        send_due()
        fourth.refresh_from_db()
        assert (len(carrier.calls), fourth.status) == (3, "due")
        assert abs(fourth.due_at - began - timedelta(days=7)) < timedelta(minutes=1)

    def test_an_urgent_text_passes_and_does_not_count(self, carrier: Carrier) -> None:
        first = a_text_owed(urgent=False)
        more = [a_text_owed(phone=first.phone, urgent=True) for _ in range(4)]
        send_due()
        assert {status_of(each) for each in (first, *more)} == {"sent"}
        clock.advance(timedelta(days=1))
        routine = a_text_owed(phone=first.phone, urgent=False)
        send_due()
        assert status_of(routine) == "sent"

    def test_another_number_is_not_held_up(self, carrier: Carrier) -> None:
        both = [a_text_owed(urgent=False) for _ in range(2)]
        send_due()
        assert {status_of(each) for each in both} == {"sent"}

    def test_one_that_may_go_tomorrow_gives_way_to_a_later_one_that_may_not(self, carrier: Carrier) -> None:
        offer = a_text_owed(urgent=False, good_for=timedelta(days=7))
        reminder = a_text_owed(phone=offer.phone, urgent=False, good_for=timedelta(hours=4))
        Message.objects.filter(pk=reminder.pk).update(due_at=clock.now() + timedelta(hours=3))
        send_due()
        assert carrier.calls == []
        clock.advance(timedelta(hours=3, minutes=1))
        send_due()
        assert [status_of(each) for each in (offer, reminder)] == ["due", "sent"]
        offer.refresh_from_db()
        set_clock(offer.due_at)
        send_due()
        assert status_of(offer) == "sent"

    def test_a_refused_text_is_not_counted(self, carrier: Carrier) -> None:
        carrier.answers.append(Refused(30007, 400))
        refused = a_text_owed(urgent=False)
        second = a_text_owed(phone=refused.phone, urgent=False)
        send_due()
        assert [status_of(each) for each in (refused, second)] == ["failed", "sent"]

    def test_one_that_would_come_too_late_ends_at_once_and_a_person_says_it(self, carrier: Carrier) -> None:
        episode = in_care()
        first = a_text_owed(urgent=False)
        second = a_text_owed(phone=first.phone, urgent=False, good_for=timedelta(hours=3), episode=episode)
        Message.objects.filter(pk=second.pk).update(purpose="booking_cancelled")
        record_consent(
            SYSTEM, phone=first.phone, granted=True, channel=ConsentChannel.PHONE, language="en", wording="Yes"
        )
        send_due()
        second.refresh_from_db()
        assert (second.status, second.end_code) == ("expired", "over_the_cap")
        assert len(asked_of_a_person(episode)) == 1
        assert Event.objects.get(kind="message.expired").codes["code"] == "over_the_cap"

    def test_what_the_provider_keeps_waiting_is_not_delivered_by_night(self, carrier: Carrier) -> None:
        set_clock(tomorrow_at(20, 30))
        a_text_owed(urgent=False, good_for=timedelta(hours=9))
        a_text_owed(good_for=timedelta(hours=9))
        send_due()
        urgent, routine = carrier.calls
        assert urgent.valid_for > timedelta(hours=8)
        assert timedelta(minutes=29) < routine.valid_for <= timedelta(minutes=30)
