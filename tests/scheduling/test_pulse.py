"""After a downtime nobody counts as not come before the papers can be entered; a moved clock is no downtime."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.models import Role
from scheduling.models import Appointment, Pulse
from scheduling.services.back_entry import Happened, enter_back
from scheduling.services.pulse import DOWN_AFTER, ENTERED_WITHIN, beat, last_downtime
from scheduling.services.sweeps import mark_no_shows, next_no_show, unmarked_no_shows
from tests.factories import set_clock
from tests.pages.staff import Ward


def _silent(span: timedelta) -> None:
    """Let the sweeps have been silent for so long."""
    beat()
    Pulse.objects.update(at=clock.real_now() - span)


def test_who_came_in_a_downtime_is_entered_before_they_count_as_not_come(ward: Ward) -> None:
    came, did_not = ward.place.booked(13), ward.place.booked(14)
    set_clock(came.starts_at + timedelta(minutes=100))
    _silent(timedelta(minutes=110))
    assert mark_no_shows() == 0
    assert unmarked_no_shows() == 0
    down = last_downtime()
    assert down is not None
    assert next_no_show(clock.now()) == down.entered_by
    happened = Happened(arrived_at=came.starts_at)
    assert enter_back(ward.actor(Role.SONOGRAPHER), appointment_id=came.pk, happened=happened)[0].outcome == "applied"
    set_clock(clock.now() + ENTERED_WITHIN + timedelta(minutes=1))
    assert mark_no_shows() == 1
    assert Appointment.objects.get(pk=did_not.pk).status == "no_show"
    assert Appointment.objects.get(pk=came.pk).status == "arrived"


@pytest.mark.parametrize("moved", [timedelta(0), timedelta(hours=5)])
def test_a_short_pause_and_a_moved_clock_are_no_downtime(ward: Ward, moved: timedelta) -> None:
    visit = ward.place.booked(13)
    _silent(DOWN_AFTER - timedelta(minutes=1))
    set_clock(visit.starts_at + timedelta(hours=1) + moved)
    assert mark_no_shows() == 1
    assert last_downtime() is None
