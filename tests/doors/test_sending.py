"""The doors of sending: who sees how our senders stand, who stops one and lets it go on; wrong input by its field."""

import pytest
from django.conf import LazySettings

from clinic.access import Permission
from notifications.models import Circuit
from notifications.services import circuit, pacing
from tests.doors.conftest import Door, changes_nothing, refused, send
from tests.notifications.carrier import a_text_owed

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
FIRST, SECOND = "+12025550100", "+12025550155"
NAMED = {"channel": "sms", "sender": FIRST}


@pytest.fixture(autouse=True)
def _senders(settings: LazySettings) -> None:
    settings.TWILIO_SENDERS, settings.TWILIO_VOICE_SENDERS = [FIRST, SECOND], [FIRST]


def test_it_says_what_waits_and_which_sender_is_in_use(door: Door) -> None:
    a_text_owed()
    answer = send(door.program("monitoring", Permission.OPERATE_SENDING), "GET", "sending/").json()
    assert answer["due"]["routine"]["messages"] + answer["due"]["urgent"]["messages"] == 1
    assert [(each["channel"], each["sender"], each["in_use"]) for each in answer["senders"]] == [
        ("sms", FIRST, True),
        ("sms", SECOND, False),
        ("voice", FIRST, True),
    ]
    assert answer["account_stopped"] is None


def test_it_says_the_rate_of_each_sender_of_texts_and_how_far_it_is_behind(door: Door, settings: LazySettings) -> None:
    settings.TWILIO_SENDER_RATES = ["1", "10"]
    pacing.hand_over([FIRST], 1000, at_once=True)
    first, second, voice = send(door.of("manager"), "GET", "sending/").json()["senders"]
    assert (first["segments_per_second"], second["segments_per_second"], voice["segments_per_second"]) == (1, 10, None)
    assert first["seconds_behind"] > second["seconds_behind"] == voice["seconds_behind"] == 0


def test_a_sender_is_stopped_and_let_go_on_once_a_key(door: Door) -> None:
    manager = door.of("manager")
    stopped, again = (send(manager, "POST", "sending/stop/", NAMED, Idempotency_Key="stop-it") for _ in range(2))
    assert (stopped.status_code, again.content) == (200, stopped.content)
    first, second, _ = stopped.json()["senders"]
    assert (first["stopped"]["code"], first["stopped"]["tries_again_at"]) == ("operator", None)
    assert second["in_use"]
    refused(changes_nothing(lambda: send(manager, "POST", "sending/stop/", NAMED)), 409, "sender_stopped")
    assert send(manager, "POST", "sending/resume/", NAMED).json()["senders"][0]["in_use"]
    assert not Circuit.objects.filter(opened_at__isnull=False).exists()


def test_the_account_goes_on_once_it_is_in_order(door: Door) -> None:
    circuit.open_circuit("30002")
    administrator = door.of("administrator")
    assert send(administrator, "GET", "sending/").json()["account_stopped"]["code"] == "30002"
    assert send(administrator, "POST", "sending/resume/", {"account": True}).json()["account_stopped"] is None
    refused(send(administrator, "POST", "sending/resume/", {"account": True}), 409, "not_stopped")


@pytest.mark.parametrize(
    ("path", "named", "field"),
    [
        ("stop", {}, "sender"),
        ("stop", {"channel": "person", "sender": FIRST}, "channel"),
        ("stop", {"channel": "sms", "sender": "+12025550199"}, "sender"),
        ("resume", {}, "sender"),
        ("resume", {"channel": "sms"}, "sender"),
        ("resume", {"account": True, **NAMED}, "sender"),
    ],
)
def test_a_sender_that_is_not_one_of_ours_is_refused_by_its_field(
    door: Door, path: str, named: dict[str, object], field: str
) -> None:
    refused(changes_nothing(lambda: send(door.of("manager"), "POST", f"sending/{path}/", named)), 400, "invalid", field)


def test_nobody_else_stops_a_sender(door: Door) -> None:
    for who in ("representative", "clinician", "sonographer"):
        refused(changes_nothing(lambda who=who: send(door.of(who), "POST", "sending/stop/", NAMED)), 403, "forbidden")
