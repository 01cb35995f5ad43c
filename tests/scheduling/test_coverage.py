"""Who pays never decides whether or when a rule-out is done; a routine visit's open questions are a step before it."""

from typing import Any

import pytest

from clinic import clock
from clinic.errors import Conflict, Invalid
from clinic.models import Coverage, Episode, Event, Role, Step, StepKind
from clinic.services.coverage import record_coverage
from clinic.services.episodes import close_episode
from scheduling.models import Appointment
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.holding import hold_slot
from scheduling.services.wanted import SlotChoice
from tests.factories import make_patient, tomorrow_at
from tests.pages.staff import Ward
from tests.pages.visitors import words

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]

UNSETTLED = [
    {"status": "unchecked"},
    {"status": "inactive"},
    {"status": "active", "authorization": "pending"},
    {"status": "self_pay"},
]
SETTLED = [
    {"status": "active"},
    {"status": "active", "authorization": "approved"},
    {"status": "self_pay", "estimate_cents": 24_900},
]


def _record(ward: Ward, episode: Episode, **said: Any) -> Coverage:
    return record_coverage(ward.actor(Role.REPRESENTATIVE), episode_id=episode.pk, **said)


def _consult(ward: Ward) -> Appointment:
    actor = ward.actor(Role.REPRESENTATIVE)
    choice = SlotChoice(ward.place.types["consult"], ward.place.center, tomorrow_at(15, days=1))
    hold = hold_slot(actor, slot=choice)
    return book(actor, patient=make_patient(), hold_id=hold.pk)


def _owed() -> list[Step]:
    return list(Step.objects.filter(kind=StepKind.COVERAGE, status="open"))


@pytest.mark.parametrize("said", UNSETTLED)
def test_a_rule_out_is_booked_and_scanned_whatever_the_coverage_says(ward: Ward, said: dict[str, Any]) -> None:
    visit = ward.place.booked(13)
    assert visit.episode is not None
    limits = (visit.episode.tier, visit.episode.scan_by, visit.episode.result_by)
    _record(ward, visit.episode, **said)
    sonographer = ward.actor(Role.SONOGRAPHER)
    visits.check_in(sonographer, appointment_id=visit.pk)
    assert visits.start(sonographer, appointment_id=visit.pk).status == "in_progress"
    visit.episode.refresh_from_db()
    assert (visit.episode.tier, visit.episode.scan_by, visit.episode.result_by) == limits
    assert _owed() == []


@pytest.mark.parametrize("said", UNSETTLED)
def test_what_is_open_of_a_routine_visit_is_a_step_before_it(ward: Ward, said: dict[str, Any]) -> None:
    visit = _consult(ward)
    assert visit.episode is not None
    _record(ward, visit.episode, **said)
    [step] = _owed()
    assert step.due_at is not None
    assert clock.now() < step.due_at < visit.starts_at
    visit.refresh_from_db()
    assert visit.status == "booked"


@pytest.mark.parametrize("said", SETTLED)
def test_what_is_settled_owes_nothing_and_ends_the_step(ward: Ward, said: dict[str, Any]) -> None:
    visit = _consult(ward)
    assert visit.episode is not None
    _record(ward, visit.episode, status="active", authorization="pending")
    assert _record(ward, visit.episode, **said).settled
    assert _owed() == []
    assert Step.objects.get(kind=StepKind.COVERAGE).outcome == "coverage_settled"


def test_it_is_owed_once(ward: Ward) -> None:
    visit = _consult(ward)
    assert visit.episode is not None
    for said in UNSETTLED:
        _record(ward, visit.episode, **said)
    assert len(_owed()) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"status": "platinum"}, "status"),
        ({"status": "active", "authorization": "perhaps"}, "authorization"),
        ({"status": "active", "estimate_cents": 100}, "estimate"),
        ({"status": "self_pay", "estimate_cents": -1}, "estimate"),
    ],
)
def test_what_makes_no_sense_names_the_field(ward: Ward, said: dict[str, Any], field: str) -> None:
    episode = ward.suspected()
    with pytest.raises(Invalid) as refused:
        _record(ward, episode, **said)
    assert set(refused.value.fields) == {field}
    assert not Coverage.objects.exists()


def test_of_a_closed_episode_nothing_is_recorded(ward: Ward) -> None:
    episode = ward.suspected()
    close_episode(ward.actor(Role.CLINICIAN), episode_id=episode.pk, reason="declined")
    with pytest.raises(Conflict):
        _record(ward, episode, status="active")


def test_the_event_says_codes_and_no_amount(ward: Ward) -> None:
    _record(ward, ward.suspected(), status="self_pay", estimate_cents=24_900)
    assert Event.objects.get(kind="coverage.recorded").codes == {
        "status": "self_pay",
        "authorization": "not_needed",
        "estimate": True,
    }


def test_page_and_api_are_twins(ward: Ward) -> None:
    episode = ward.suspected()
    rosa = ward.browser(Role.REPRESENTATIVE)
    page = f"/staff/episodes/{episode.pk}/coverage/"
    assert "Who pays never holds up a rule-out" in words(rosa.get(page))
    rosa.post(page, {"status": "self_pay", "authorization": "not_needed", "estimate": "249.50"})
    api = f"/api/v1/episodes/{episode.pk}/coverage/"
    assert rosa.get(api).json()["estimate_cents"] == 24_950
    wrong = rosa.post(
        api,
        {"status": "active", "estimate_cents": 5},
        content_type="application/json",
        headers={"Idempotency-Key": "c"},
    )
    assert wrong.json()["errors"][0]["field"] == "estimate"
    assert rosa.post(page, {"status": "active", "authorization": "pending", "estimate": "5"}).status_code == 422
