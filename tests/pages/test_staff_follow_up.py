"""Treatment and plan on one page: what a clinician types becomes a record, and what is refused comes back as typed."""

from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.models import Episode, Role, Step, TherapyDecision, TreatmentStart, VillaltaScore
from clinic.models.treatment import CHECKLIST
from clinic.services.reports import Finding, finalize
from clinic.villalta import ITEMS
from tests.pages.staff import Ward
from tests.pages.visitors import words

pytestmark = pytest.mark.django_db


def _found(ward: Ward, category: str = "acute_proximal_dvt") -> Episode:
    report = ward.read("positive")
    finding = Finding(impression="", category=category, side="left")
    return finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding).episode


def _dose(episode: Episode, **changes: str) -> dict[str, str]:
    local = clock.now().astimezone(ZoneInfo(episode.center.zone))
    values = {
        "as": "dose",
        "drug": "apixaban",
        "first_dose_taken_at": f"{local:%Y-%m-%dT%H:%M:%S}",
        "dose_source": "starter_pack",
        "pack_lot": "A17",
        "pack_expires_on": "2099-01-01",
        **dict.fromkeys(CHECKLIST, "clear"),
    }
    return values | changes


def _page(episode: Episode) -> str:
    return f"/staff/episodes/{episode.pk}/follow-up/"


def test_the_step_of_treatment_leads_to_the_page_and_the_dose_ends_it(ward: Ward) -> None:
    episode = _found(ward)
    clara = ward.browser(Role.CLINICIAN)
    step = Step.objects.get(episode=episode, plan_code="treatment_start")
    assert _page(episode) in clara.get(f"/staff/steps/{step.pk}/").content.decode()
    answer = clara.post(_page(episode) + "start/", _dose(episode))
    assert answer.status_code == 302, answer.content.decode()
    page = clara.get(_page(episode)).content.decode()
    assert "First dose taken</strong>: Apixaban" in page
    assert "Call: the dose changes" in page
    assert TreatmentStart.objects.get().pack_lot == "A17"


def test_a_dose_without_its_pack_comes_back_as_it_was_typed(ward: Ward) -> None:
    episode = _found(ward)
    refused = ward.browser(Role.CLINICIAN).post(_page(episode) + "start/", _dose(episode, pack_lot=""))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Give the pack&#x27;s lot." in page
    assert '<option value="apixaban" selected>' in page
    assert not TreatmentStart.objects.exists()


def test_why_not_is_recorded_from_its_own_form(ward: Ward) -> None:
    episode = _found(ward)
    words = {"as": "untreated", "not_treated_reason": "bleeding", "statement": "Ulcer last week."}
    ward.browser(Role.PHYSICIAN).post(_page(episode) + "start/", words)
    assert TreatmentStart.objects.get().route == "not_treated"


def test_score_and_decision_are_recorded_and_what_is_open_is_listed(ward: Ward) -> None:
    episode = _found(ward)
    clara = ward.browser(Role.CLINICIAN)
    assert "Nobody has decided to stop treatment." in clara.get(_page(episode)).content.decode()
    day = clock.today(episode.center.zone).isoformat()
    clara.post(_page(episode) + "score/", {"scored_on": day, **dict.fromkeys(ITEMS, "1")})
    assert VillaltaScore.objects.get().total == 11
    clara.post(_page(episode) + "decide/", {"choice": "extend", "reason": "Unprovoked"})
    assert TherapyDecision.objects.get().choice == "extend"
    assert "reviewed every year" in clara.get(_page(episode)).content.decode()


def test_a_watched_clot_is_treated_after_all(ward: Ward) -> None:
    episode = _found(ward, "isolated_distal_dvt")
    ward.browser(Role.CLINICIAN).post(_page(episode) + "revise/", {"treated": "on"})
    assert Step.objects.filter(episode=episode, plan_code="treatment_start", status="open").exists()


def test_a_signature_that_comes_too_soon_is_told_what_is_open(ward: Ward) -> None:
    episode = _found(ward)
    refused = ward.browser(Role.CLINICIAN).post(f"/staff/episodes/{episode.pk}/close/", {"reason": "risk_passed"})
    assert refused.status_code == 422
    assert "nobody has decided to stop treatment" in refused.content.decode()


def test_who_need_not_know_the_finding_does_not_see_the_page(ward: Ward) -> None:
    episode = _found(ward)
    assert ward.browser(Role.REPRESENTATIVE).get(_page(episode)).status_code == 403


def test_a_plan_of_ten_steps_is_one_line_of_the_timeline(ward: Ward) -> None:
    episode = _found(ward)
    page = words(ward.browser(Role.CLINICIAN).get(f"/staff/episodes/{episode.pk}/"))
    assert "3 × follow-up call, 5 × follow-up visit, repeat scan" in page
    assert page.count("Next step: follow-up visit") == 0


def test_a_step_of_the_plan_says_within_which_days_it_may_happen(ward: Ward) -> None:
    episode = _found(ward)
    step = Step.objects.get(episode=episode, plan_code="visit_d7_14")
    assert step.window_start is not None
    assert step.window_end is not None
    zone = ZoneInfo(episode.center.zone)
    first, last = step.window_start.astimezone(zone), step.window_end.astimezone(zone)
    page = words(ward.browser(Role.CLINICIAN).get(f"/staff/episodes/{episode.pk}/follow-up/"))
    assert f"{first:%b} {first.day} to {last:%b} {last.day}" in page
