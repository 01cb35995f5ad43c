"""After the script: the decision, the words for the caller, and what is done while they are on the line."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.models import Episode, Role, Step
from scheduling.models import Appointment, Resource
from tests.factories import make_staff
from tests.network import Network
from tests.pages.calls import CLOT, CRAMPS, PAGE, script, stamp, take
from tests.pages.visitors import slots_on, words
from triage.models import Assessment, Whereabouts

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 12
#: A signed slot, as its form sends it.
HELD = re.compile(r'name="hold" value="(\d+)"')


@pytest.fixture
def rosa(network: Network) -> Client:
    client = Client()
    client.force_login(network.staff["rosa"])
    return client


def path(page: Any) -> str:
    """Where the outcome of the last call stands."""
    found: str = page.request["PATH_INFO"]
    assert re.fullmatch(r"/staff/script/\d+/", found), words(page)
    return found


def test_a_scan_offers_three_times_with_their_result_and_way_and_the_clock(rosa: Client) -> None:
    page = take(rosa, CLOT)
    text = words(page)
    assert "Scan today · tier 1" in text
    assert "You need a scan today." in text
    assert len({(each["center"], each["starts_at"]) for each in slots_on(page)}) == 3
    assert text.count("Your result by") == 3
    assert re.search(r"miles away, about \d+ minutes by car|Less than a mile away", text)
    assert "Scan by" in text
    assert "Result by" in text
    assert "R8: leg DVT suspected" in text
    assert "NICE NG158" in text
    episode = Episode.objects.get()
    for link in (f"/staff/episodes/{episode.pk}/", f"/staff/episodes/{episode.pk}/decisions/"):
        assert f'href="{link}"' in page.content.decode()


def test_a_time_is_booked_at_once(rosa: Client) -> None:
    page = take(rosa, CLOT)
    booked = rosa.post(f"{path(page)}book/", slots_on(page)[0], follow=True)
    assert "Your visit is booked: Today" in words(booked)
    visit = Appointment.objects.get(status="booked")
    assert visit.booked_by == booked.wsgi_request.user
    assert visit.episode == Episode.objects.get()
    assert not slots_on(booked)


def test_a_time_is_kept_then_booked_and_another_one_gives_it_back(rosa: Client) -> None:
    page = take(rosa, CLOT)
    here, (first, second) = path(page), (slots_on(page)[0], slots_on(page)[2])
    rosa.post(f"{here}hold/", first)
    kept = rosa.post(f"{here}hold/", second, follow=True)
    assert "Not booked yet." in words(kept)
    assert Appointment.objects.filter(status="held").count() == 1
    held = HELD.search(kept.content.decode())
    assert held is not None
    booked = rosa.post(f"{here}book/", {"hold": held[1]}, follow=True)
    assert "Your visit is booked" in words(booked)
    assert Appointment.objects.get(status="booked").starts_at.isoformat() == second["starts_at"]


def test_a_kept_time_is_given_back_and_one_that_ran_out_is_shown_no_more(rosa: Client) -> None:
    page = take(rosa, CLOT)
    here, slot = path(page), slots_on(page)[0]
    rosa.post(f"{here}hold/", slot)
    rosa.post(f"{here}release/")
    assert not Appointment.objects.filter(status="held").exists()
    rosa.post(f"{here}hold/", slot)
    clock.advance(timedelta(minutes=11))
    assert "Not booked yet." not in words(rosa.get(here))


def test_a_time_that_is_gone_is_told_on_the_page_with_the_next_ones(rosa: Client, network: Network) -> None:
    page = take(rosa, CLOT)
    slot = slots_on(page)[0]
    Resource.objects.filter(kind="sonographer", center=network.centers[slot["center"]]).update(active=False)
    answer = rosa.post(f"{path(page)}book/", slot | {"next": path(page)}, follow=True)
    assert answer.request["PATH_INFO"] == path(page)
    assert "on duty" in words(answer) or "does not offer" in words(answer) or "just taken" in words(answer)
    assert not Appointment.objects.filter(status="booked").exists()


def test_where_no_time_is_in_time_any_more_the_rule_decides(rosa: Client) -> None:
    page = take(rosa, CLOT | {"wells.active_cancer": "yes"})
    assert "Scan today" in words(page)
    Resource.objects.filter(kind="sonographer").update(active=False)
    empty = rosa.get(path(page))
    assert "No time is free here now." in words(empty)
    decided = rosa.post(f"{path(page)}none/", follow=True)
    assert "Go to the emergency room now" in words(decided)


def test_what_is_read_aloud_is_in_the_callers_language(rosa: Client) -> None:
    page = words(take(rosa, CLOT, language="es"))
    assert "Necesita un ultrasonido hoy." in page
    assert "Hoy, " in page
    assert page.count("Su resultado a más tardar a las") == 3
    assert "Scan by" in page
    assert "Your result by" not in page


def test_a_callback_says_who_calls_by_when_and_that_a_time_is_kept(rosa: Client) -> None:
    page = take(rosa, CLOT | {"context.anticoagulant": "therapeutic"})
    text = words(page)
    assert "Clinician calls (301) 555-0147 by" in text
    assert "A clinician calls you by" in text
    assert "Until then we keep a time for you at" in text
    assert not slots_on(page)
    assert "book the kept time" not in text


def test_a_clinician_may_book_the_time_that_is_kept_for_a_callback(rosa: Client, network: Network) -> None:
    page = take(rosa, CLOT | {"context.anticoagulant": "therapeutic"})
    clara = Client()
    clara.force_login(network.staff["clara"])
    shown = clara.get(path(page)).content.decode()
    held = HELD.search(shown)
    assert held is not None
    clara.post(f"{path(page)}book/", {"hold": held[1]})
    assert Appointment.objects.get(status="booked").episode == Episode.objects.get()


def test_emergency_advice_asks_where_they_are_and_shows_no_time(rosa: Client) -> None:
    page = take(rosa, CLOT | {"emergency.fainted": "yes"})
    text = words(page)
    assert "Call 911" in text
    assert "Where are you now?" in text
    assert "Is someone with you?" in text
    assert not slots_on(page)
    assert 'name="phone"' not in page.content.decode()
    told = rosa.post(f"{path(page)}where/", {"place": "In the kitchen", "accompanied": "no"}, follow=True)
    assert "In the kitchen" in words(told)
    assert "They are alone." in words(told)
    assert Whereabouts.objects.get().assessment == Assessment.objects.get()
    assert Step.objects.get(episode=Episode.objects.get()).kind == "arrival_call"


def test_with_a_number_given_only_then_the_episode_opens_and_the_call_is_owed(rosa: Client) -> None:
    call = stamp(rosa.get(PAGE))
    given_early = {"emergency.chest_pain": "yes", "contact.given_name": "Ines"}
    page = rosa.post(PAGE, given_early | {"call": call, "language": "es"}, follow=True)
    assert "¿Dónde está ahora?" in words(page)
    assert not Episode.objects.exists()
    here = path(page)
    wrong = rosa.post(f"{here}where/", {"place": "Casa", "accompanied": "yes", "phone": "1", "zip": "20770"})
    assert wrong.status_code == 422
    assert 'value="Casa"' in wrong.content.decode()
    given = {"place": "Casa", "accompanied": "yes", "phone": "301-555-0111", "zip": "20770"}
    told = rosa.post(f"{here}where/", given, follow=True)
    assert path(told) != here
    patient = Episode.objects.get().patient
    assert (str(patient), patient.phone) == ("Ines Caller", "+13015550111")
    assert Step.objects.get().kind == "arrival_call"


def test_a_consultation_offers_times_without_a_result(rosa: Client) -> None:
    page = take(rosa, CRAMPS)
    text = words(page)
    assert "Vascular consultation" in text
    assert "14 days" in text
    assert slots_on(page)
    assert "Your result by" not in text
    booked = rosa.post(f"{path(page)}book/", slots_on(page)[0], follow=True)
    assert "Your visit is booked" in words(booked)
    assert Episode.objects.get().kind == "consult"


def test_self_care_gives_the_advice_and_the_day_of_the_check_in(rosa: Client) -> None:
    well = {"limb": "both_legs", "history.cramps_frequent_or_sleep_loss": "no"}
    page = take(rosa, CRAMPS | well)
    text = words(page)
    assert "Self-care with a check-in" in text
    assert "Drink enough water." in text
    assert "to ask how you are" in text
    assert not slots_on(page)


def test_an_override_shows_on_the_page_and_takes_the_times_away(rosa: Client) -> None:
    page = take(rosa, CLOT)
    episode = Episode.objects.get()
    given = {"disposition": "ED_NOW", "reason": "Sounds worse now."}
    rosa.post(f"/staff/episodes/{episode.pk}/decisions/override/", given)
    after = rosa.get(path(page))
    assert "Emergency department now" in words(after)
    assert not slots_on(after)
    refused = rosa.post(f"{path(page)}book/", slots_on(page)[0] | {"next": path(page)}, follow=True)
    assert "lets nobody book a time" in words(refused)


def test_a_call_that_is_not_there_and_a_role_that_may_not(rosa: Client, network: Network) -> None:
    assert rosa.get(f"{PAGE}999999/").status_code == 404
    page = take(rosa, CRAMPS)
    ada = Client()
    ada.force_login(network.staff["ada"])
    assert ada.get(path(page)).status_code == 403
    sonographer = Client()
    sonographer.force_login(make_staff(Role.SONOGRAPHER))
    assert sonographer.get(path(page)).status_code == 200


@pytest.mark.parametrize(
    "answers",
    [CLOT, CRAMPS, CLOT | {"context.anticoagulant": "therapeutic"}, CLOT | {"emergency.fainted": "yes"}],
    ids=["scan", "consultation", "callback", "911"],
)
def test_a_page_of_a_call_is_light(rosa: Client, answers: dict[str, str]) -> None:
    pages = [path(take(rosa, answers)), PAGE]
    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            rosa.get(page)
        queries = [query["sql"] for query in asked.captured_queries if "clockoffset" not in query["sql"]]
        assert len(queries) <= MOST_QUERIES, "\n".join(query[:150] for query in queries)


def test_a_visit_kept_for_another_call_is_not_shown(rosa: Client) -> None:
    first = take(rosa, CLOT)
    rosa.post(f"{path(first)}hold/", slots_on(first)[0])
    call = stamp(rosa.get(PAGE))
    second = rosa.post(PAGE, script(CLOT | {"contact.given_name": "Ana"}, call=call), follow=True)
    assert "Not booked yet." not in words(second)
