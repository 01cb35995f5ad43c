"""A result by the link of who speaks for the patient: while they may hear it, behind a code to their own phone."""

from datetime import date, timedelta

import pytest
from django.test import Client

from clinic import clock
from clinic.access import Actor
from clinic.errors import Conflict, DomainError
from clinic.models import Disclosure, Link, Report, Representative, ResultShare, Role
from clinic.services import links
from clinic.services.merging import merge_patients, undo_merge
from clinic.services.reports import Finding, finalize, record_preliminary
from clinic.services.representatives import Speaker, record_permission, record_representative
from clinic.services.sharing import SharedAlready, share_result
from clinic.services.telling import release_result
from notifications.models import Message
from notifications.services.rendering import NoLongerTrue, render
from notifications.services.sending import send_due
from tests.kernel import acting, make_episode, make_patient, make_scan, make_zip
from tests.notifications.called import LANDLINE
from tests.notifications.carrier import Carrier, asked_of_a_person
from tests.notifications.conftest import carrier as _carrier
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db
carrier = _carrier
BORN, THEIR_PHONE = "1964-05-17", "+13015550178"


@pytest.fixture
def desk() -> Actor:
    make_zip()
    return acting(Role.REPRESENTATIVE)


@pytest.fixture
def report(desk: Actor) -> Report:
    """A clear result that was signed and sent to the patient."""
    sonographer = acting(Role.SONOGRAPHER)
    patient = make_patient(birth_date=date(1964, 5, 17), given_name="Rosa")
    step = make_scan(sonographer, make_episode(sonographer, patient=patient))
    finding = Finding(impression="negative", side="left")
    made = record_preliminary(sonographer, step_id=step.pk, finding=finding, scan_ended_at=clock.now())
    final = Finding(impression="", category="no_dvt_complete", side="left")
    finalize(acting(Role.PHYSICIAN), report_id=made.pk, finding=final)
    return release_result(desk, report_id=made.pk)


def _speaker(desk: Actor, report: Report, *, texts: bool | None = True, permitted: bool = True) -> Representative:
    speaker = Speaker(kind="helper", name="Elena", phone=THEIR_PHONE, language="es", consent_to_texts=texts)
    row = record_representative(desk, patient_id=report.episode.patient_id, speaker=speaker)
    if permitted:
        record_permission(desk, representative_id=row.pk, granted=True, how="in_person")
    return row


def _open(report: Report) -> tuple[Client, Link]:
    """The link as far as the code, which is on its way."""
    message = Message.objects.get(about_kind="share")
    render(message)
    link, phone = Link.objects.get(purpose="share"), Client()
    phone.post(f"/l/{links.token(link)}", {"birth_date": BORN})
    phone.post("/shared-result/", {"action": "send_code"})
    link.refresh_from_db()
    return phone, link


def _read(phone: Client, link: Link) -> str:
    return words(phone.post("/shared-result/", {"action": "check_code", "code": links.current_code(link)}, follow=True))


def test_the_text_goes_to_their_phone_in_their_language_and_says_nothing(desk: Actor, report: Report) -> None:
    share_result(desk, report_id=report.pk, representative_id=_speaker(desk, report).pk)
    message = Message.objects.get(about_kind="share")
    assert (message.phone, message.language) == (THEIR_PHONE, "es")
    said = render(message).words
    assert "de acuerdo con Rosa, puede leer esto" in said
    assert "/l/" in said


def test_the_link_opens_with_a_code_to_their_own_phone_and_is_a_line_of_the_log(desk: Actor, report: Report) -> None:
    speaker = _speaker(desk, report)
    share_result(desk, report_id=report.pk, representative_id=speaker.pk)
    phone, link = _open(report)
    assert Message.objects.get(purpose="one_time_code").phone == THEIR_PHONE
    assert not Disclosure.objects.exists()
    page = _read(phone, link)
    assert "no sign of a blood clot" in page.lower()
    assert "For Rosa" in page
    line = Disclosure.objects.get()
    assert (line.to_whom, line.ground, line.way) == ("Elena", "permission", "link")
    report.refresh_from_db()
    assert (report.opened_at, report.patient_told_at) == (None, None)


def test_a_permission_that_ends_closes_a_link_that_was_open(desk: Actor, report: Report) -> None:
    speaker = _speaker(desk, report)
    share_result(desk, report_id=report.pk, representative_id=speaker.pk)
    phone, link = _open(report)
    assert "blood clot" in _read(phone, link)
    record_permission(desk, representative_id=speaker.pk, granted=False, how="in_person")
    answer = phone.get("/shared-result/")
    assert answer.status_code == 403
    assert "blood clot" not in words(answer)
    assert "has ended" in words(answer)


def test_a_merge_that_was_taken_back_closes_the_other_ones_result(desk: Actor, report: Report) -> None:
    other, clinician = make_patient(birth_date=date(1964, 5, 17)), acting(Role.CLINICIAN)
    speaker = Speaker(kind="helper", name="Elena", phone=THEIR_PHONE, consent_to_texts=True)
    row = record_representative(desk, patient_id=other.pk, speaker=speaker)
    record_permission(desk, representative_id=row.pk, granted=True, how="in_person")
    duplicate = report.episode.patient_id
    merge = merge_patients(clinician, duplicate_id=duplicate, kept_id=other.pk, reason="Same name.")
    share_result(desk, report_id=report.pk, representative_id=row.pk)
    phone, link = _open(report)
    assert "blood clot" in _read(phone, link)
    undo_merge(clinician, merge_id=merge.pk)
    assert phone.get("/shared-result/").status_code == 404


def test_a_text_that_was_not_sent_before_the_permission_ended_is_not_sent(desk: Actor, report: Report) -> None:
    speaker = _speaker(desk, report)
    share_result(desk, report_id=report.pk, representative_id=speaker.pk)
    record_permission(desk, representative_id=speaker.pk, granted=False, how="in_person")
    with pytest.raises(NoLongerTrue):
        render(Message.objects.get(about_kind="share"))


def test_their_link_opens_no_other_page_and_the_patients_link_not_this_one(desk: Actor, report: Report) -> None:
    share_result(desk, report_id=report.pk, representative_id=_speaker(desk, report).pk)
    phone, _ = _open(report)
    assert phone.get("/result/").status_code == 404
    assert Client().get("/shared-result/").status_code == 404


@pytest.mark.parametrize(
    ("texts", "permitted", "code"),
    [(True, False, "no_permission"), (None, True, "no_consent"), (False, True, "no_consent")],
)
def test_who_may_not_hear_it_or_wants_no_texts_is_sent_nothing(
    desk: Actor, report: Report, texts: bool | None, permitted: bool, code: str
) -> None:
    speaker = _speaker(desk, report, texts=texts, permitted=permitted)
    with pytest.raises(DomainError) as refused:
        share_result(desk, report_id=report.pk, representative_id=speaker.pk)
    assert refused.value.code == code
    assert not ResultShare.objects.exists()


def test_what_the_patient_was_not_told_is_shared_with_nobody_and_nothing_twice(desk: Actor, report: Report) -> None:
    speaker = _speaker(desk, report)
    Report.objects.filter(pk=report.pk).update(result_sent_at=None)
    with pytest.raises(Conflict) as refused:
        share_result(desk, report_id=report.pk, representative_id=speaker.pk)
    assert refused.value.code == "not_readable"
    Report.objects.filter(pk=report.pk).update(result_sent_at=clock.now())
    share_result(desk, report_id=report.pk, representative_id=speaker.pk)
    with pytest.raises(SharedAlready):
        share_result(desk, report_id=report.pk, representative_id=speaker.pk)


def test_an_expired_code_is_asked_for_anew(desk: Actor, report: Report) -> None:
    share_result(desk, report_id=report.pk, representative_id=_speaker(desk, report).pk)
    phone, link = _open(report)
    clock.advance(timedelta(minutes=11))
    code = links.current_code(link)
    answer = phone.post("/shared-result/", {"action": "check_code", "code": code})
    assert answer.status_code == 410
    assert "expired" in words(answer)


def test_a_link_that_does_not_arrive_asks_a_person_to_tell_them_otherwise(
    desk: Actor, report: Report, carrier: Carrier
) -> None:
    share_result(desk, report_id=report.pk, representative_id=_speaker(desk, report).pk)
    Message.objects.exclude(about_kind="share").update(status="cancelled")
    assert asked_of_a_person(report.episode) == []
    carrier.answers.append(LANDLINE)
    send_due()
    assert Message.objects.get(about_kind="share").status == "failed"
    [step] = asked_of_a_person(report.episode)
    assert (step.owner_role, step.status) == (Role.REPRESENTATIVE, "open")
    assert not Message.objects.filter(channel="voice", status="due", purpose="result_shared").exists()


def test_who_is_asked_to_tell_them_otherwise_is_not_asked_to_reach_the_patient(
    desk: Actor, report: Report, carrier: Carrier
) -> None:
    share_result(desk, report_id=report.pk, representative_id=_speaker(desk, report).pk)
    Message.objects.exclude(about_kind="share").exclude(channel="person").update(status="cancelled")
    carrier.answers.append(LANDLINE)
    send_due()
    assert len(asked_of_a_person(report.episode)) == 1
    clock.advance(timedelta(days=3, hours=1))
    send_due()
    assert Message.objects.get(channel="person").end_code == "not_opened"
    assert len(asked_of_a_person(report.episode)) == 2, "they have not opened their result"
