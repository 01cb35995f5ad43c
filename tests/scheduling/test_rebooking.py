"""What becomes of displaced visits: another unit, another time within the deadline, or a clinical event."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from clinic import clock
from clinic.access import Actor
from clinic.models import LIVE_STEP, ConsentChannel, Event, Patient, Role, Step
from clinic.services.consent import record_consent
from notifications.models import Message
from notifications.services.sending import send_due
from scheduling.models import Appointment, Displacement, Resource, ShiftEdit
from scheduling.selectors.displaced import must_be_called
from scheduling.selectors.elsewhere import other_times
from scheduling.services import rebooking, visits
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.editing import AbsenceOver, Closing, apply
from scheduling.services.rebooking import rebook, rebook_displaced
from scheduling.services.rescheduling import reschedule
from tests.factories import actor_of, make_scanner, make_working_center, phone_of, set_clock
from tests.scheduling.conftest import Place
from tests.scheduling.displaced import NEAR, down, fates


@pytest.fixture
def manager(place: Place) -> Actor:
    return actor_of(Role.MANAGER)


def _texts(visit: Appointment) -> list[str]:
    due = Message.objects.filter(about_kind="appointment", about_id=visit.pk, status="due")
    return sorted(due.values_list("purpose", flat=True))


def _agrees(place: Place, patient: Patient | None) -> None:
    assert patient is not None
    record_consent(place.actor, phone=phone_of(patient), granted=True, channel=ConsentChannel.WEB, language="en")


def _closed(place: Place, manager: Actor) -> ShiftEdit:
    today = clock.today(place.center.zone)
    return apply(manager, Closing(place=place.center, on=today, reason="Storm"), displace=True)


def test_another_unit_at_the_same_time_needs_no_text(place: Place, manager: Actor) -> None:
    visit = place.booked(14)
    make_scanner(place.center)
    materialise(days=3)
    before = _texts(visit)
    edit = down(place, manager)
    assert rebook_displaced() == 1
    assert fates(edit) == {visit.pk: "other_unit"}
    former = visit.starts_at
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence, visit.status) == (former, 0, "booked")
    assert _texts(visit) == before
    assert not Step.objects.filter(kind="contact").exists()


def test_the_nearest_time_at_the_same_center_comes_before_any_other_center(place: Place, manager: Actor) -> None:
    make_working_center("NEXT", at=NEAR)
    materialise(days=3)
    visit = place.booked(13)
    _agrees(place, visit.patient)
    edit = down(place, manager, hours=2)
    rebook_displaced()
    assert fates(edit) == {visit.pk: "moved"}
    visit.refresh_from_db()
    # Down until 14:00, the scan is due by 15:00.
    assert (visit.starts_at, visit.center, visit.sequence) == (place.at(14, 20).starts_at, place.center, 1)
    assert "booking_changed" in _texts(visit)
    assert "booking_confirmation" not in _texts(visit)
    assert not must_be_called(Displacement.objects.get())


def test_a_center_that_closes_sends_its_rule_outs_to_the_next_within_their_deadline(
    place: Place, manager: Actor
) -> None:
    near = make_working_center("NEXT", at=NEAR)
    materialise(days=3)
    visit = place.booked(13, 40)
    edit = _closed(place, manager)
    rebook_displaced()
    assert fates(edit) == {visit.pk: "moved"}
    visit.refresh_from_db()
    assert visit.center == near
    assert visit.episode is not None
    assert visit.episode.scan_by is not None
    assert clock.now() + timedelta(minutes=60) <= visit.starts_at <= visit.episode.scan_by
    # No text reaches the patient: somebody calls before they set out for the wrong place.
    row = Displacement.objects.get()
    assert (row.unreachable, must_be_called(row)) == ("no_consent", True)
    assert row.step is not None
    assert (row.step.kind, row.step.owner_role) == ("contact", Role.REPRESENTATIVE)
    assert row.step.due_at is not None
    assert row.step.due_at < visit.starts_at
    # The text that may not be sent asks nobody a second time.
    send_due()
    assert Message.objects.get(purpose="booking_changed").status == "suppressed"
    assert Step.objects.filter(kind="contact", status__in=LIVE_STEP).count() == 1


def test_a_rule_out_is_never_moved_past_its_clock(place: Place, manager: Actor) -> None:
    visit = place.booked(14)
    edit = _closed(place, manager)
    rebook_displaced()
    # Tomorrow is free, and too late.
    assert fates(edit) == {visit.pk: "cancelled"}
    visit.refresh_from_db()
    assert (visit.status, visit.end_reason) == ("cancelled", "displaced")
    row = Displacement.objects.get()
    assert must_be_called(row)
    assert row.step is not None
    assert (row.step.kind, row.step.owner_role) == ("callback", Role.CLINICIAN)
    assert visit.episode is not None
    live = visit.episode.steps.filter(status__in=LIVE_STEP)
    assert sorted(live.values_list("kind", flat=True)) == ["callback", "contact"]


def test_a_rule_out_past_its_deadline_keeps_its_time_or_becomes_a_callback(place: Place, manager: Actor) -> None:
    late = place.booked(14)
    make_scanner(place.center)
    materialise(days=3)
    clinician = actor_of(Role.CLINICIAN)
    reschedule(clinician, appointment_id=late.pk, starts_at=place.at(17).starts_at)
    edit = down(place, manager, hours=8)
    rebook_displaced()
    assert fates(edit) == {late.pk: "other_unit"}
    edit = _closed(place, manager)
    rebook_displaced()
    assert fates(edit) == {late.pk: "cancelled"}


def test_rule_outs_come_first_and_the_one_with_the_least_time_before_the_others(place: Place, manager: Actor) -> None:
    make_working_center("NEXT", at=NEAR)
    materialise(days=3)
    episode = place.suspected()
    routine = book(place.actor, patient=episode.patient, slot=place.at(13, kind="consult"))
    second, first = place.booked(13, 40), place.booked(14, 20)
    assert first.episode is not None
    type(first.episode).objects.filter(pk=first.episode.pk).update(scan_by=place.at(14, 30).starts_at)
    edit = _closed(place, manager)
    rebook_displaced()
    settled = Event.objects.filter(kind="appointment.displaced").order_by("id").values_list("subject_id", flat=True)
    assert list(settled) == [first.pk, second.pk, routine.pk]
    assert set(fates(edit).values()) == {"moved"}


def test_a_routine_visit_without_another_time_waits_for_its_booking(
    place: Place, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = book(place.actor, patient=place.suspected().patient, slot=place.at(15, kind="consult"))
    monkeypatch.setattr(rebooking, "other_times", lambda visit: iter(()))
    edit = _closed(place, manager)
    rebook_displaced()
    assert fates(edit) == {visit.pk: "cancelled"}
    row = Displacement.objects.get()
    assert row.step is not None
    assert (row.step.kind, row.step.owner_role) == ("booking", Role.REPRESENTATIVE)


def test_who_is_here_is_spoken_with(place: Place, manager: Actor) -> None:
    visit = place.booked(12, 20)
    visits.check_in(actor_of(Role.SONOGRAPHER), appointment_id=visit.pk)
    edit = _closed(place, manager)
    rebook_displaced()
    assert fates(edit) == {visit.pk: "on_site"}
    row = Displacement.objects.get()
    assert must_be_called(row)
    assert row.step is not None
    assert row.step.kind == "contact"


def test_a_visit_whose_shift_comes_back_stands_and_one_that_ended_is_let_be(place: Place, manager: Actor) -> None:
    stands, ended = place.booked(14), place.booked(16)
    edit = down(place, manager)
    room = Resource.objects.select_related("center").get(center=place.center, kind="room")
    apply(manager, AbsenceOver(resource=room, absence=room.absences.get().pk))
    visits.cancel(place.actor, appointment_id=ended.pk)
    rebook_displaced()
    assert fates(edit) == {stands.pk: "stands", ended.pk: "over"}


def test_a_crash_between_the_edit_and_the_rebooking_loses_nobody(
    place: Place, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_working_center("NEXT", at=NEAR)
    materialise(days=3)
    first, second = place.booked(13, 40), place.booked(14, 20)
    edit = _closed(place, manager)
    rows = list(Displacement.objects.order_by("id"))
    real: Any = rebooking._settled

    def dies(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(rebooking, "_settled", dies)
    with pytest.raises(KeyboardInterrupt):
        rebook(rows[0].pk)
    monkeypatch.undo()
    assert set(fates(edit).values()) == {"waiting"}
    assert rebooking.waiting_displaced() == 2
    rebook_displaced()
    assert fates(edit) == {first.pk: "moved", second.pk: "moved"}
    assert rebook_displaced() == 0
    assert Event.objects.filter(kind="appointment.rescheduled").count() == 2


@pytest.mark.parametrize("fault", [RuntimeError, IntegrityError])
def test_one_that_can_not_be_handled_is_left_to_a_person_and_holds_up_no_other(
    place: Place, manager: Actor, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    make_working_center("NEXT", at=NEAR)
    materialise(days=3)
    bad, good = place.booked(13, 40), place.booked(14, 20)
    real = other_times

    def failing(visit: Appointment) -> Any:
        if visit.pk == bad.pk:
            raise fault
        return real(visit)

    monkeypatch.setattr(rebooking, "other_times", failing)
    edit = _closed(place, manager)
    rebook_displaced()
    assert fates(edit) == {bad.pk: "left", good.pk: "moved"}
    assert Displacement.objects.get(appointment=bad).step is not None


def test_a_visit_is_not_moved_to_a_time_of_which_nobody_can_hear_before_it(place: Place, manager: Actor) -> None:
    episode = place.suspected()
    visit = book(place.actor, patient=episode.patient, slot=place.at(13, kind="consult"))
    set_clock(place.at(12, 50).starts_at)
    edit = down(place, manager, "clinician", hours=1)
    rebook_displaced()
    assert fates(edit) == {visit.pk: "moved"}
    visit.refresh_from_db()
    assert visit.starts_at == place.at(14).starts_at
