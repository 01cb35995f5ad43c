"""What the pages of staff look like when something is the matter: refused, overtaken, empty, full, on both screens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from clinic import clock
from clinic.models import License, Role, Staff, StepKind
from clinic.services.reports import Finding, finalize
from clinic.services.steps import open_step
from scheduling.models import Resource, ShiftEdit
from scheduling.services import visits
from scheduling.waitlist.tending import tend_waitlist
from tests.browser.conftest import PHONE
from tests.browser.desk import Desk
from tests.browser.pairs import pairs
from tests.browser.scenes_of_operators import sending, tables, texts
from tests.factories import make_center, make_patient, set_clock
from tests.kernel import make_wet_read, new_step
from tests.pages.staff import open_ward
from tests.scheduling.line import full, give_back, waits

WIDE = ViewportSize(width=1440, height=900)
BORN = "1970-01-01"
R = Role


def _a_day(desk: Desk) -> None:
    """Somebody late, somebody here without a signed order, somebody on the table, and a walk-in."""
    ward, center = desk.ward, desk.ward.place.center
    table, here, late = ward.place.booked(12, 20), ward.place.booked(13), ward.place.booked(14)
    sonographer = ward.actor(R.SONOGRAPHER)
    visits.check_in(sonographer, appointment_id=table.pk)
    visits.start(sonographer, appointment_id=table.pk)
    center.standing_protocol = False
    center.save()
    unsigned = ward.place.booked(15)
    for visit in (here, unsigned):
        visits.check_in(sonographer, appointment_id=visit.pk)
    set_clock(late.starts_at + timedelta(minutes=10))
    desk.go(R.SONOGRAPHER, "/staff/day/")
    desk.look("day full")
    desk.send(R.SONOGRAPHER, f"/staff/visits/{unsigned.pk}/start/", next="/staff/day/")
    desk.look("day start without an order")
    desk.go(R.SONOGRAPHER, f"/staff/visits/{unsigned.pk}/")
    desk.look("visit arrived without an order")
    desk.send(R.SONOGRAPHER, f"/staff/visits/{here.pk}/check-in/", next="/staff/day/")
    desk.look("day overtaken")
    desk.go(R.CLINICIAN, f"/staff/episodes/{unsigned.episode_id}/orders/")
    desk.look("orders unsigned")
    desk.send(R.SONOGRAPHER, f"/staff/visits/{table.pk}/complete/")
    desk.send(R.SONOGRAPHER, f"/staff/visits/{table.pk}/preliminary/", impression="positive")
    desk.look("visit preliminary refused")
    desk.send(R.SONOGRAPHER, f"/staff/visits/{table.pk}/preliminary/", impression="positive", side="left")
    desk.look("visit preliminary sent")
    desk.send(R.SONOGRAPHER, f"/staff/visits/{table.pk}/preliminary/", impression="negative", side="left")
    desk.look("preliminary kept")


def _a_walk_in(desk: Desk) -> None:
    """Somebody at the desk: asked, in danger, placed."""
    center = desk.ward.place.center
    walk_in = f"/staff/walk-in/{center.code}/"
    desk.go(R.REPRESENTATIVE, walk_in)
    desk.look("walk-in")
    desk.send(R.REPRESENTATIVE, walk_in)
    desk.look("walk-in refused")
    desk.send(R.REPRESENTATIVE, walk_in, emergency=["chest_pain"])
    desk.look("walk-in danger")
    desk.send(R.REPRESENTATIVE, walk_in, none="on")
    desk.look("walk-in place")


def _results(desk: Desk) -> None:
    """A positive one that is told, and one that is signed and sent."""
    ward = desk.ward
    positive = finalize(
        ward.actor(R.PHYSICIAN),
        report_id=ward.read("positive", 13).pk,
        finding=Finding(impression="", category="acute_proximal_dvt", side="left"),
    )
    desk.go(R.CLINICIAN, f"/staff/results/{positive.pk}/")
    desk.look("result signed")
    desk.send(R.CLINICIAN, f"/staff/results/{positive.pk}/call/", audience="patient", outcome="reached")
    desk.look("result call refused")
    desk.go(R.CLINICIAN, f"/staff/episodes/{positive.episode_id}/follow-up/")
    desk.look("treatment and plan")
    desk.send(R.CLINICIAN, f"/staff/episodes/{positive.episode_id}/follow-up/start/", **{"as": "dose"})
    desk.look("treatment refused")
    desk.go(R.CLINICIAN, f"/staff/episodes/{positive.episode_id}/")
    desk.look("episode with its plan")
    desk.send(R.CLINICIAN, f"/staff/episodes/{positive.episode_id}/close/", reason="ruled_out")
    desk.look("episode close refused")
    clear = ward.read("negative", 15)
    sign = {"category": "no_dvt_complete", "side": "left", "d_dimer": "unknown"}
    desk.send(R.PHYSICIAN, f"/staff/results/{clear.pk}/sign/", side="left")
    desk.look("sign refused")
    desk.send(R.PHYSICIAN, f"/staff/results/{clear.pk}/sign/", **sign)
    desk.send(R.REPRESENTATIVE, f"/staff/results/{clear.pk}/send/", next=f"/staff/results/{clear.pk}/")
    desk.look("result sent")
    desk.go(R.CLINICIAN, "/staff/results/")
    desk.look("results waiting and told")
    desk.go(R.CLINICIAN, f"/staff/patients/{clear.episode.patient_id}/texts/")
    desk.look("texts")


def _patients(desk: Desk) -> None:
    """Found, not found, known by two identifiers, locked, spoken for, merged."""
    desk.send(R.REPRESENTATIVE, "/staff/patients/", name="nobody at all")
    desk.look("patients none found")
    patient = make_patient(given_name="Jon", family_name="Smith", phone="+12405550191")
    other = make_patient(given_name="John", family_name="Smith", phone="+12405550191")
    desk.send(R.REPRESENTATIVE, "/staff/patients/", name="Smith")
    desk.look("patients found")
    desk.go(R.REPRESENTATIVE, "/staff/patients/new/")
    desk.look("register")
    desk.send(R.REPRESENTATIVE, "/staff/patients/new/", given_name="Jon")
    desk.look("register refused")
    path = f"/staff/patients/{patient.pk}/"
    desk.send(R.CLINICIAN, f"{path}merge/{other.pk}/")
    desk.look("merge refused")
    desk.send(R.CLINICIAN, f"{path}merge/{other.pk}/", reason="Same license.")
    desk.go(R.CLINICIAN, f"/staff/patients/{other.pk}/")
    desk.look("patient merged away")


def _who_it_is(desk: Desk) -> None:
    """Who speaks for a patient, who is on the phone, and who was told what."""
    ward, patient = desk.ward, make_patient(given_name="Jon", family_name="Smith", phone="+12405550191")
    make_patient(given_name="John", family_name="Smith", phone="+12405550191")
    path = f"/staff/patients/{patient.pk}/"
    desk.send(R.REPRESENTATIVE, f"{path}representatives/", kind="guardian", name="Elena")
    desk.look("representative refused")
    elena = {"kind": "helper", "name": "Elena", "phone": "240-555-0178", "language": "es"}
    desk.send(R.REPRESENTATIVE, f"{path}representatives/", **elena)
    desk.look("representatives")
    wrong = {"said_name": str(patient), "said_birth_date": "1970-01-02"}
    for tries_left in (2, 1, 0):
        desk.send(R.CLINICIAN, f"{path}identity/", **wrong)
        desk.look(f"identity {tries_left} tries left")
    desk.go(R.CLINICIAN, path)
    desk.look("patient locked and alike")
    report = ward.read("positive")
    make_wet_read(report)
    call = {"audience": "patient", "outcome": "reached", "told_to": "Ana", "read_back": "on"}
    said = {"said_name": str(report.episode.patient), "said_birth_date": BORN}
    desk.send(R.CLINICIAN, f"/staff/results/{report.pk}/call/", **call, **said)
    desk.go(R.CLINICIAN, f"/staff/patients/{report.episode.patient_id}/disclosures/")
    desk.look("disclosures")


def _managing(desk: Desk) -> None:
    """A unit, a center, a closure that is rehearsed and done; licenses, people, and a chart that was opened."""
    ward, center = desk.ward, desk.ward.place.center
    visit = ward.place.booked(14)
    unit = Resource.objects.get(center=center, kind="sonographer")
    desk.go(R.MANAGER, f"/staff/shifts/units/{unit.pk}/")
    desk.look("shifts of a unit")
    desk.go(R.MANAGER, f"/staff/shifts/center/?center={center.code}")
    desk.look("shifts of a center")
    closing = {"kind": "closure", "center": center.code, "on": str(clock.today(center.zone)), "reason": "Snow"}
    desk.send(R.MANAGER, "/staff/shifts/preview/", **closing)
    desk.look("closure rehearsed")
    desk.send(R.MANAGER, "/staff/shifts/preview/", **(closing | {"on": ""}))
    desk.look("closure refused")
    desk.send(R.MANAGER, "/staff/shifts/confirm/", **closing, displace="yes")
    desk.look("closure done")
    assert ShiftEdit.objects.exists()
    desk.go(R.MANAGER, "/staff/shifts/")
    desk.look("shifts with visits to rebook")
    person = ward.people[R.CLINICIAN]
    License.objects.create(staff=person, state="MD", expires_on=clock.today(center.zone) + timedelta(days=9))
    desk.send(R.ADMINISTRATOR, "/staff/people/", person="clinician")
    desk.look("people found")
    desk.send(R.ADMINISTRATOR, f"/staff/people/{person.pk}/end/")
    desk.look("account end refused")
    assert visit.patient is not None
    patient = visit.patient
    Staff.objects.filter(pk=ward.people[R.SONOGRAPHER].pk).update(home_center=make_center())
    desk.send(R.SONOGRAPHER, f"/staff/patients/{patient.pk}/open/", reason="")
    desk.look("open a chart refused")
    desk.send(R.SONOGRAPHER, f"/staff/patients/{patient.pk}/open/", reason="Came to our desk without an appointment.")
    desk.go(R.ADMINISTRATOR, "/staff/chart-reads/openings/")
    desk.look("openings to review")
    desk.go(R.ADMINISTRATOR, f"/staff/chart-reads/?patient={patient.pk}")
    desk.look("chart reads of a patient")
    desk.go(R.MANAGER, f"/staff/turnaround/?center={center.code}")
    desk.look("turnaround of a center")


def _waiting(desk: Desk) -> None:
    """A full day with its line, what is offered, and steps of which some are over."""
    ward = desk.ward
    episode = ward.suspected()
    new = new_step(StepKind.CALLBACK, owner_role=R.CLINICIAN, center_id=ward.place.center.pk)
    call = open_step(ward.actor(R.REPRESENTATIVE), episode=episode, new=new)
    desk.send(R.PHYSICIAN, f"/staff/steps/{call.pk}/done/", outcome="reached")
    desk.send(R.CLINICIAN, f"/staff/steps/{call.pk}/done/", outcome="reached")
    desk.look("step overtaken")
    kept = full(ward.place)
    waits(ward.place)
    desk.go(R.REPRESENTATIVE, f"/staff/episodes/{episode.pk}/ways/")
    desk.look("ways when all is full")
    give_back(list(kept.values())[3])
    tend_waitlist()
    desk.go(R.REPRESENTATIVE, "/staff/waitlist/")
    desk.look("waitlist with an offer")
    set_clock(clock.now() + timedelta(hours=2))
    desk.go(R.REPRESENTATIVE, "/staff/steps/")
    desk.look("worklist overdue")
    desk.go(R.REPRESENTATIVE, "/staff/console/")
    desk.look("console overdue")
    desk.go(R.REPRESENTATIVE, "/staff/steps/?mine=yes")
    desk.look("worklist empty")
    desk.send(R.REPRESENTATIVE, "/staff/referral/")
    desk.look("referral refused")


def _doors(desk: Desk) -> None:
    """The log-in, what is not there, and what is not for a role."""
    desk.go(R.SONOGRAPHER, "/staff/network/")
    desk.look("not for the role")
    desk.go(R.SONOGRAPHER, "/staff/steps/999999/")
    desk.look("not there")
    desk.go(R.SONOGRAPHER, "/staff/account/logout/")
    desk.look("log out")
    desk.go(R.SONOGRAPHER, "/staff/account/password/change/")
    desk.look("password")
    desk.go(R.PHYSICIAN, "/staff/account/2fa/totp/activate/")
    desk.look("second factor of an app")
    desk.context.clear_cookies()
    desk.page.goto(desk.site + "/staff/account/login/")
    desk.look("log-in")
    desk.page.locator("main input[name=login]").fill("rosa")
    desk.page.locator("main input[name=password]").fill("guessed")
    desk.page.locator("main form button").click()
    desk.look("log-in refused")


SCENES: dict[str, Callable[[Desk], None]] = {
    "a day": _a_day,
    "a walk-in": _a_walk_in,
    "results": _results,
    "patients": _patients,
    "who it is": _who_it_is,
    "managing": _managing,
    "waiting": _waiting,
    "doors": _doors,
    "tables": tables,
    "sending": sending,
    "texts": texts,
}


@pytest.mark.soak
@pytest.mark.parametrize(("scene", "screen"), pairs(list(SCENES), (WIDE, PHONE)))
def test_each_state_can_be_read_by_everybody(
    scene: str,
    screen: ViewportSize,
    transactional_db: None,
    live_server: LiveServer,
    context: BrowserContext,
    page: Page,
) -> None:
    page.set_viewport_size(screen)
    SCENES[scene](Desk(open_ward(), live_server.url, context, page, screen))
