"""What can't be offered crowds out nothing that can, and in a long line everybody's turn comes."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from scheduling.models import FreedTime
from scheduling.services.calendar import materialise
from scheduling.services.holding import hold_slot
from scheduling.waitlist import tending
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import make_working_center
from tests.scheduling.conftest import Place
from tests.scheduling.line import full, give_back, offered, open_offers, waits, waits_for_consult

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_times_of_the_day_do_not_hide_the_next_days_from_who_needs_notice(place: Place) -> None:
    make_working_center(at=(39.05, -76.88))
    make_working_center(at=(39.1, -76.88))
    materialise(days=3)
    waits_for_consult(place, short_notice=False)
    assert offered().starts_at >= clock.now() + timedelta(hours=24)


def test_who_stands_far_back_is_looked_at_though_time_always_comes_free(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tending, "MOST_LOOKED_AT", 1)
    full(place)
    waits(place)
    far_back = waits_for_consult(place)
    give_back(hold_slot(SYSTEM, slot=place.at(16, kind="consult")))
    assert FreedTime.objects.exists()
    tend_waitlist()
    assert [offer.entry for offer in open_offers()] == [far_back]
