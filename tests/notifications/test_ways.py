"""What follows a message that did not get through: a table of purposes and codes, and nothing beside it."""

import pytest

from notifications.models import Purpose
from notifications.ways import Way, known_of, way_after


@pytest.mark.parametrize(
    ("purpose", "code", "near", "way"),
    [
        ("result_ready", "30003", False, Way.CALL),
        ("result_ready", "30006", False, Way.CALL),
        ("result_ready", "21614", False, Way.CALL),
        ("result_ready", "30007", False, Way.CALL),
        ("result_ready", "known_landline", False, Way.CALL),
        ("please_call", "30008", False, Way.CALL),
        ("booking_confirmation", "30003", True, Way.CALL),
        ("booking_changed", "30003", True, Way.CALL),
        ("booking_cancelled", "30003", True, Way.CALL),
        # what can wait for the worklist
        ("booking_confirmation", "30003", False, Way.PERSON),
        ("visit_reminder", "30006", True, Way.PERSON),
        ("slot_offered", "30003", True, Way.PERSON),
        ("follow_up_reminder", "30003", False, Way.PERSON),
        # what no machine may call, or can
        ("result_ready", "21610", False, Way.PERSON),
        ("result_ready", "21211", False, Way.PERSON),
        ("result_ready", "30005", False, Way.PERSON),
        ("result_ready", "known_bad_number", False, Way.PERSON),
        ("please_call", "fault", False, Way.PERSON),
        # nobody waits for a machine where a life may be at stake
        ("seek_emergency_care", "30003", False, Way.BOTH),
        ("seek_emergency_care", "30005", False, Way.PERSON),
        # the next of them is due already
        ("result_waiting", "30003", False, Way.NEXT_DUE),
    ],
)
def test_what_follows_a_text(purpose: str, code: str, near: bool, way: Way) -> None:
    assert way_after(purpose=purpose, channel="sms", code=code, near=near) is way


@pytest.mark.parametrize("purpose", Purpose.values)
@pytest.mark.parametrize("channel", ["voice", "person"])
def test_after_a_call_a_person_is_next_whatever_it_was_about(purpose: str, channel: str) -> None:
    assert way_after(purpose=purpose, channel=channel, code="no-answer", near=True) is Way.PERSON


@pytest.mark.parametrize(
    ("code", "known"),
    [("30006", "known_landline"), ("21614", "known_landline"), ("30005", "known_bad_number"), ("30003", "")],
)
def test_as_what_a_number_is_known(code: str, known: str) -> None:
    assert known_of(code) == known
