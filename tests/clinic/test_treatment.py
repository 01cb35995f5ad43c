"""Treatment starts by a dose taken, an ED that accepted, or a clinician who says why not: never by a prescription."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import Episode, Event, Plan, Step, TreatmentStart
from clinic.models.treatment import CHECKLIST
from clinic.selectors.closing import conditions_of
from clinic.services import therapy, treatment
from clinic.services.episodes import OpenConditions, close_episode
from clinic.services.plans import revise_plan
from clinic.services.reports import Finding, amend, finalize, record_preliminary
from clinic.services.steps import complete_step
from clinic.services.treatment import Acceptance, FirstDose, NotTreated
from clinic.services.worklist import finish
from clinic.villalta import ITEMS
from tests.factories import set_clock
from tests.kernel import acting, make_episode, make_scan

pytestmark = pytest.mark.django_db
CHECKED = dict.fromkeys(CHECKLIST, "clear")


def _found(category: str = "acute_proximal_dvt") -> Episode:
    episode = make_episode(SYSTEM)
    scan = make_scan(SYSTEM, episode)
    seen = Finding(impression="positive", side="left")
    report = record_preliminary(acting("sonographer"), step_id=scan.pk, finding=seen, scan_ended_at=clock.now())
    finalize(acting("physician"), report_id=report.pk, finding=Finding(impression="", category=category, side="left"))
    return episode


def _dose(**changes: object) -> FirstDose:
    dose = FirstDose(
        drug="apixaban",
        taken_at=clock.now(),
        source="starter_pack",
        pack_lot="A17",
        pack_expires_on=date(2100, 1, 1),
        checklist=CHECKED,
    )
    return replace(dose, **changes)  # type: ignore[arg-type]


def _step(episode: Episode, code: str) -> Step:
    return Step.objects.filter(episode=episode, plan_code=code).order_by("-id")[0]


def test_the_first_dose_ends_the_step_and_raises_the_change_of_dose() -> None:
    episode = _found()
    clinician = acting("clinician")
    row = treatment.record_start(clinician, episode_id=episode.pk, start=_dose())
    assert (row.route, row.by_id) == ("first_dose", clinician.id)
    assert (_step(episode, "treatment_start").status, _step(episode, "treatment_start").outcome) == (
        "done",
        "first_dose",
    )
    change = _step(episode, "dose_change_d7")
    assert (change.kind, change.status) == ("dose_change", "open")
    assert _step(episode, "call_d5_7").outcome == "dose_change_instead"
    assert Event.objects.filter(kind="treatment.recorded", episode=episode).count() == 1


def test_rivaroxaban_changes_on_day_21_counted_from_the_first_dose() -> None:
    episode = _found()
    set_clock(clock.now() + timedelta(days=2))
    treatment.record_start(acting("clinician"), episode_id=episode.pk, start=_dose(drug="rivaroxaban"))
    change = _step(episode, "dose_change_d21")
    anchor = Plan.objects.get(episode=episode).anchor
    assert change.due_at is not None
    assert (change.due_at.date() - anchor).days == 23
    assert _step(episode, "call_d5_7").status == "open"


@pytest.mark.parametrize("drug", ["warfarin", "lmwh", "other"])
def test_a_drug_without_a_change_raises_none(drug: str) -> None:
    episode = _found()
    treatment.record_start(acting("clinician"), episode_id=episode.pk, start=_dose(drug=drug))
    assert not Step.objects.filter(episode=episode, kind="dose_change").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": "prescription"}, "dose_source"),
        ({"source": "pharmacy"}, "pharmacy"),
        ({"pack_lot": " "}, "pack_lot"),
        ({"pack_expires_on": date(2020, 1, 1)}, "pack_expires_on"),
        ({"drug": "aspirin"}, "drug"),
        ({"checklist": CHECKED | {"kidneys": ""}}, "kidneys"),
    ],
)
def test_a_dose_without_its_facts_starts_nothing(changes: dict[str, object], field: str) -> None:
    episode = _found()
    with pytest.raises(Invalid) as refused:
        treatment.record_start(acting("clinician"), episode_id=episode.pk, start=_dose(**changes))
    assert field in refused.value.fields
    assert _step(episode, "treatment_start").status == "open"


def test_a_dose_of_the_future_or_from_before_the_episode_is_refused() -> None:
    episode = _found()
    for at in (clock.now() + timedelta(minutes=5), episode.opened_at - timedelta(minutes=5)):
        with pytest.raises(Invalid):
            treatment.record_start(acting("clinician"), episode_id=episode.pk, start=_dose(taken_at=at))


def test_a_tick_in_the_worklist_never_starts_treatment() -> None:
    episode = _found()
    with pytest.raises(Conflict) as refused:
        finish(acting("clinician"), step_id=_step(episode, "treatment_start").pk, outcome="done")
    assert refused.value.code == "ended_elsewhere"


def test_an_acceptance_ends_handover_and_start_and_has_somebody_ask_for_the_arrival() -> None:
    episode = _found("acute_iliofemoral_threatened")
    gone = Acceptance(facility="County Hospital", acceptor="Dr. Lee", departed_at=clock.now())
    treatment.record_start(acting("clinician"), episode_id=episode.pk, start=gone)
    assert {_step(episode, code).status for code in ("handover", "treatment_start")} == {"done"}
    assert Step.objects.filter(episode=episode, kind="arrival_call", status="open").exists()


def test_a_dose_does_not_end_the_handover_of_a_threatened_limb() -> None:
    episode = _found("acute_iliofemoral_threatened")
    treatment.record_start(acting("clinician"), episode_id=episode.pk, start=_dose(drug="lmwh", source="on_site"))
    assert _step(episode, "handover").status == "open"


def test_an_acceptance_without_acceptor_or_with_an_arrival_before_departure_is_refused() -> None:
    episode = _found()
    now = clock.now()
    for start, field in (
        (Acceptance(facility="County Hospital", acceptor="", departed_at=now), "acceptor"),
        (
            Acceptance(facility="C", acceptor="D", departed_at=now, arrived_at=now - timedelta(minutes=1)),
            "arrived_at",
        ),
    ):
        with pytest.raises(Invalid) as refused:
            treatment.record_start(acting("clinician"), episode_id=episode.pk, start=start)
        assert field in refused.value.fields


def test_why_no_treatment_begins_is_said_in_the_clinicians_own_words() -> None:
    episode = _found()
    with pytest.raises(Invalid):
        treatment.record_start(
            acting("clinician"), episode_id=episode.pk, start=NotTreated(reason="bleeding", statement=" ")
        )
    why = NotTreated(reason="bleeding", statement="Bled from an ulcer last week; filter discussed.")
    treatment.record_start(acting("clinician"), episode_id=episode.pk, start=why)
    assert _step(episode, "treatment_start").outcome == "not_treated"


@pytest.mark.parametrize("role", ["representative", "sonographer", "manager", "administrator"])
def test_only_a_clinician_or_physician_records_it(role: str) -> None:
    episode = _found()
    with pytest.raises(Forbidden):
        treatment.record_start(acting(role), episode_id=episode.pk, start=_dose())


def test_treatment_starts_once_and_only_where_it_is_owed() -> None:
    episode = _found()
    treatment.record_start(acting("clinician"), episode_id=episode.pk, start=_dose())
    with pytest.raises(Conflict) as again:
        treatment.record_start(acting("clinician"), episode_id=episode.pk, start=_dose())
    assert again.value.code == "treatment_started"
    with pytest.raises(Conflict) as never:
        treatment.record_start(acting("clinician"), episode_id=make_episode(SYSTEM).pk, start=_dose())
    assert never.value.code == "no_treatment_owed"
    assert TreatmentStart.objects.count() == 1


def test_an_amendment_asks_for_no_dose_twice() -> None:
    episode = _found("svt_near_sfj")
    treatment.record_start(acting("clinician"), episode_id=episode.pk, start=_dose())
    finding = Finding(impression="", category="acute_proximal_dvt", side="left", reason="Second look")
    amend(acting("physician"), report_id=episode.reports.get().pk, finding=finding)
    assert Step.objects.filter(episode=episode, plan_code="treatment_start").count() == 1
    assert Step.objects.get(episode=episode, plan_code="dose_change_d7").status == "open"
    assert Step.objects.filter(episode=episode, plan_code="visit_1_month").count() == 1


def test_a_clinician_who_treats_a_watched_clot_revises_the_plan() -> None:
    episode = _found("isolated_distal_dvt")
    revise_plan(acting("clinician"), episode_id=episode.pk, changes={"treated": True})
    assert _step(episode, "treatment_start").status == "open"
    assert (_step(episode, "scan_d14").status, _step(episode, "scan_d14").outcome) == ("cancelled", "plan_revised")
    assert Step.objects.filter(episode=episode, plan_code="call_d1").count() == 1
    with pytest.raises(Invalid):
        revise_plan(acting("clinician"), episode_id=episode.pk, changes={"equivocal": True})


def test_three_months_end_in_a_decision_and_stopping_in_a_scan_and_a_clear_check() -> None:
    episode = _found()
    clinician = acting("clinician")
    treatment.record_start(clinician, episode_id=episode.pk, start=_dose())
    set_clock(clock.now() + timedelta(days=90))
    complete_step(clinician, step=_step(episode, "visit_3_months"), outcome="visit_completed")
    decision = _step(episode, "stop_or_extend")
    with pytest.raises(Conflict):
        finish(clinician, step_id=decision.pk, outcome="done")
    last = clock.today(episode.center.zone)
    therapy.decide_therapy(clinician, episode_id=episode.pk, choice="stop", reason="Provoked", last_dose_on=last)
    decision.refresh_from_db()
    assert (decision.status, decision.outcome) == ("done", "stop")
    check = _step(episode, "clear_check")
    assert check.window_start is not None
    assert check.window_end is not None
    zone = episode.center.zone
    assert 28 <= (check.window_start.date() - last).days <= 29, zone
    assert 42 <= (check.window_end.date() - last).days <= 43
    with pytest.raises(OpenConditions) as refused:
        close_episode(clinician, episode_id=episode.pk, reason="risk_passed")
    codes = [each["code"] for each in refused.value.extra["conditions"]]  # type: ignore[attr-defined]
    assert codes[-2:] == ["no_end_scan", "no_clear_check"]
    assert Event.objects.get(kind="episode.closing_refused", episode=episode).codes["conditions"] == codes


def test_extended_therapy_is_reviewed_year_after_year() -> None:
    episode = _found()
    clinician = acting("clinician")
    therapy.decide_therapy(clinician, episode_id=episode.pk, choice="extend", reason="Unprovoked")
    for _ in range(3):
        review = _step(episode, "yearly_review")
        assert review.status == "open"
        set_clock(review.due_at or clock.now())
        complete_step(clinician, step=review, outcome="visit_completed")
        assert _step(episode, "stop_or_extend").status == "open"
        therapy.decide_therapy(clinician, episode_id=episode.pk, choice="extend", reason="Unprovoked")
    assert "therapy_extended" in [each.code for each in conditions_of(episode)]


def test_a_decision_needs_its_last_dose_its_reason_and_a_treatment() -> None:
    episode = _found()
    clinician = acting("clinician")
    with pytest.raises(Invalid) as refused:
        therapy.decide_therapy(clinician, episode_id=episode.pk, choice="stop", reason=" ")
    assert set(refused.value.fields) == {"last_dose_on", "reason"}
    with pytest.raises(Conflict):
        therapy.decide_therapy(clinician, episode_id=_found("svt_short").pk, choice="extend", reason="x")


def test_the_score_of_three_months_keeps_its_day_and_its_source() -> None:
    episode = _found()
    items = dict.fromkeys(ITEMS, 1)
    today = clock.today(episode.center.zone)
    row = therapy.record_villalta(acting("clinician"), episode_id=episode.pk, scored_on=today, items=items, ulcer=False)
    assert (row.total, row.severity, row.scored_on) == (11, "moderate", today)
    assert "Kahn" in row.source
