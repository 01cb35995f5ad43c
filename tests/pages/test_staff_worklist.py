"""The worklist and the page of a step: what waits, and what can be done about it."""

import re

import pytest
from django.db import transaction

from clinic import clock, events
from clinic.models import Role, Step, StepKind
from clinic.services.steps import open_step
from notifications.models import Message
from tests.factories import make_center, make_staff
from tests.kernel import new_step
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def _step(ward: Ward, kind: StepKind, role: str) -> Step:
    new = new_step(kind, owner_role=role, center_id=ward.place.center.pk)
    return open_step(ward.actor(Role.REPRESENTATIVE), episode=ward.suspected(), new=new)


def test_at_first_the_steps_of_ones_own_role_are_shown(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    mine = ward.browser(Role.CLINICIAN).get("/staff/steps/").content.decode()
    assert str(call.episode.patient) in mine
    assert f"/staff/steps/{call.pk}/" in mine
    assert f"/staff/steps/{call.pk}/" not in ward.browser(Role.PHYSICIAN).get("/staff/steps/").content.decode()


def test_a_filter_that_makes_no_sense_is_said_and_shows_nothing(ward: Ward) -> None:
    _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    page = ward.browser(Role.CLINICIAN).get("/staff/steps/", {"role": "wizard"})
    assert page.status_code == 200
    assert "Choose one of" in page.content.decode()


def test_who_takes_a_step_owns_it_and_comes_back_to_the_list(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    answer = ward.browser(Role.CLINICIAN).post(
        f"/staff/steps/{call.pk}/take/", {"next": "/staff/steps/?role=clinician"}
    )
    assert answer.headers["Location"] == "/staff/steps/?role=clinician"
    call.refresh_from_db()
    assert call.owner == ward.people[Role.CLINICIAN]


def test_who_takes_a_step_in_its_row_comes_back_to_that_row(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    browser = ward.browser(Role.CLINICIAN)
    page = browser.get("/staff/steps/?role=clinician").content.decode()
    row = page.partition(f'id="step-{call.pk}"')[2].partition("</tr>")[0]
    named = re.search(r'name="next" value="([^"]+)"', row)
    assert named
    answer = browser.post(f"/staff/steps/{call.pk}/take/", {"next": named[1]})
    assert answer.headers["Location"] == f"/staff/steps/?role=clinician#step-{call.pk}"


def test_nobody_is_sent_to_a_foreign_page(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    for foreign in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"):
        answer = ward.browser(Role.CLINICIAN).post(f"/staff/steps/{call.pk}/take/", {"next": foreign})
        assert answer.headers["Location"] == "/staff/steps/"


def test_a_call_that_was_made_ends_its_step(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    answer = ward.browser(Role.CLINICIAN).post(f"/staff/steps/{call.pk}/done/", {"outcome": "reached"})
    assert answer.headers["Location"] == f"/staff/episodes/{call.episode_id}/"
    call.refresh_from_db()
    assert call.status == "done"


def test_a_representative_is_not_offered_to_end_a_clinicians_call(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    rosa = ward.browser(Role.REPRESENTATIVE)
    assert f"/staff/steps/{call.pk}/done/" not in rosa.get(f"/staff/steps/{call.pk}/").content.decode()
    refused = rosa.post(f"/staff/steps/{call.pk}/done/", {"outcome": "reached"})
    assert "Only a clinician or a physician may call this step done." in refused.content.decode()
    call.refresh_from_db()
    assert call.status == "open"


def test_a_step_that_ends_elsewhere_says_where(ward: Ward) -> None:
    booking = ward.suspected().steps.get()
    page = ward.browser(Role.REPRESENTATIVE).get(f"/staff/steps/{booking.pk}/").content.decode()
    assert "Book the visit." in page
    assert "/staff/console/" in page
    refused = ward.browser(Role.REPRESENTATIVE).post(f"/staff/steps/{booking.pk}/done/", {"outcome": "done"})
    assert refused.status_code == 422
    assert "Book the visit." in refused.content.decode()


def test_a_try_is_counted_and_the_step_goes_on(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    ward.browser(Role.REPRESENTATIVE).post(f"/staff/steps/{call.pk}/attempt/", {"outcome": "no_answer"})
    call.refresh_from_db()
    assert (call.attempts, call.status) == (1, "open")


def test_a_step_is_handed_to_a_role_at_a_center(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    to = {"role": Role.PHYSICIAN, "center": ward.place.center.pk}
    ward.browser(Role.CLINICIAN).post(f"/staff/steps/{call.pk}/hand-over/", to)
    call.refresh_from_db()
    assert (call.owner, call.owner_role) == (None, Role.PHYSICIAN)


def test_a_step_that_has_ended_says_so_instead_of_an_error_page(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    clara = ward.browser(Role.CLINICIAN)
    clara.post(f"/staff/steps/{call.pk}/done/", {"outcome": "reached"})
    answer = clara.post(f"/staff/steps/{call.pk}/take/", follow=True)
    assert answer.status_code == 200
    assert "This step has ended." in answer.content.decode()


def test_a_managers_loose_end_says_what_was_lost(ward: Ward) -> None:
    new = new_step(StepKind.LOOSE_END, owner_role=Role.MANAGER, plan_code="scanned_not_read")
    step = open_step(ward.actor(Role.MANAGER), episode=ward.suspected(), new=new)
    maya = ward.browser(Role.MANAGER)
    for page in ("/staff/steps/?role=manager", f"/staff/steps/{step.pk}/", f"/staff/episodes/{step.episode_id}/"):
        assert "Scanned, and nobody reads it" in maya.get(page).content.decode()


def test_nobodys_steps_are_one_view_and_mine_another(ward: Ward) -> None:
    taken, free = _step(ward, StepKind.CALLBACK, Role.CLINICIAN), _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    clara = ward.browser(Role.CLINICIAN)
    clara.post(f"/staff/steps/{taken.pk}/take/")
    views = {view.key: view.url for view in clara.get("/staff/steps/").context["views"]}
    unassigned, mine = clara.get(views["U"]).content.decode(), clara.get(views["M"]).content.decode()
    assert f"/staff/steps/{free.pk}/" in unassigned
    assert f"/staff/steps/{taken.pk}/" not in unassigned
    assert f"/staff/steps/{taken.pk}/" in mine
    assert f"/staff/steps/{free.pk}/" not in mine


def test_the_centers_view_shows_the_steps_of_every_role(ward: Ward) -> None:
    steps = [_step(ward, StepKind.CALLBACK, Role.CLINICIAN), _step(ward, StepKind.READING, Role.PHYSICIAN)]
    rosa = ward.browser(Role.REPRESENTATIVE)
    [center] = [view for view in rosa.get("/staff/steps/").context["views"] if view.key == "C"]
    page = rosa.get(center.url).content.decode()
    assert all(f"/staff/steps/{step.pk}/" in page for step in steps)


def test_a_step_is_handed_to_a_colleague_of_the_center(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    colleague = make_staff(Role.CLINICIAN, center=ward.place.center)
    to = {"role": Role.CLINICIAN, "center": ward.place.center.pk, "person": colleague.pk}
    ward.browser(Role.CLINICIAN).post(f"/staff/steps/{call.pk}/hand-over/", to)
    call.refresh_from_db()
    assert call.owner == colleague


def test_a_step_is_not_handed_to_somebody_of_another_center(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    stranger = make_staff(Role.CLINICIAN, center=make_center())
    to = {"role": Role.CLINICIAN, "center": ward.place.center.pk, "person": stranger.pk}
    assert ward.browser(Role.CLINICIAN).post(f"/staff/steps/{call.pk}/hand-over/", to).status_code == 422
    call.refresh_from_db()
    assert call.owner is None


def test_the_page_of_a_step_says_who_tried_and_how_it_went(ward: Ward) -> None:
    call = _step(ward, StepKind.CALLBACK, Role.CLINICIAN)
    clara = ward.browser(Role.CLINICIAN)
    clara.post(f"/staff/steps/{call.pk}/attempt/", {"outcome": "left_message"})
    page = clara.get(f"/staff/steps/{call.pk}/").content.decode()
    assert "Tried: clinician calls the patient (Left a message without details)" in page
    assert str(ward.people[Role.CLINICIAN]) in page


def test_the_story_of_an_episode_tells_of_its_texts_and_of_what_the_check_found(ward: Ward) -> None:
    visit = ward.place.booked()
    assert visit.episode is not None
    sent = {"status": "delivered", "sent_at": clock.now()}
    Message.objects.filter(episode=visit.episode, purpose="booking_confirmation").update(**sent)
    with transaction.atomic():
        codes = {"loss": "scanned_not_read"}
        events.record("reconcile.lost", actor=ward.actor(Role.MANAGER), episode=visit.episode, codes=codes)
    page = ward.browser(Role.CLINICIAN).get(f"/staff/episodes/{visit.episode_id}/").content.decode()
    assert "Text: Confirmation of a visit (Delivered)" in page
    assert "The check found a loose end: scanned, and nobody reads it" in page
