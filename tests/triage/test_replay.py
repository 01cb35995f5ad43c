"""Rerunning stored intakes under another version: who would have been sent elsewhere, like compared with like."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import EpisodeKind, Role, StepKind
from clinic.services.episodes import open_episode
from clinic.services.steps import NewStep
from tests.factories import actor_of, make_center, make_patient, make_zip, set_clock, tomorrow_at
from tests.triage.factories import answers
from triage import selectors
from triage.answers import Answers, Site, parse
from triage.decision import Decision
from triage.models import Assessment, DecisionSource, Occasion
from triage.overriding import Target
from triage.questionnaire import with_skipped
from triage.rules import RULES_VERSION, RuleSet, decide, needed, registry
from triage.services.recording import Answered, record_assessment, record_decision, record_further
from triage.urgency import Disposition

pytestmark = pytest.mark.django_db

SITE = Site(90, upper_extremity=True, iliac_duplex=True)
TIER_1: dict[str, Any] = {"symptoms__swelling": "yes", "wells__active_cancer": "yes"}
TIER_2: dict[str, Any] = {"symptoms__swelling": "yes"}
OTHER = "9999.1"


@pytest.fixture
def other_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Answers], Decision]], None]:
    """Register another version beside the one in force."""

    def register(table: Callable[[Answers], Decision]) -> None:
        monkeypatch.setattr(registry, "RULE_SETS", {**registry.RULE_SETS, OTHER: RuleSet(OTHER, table)})

    return register


def stored(site: Site = SITE, *, source: DecisionSource = DecisionSource.RULES, **changes: Any) -> Assessment:
    """An intake as the pages keep it, with what the table said of it and of this offer."""
    raw = with_skipped(answers(**changes))
    assessment = recorded(raw)
    read = replace(parse(raw, on=assessment.at.date()), site=site)
    record_decision(SYSTEM, assessment=assessment, decision=decide(read), source=source, site=site)
    return assessment


def recorded(raw: dict[str, Any], **fields: Any) -> Assessment:
    return record_assessment(
        SYSTEM,
        answered=Answered(raw_answers=raw, language="en", answered_by="patient", first_answer_at=clock.now()),
        **fields,
    )


def replayed(version: str = RULES_VERSION, **options: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The lines of the report, and its summary."""
    out = StringIO()
    call_command("replay", version=version, stdout=out, stderr=StringIO(), **options)
    *lines, last = [json.loads(line) for line in out.getvalue().splitlines()]
    return lines, last["summary"]


def to_consult(read: Answers) -> Decision:
    """Rules that send every scan to a consultation instead."""
    decision = decide(read)
    if decision.disposition is not Disposition.SAME_DAY_DVT_SCAN:
        return decision
    return replace(
        decision,
        disposition=Disposition.VASCULAR_CONSULT,
        tier=None,
        within_minutes=None,
        within_days=14,
        rule="R10",
        version=OTHER,
    )


def to_emergency_care(read: Answers) -> Decision:
    """Rules that send every consultation to the emergency department."""
    decision = decide(read)
    if decision.disposition is not Disposition.VASCULAR_CONSULT:
        return decision
    return replace(decision, disposition=Disposition.ED_NOW, within_minutes=60, within_days=None, version=OTHER)


def test_the_version_that_decided_sends_nobody_elsewhere() -> None:
    for changes in ({}, TIER_1, TIER_2, {"emergency__fainted": "yes"}, {"history__smoking": "yes"}):
        stored(**changes)
    lines, summary = replayed()
    assert lines == []
    assert (summary["compared"], summary["sent_elsewhere"], summary["not_reproduced"]) == (5, 0, 0)


def test_another_version_tells_who_would_have_been_sent_elsewhere(other_rules: Any) -> None:
    other_rules(to_consult)
    stored()
    first, second = stored(**TIER_1), stored(**TIER_2)
    lines, summary = replayed(OTHER)
    assert [(line["assessment"], line["change"]) for line in lines] == [(first.pk, "lowered"), (second.pk, "lowered")]
    assert lines[0]["from"] == {
        "disposition": "SAME_DAY_DVT_SCAN",
        "tier": 1,
        "within_minutes": 240,
        "within_days": None,
        "hold_slot": False,
        "rule": "R8",
        "version": RULES_VERSION,
    }
    assert (lines[0]["to"]["disposition"], lines[0]["to"]["rule"]) == ("VASCULAR_CONSULT", "R10")
    assert (summary["compared"], summary["raised"], summary["lowered"]) == (3, 0, 2)
    assert summary["moves"] == [
        {"from": "SAME_DAY_DVT_SCAN, tier 1", "to": "VASCULAR_CONSULT", "count": 1},
        {"from": "SAME_DAY_DVT_SCAN, tier 2", "to": "VASCULAR_CONSULT", "count": 1},
    ]


def test_who_would_have_been_seen_sooner_is_told_as_raised(other_rules: Any) -> None:
    other_rules(to_emergency_care)
    assessment = stored(history__smoking="yes")
    lines, summary = replayed(OTHER)
    assert [(line["assessment"], line["change"]) for line in lines] == [(assessment.pk, "raised")]
    assert summary["raised"] == 1


def test_a_line_holds_ids_and_codes_and_nothing_that_was_said(other_rules: Any) -> None:
    other_rules(to_consult)
    stored(**TIER_1, kept={"notes": "my leg is blue"})
    ((line,), _) = replayed(OTHER)
    assert set(line) == {"assessment", "change", "from", "to", "reproduced", "offer_assumed"}
    assert set(line["from"]) == set(line["to"])
    assert not {"symptoms", "swelling", "notes", "blue"} & set(json.dumps(line).replace('"', " ").split())


def test_the_stored_offer_is_used_not_that_of_today() -> None:
    assessment = stored(Site(241, upper_extremity=True, iliac_duplex=True), source=DecisionSource.FALLBACK, **TIER_1)
    assert assessment.decisions.get().disposition == "ED_NOW"
    assert replayed()[1]["sent_elsewhere"] == 0


def test_where_nothing_was_searched_the_other_rules_say_what_they_would_need(other_rules: Any) -> None:
    other_rules(lambda read: decide(replace(read, symptoms=replace(read.symptoms, swelling=read.symptoms.cramps))))
    site = Site(None, upper_extremity=True, iliac_duplex=True)
    assessment = stored(site, wells__active_cancer="yes", onset_days=40, worsening="yes")
    assert assessment.decisions.get().disposition == "CLINICIAN_CALLBACK"
    ((line,), _) = replayed(OTHER)
    assert (line["to"]["disposition"], line["to"]["tier"]) == ("SAME_DAY_DVT_SCAN", 1)
    assert line["offer_assumed"] is True


def test_a_danger_sign_not_known_is_not_taken_for_a_search_that_found_nothing() -> None:
    raw = answers(**TIER_1, emergency__fainted="unknown")
    assessment = recorded(raw)
    site = Site(None, upper_extremity=True, iliac_duplex=True)
    first = needed(replace(parse(raw, on=None), site=site))
    record_decision(SYSTEM, assessment=assessment, decision=first, source=DecisionSource.RULES, site=site)
    lines, summary = replayed()
    assert (lines, summary["not_reproduced"]) == ([], 0)


def test_answers_that_a_program_sent_without_what_follows_are_read_as_they_were() -> None:
    raw = answers(**TIER_2, patient={"age": 50, "sex": "M"})
    del raw["context"]["pregnant"]
    assessment = recorded(raw)
    decision = decide(replace(parse(raw, on=None), site=SITE))
    assert decision.tier == 1
    record_decision(SYSTEM, assessment=assessment, decision=decision, source=DecisionSource.RULES, site=SITE)
    assert replayed()[1]["sent_elsewhere"] == 0


def test_what_the_roster_or_a_person_made_of_it_is_left_out() -> None:
    assessment = stored(**TIER_1)
    row = assessment.decisions.get()
    clinician = actor_of(Role.CLINICIAN)
    lowered = record_further(
        clinician,
        before=row,
        target=Target(Disposition.VASCULAR_CONSULT),
        source=DecisionSource.OVERRIDE,
        clause="OVERRIDE.lowered",
        reason="Seen.",
    )
    for source in (DecisionSource.ROSTER, DecisionSource.UNREACHED):
        lowered = record_further(
            SYSTEM, before=lowered, target=Target(Disposition.ED_NOW), source=source, clause="ROSTER.ed"
        )
    assert replayed()[1]["sent_elsewhere"] == 0


def test_the_fallback_stands_for_the_search_that_it_followed() -> None:
    raw = answers(**TIER_1)
    assessment = recorded(raw)
    none = Site(None, upper_extremity=True, iliac_duplex=True)
    read = replace(parse(raw, on=None), site=none)
    record_decision(SYSTEM, assessment=assessment, decision=needed(read), source=DecisionSource.RULES, site=none)
    record_decision(SYSTEM, assessment=assessment, decision=decide(read), source=DecisionSource.FALLBACK, site=none)
    lines, summary = replayed()
    assert (lines, summary["compared"], summary["not_reproduced"]) == ([], 1, 0)


def test_the_day_of_the_answers_is_the_patients_own() -> None:
    make_zip("20770", zone="America/New_York")
    # In the evening it is the next day in UTC, and an operation would be one day too old to count.
    set_clock(tomorrow_at(22, zone="America/New_York"))
    on = clock.today("America/New_York")
    raw = answers(**TIER_2, wells__entire_leg_swollen="yes", wells__bedridden_3d_or_surgery_12w="unknown")
    raw["kept"] = {"surgery_date": str(on - timedelta(days=84)), "anesthesia": "general", "days_in_bed": 0}
    assessment = recorded(raw, zip="20770")
    decision = decide(replace(parse(raw, on=on), site=SITE))
    assert decision.tier == 1
    record_decision(SYSTEM, assessment=assessment, decision=decision, source=DecisionSource.RULES, site=SITE)
    assert replayed()[1]["sent_elsewhere"] == 0


def test_days_bound_what_is_rerun() -> None:
    days = []
    for ahead in (1, 2, 3):
        set_clock(tomorrow_at(12, zone="UTC", days=ahead))
        days.append(str(clock.today("UTC")))
        stored()
    assert replayed(since=days[1])[1]["compared"] == 2
    assert replayed(until=days[1])[1]["compared"] == 1
    assert replayed(since=days[1], until=days[2])[1]["compared"] == 1


def test_answers_that_can_no_longer_be_read_are_told_and_do_not_stop_the_rest() -> None:
    stored()
    raw = answers()
    raw["symptoms"]["swollen_toe"] = "yes"
    assessment = recorded(raw)
    record_decision(
        SYSTEM,
        assessment=assessment,
        decision=decide(parse(answers(), on=None)),
        source=DecisionSource.RULES,
        site=SITE,
    )
    stored()
    lines, summary = replayed()
    assert lines == [{"assessment": assessment.pk, "change": "unreadable", "faults": ["unknown_key"]}]
    assert (summary["compared"], summary["unreadable"]) == (3, 1)


def test_more_than_one_chunk_is_read_and_each_intake_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "CHUNK", 2)
    made = [stored().pk for _ in range(5)]
    assert [intake.assessment for intake in selectors.stored_intakes()] == made


def test_an_unknown_version_names_those_known() -> None:
    with pytest.raises(CommandError, match=f"'1.0'.*Known: {RULES_VERSION}"):
        replayed("1.0")


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="--since must be a date"):
        replayed(since="soon")


def test_the_version_is_an_option_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    stored()
    call_command("replay", "--version", RULES_VERSION)
    told = capsys.readouterr()
    assert json.loads(told.out)["summary"]["version"] == RULES_VERSION
    assert "1 compared" in told.err


def test_later_contacts_are_no_intakes() -> None:
    made = stored()
    patient = make_patient()
    episode = open_episode(
        actor_of(Role.REPRESENTATIVE),
        patient=patient,
        kind=EpisodeKind.CONSULT,
        center=make_center(),
        clock_started_at=clock.now(),
        first_steps=[NewStep(kind=StepKind.BOOKING, due_at=clock.now(), owner_role=Role.REPRESENTATIVE)],
    )
    later = recorded(answers(), occasion=Occasion.CALL, patient=patient, episode=episode)
    decision = decide(parse(answers(emergency__fainted="yes"), on=None))
    record_decision(SYSTEM, assessment=later, decision=decision, source=DecisionSource.RULES, site=SITE)
    assert [intake.assessment for intake in selectors.stored_intakes()] == [made.pk]


def test_reading_takes_two_queries_a_chunk(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        stored()
    with django_assert_num_queries(3):
        assert len(list(selectors.stored_intakes())) == 3
