"""A scan is booked and its patient arrives without an order; it starts only with a signed one, on the side it names."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import Center, Order, Role, Step
from clinic.services.signing_orders import Received, Signing, receive_order, sign_order
from clinic.services.worklist import finish
from clinic.watchdog import find_lost
from scheduling.errors import OrderMissing, SideMismatch
from scheduling.models import Appointment
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.rescheduling import reschedule
from tests.factories import make_working_center
from tests.pages.staff import Ward, open_ward
from tests.scheduling.followed import booked as booked_again
from tests.scheduling.followed import followed

pytestmark = pytest.mark.django_db(transaction=True)
RECEIVED = Received(practitioner="Dr. Rey", npi="1234567893", side="left")


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


def _no_protocol(ward: Ward) -> None:
    Center.objects.update(standing_protocol=False)
    ward.place.center.refresh_from_db()


def _arrived(ward: Ward) -> Appointment:
    visit = ward.place.booked(13)
    return visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)


def _start(ward: Ward, visit: Appointment, side: str = "") -> Appointment:
    return visits.start(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk, side=side)


def _sign(ward: Ward, visit: Appointment, side: str = "left", reason: str = "") -> Order:
    assert visit.episode_id is not None
    signing = Signing(side=side, reason=reason)
    return sign_order(ward.actor(Role.CLINICIAN), episode_id=visit.episode_id, signing=signing)


def _asked(visit: Appointment) -> list[Step]:
    live = ("open", "scheduled", "escalated")
    return list(Step.objects.filter(episode=visit.episode_id, kind="order", status__in=live))


def test_a_standing_protocol_signs_at_booking(ward: Ward) -> None:
    visit = ward.place.booked(13)
    order = Order.objects.get(step=visit.step)
    assert (order.status, order.source, _asked(visit)) == ("signed", "standing_protocol", [])
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=visit.pk)
    assert _start(ward, visit).status == "in_progress"


def test_without_a_protocol_a_clinician_is_asked_at_booking_before_the_start(ward: Ward) -> None:
    _no_protocol(ward)
    visit = ward.place.booked(15)
    [step] = _asked(visit)
    assert (step.owner_role, step.center_id) == ("clinician", visit.center_id)
    assert step.due_at is not None
    assert clock.now() < step.due_at < visit.starts_at
    assert find_lost() == []


def test_a_scan_without_a_signed_order_is_not_started_and_stays_as_it_was(ward: Ward) -> None:
    _no_protocol(ward)
    visit = _arrived(ward)
    with pytest.raises(OrderMissing) as refused:
        _start(ward, visit, "left")
    assert "clinician sign" in refused.value.fields["order"]
    visit.refresh_from_db()
    assert (visit.status, visit.started_at, len(_asked(visit))) == ("arrived", None, 1)


def test_once_a_clinician_has_signed_the_step_ends_and_the_scan_starts(ward: Ward) -> None:
    _no_protocol(ward)
    visit = _arrived(ward)
    order = _sign(ward, visit)
    assert (order.source, order.signed_by_id) == ("own_clinician", ward.people[Role.CLINICIAN].pk)
    assert _asked(visit) == []
    assert _start(ward, visit, "left").status == "in_progress"


def test_who_is_no_clinician_signs_nothing_and_no_tick_ends_the_step(ward: Ward) -> None:
    _no_protocol(ward)
    visit = _arrived(ward)
    with pytest.raises(Forbidden):
        sign_order(ward.actor(Role.REPRESENTATIVE), episode_id=visit.episode_id or 0, signing=Signing(side="left"))
    with pytest.raises(Conflict, match="Sign the order"):
        finish(ward.actor(Role.CLINICIAN), step_id=_asked(visit)[0].pk, outcome="done")


def test_another_side_on_the_table_stops_the_start_until_a_clinician_amends_the_order(ward: Ward) -> None:
    visit = _arrived(ward)
    _sign(ward, visit, "left", reason="The intake did not say which leg")
    with pytest.raises(SideMismatch) as refused:
        _start(ward, visit, "right")
    assert "left, not right" in refused.value.fields["side"]
    [step] = _asked(visit)
    assert step.owner_role == "clinician"
    visit.refresh_from_db()
    assert visit.status == "arrived"
    _sign(ward, visit, "right", reason="The office named the wrong leg")
    assert _asked(visit) == []
    assert _start(ward, visit, "right").status == "in_progress"


def test_the_side_is_said_before_a_scan_whose_order_names_one(ward: Ward) -> None:
    _no_protocol(ward)
    visit = _arrived(ward)
    _sign(ward, visit)
    with pytest.raises(Invalid) as refused:
        _start(ward, visit)
    assert list(refused.value.fields) == ["side"]


def test_a_signed_order_is_amended_with_a_reason_only_and_is_kept(ward: Ward) -> None:
    visit = ward.place.booked(13)
    with pytest.raises(Conflict) as refused:
        _sign(ward, visit)
    assert (refused.value.code, list(refused.value.fields)) == ("order_signed", ["reason"])
    amended = _sign(ward, visit, "right", reason="Asked again")
    former = amended.amends
    assert former is not None
    assert (former.status, former.source, amended.step_id) == ("amended", "standing_protocol", visit.step_id)


def test_the_referring_clinicians_order_ends_the_step_when_it_comes_in(ward: Ward) -> None:
    _no_protocol(ward)
    visit = _arrived(ward)
    order = receive_order(ward.actor(Role.REPRESENTATIVE), episode_id=visit.episode_id or 0, received=RECEIVED)
    assert (order.source, order.practitioner, order.npi) == ("referred", "Dr. Rey", "1234567893")
    assert _asked(visit) == []


def test_an_order_with_a_wrong_npi_is_refused(ward: Ward) -> None:
    visit = ward.place.booked(13)
    wrong = Received(practitioner="Dr. Rey", npi="1234567890", side="left")
    with pytest.raises(Invalid) as refused:
        receive_order(ward.actor(Role.REPRESENTATIVE), episode_id=visit.episode_id or 0, received=wrong)
    assert list(refused.value.fields) == ["npi"]


def test_what_asks_for_the_order_moves_with_the_scan_and_ends_with_it(ward: Ward) -> None:
    _no_protocol(ward)
    visit = ward.place.booked(13)
    later = ward.place.at(14).starts_at
    moved = reschedule(ward.actor(Role.CLINICIAN), appointment_id=visit.pk, starts_at=later)
    [step] = _asked(moved)
    assert step.due_at is not None
    assert visit.starts_at - timedelta(hours=1) < step.due_at < later
    visits.cancel(ward.place.actor, appointment_id=visit.pk)
    assert _asked(moved) == []
    assert find_lost() == []


def test_a_scan_that_goes_to_another_center_is_owed_and_its_order_asked_for_there(ward: Ward) -> None:
    _no_protocol(ward)
    other = make_working_center("OTHER", standing_protocol=False)
    materialise(days=3)
    visit = ward.place.booked(13)
    moved = reschedule(ward.place.actor, appointment_id=visit.pk, starts_at=visit.starts_at, center=other)
    assert moved.step is not None
    assert [step.center for step in (moved.step, *_asked(moved))] == [other, other]


def test_the_order_of_a_scan_that_was_given_up_is_the_next_ones(ward: Ward) -> None:
    first = ward.place.booked(13)
    visits.cancel(ward.place.actor, appointment_id=first.pk)
    episode = first.episode
    assert episode is not None
    again = book(ward.place.actor, patient=episode.patient, slot=ward.place.at(14), episode=episode)
    assert [order.step_id for order in Order.objects.filter(episode=episode)] == [again.step_id]


def test_a_repeat_scan_has_an_order_of_its_own_for_the_side_that_was_studied(ward: Ward) -> None:
    report = followed(ward)
    visit = booked_again(ward, report)
    orders = Order.objects.filter(episode=report.episode).order_by("id")
    assert [(order.step_id == visit.step_id, order.side) for order in orders] == [(False, ""), (True, "left")]
