"""Texts about a follow-up: times that are safe, a link that books them, reminders that are true when they leave."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Conflict
from clinic.models import ConsentChannel, Episode, Link, LinkPurpose, Report, Role, Step, StepKind
from clinic.models.treatment import CHECKLIST
from clinic.services import links
from clinic.services.consent import record_consent
from clinic.services.reports import Finding, finalize
from clinic.services.steps import complete_step
from clinic.services.telling import Call, record_call
from clinic.services.treatment import FirstDose, record_start
from clinic.services.worklist import finish
from notifications.models import Message, Purpose
from notifications.selectors.messages import next_due
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.offering import offer_times
from tests.factories import open_calendar, phone_of, set_clock
from tests.identified import of_report
from tests.kernel import make_episode, new_step
from tests.notifications.carrier import Carrier
from tests.pages.staff import Ward, open_ward

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def ward(db: None) -> Ward:
    found = open_ward()
    open_calendar(days=40)
    return found


def _found(ward: Ward, category: str, *, told: bool = True) -> Report:
    report = ward.read("positive")
    phone = phone_of(report.episode.patient)
    record_consent(SYSTEM, phone=phone, granted=True, channel=ConsentChannel.PHONE, language="en")
    finding = Finding(impression="", category=category, side="left")
    report = finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    if told:
        call = Call(
            audience="patient", outcome="reached", told_to="the patient", read_back=True, identifiers=of_report(report)
        )
        record_call(ward.actor(Role.CLINICIAN), report_id=report.pk, call=call)
    return report


def _step(episode: Episode, code: str) -> Step:
    return Step.objects.filter(episode=episode, plan_code=code).order_by("-id")[0]


def _owed(step: Step, purpose: Purpose) -> Message:
    return Message.objects.get(about_kind="step", about_id=step.pk, purpose=purpose)


def _let_it_leave(message: Message) -> None:
    """Let the days go by, each with its texts, until this one's turn has come: a number gets one a day."""
    for _ in range(40):
        due = next_due(clock.now())
        assert due is not None
        set_clock(due)
        send_due()
        message.refresh_from_db()
        if message.status != "due":
            return
    raise AssertionError("Its turn never came.")


def test_times_of_the_window_are_offered_and_the_link_books_one_through_scheduling(
    ward: Ward, carrier: Carrier
) -> None:
    episode = _found(ward, "isolated_distal_dvt").episode
    step = _step(episode, "scan_d7")
    _let_it_leave(_owed(step, Purpose.FOLLOW_UP_OFFER))
    [text] = [call.body for call in carrier.calls if "your next visit:" in call.body]
    link = Link.objects.get(purpose=LinkPurpose.FOLLOW_UP, subject_id=episode.pk)
    assert links.url(link) in text
    browser = Client()
    opened = browser.post(f"/l/{links.token(link)}", {"birth_date": "1970-01-01"})
    assert opened.headers["Location"] == "/follow-up/"
    shown = browser.get("/slots/").context["offers"]
    chosen = shown[0].first
    assert step.window_start is not None
    assert step.window_end is not None
    assert all(step.window_start <= slot.starts_at <= step.window_end for offer in shown for slot in offer.slots)
    local = chosen.starts_at.astimezone(ZoneInfo(chosen.center.zone))
    assert f"{local:%a %b} {local.day}" in text
    browser.post("/slots/hold/", {"center": chosen.center.code, "starts_at": chosen.starts_at.isoformat()})
    browser.post("/slots/kept/", {})
    visit = Appointment.objects.get(step=step)
    step.refresh_from_db()
    assert (visit.status, step.status, step.due_at) == ("booked", "scheduled", visit.starts_at)


def test_a_time_outside_the_window_is_never_booked_by_the_link(ward: Ward) -> None:
    episode = _found(ward, "isolated_distal_dvt").episode
    link = links.issue(
        purpose=LinkPurpose.FOLLOW_UP,
        subject_id=episode.pk,
        patient=episode.patient,
        expires_at=clock.now() + timedelta(days=9),
    )
    browser = Client()
    browser.post(f"/l/{links.token(link)}", {"birth_date": "1970-01-01"})
    early = ward.place.at(14, kind="repeat_scan", days=1)
    words = {"center": early.center.code, "starts_at": early.starts_at.isoformat()}
    assert browser.post("/slots/hold/", words).headers["Location"] == "/slots/"
    assert not Appointment.objects.filter(status="held").exists()


def test_nobody_is_offered_another_visit_before_they_were_told(ward: Ward, carrier: Carrier) -> None:
    episode = _found(ward, "isolated_distal_dvt", told=False).episode
    offer = _owed(_step(episode, "scan_d7"), Purpose.FOLLOW_UP_OFFER)
    assert offer.due_at.date() > clock.now().date()
    _let_it_leave(offer)
    assert (offer.status, offer.end_code) == ("cancelled", "not_told")


def test_staff_offer_times_at_any_moment_and_are_told_where_there_are_none(ward: Ward) -> None:
    episode = _found(ward, "isolated_distal_dvt").episode
    step = _step(episode, "scan_d7")
    rosa = ward.browser(Role.REPRESENTATIVE)
    assert "Text these times" in rosa.get(f"/staff/steps/{step.pk}/").content.decode()
    rosa.post(f"/staff/steps/{step.pk}/offer/")
    rosa.post(f"/staff/steps/{step.pk}/offer/")
    assert (
        Message.objects.filter(about_id=step.pk, purpose=Purpose.FOLLOW_UP_OFFER, due_at__lte=clock.now()).count() == 2
    )
    with pytest.raises(Conflict) as refused:
        offer_times(ward.actor(Role.REPRESENTATIVE), step_id=_step(episode, "call_d1").pk)
    assert refused.value.code == "no_visit_awaited"
    opens, over = clock.now() + timedelta(days=70), clock.now() + timedelta(days=75)
    later = new_step(StepKind.FOLLOW_UP_VISIT, window_start=opens, window_end=over)
    late = make_episode(SYSTEM, center=ward.place.center, first_steps=[later]).steps.get()
    with pytest.raises(Conflict) as full:
        offer_times(ward.actor(Role.REPRESENTATIVE), step_id=late.pk)
    assert full.value.code == "no_time_to_offer"


def test_the_reminder_of_a_visit_that_nobody_booked_carries_the_link(ward: Ward, carrier: Carrier) -> None:
    episode = _found(ward, "svt_short").episode
    step = _step(episode, "scan_d7_10")
    reminder = _owed(step, Purpose.FOLLOW_UP_REMINDER)
    _let_it_leave(reminder)
    assert [call.body for call in carrier.calls if "Choose a time: http" in call.body]


def test_a_call_about_the_dose_is_announced_the_day_before(ward: Ward) -> None:
    episode = _found(ward, "acute_proximal_dvt").episode
    dose = FirstDose(
        drug="apixaban", taken_at=clock.now(), source="on_site", checklist=dict.fromkeys(CHECKLIST, "clear")
    )
    record_start(ward.actor(Role.CLINICIAN), episode_id=episode.pk, start=dose)
    step = _step(episode, "dose_change_d7")
    assert step.due_at is not None
    ahead = step.due_at - _owed(step, Purpose.FOLLOW_UP_REMINDER).due_at
    assert timedelta(hours=24) < ahead < timedelta(hours=36)


def test_after_a_step_the_patient_hears_what_comes_next(ward: Ward, carrier: Carrier) -> None:
    episode = _found(ward, "isolated_distal_dvt").episode
    step = _step(episode, "call_d1")
    complete_step(ward.actor(Role.CLINICIAN), step=step, outcome="reached")
    send_due()
    assert [call.body for call in carrier.calls if "What comes next: http" in call.body]


def test_after_the_last_step_nothing_is_announced(ward: Ward) -> None:
    episode = _found(ward, "no_dvt_complete").episode
    finish(ward.actor(Role.CLINICIAN), step_id=_step(episode, "safety_call_d7").pk, outcome="settling")
    assert not Message.objects.filter(purpose=Purpose.FOLLOW_UP_NEXT).exists()


def test_a_cancelled_follow_up_visit_never_reminds(ward: Ward, carrier: Carrier) -> None:
    episode = _found(ward, "isolated_distal_dvt").episode
    step = _step(episode, "scan_d7")
    slot = ward.place.at(14, kind="repeat_scan", days=7)
    visit = book(ward.actor(Role.REPRESENTATIVE), patient=episode.patient, slot=slot, episode=episode)
    reminder = Message.objects.get(purpose=Purpose.VISIT_REMINDER, about_id=visit.pk)
    visits.cancel(ward.actor(Role.REPRESENTATIVE), appointment_id=visit.pk, reason="patient_asked")
    set_clock(reminder.due_at + timedelta(hours=1))
    carrier.calls.clear()
    send_due()
    assert not [call.body for call in carrier.calls if "reminder" in call.body]
    step.refresh_from_db()
    assert step.status == "open"


def test_a_plan_that_is_revised_gives_up_the_visit_and_tells_the_patient(ward: Ward) -> None:
    report = _found(ward, "isolated_distal_dvt")
    slot = ward.place.at(14, kind="repeat_scan", days=7)
    visit = book(ward.actor(Role.REPRESENTATIVE), patient=report.episode.patient, slot=slot, episode=report.episode)
    ward.browser(Role.CLINICIAN).post(f"/staff/episodes/{report.episode_id}/follow-up/revise/", {"treated": "on"})
    visit.refresh_from_db()
    assert (visit.status, visit.end_reason) == ("cancelled", "plan_revised")
    assert Message.objects.filter(purpose=Purpose.BOOKING_CANCELLED, about_id=visit.pk).exists()
