"""What was told by voice is there to read afterwards: a link by text that says nothing, once it is signed and told."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import ConsentChannel, Link, LinkPurpose, Report, Role, Step, StepKind
from clinic.services import links
from clinic.services.consent import record_consent
from clinic.services.episodes import close_episode
from clinic.services.reports import Finding, amend, finalize
from clinic.services.telling import Call, record_call, release_result
from notifications.lint import FORBIDDEN
from notifications.models import Message, Purpose
from notifications.services.sending import send_due
from tests.factories import actor_of, phone_of, set_clock
from tests.kernel import make_wet_read
from tests.notifications.carrier import Carrier
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def _signed(ward: Ward, category: str = "acute_proximal_dvt", impression: str = "positive") -> Report:
    report = ward.read(impression)
    phone = phone_of(report.episode.patient)
    record_consent(SYSTEM, phone=phone, granted=True, channel=ConsentChannel.PHONE, language="en")
    return _sign(ward, report, category)


def _sign(ward: Ward, report: Report, category: str) -> Report:
    finding = Finding(impression="", category=category, side="left")
    return finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)


def _tell(ward: Ward, report: Report, *, audience: str = "patient", read_back: bool = True) -> None:
    call = Call(audience=audience, outcome="reached", told_to="Ana", read_back=read_back, in_person=True)
    record_call(ward.actor(Role.CLINICIAN), report_id=report.pk, call=call)


def _owed() -> list[str]:
    found = Message.objects.filter(purpose=Purpose.RESULT_TO_READ).order_by("id")
    return list(found.values_list("status", flat=True))


def test_after_the_telling_a_text_brings_the_link_and_no_word_of_what_was_said(ward: Ward, carrier: Carrier) -> None:
    report = _signed(ward)
    assert _owed() == []
    _tell(ward, report)
    send_due()
    link = Link.objects.get(purpose=LinkPurpose.RESULT, subject_id=report.pk)
    [body] = [call.body for call in carrier.calls if links.url(link) in call.body]
    assert FORBIDDEN.search(body) is None
    assert Message.objects.get(purpose=Purpose.RESULT_TO_READ).urgent


def test_a_clear_result_that_was_told_by_voice_brings_the_very_same_words(ward: Ward, carrier: Carrier) -> None:
    """Else the words of the text would tell what was found."""
    _tell(ward, _signed(ward, "no_dvt_complete", "negative"))
    send_due()
    assert [call for call in carrier.calls if "here is what we talked about" in call.body]


@pytest.mark.parametrize(("audience", "read_back"), [("patient", False), ("clinician", True), ("referrer", True)])
def test_what_the_patient_has_not_read_back_is_not_written_to_them(
    ward: Ward, audience: str, *, read_back: bool
) -> None:
    _tell(ward, _signed(ward), audience=audience, read_back=read_back)
    assert _owed() == []


def test_what_was_told_on_a_wet_read_is_written_once_it_is_signed(ward: Ward) -> None:
    report = ward.read("positive")
    make_wet_read(report)
    _tell(ward, report)
    assert _owed() == []
    _sign(ward, report, "acute_proximal_dvt")
    assert _owed() == ["due"]


def test_what_was_signed_otherwise_than_told_waits_for_another_call(ward: Ward) -> None:
    report = ward.read("positive")
    make_wet_read(report)
    _tell(ward, report)
    _sign(ward, report, "isolated_distal_dvt")
    assert _owed() == []
    _tell(ward, report)
    assert _owed() == ["due"]


def test_told_twice_is_written_once(ward: Ward) -> None:
    report = _signed(ward)
    _tell(ward, report)
    _tell(ward, report)
    assert _owed() == ["due"]


def test_a_result_whose_text_was_sent_needs_no_second_one(ward: Ward) -> None:
    report = _signed(ward, "no_dvt_complete", "negative")
    release_result(actor_of(Role.REPRESENTATIVE), report_id=report.pk)
    _tell(ward, report)
    assert _owed() == []


def test_what_was_amended_before_its_text_left_is_not_written_until_it_is_told_anew(
    ward: Ward, carrier: Carrier
) -> None:
    report = _signed(ward)
    _tell(ward, report)
    finding = Finding(impression="", category="isolated_distal_dvt", side="left", reason="Second look")
    amend(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    send_due()
    assert _owed() == ["cancelled"]
    _tell(ward, report)
    send_due()
    assert _owed() == ["cancelled", "sent"]


def test_it_outlives_its_episode(ward: Ward) -> None:
    report = _signed(ward)
    _tell(ward, report)
    close_episode(ward.actor(Role.CLINICIAN), episode_id=report.episode_id, reason="transferred")
    assert _owed() == ["due"]


def test_where_it_does_not_arrive_a_person_agrees_another_way_for_what_comes(ward: Ward, carrier: Carrier) -> None:
    report = _signed(ward)
    record_consent(
        SYSTEM, phone=phone_of(report.episode.patient), granted=False, channel=ConsentChannel.PHONE, language="en"
    )
    _tell(ward, report)
    send_due()
    assert _owed() == ["suppressed"]
    [asked] = Step.objects.filter(episode=report.episode, kind=StepKind.CONTACT)
    assert asked.due_at is not None
    assert asked.due_at > clock.now() + timedelta(hours=1), "they know their result already"


def test_what_is_signed_by_night_wakes_nobody_who_was_told_before(ward: Ward, carrier: Carrier) -> None:
    report = ward.read("positive")
    record_consent(
        SYSTEM, phone=phone_of(report.episode.patient), granted=True, channel=ConsentChannel.PHONE, language="en"
    )
    make_wet_read(report)
    _tell(ward, report)
    set_clock(clock.now() + timedelta(hours=11))
    _sign(ward, report, "acute_proximal_dvt")
    send_due()
    assert _owed() == ["due"]
    set_clock(Message.objects.get(purpose=Purpose.RESULT_TO_READ).due_at)
    assert clock.now().astimezone(ZoneInfo("America/New_York")).hour == 8
    send_due()
    assert _owed() == ["sent"]
