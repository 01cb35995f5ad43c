"""Somebody who speaks a language: asked for by whoever searches, taken by the hold, kept, and never waited for."""

from typing import Any

import pytest

from clinic import clock
from clinic.access import Actor
from clinic.models import Role, Step, StepKind
from clinic.services.access_needs import Access, record_access
from scheduling.errors import LanguageNotSpoken, OutsideShift, SlotTaken
from scheduling.models import Appointment, Occupancy, Offer, Resource, ResourceKind
from scheduling.needs import NO_NEEDS, Needs
from scheduling.reserve import Release
from scheduling.selectors.add_ons import add_on_times
from scheduling.selectors.deadlines import of_episode
from scheduling.selectors.fitting import spoken_languages
from scheduling.selectors.search import SearchAnswer, search
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.editing import Down, apply
from scheduling.services.holding import hold_slot
from scheduling.services.rebooking import rebook_displaced
from scheduling.services.rescheduling import reschedule
from scheduling.services.reserves import set_reserve
from scheduling.services.wanted import SlotChoice
from scheduling.waitlist.answering import accept
from scheduling.waitlist.joining import Terms, join
from scheduling.waitlist.tending import tend_waitlist
from tests.factories import (
    actor_of,
    make_cover,
    make_resource,
    make_scanner,
    make_shift,
    make_working_center,
    tomorrow_at,
)
from tests.scheduling.conftest import Place, at_once, masks_match_the_rows, nothing_is_taken_twice
from tests.scheduling.test_weight import _asked

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
SPANISH = Needs(language="es")


def _sonographers(place: Place) -> list[Resource]:
    rows = Resource.objects.filter(center=place.center, kind=ResourceKind.SONOGRAPHER).select_related("staff")
    return list(rows.order_by("id"))


def _teach(person: Resource, *codes: str) -> Resource:
    assert person.staff is not None
    person.staff.languages = list(codes)
    person.staff.save(update_fields=["languages"])
    return person


@pytest.fixture
def speaker(place: Place) -> Resource:
    """Of two who scan the second, who would be taken last, speaks Spanish."""
    make_scanner(place.center)
    materialise(days=3)
    return _teach(_sonographers(place)[1], "es")


def _search(place: Place, needs: Needs = SPANISH, kind: str = "dvt_scan", **asked: Any) -> SearchAnswer:
    return search(place.types[kind], near_zip="20770", needs=needs, **asked)


def _with(place: Place, hour: int, needs: Needs = SPANISH, *, kind: str = "dvt_scan", minute: int = 0) -> SlotChoice:
    at = place.at(hour, minute, kind=kind)
    return SlotChoice(at.visit_type, at.center, at.starts_at, needs)


def _who(visit: Appointment) -> set[int]:
    taken = Occupancy.objects.filter(appointment=visit, live=True, resource__kind=ResourceKind.SONOGRAPHER)
    return set(taken.values_list("resource_id", flat=True))


def _booked(place: Place, hour: int = 14) -> Appointment:
    episode = place.suspected()
    return book(place.actor, patient=episode.patient, slot=_with(place, hour), episode=episode)


def test_a_language_is_kept_in_words_and_read_back() -> None:
    needs = Needs(arm=True, table=450, language="es")
    assert needs.codes == "arm table-450 language-es"
    assert Needs.named(needs.codes) == needs
    assert (SPANISH | Needs(lift=True)).codes == "lift language-es"
    assert (NO_NEEDS | SPANISH) == SPANISH
    everything = Needs(arm=True, iliac=True, wheelchair=True, lift=True, table=1000, language="asl")
    assert len(everything.codes) <= (Appointment._meta.get_field("needs").max_length or 0)


def test_a_time_is_found_only_where_somebody_speaks_it(place: Place) -> None:
    other = make_working_center("SPEAKS")
    materialise(days=3)
    _teach(Resource.objects.get(center=other, kind=ResourceKind.SONOGRAPHER), "ht", "es")
    answer = _search(place)
    assert {slot.center.code for slot in answer.slots} == {"SPEAKS"}
    assert [(each.center.code, each.reason) for each in answer.unavailable] == [
        (place.center.code, "capability_missing")
    ]
    assert {slot.center.code for slot in _search(place, NO_NEEDS).slots} == {"SPEAKS", place.center.code}


def test_somebody_of_another_kind_who_speaks_it_does_not_count(place: Place) -> None:
    _teach(Resource.objects.get(center=place.center, kind=ResourceKind.CLINICIAN), "es")
    assert not _search(place).slots
    assert _search(place, kind="consult").slots
    assert spoken_languages(place.types["dvt_scan"].takes) == {}
    assert spoken_languages(place.types["consult"].takes) == {"es": "Spanish"}


def test_a_time_at_which_the_one_who_speaks_it_is_taken_is_not_offered(place: Place, speaker: Resource) -> None:
    at = place.at(14).starts_at
    assert at in [slot.starts_at for slot in _search(place, limit=200).slots]
    _booked(place)
    assert at not in [slot.starts_at for slot in _search(place, limit=200).slots]
    assert at in [slot.starts_at for slot in _search(place, NO_NEEDS, limit=200).slots]


def test_the_hold_takes_the_one_who_speaks_it_and_another_takes_whoever_is_first(
    place: Place, speaker: Resource
) -> None:
    held = hold_slot(place.actor, slot=_with(place, 14))
    assert _who(held) == {speaker.pk}
    assert held.needs == "language-es"
    assert _who(hold_slot(place.actor, slot=_with(place, 15, NO_NEEDS))) == {_sonographers(place)[0].pk}


def test_what_nobody_there_speaks_is_not_held_and_says_so(place: Place) -> None:
    with pytest.raises(LanguageNotSpoken):
        hold_slot(place.actor, slot=_with(place, 14))
    assert not Appointment.objects.exists()


def test_of_two_who_want_the_same_speaker_one_gets_them(place: Place, speaker: Resource) -> None:
    actors = [actor_of(Role.REPRESENTATIVE) for _ in range(2)]

    def hold(actor: Actor) -> Any:
        return lambda: hold_slot(actor, slot=_with(place, 14))

    answers = at_once(*map(hold, actors))
    assert sorted(type(each).__name__ for each in answers) == ["Appointment", "SlotTaken"]
    assert nothing_is_taken_twice()
    assert masks_match_the_rows()
    # Who asks for no language still has the other one.
    hold_slot(place.actor, slot=_with(place, 14, NO_NEEDS))


def test_a_visit_that_moves_stays_with_somebody_who_speaks_it(place: Place, speaker: Resource) -> None:
    visit, other = _booked(place), _booked(place, 15)
    clinician = actor_of(Role.CLINICIAN)
    with pytest.raises(SlotTaken):
        reschedule(clinician, appointment_id=visit.pk, starts_at=other.starts_at)
    reschedule(clinician, appointment_id=visit.pk, starts_at=place.at(16).starts_at)
    assert _who(visit) == {speaker.pk}
    elsewhere = make_working_center()
    with pytest.raises(LanguageNotSpoken):
        reschedule(clinician, appointment_id=visit.pk, starts_at=place.at(17).starts_at, center=elsewhere)


def test_what_is_displaced_goes_to_another_who_speaks_it_rather_than_to_the_same_hour(
    place: Place, speaker: Resource
) -> None:
    make_scanner(place.center)
    materialise(days=3)
    third = _teach(_sonographers(place)[2], "es")
    visit = _booked(place)
    apply(actor_of(Role.MANAGER), Down(resource=speaker, until=tomorrow_at(20, days=0)), displace=True)
    rebook_displaced()
    visit.refresh_from_db()
    assert _who(visit) == {third.pk}
    assert visit.needs == "language-es"


def test_no_visit_is_lost_over_a_language_and_an_interpreter_is_arranged_instead(
    place: Place, speaker: Resource
) -> None:
    visit = _booked(place)
    assert visit.patient is not None
    record_access(place.actor, patient_id=visit.patient.pk, access=Access(interpreter="es"))
    apply(actor_of(Role.MANAGER), Down(resource=speaker, until=tomorrow_at(20, days=2)), displace=True)
    rebook_displaced()
    former = visit.starts_at
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at, visit.needs) == ("booked", former, "")
    assert _who(visit) == {_sonographers(place)[0].pk}
    assert Step.objects.filter(episode=visit.episode, kind=StepKind.LANGUAGE_LINE).exists()


def test_who_was_booked_in_their_language_has_an_interpreter_where_nobody_speaks_it(
    place: Place, speaker: Resource
) -> None:
    """Nothing is recorded of the patient: that they asked for a language when the visit was booked is enough."""
    visit = _booked(place)
    apply(actor_of(Role.MANAGER), Down(resource=speaker, until=tomorrow_at(20, days=2)), displace=True)
    rebook_displaced()
    assert Step.objects.filter(episode=visit.episode, kind=StepKind.LANGUAGE_LINE).exists()


def test_who_comes_sooner_to_where_nobody_speaks_their_language_has_an_interpreter(
    place: Place, speaker: Resource
) -> None:
    visit = _booked(place, 14)
    apply(actor_of(Role.MANAGER), Down(resource=speaker, until=tomorrow_at(13, 40, days=0)))
    terms = Terms(visit_type=visit.visit_type, zip="20770", visit_id=visit.pk)
    assert visit.patient is not None
    join(place.actor, patient=visit.patient, episode=visit.episode, terms=terms)
    tend_waitlist()
    accept(place.actor, offer_id=Offer.objects.get().pk)
    assert _who(visit) == {_sonographers(place)[0].pk}
    assert Step.objects.filter(episode=visit.episode, kind=StepKind.LANGUAGE_LINE).exists()


def test_who_reads_from_afar_interprets_for_nobody(place: Place) -> None:
    afar = make_cover(place.center, remote=True)
    materialise(days=3)
    for person in afar:
        _teach(person, "es")
    episode = place.suspected()
    record_access(place.actor, patient_id=episode.patient_id, access=Access(interpreter="es"))
    book(place.actor, patient=episode.patient, slot=place.at(14), episode=episode)
    assert Step.objects.filter(episode=episode, kind=StepKind.LANGUAGE_LINE).exists()


def test_an_earlier_scan_on_the_waitlist_waits_for_no_language(place: Place, speaker: Resource) -> None:
    visit = _booked(place, 15)
    assert visit.patient is not None
    assert visit.episode is not None
    terms = Terms(visit_type=visit.visit_type, zip="20770", visit_id=visit.pk)
    entry = join(place.actor, patient=visit.patient, episode=visit.episode, terms=terms)
    assert entry.needs == ""


def test_who_is_booked_with_somebody_who_speaks_their_language_needs_no_interpreter(
    place: Place, speaker: Resource
) -> None:
    episode = place.suspected()
    record_access(place.actor, patient_id=episode.patient_id, access=Access(interpreter="es"))
    book(place.actor, patient=episode.patient, slot=_with(place, 14), episode=episode)
    assert not Step.objects.filter(episode=episode, kind=StepKind.LANGUAGE_LINE).exists()


def test_what_is_recorded_of_a_patient_asks_for_nobody_by_itself(place: Place) -> None:
    episode = place.suspected()
    record_access(place.actor, patient_id=episode.patient_id, access=Access(interpreter="es"))
    visit = book(place.actor, patient=episode.patient, slot=place.at(14), episode=episode)
    assert visit.needs == ""


def test_when_the_one_who_speaks_it_is_off_nobody_is_on_duty(place: Place, speaker: Resource) -> None:
    apply(actor_of(Role.MANAGER), Down(resource=speaker, until=tomorrow_at(20, days=0)), displace=True)
    assert [slot for slot in _search(place).slots if slot.starts_at < tomorrow_at(20, days=0)] == []
    with pytest.raises(OutsideShift):
        hold_slot(place.actor, slot=_with(place, 14))


def test_who_comes_from_another_center_counts_where_they_come(place: Place) -> None:
    other = make_working_center("OTHER")
    visitor = _teach(Resource.objects.get(center=other, kind=ResourceKind.SONOGRAPHER), "es")
    materialise(days=3)
    visitor.days.update(center=place.center)
    assert {slot.center.code for slot in _search(place).slots} == {place.center.code}


def test_the_reserve_is_counted_by_all_who_scan_not_by_those_who_speak(place: Place, speaker: Resource) -> None:
    # More than fit with one person, fewer than with two.
    set_reserve(actor_of(Role.MANAGER), center=place.center, half="afternoon", scans=11, release=[Release(-600, 0)])
    slots = [slot.starts_at for slot in _search(place, kind="repeat_scan", limit=200).slots]
    assert place.at(16, kind="repeat_scan").starts_at in slots
    held = hold_slot(place.actor, slot=_with(place, 16, kind="repeat_scan"))
    assert _who(held) == {speaker.pk}


def test_an_add_on_is_offered_while_somebody_who_speaks_it_scans(place: Place, speaker: Resource) -> None:
    make_shift(make_resource(place.center, ResourceKind.OVERFLOW))
    materialise(days=3)
    deadline = of_episode(place.suspected())
    assert deadline is not None
    offered = [
        bool(add_on_times(deadline, near_zip="20770", within_miles=None, needs=needs))
        for needs in (NO_NEEDS, SPANISH, Needs(language="ht"))
    ]
    assert offered == [True, True, False]


def test_without_a_language_nothing_more_is_asked_of_the_database(place: Place, speaker: Resource) -> None:
    with _asked() as plain:
        _search(place, NO_NEEDS)
        hold_slot(place.actor, slot=_with(place, 14, NO_NEEDS))
    assert not [statement for statement in plain if "languages" in statement]
    with _asked() as spoken:
        _search(place)
    assert [statement for statement in spoken if "languages" in statement]
    assert clock.now() < place.at(14).starts_at
