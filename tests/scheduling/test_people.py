"""Accounts that end: what each hits, and who owes what afterwards."""

import pytest

from clinic import clock
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import Event, Role, Staff, Step
from clinic.services.staff_accounts import end_account, reopen_account
from clinic.services.steps import reassign_step
from scheduling.models import Displacement, Resource, ResourceKind
from tests.factories import (
    make_staff,
)
from tests.pages.staff import Ward, open_ward
from tests.pages.visitors import words
from tests.second_factors import devices_of, with_app

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def ward(db: None) -> Ward:
    ward = open_ward()
    make_staff(Role.ADMINISTRATOR)
    return ward


def _only_step(ward: Ward) -> Step:
    """The only step of an episode, in the clinician's own name."""
    step = ward.suspected().steps.get()
    return reassign_step(ward.actor(Role.CLINICIAN), step=step, owner_id=ward.people[Role.CLINICIAN].pk)


def _end(ward: Ward, staff: Staff) -> Staff:
    return end_account(ward.actor(Role.ADMINISTRATOR), staff_id=staff.pk, reason="Left")


def test_ending_an_account_that_holds_the_only_step_of_an_episode_hands_it_to_the_role_at_the_center(
    ward: Ward,
) -> None:
    step = _only_step(ward)
    due = step.due_at
    _end(ward, ward.people[Role.CLINICIAN])
    step.refresh_from_db()
    assert (step.status, step.owner, step.center, step.due_at) == ("open", None, step.episode.center, due)
    assert step.owner_role
    assert Event.objects.get(kind="account.ended").codes == {"steps_handed_over": 1}
    assert Event.objects.filter(kind="step.reassigned", subject_id=step.pk).count() == 2


def test_an_ended_account_logs_in_no_more_and_its_log_in_ends(ward: Ward) -> None:
    clara = ward.browser(Role.CLINICIAN)
    assert clara.get("/staff/").status_code == 200
    _end(ward, ward.people[Role.CLINICIAN])
    assert clara.get("/staff/").status_code == 302
    assert clara.get("/api/v1/steps/").status_code == 401


def test_whoever_is_booked_with_them_is_rebooked(ward: Ward) -> None:
    visit = ward.place.booked(15)
    taken = visit.occupancies.filter(resource__kind=ResourceKind.SONOGRAPHER).get()
    person = make_staff(Role.SONOGRAPHER, center=visit.center)
    Resource.objects.filter(pk=taken.resource_id).update(staff=person)
    _end(ward, person)
    assert Displacement.objects.get().appointment == visit
    assert Resource.objects.get(pk=taken.resource_id).retired_from == clock.today(visit.center.zone)


def test_what_it_hits_is_seen_first_and_changes_nothing(ward: Ward) -> None:
    step = _only_step(ward)
    clara = ward.people[Role.CLINICIAN]
    ada = ward.browser(Role.ADMINISTRATOR)
    assert step.get_kind_display() in words(ada.get(f"/staff/people/{clara.pk}/"))
    seen = ada.post(
        f"/api/v1/staff/{clara.pk}/end/",
        {"reason": "Left", "dry_run": True},
        content_type="application/json",
        headers={"Idempotency-Key": "e1"},
    )
    assert [each["id"] for each in seen.json()["steps"]] == [step.pk]
    clara.refresh_from_db()
    assert clara.is_active
    page = ada.post(f"/staff/people/{clara.pk}/end/", {"reason": "Left"}, follow=True)
    assert "ended on" in words(page)


def test_some_accounts_do_not_end(ward: Ward) -> None:
    ada = ward.people[Role.ADMINISTRATOR]
    with pytest.raises(Conflict, match="another administrator"):
        _end(ward, ada)
    director = ward.people[Role.PHYSICIAN]
    Staff.objects.filter(pk=director.pk).update(medical_director=True)
    with pytest.raises(Conflict, match="last medical director"):
        _end(ward, director)
    with pytest.raises(Invalid):
        end_account(ward.actor(Role.ADMINISTRATOR), staff_id=ward.people[Role.CLINICIAN].pk, reason=" ")
    with pytest.raises(Forbidden):
        end_account(ward.actor(Role.MANAGER), staff_id=ward.people[Role.CLINICIAN].pk, reason="Left")


def test_an_account_that_was_ended_is_opened_again(ward: Ward) -> None:
    clara = _end(ward, ward.people[Role.CLINICIAN])
    with pytest.raises(Conflict, match="already"):
        _end(ward, clara)
    assert reopen_account(ward.actor(Role.ADMINISTRATOR), staff_id=clara.pk).is_active


def test_the_administrators_tables_end_no_account_behind_the_services_back(ward: Ward) -> None:
    ada = ward.people[Role.ADMINISTRATOR]
    ada.is_staff = ada.is_superuser = True
    ada.save()
    clara = ward.people[Role.CLINICIAN]
    page = ward.browser(Role.ADMINISTRATOR).get(f"/admin/clinic/staff/{clara.pk}/change/").content.decode()
    assert 'name="is_active"' not in page


def test_a_lost_app_is_removed_by_an_administrator(ward: Ward) -> None:
    peter = ward.people[Role.PHYSICIAN]
    with_app(peter)
    ward.browser(Role.ADMINISTRATOR).post(f"/staff/people/{peter.pk}/app/")
    assert devices_of(peter) == set()
    assert Event.objects.filter(kind="second_factor.reset", subject_id=peter.pk).exists()
