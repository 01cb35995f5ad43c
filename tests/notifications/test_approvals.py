"""The words of a text have a version that follows from them, and the approval of somebody who answers for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import DatabaseError

from clinic.access import Actor, Permission, SecondFactorNeeded, staff_actor
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import ActorKind, Event, Role
from notifications import wording
from notifications.checks import check_approval, check_versions
from notifications.models import Attempt, TemplateApproval
from notifications.selectors.approvals import standing_of_templates, unapproved, waiting
from notifications.services.approving import approve, withdraw
from notifications.services.sending import send_due
from notifications.versions import Text, differing, pin, pinned, present
from notifications.wording import LANGUAGES, VARIABLES, template, version_of
from tests.factories import make_staff
from tests.notifications.called import calls_made, refuses_the_text, result_sent
from tests.notifications.carrier import Carrier, a_text_owed
from tests.pages.staff import open_ward
from tests.pages.visitors import words

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
REMINDER: Text = ("visit_reminder", "en")
PAGE = "/staff/texts/"


def physician() -> Actor:
    return staff_actor(make_staff(Role.PHYSICIAN))


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which the words of the reminder are others, once the templates are read anew."""
    for name in VARIABLES:
        for language in LANGUAGES:
            (tmp_path / f"{name}.{language}.txt").write_text(template(name, language), encoding="utf-8")
    (tmp_path / "visit_reminder.en.txt").write_text(template(*REMINDER) + " Thanks!", encoding="utf-8")
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    yield tmp_path
    monkeypatch.undo()
    template.cache_clear()


def test_the_words_are_those_whose_versions_are_pinned() -> None:
    # Run: python3 manage.py texts_doc
    assert differing(pinned(), present()) == []


def test_words_that_changed_without_a_new_pin_fail_the_check(changed: Path) -> None:
    assert check_versions() == []
    template.cache_clear()
    [error] = check_versions()
    assert (error.id, "visit_reminder.en " in error.msg) == ("notifications.E005", True)


def test_a_pin_holds_every_text_in_the_version_of_its_words(tmp_path: Path, changed: Path) -> None:
    before = present()
    template.cache_clear()
    pin(tmp_path / "versions")
    assert pinned(tmp_path / "versions") == present()
    assert differing(before, present()) == ["visit_reminder.en"]


def test_an_approval_says_which_words_who_and_when_in_one_event() -> None:
    signer = physician()
    [row] = approve(signer, texts={REMINDER: version_of(*REMINDER)})
    assert (row.by_id, row.signer_role, row.words) == (signer.id, "physician", template(*REMINDER))
    [event] = Event.objects.filter(kind="texts.approved")
    assert (event.actor_id, event.codes) == (signer.id, {"texts": [f"visit_reminder.en {row.version}"]})
    assert REMINDER not in unapproved()


@pytest.mark.parametrize("role", [each for each in Role.values if each not in (Role.PHYSICIAN, Role.ADMINISTRATOR)])
def test_nobody_approves_who_does_not_answer_for_the_words(role: str) -> None:
    with pytest.raises(Forbidden):
        approve(staff_actor(make_staff(role)), texts=present())
    assert not TemplateApproval.objects.exists()


def test_no_program_approves() -> None:
    program = Actor(kind=ActorKind.INTEGRATION, id=1, scopes=frozenset({Permission.APPROVE_TEXTS.value}))
    with pytest.raises(Forbidden):
        approve(program, texts=present())


def test_an_approval_takes_a_second_factor_where_one_is_asked_for(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    with pytest.raises(SecondFactorNeeded):
        approve(physician(), texts=present())


def test_words_that_were_changed_wait_for_an_approval_of_their_own(changed: Path) -> None:
    approve(physician(), texts=present())
    assert unapproved() == {}
    template.cache_clear()
    assert list(unapproved()) == [REMINDER]
    assert waiting() == {"en": 1, "es": 0}


def test_words_that_were_put_back_are_approved_as_they_were(changed: Path) -> None:
    approve(physician(), texts=present())
    template.cache_clear()
    approve(physician(), texts=unapproved())
    (changed / "visit_reminder.en.txt").write_text(
        (Path(wording.__file__).parent / "texts/visit_reminder.en.txt").read_text()
    )
    template.cache_clear()
    assert unapproved() == {}


def test_nobody_approves_other_words_than_are_sent() -> None:
    with pytest.raises(Conflict) as refused:
        approve(physician(), texts={**present(), REMINDER: "0" * 12})
    assert refused.value.code == "other_words"
    assert not TemplateApproval.objects.exists()


def test_nothing_is_approved_twice() -> None:
    approve(physician(), texts={REMINDER: version_of(*REMINDER)})
    with pytest.raises(Conflict) as refused:
        approve(physician(), texts=present())
    assert (refused.value.code, TemplateApproval.objects.count()) == ("approved_already", 1)


@pytest.mark.parametrize("texts", [{}, {("no_such_text", "en"): "0" * 12}, {("visit_reminder", "fr"): "0" * 12}])
def test_what_is_no_text_is_refused_by_its_field(texts: dict[Text, str]) -> None:
    with pytest.raises(Invalid) as refused:
        approve(physician(), texts=texts)
    assert list(refused.value.fields) == ["texts"]


def test_the_database_keeps_an_approval_as_it_is() -> None:
    [row] = approve(physician(), texts={REMINDER: version_of(*REMINDER)})
    with pytest.raises(DatabaseError):
        TemplateApproval.objects.filter(pk=row.pk).update(words="Something else.")


def test_a_deployment_hears_how_many_texts_nobody_has_approved() -> None:
    [warning] = check_approval()
    assert (warning.id, f"{len(present())} texts" in warning.msg) == ("notifications.W003", True)
    approve(physician(), texts=present())
    assert check_approval() == []


def test_an_unapproved_text_is_sent_and_its_attempt_says_in_which_version(carrier: Carrier) -> None:
    message = a_text_owed()
    send_due()
    attempt = Attempt.objects.get(message=message)
    assert carrier.texts[message.phone]
    assert (attempt.template, attempt.template_version) == ("reply_received", version_of("reply_received", "en"))


def test_the_attempt_of_a_call_says_in_which_version_it_greets(carrier: Carrier) -> None:
    result_sent(open_ward())
    refuses_the_text(carrier)
    calls_made(carrier)
    attempt = Attempt.objects.get(message__channel="voice")
    assert (attempt.template, attempt.template_version) == ("greeting", version_of("greeting", "en"))


def test_the_page_shows_every_text_at_its_longest_and_whose_approval_it_has() -> None:
    ward = open_ward()
    page = words(ward.browser(Role.MANAGER).get(PAGE))
    for each in standing_of_templates():
        assert each.version in page
    assert "Reminder of a visit visit_reminder" in page
    assert "reminder, NNNNNNNNNNNN: Wed Sep 30 12:45 PM" in page
    assert "153 of GSM-7: 1 segment" in page
    assert "80 wait for approval" in page
    approve(ward.actor(Role.PHYSICIAN), texts=present())
    page = words(ward.browser(Role.MANAGER).get(PAGE))
    assert "All approved" in page
    assert str(ward.people[Role.PHYSICIAN]) in page


def test_one_button_approves_one_text_and_another_all_that_were_shown() -> None:
    browser = open_ward().browser(Role.ADMINISTRATOR)
    shown = [line.value for line in browser.get(PAGE).context["waiting"]]
    answer = browser.post(f"{PAGE}approve/", {"text": shown[0], "seen": shown}, follow=True)
    assert "1 text is approved, in your name." in words(answer)
    assert "approved already" in words(browser.post(f"{PAGE}approve/", {"all": "yes", "seen": shown}, follow=True))
    browser.post(f"{PAGE}approve/", {"all": "yes", "seen": shown[1:]})
    assert unapproved() == {}
    assert "listed" in words(browser.post(f"{PAGE}approve/", {"text": "nothing"}, follow=True))


def test_who_may_not_approve_reads_without_a_button() -> None:
    ward = open_ward()
    assert "Approve" in words(ward.browser(Role.PHYSICIAN).get(PAGE))
    assert "<button" not in ward.browser(Role.CLINICIAN).get(PAGE).content.decode().partition("<main")[2]


def test_the_page_of_sending_says_how_many_texts_nobody_has_approved() -> None:
    ward = open_ward()
    said = "texts leave in words that nobody has approved"
    assert f"80 {said}" in words(ward.browser(Role.MANAGER).get("/staff/sending/"))
    approve(ward.actor(Role.PHYSICIAN), texts=present())
    assert said not in words(ward.browser(Role.MANAGER).get("/staff/sending/"))


def test_an_approval_is_taken_back_with_a_reason_and_given_again() -> None:
    first, second = physician(), physician()
    version = version_of(*REMINDER)
    approve(first, texts=present())
    row = withdraw(second, text=REMINDER, version=version, reason=" It may be read as  a test. ")
    assert (row.by_id, row.reason, row.approval.by_id) == (second.id, "It may be read as a test.", first.id)
    assert list(unapproved()) == [REMINDER]
    [standing] = [each for each in standing_of_templates() if (each.name, each.language) == REMINDER]
    assert (standing.approval, standing.withdrawal) == (None, row)
    assert Event.objects.get(kind="texts.approval_withdrawn").codes == {"texts": [f"visit_reminder.en {version}"]}
    with pytest.raises(Conflict) as refused:
        withdraw(second, text=REMINDER, version=version, reason="Once more")
    assert refused.value.code == "not_approved"
    approve(first, texts={REMINDER: version})
    assert unapproved() == {}
    withdraw(second, text=REMINDER, version=version, reason="Still")
    assert list(unapproved()) == [REMINDER]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_an_approval_is_not_taken_back_without_a_reason(reason: str) -> None:
    approve(physician(), texts=present())
    with pytest.raises(Invalid) as refused:
        withdraw(physician(), text=REMINDER, version=version_of(*REMINDER), reason=reason)
    assert list(refused.value.fields) == ["reason"]
    assert unapproved() == {}


def test_the_page_takes_an_approval_back_and_says_who_did_and_why() -> None:
    ward = open_ward()
    approve(ward.actor(Role.PHYSICIAN), texts=present())
    browser, address = ward.browser(Role.ADMINISTRATOR), f"{PAGE}visit_reminder/en/withdraw/"
    assert f'href="{address}"' in browser.get(PAGE).content.decode()
    text = browser.get(address).context["form"].initial["text"]
    assert browser.post(address, {"text": text, "reason": ""}).status_code == 422
    page = words(browser.post(address, {"text": text, "reason": "Reads like a test."}, follow=True))
    assert "1 waits for approval" in page
    assert f"Withdrawn by {ward.people[Role.ADMINISTRATOR]}" in page
    assert "Reads like a test." in page
    again = browser.post(address, {"text": text, "reason": "Twice"})
    assert "have no approval" in words(again)
    assert ward.browser(Role.MANAGER).get(address).status_code == 403
    assert browser.get(f"{PAGE}no_such/en/withdraw/").status_code == 404
