"""Five wrong answers lock a link; it is never handed out again: a person makes sure who it is, then another goes."""

from datetime import timedelta

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import LIVE_STEP, ConsentChannel, Link, LinkPurpose, Patient, Report, Role, Step, StepKind
from clinic.phones import national
from clinic.services import links
from clinic.services.consent import record_consent
from clinic.services.identifying import Said, check_identity
from notifications.models import Message, Purpose
from notifications.services.sending import send_due
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of
from tests.notifications.called import agrees, result_sent
from tests.notifications.carrier import Carrier
from tests.pages.staff import Ward, open_ward
from tests.pages.visitors import words

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def ward(db: None, settings: LazySettings) -> Ward:
    settings.PUBLIC_BASE_URL = "https://clinic.example"
    return open_ward()


@pytest.fixture
def report(ward: Ward, carrier: Carrier) -> Report:
    """A clear result whose link somebody has locked by five wrong birth dates."""
    report = result_sent(ward)
    send_due()
    visitor, link = Client(), _link(report)
    for _ in range(5):
        visitor.post(f"/l/{links.token(link)}", {"birth_date": "1999-01-01"})
    return report


def _link(report: Report) -> Link:
    found = Link.objects.filter(purpose=LinkPurpose.RESULT, subject_id=report.pk).order_by("-generation").first()
    assert found is not None
    return found


def _owner(report: Report) -> Patient:
    return Patient.objects.get(pk=report.episode.patient_id)


def _said(report: Report) -> Said:
    patient = _owner(report)
    return Said(name=str(patient), phone=phone_of(patient))


def _asked(report: Report) -> Step:
    return Step.objects.get(episode=report.episode, kind=StepKind.IDENTITY)


def test_a_lock_asks_a_person_to_find_out_who_has_tried(report: Report) -> None:
    step = _asked(report)
    assert (step.owner_role, step.status) == (Role.REPRESENTATIVE, "open")
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(minutes=15)
    page = Client().get(f"/l/{links.token(_link(report))}")
    assert page.status_code == 410
    assert "Please call us" in words(page)


def test_a_locked_link_is_not_handed_out_again(report: Report, carrier: Carrier) -> None:
    before = len(carrier.calls)
    clock.advance(timedelta(days=1, minutes=1))
    send_due()
    waiting = Message.objects.filter(purpose=Purpose.RESULT_WAITING).order_by("due_at")[0]
    assert (waiting.status, waiting.end_code) == ("cancelled", "link_locked")
    assert not any(links.token(_link(report)) in call.body for call in carrier.calls[before:])
    assert _asked(report).status in LIVE_STEP


def test_once_two_identifiers_were_right_another_link_goes_to_the_number_on_record(
    ward: Ward, report: Report, carrier: Carrier
) -> None:
    locked, before = _link(report), len(carrier.calls)
    rosa = ward.actor(Role.REPRESENTATIVE)
    check_identity(rosa, patient_id=report.episode.patient_id, said=_said(report), called_back=True)
    assert _asked(report).status == "done"
    send_due()
    [call] = carrier.calls[before:]
    assert call.to == phone_of(_owner(report))
    assert links.token(_link(report)) in call.body
    assert links.token(locked) not in call.body
    assert Client().get(f"/l/{links.token(locked)}").status_code == 410
    assert Client().get(f"/l/{links.token(_link(report))}").status_code == 200


def test_a_check_that_fails_or_was_of_somebody_else_opens_nothing(ward: Ward, report: Report) -> None:
    rosa = ward.actor(Role.REPRESENTATIVE)
    wrong = Said(name="Nobody Known", phone=_said(report).phone)
    check_identity(rosa, patient_id=report.episode.patient_id, said=wrong)
    other = make_patient()
    check_identity(rosa, patient_id=other.pk, said=Said(name=str(other), phone=phone_of(other)))
    assert _link(report).locked_at is not None


def test_a_text_about_a_visit_names_the_number_to_call_in_place_of_its_locked_link(
    ward: Ward, carrier: Carrier
) -> None:
    visit = ward.place.booked(17)
    assert visit.patient is not None
    record_consent(SYSTEM, phone=phone_of(visit.patient), granted=True, channel=ConsentChannel.PHONE, language="en")
    ends = visit.ends_at + timedelta(days=2)
    link = links.issue(purpose=LinkPurpose.VISIT, subject_id=visit.pk, patient=visit.patient, expires_at=ends)
    Link.objects.filter(pk=link.pk).update(failures=5, locked_at=clock.now())
    send_due()
    [call] = carrier.calls
    assert "clinic.example" not in call.body
    assert "(240) 512-4759" in call.body


def test_whose_birth_date_nobody_knows_is_sent_a_number_to_call_and_no_link_that_can_not_open(
    ward: Ward, carrier: Carrier
) -> None:
    patient = make_patient(birth_date=None)
    agrees(phone_of(patient))
    book(ward.place.actor, patient=patient, slot=ward.place.at(16, kind="consult"))
    send_due()
    assert "/l/" not in carrier.calls[-1].body
    assert national(settings.PATIENT_SERVICES_LINE) in carrier.calls[-1].body
