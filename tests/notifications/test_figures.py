"""The figures that the monitoring is given: what waits and since when, what arrived, who opted out, what is unknown."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.metrics import exposition
from clinic.models import ConsentChannel
from clinic.services.consent import record_consent
from notifications.figures import FIGURES
from notifications.local_twilio.message import new_sid
from notifications.models import Message
from notifications.selectors import figures
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from tests.notifications.carrier import Carrier, a_text_owed, loses_the_answer, tells

pytestmark = pytest.mark.django_db


def test_what_waits_is_counted_with_the_age_of_the_oldest_by_priority() -> None:
    urgent, older, later = a_text_owed(), a_text_owed(), a_text_owed()
    Message.objects.filter(pk=older.pk).update(due_at=clock.now() - timedelta(minutes=5))
    Message.objects.filter(pk=later.pk).update(due_at=clock.now() + timedelta(minutes=5))
    assert figures.queue_depth() == {"urgent": 2, "routine": 0}
    age = figures.queue_age()
    assert 300 <= age["urgent"] < 360
    assert age["routine"] == 0
    Message.objects.filter(pk=urgent.pk).update(urgent=False)
    assert figures.queue_depth() == {"urgent": 1, "routine": 1}


def test_what_ended_within_a_day_is_counted_by_code_and_as_a_share(carrier: Carrier) -> None:
    for status, code in (("delivered", ""), ("delivered", ""), ("undelivered", "30003"), ("failed", "30008")):
        message = a_text_owed()
        send_due()
        tells(carrier.texts[message.phone][-1].sid, status, call=carrier.calls[-1], code=code)
    assert figures.ended_by_code() == {"delivered": 2, "30003": 1, "30008": 1}
    assert figures.share_by_code() == {"delivered": 0.5, "30003": 0.25, "30008": 0.25}
    clock.advance(timedelta(days=1, minutes=1))
    assert figures.share_by_code() == {}


def test_opt_outs_of_a_day_are_counted_by_the_way_they_came() -> None:
    for channel, granted in ((ConsentChannel.REPLY, False), (ConsentChannel.PHONE, False), (ConsentChannel.WEB, True)):
        record_consent(SYSTEM, phone="+13015550001", granted=granted, channel=channel, language="en", wording="STOP")
    assert figures.opt_outs() == {"reply": 1, "phone": 1}
    clock.advance(timedelta(days=1, minutes=1))
    assert figures.opt_outs() == {}


def test_calls_without_an_answer_are_counted_with_their_age(carrier: Carrier) -> None:
    message = a_text_owed()
    carrier.answers.append(loses_the_answer)
    send_due()
    Message.objects.filter(pk=message.pk).update(claimed_at=clock.real_now() - timedelta(minutes=4))
    assert figures.unknowns() == {"sending": 0, "unknown": 1}
    assert 240 <= figures.unknown_age()["unknown"] < 300
    assert figures.unknown_age()["sending"] == 0


def test_texts_that_wait_for_a_person_are_counted_with_their_age() -> None:
    store(sid=new_sid(), phone="+13015559999", body="Who is this?", opt_out_type="")
    handle_replies()
    clock.advance(timedelta(minutes=4))
    assert figures.unanswered() == {"urgent": 0, "routine": 1}
    assert 240 <= figures.unanswered_age()["routine"] < 300
    assert figures.unanswered_age()["urgent"] == 0


def test_all_of_them_are_told_and_name_nobody() -> None:
    message = a_text_owed()
    told = exposition().decode()
    for name in FIGURES:
        assert f"# TYPE {name} gauge" in told
    assert message.phone not in told
