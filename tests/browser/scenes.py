"""Visitors on the patient's pages off the straight way: refused, lost, sent to care, too late, at night.

Each scene leads them there without a browser, and yields what is then looked at in one.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from django.test import Client
from playwright.sync_api import Page

from clinic import clock
from clinic.models import Center
from scheduling.intake.overriding import override
from scheduling.models import Resource
from scheduling.pages.patient import screens
from tests.browser.test_patient_screens import speaking
from tests.factories import noon_tomorrow, set_clock
from tests.network import Network
from tests.pages.visitors import CLOT, DETAILS, answer_all, decide, slots_on
from triage.models import Decision
from triage.overriding import Target
from triage.urgency import Disposition

#: Every danger is certain here: where no time is in time, the emergency room is next.
PROVEN = CLOT | {"wells.entire_leg_swollen": "yes"}
BOTH_LEGS = CLOT | {
    "limb": "both_legs",
    "wells.bedridden_3d_or_surgery_12w": "no",
    "symptoms.pain_persistent": "no",
}
HERE = {"place": "At home, 12 Oak Street", "accompanied": "no", "phone": "301-555-0147", "zip": "20770"}


class Shot(NamedTuple):
    """A page to look at: whose it is, where, and what is done on it first."""

    name: str
    client: Client
    path: str
    act: Callable[[Page], None] | None = None


Scene = Callable[[Network, str], Iterator[Shot]]


def sends(form: str = "main form", **typed: str) -> Callable[[Page], None]:
    """Type, and send a form past what the browser would check, by its last button."""

    def act(page: Page) -> None:
        for name, value in typed.items():
            page.fill(f"[name='{name}']", value)
        with page.expect_navigation():
            page.locator(form).last.evaluate("form => { form.noValidate = true; form.requestSubmit() }")

    return act


def nobody_scans() -> None:
    Resource.objects.filter(kind="sonographer").update(active=False)


def questions(network: Network, language: str) -> Iterator[Shot]:
    """Left and come back to, not answered, answered so that it does not fit."""
    client = speaking(language)
    client.post("/check/1/", {"answer": "no"})
    yield Shot("landing unfinished", client, "/")
    yield Shot("question answered before", client, "/check/1/")
    yield Shot("address of a button", client, "/check/restart/")
    answer_all(client, CLOT | {"limb": "unknown"})
    yield Shot("clash", client, "/check/details/")
    yield Shot("details fault", client, "/check/details/", _stands_by_it)
    limb = screens.number_of("limb")
    client.post(f"/check/{limb}/", {"answer": "left_leg"})
    surgery = screens.number_of("kept.surgery_date")
    for number in (surgery, screens.number_of("patient.birth_date"), screens.number_of("kept.notes")):
        yield Shot(f"question {number} again", client, f"/check/{number}/")
    yield Shot("question date fault", client, f"/check/{surgery}/", _typed_date)
    client.post("/check/details/", DETAILS)
    yield Shot("landing decided", client, "/")
    binding = speaking(language)
    answer_all(binding, CLOT | {"kept.surgery_date": "2999-01-01", "kept.anesthesia": "unknown"})
    yield Shot("clash binding", binding, "/check/details/")


def _stands_by_it(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[name=answers_are_right]").click()
    sends()(page)


def _typed_date(page: Page) -> None:
    page.locator("input[type=date]").first.evaluate("field => { field.type = 'text'; field.value = 'in May' }")
    sends()(page)


def emergencies(network: Network, language: str) -> Iterator[Shot]:
    """Sent to emergency care: where they are is asked, and kept."""
    unknown = speaking(language)
    unknown.post("/check/1/", {"answer": "yes"})
    yield Shot("911 at once", unknown, "/check/next/")
    yield Shot("reach", unknown, "/check/reach/")
    yield Shot("reach fault", unknown, "/check/reach/", sends())
    unknown.post("/check/reach/", HERE)
    yield Shot("911 reached", unknown, "/check/next/")
    known = speaking(language)
    answer_all(known, CLOT | {"limb_threat.limb_cold": "yes"})
    yield Shot("reach known", known, "/check/reach/")
    known.post("/check/reach/", {"place": "In the car", "accompanied": "yes"})
    yield Shot("emergency room reached", known, "/check/next/")


def tomorrow(network: Network, language: str) -> Iterator[Shot]:
    """A clinician has spoken with the patient, and put the scan within 24 hours."""
    client = speaking(language)
    decide(client)
    override(
        network.actor("clara"),
        assessment_id=Decision.objects.get().assessment_id,
        target=Target(Disposition.NEXT_DAY_DVT_SCAN, interim_anticoagulant="given"),
        reason="Spoke with the patient.",
    )
    yield Shot("scan next day", client, "/check/next/")
    yield Shot("scan next day slots", client, "/slots/")


def consultation(network: Network, language: str) -> Iterator[Shot]:
    """Without the questions: asked for, chosen, kept, booked, put on a list for sooner, cancelled."""
    client = speaking(language)
    yield Shot("consultation", client, "/book/")
    yield Shot("consultation fault", client, "/book/", sends())
    client.post("/book/", {"none": "on", "zip": "20770"})
    yield Shot("consultation slots", client, "/slots/")
    yield Shot("consultation wait", client, "/slots/wait/")
    client.post("/slots/hold/", slots_on(client.get("/slots/"))[-1])
    yield Shot("consultation kept", client, "/slots/kept/")
    yield Shot("consultation kept fault", client, "/slots/kept/", sends(phone="12"))
    client.post("/slots/kept/", {**DETAILS, "phone": "301-555-0148"})
    yield Shot("consultation visit", client, "/visit/")
    client.post("/visit/sooner/", {"short_notice": "on"})
    yield Shot("consultation sooner", client, "/visit/")
    client.post("/visit/confirm/")
    yield Shot("consultation confirmed", client, "/visit/")
    yield Shot("consultation cancel", client, "/visit/cancel/")
    client.post("/visit/cancel/")
    yield Shot("consultation cancelled", client, "/visit/")


def times(network: Network, language: str) -> Iterator[Shot]:
    """A time that is lost while it is chosen or kept, one that is far away, none in time, none at all."""
    far = list(network.centers.values())[-1]
    Center.objects.filter(pk=far.pk).update(latitude=far.latitude + 0.85)
    client = speaking(language)
    decide(client)
    client.post("/slots/hold/", {"center": network.home.code, "starts_at": "2030-01-01T10:00:00-05:00"})
    yield Shot("time just taken", client, "/slots/")
    client.post("/slots/hold/", slots_on(client.get("/slots/"))[0])
    clock.advance(timedelta(minutes=11))
    yield Shot("time kept too long", client, "/slots/kept/")
    yield Shot("session over while booking", speaking(language), "/slots/kept/")
    Resource.objects.filter(kind="sonographer").exclude(center=far).update(active=False)
    yield Shot("further away in time", client, "/slots/none/")
    nobody_scans()
    yield Shot("none in time", client, "/slots/none/")
    routine = speaking(language)
    Resource.objects.filter(kind="clinician").update(active=False)
    routine.post("/book/", {"none": "on", "zip": "20770"})
    yield Shot("no consultation free", routine, "/slots/")
    yield Shot("no consultation anywhere", routine, "/slots/?all=yes")
    proven = speaking(language)
    decide(proven, PROVEN)
    yield Shot("none in time, proven", proven, "/check/next/")


def night(network: Network, language: str) -> Iterator[Shot]:
    """Outside of all hours."""
    set_clock(noon_tomorrow() + timedelta(hours=14))
    yield Shot("landing at night", speaking(language), "/")
    for name, answers in (
        ("clot", CLOT),
        ("proven clot", PROVEN),
        ("anticoagulant", CLOT | {"context.anticoagulant": "therapeutic"}),
        ("both legs", BOTH_LEGS),
    ):
        client = speaking(language)
        decide(client, answers)
        yield Shot(f"night {name}", client, "/check/next/")
        if name == "clot":
            yield Shot("night slots", client, "/slots/")
