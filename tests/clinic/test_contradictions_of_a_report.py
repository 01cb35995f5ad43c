"""A signature is refused for one reason alone: the category contradicts what else is written, and which."""

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Invalid
from clinic.models import Report
from clinic.services.findings import Contradiction
from clinic.services.reports import Finding, amend, finalize, record_preliminary
from clinic.services.telling import Call, record_call
from clinic.veins import COMPLETE_LEG, Details, Vein, contradictions, parsed
from tests.kernel import acting, make_episode, make_scan

CLEAR = tuple(Vein(name, "left", "clear") for name in sorted(COMPLETE_LEG))


def _found(*acute: str, side: str = "left", state: str = "acute") -> tuple[Vein, ...]:
    kept = tuple(vein for vein in CLEAR if vein.name not in acute)
    return kept + tuple(Vein(name, side, state) for name in acute)


@pytest.mark.parametrize(
    ("category", "veins"),
    [
        ("no_dvt_complete", CLEAR),
        ("no_dvt_limited", _found("peroneal", state="not_seen")),
        ("acute_proximal_dvt", _found("popliteal", "peroneal")),
        ("acute_iliofemoral_threatened", _found("external_iliac")),
        ("isolated_distal_dvt", _found("soleal")),
        ("svt_long", _found("great_saphenous")),
        ("chronic_post_thrombotic", _found("femoral", state="chronic")),
        ("upper_extremity_dvt", (Vein("subclavian", "left", "acute"),)),
        ("acute_proximal_dvt", ()),
    ],
)
def test_what_can_be_so_is_signed(category: str, veins: tuple[Vein, ...]) -> None:
    assert contradictions(category, Details(side="left", veins=veins)) == {}


@pytest.mark.parametrize(
    ("category", "veins", "field", "named"),
    [
        ("no_dvt_complete", _found("popliteal"), "veins", "popliteal"),
        ("no_dvt_complete", _found("peroneal", state="not_seen"), "veins", "left peroneal"),
        ("no_dvt_complete", CLEAR[1:], "veins", CLEAR[0].name.replace("_", " ")),
        ("isolated_distal_dvt", _found("popliteal", "peroneal"), "veins", "popliteal"),
        ("acute_proximal_dvt", _found("peroneal"), "veins", "popliteal"),
        ("acute_iliofemoral_threatened", _found("popliteal"), "veins", "iliac"),
        ("svt_short", _found("great_saphenous", "femoral"), "veins", "femoral"),
        ("chronic_post_thrombotic", _found("femoral"), "veins", "acute"),
        ("upper_extremity_dvt", _found("femoral"), "veins", "arm"),
        ("acute_proximal_dvt", _found("popliteal", side="right"), "side", "right popliteal"),
    ],
)
def test_a_contradiction_names_its_field_and_the_vein(
    category: str, veins: tuple[Vein, ...], field: str, named: str
) -> None:
    assert named in contradictions(category, Details(side="left", veins=veins))[field]


@pytest.mark.parametrize(
    ("category", "length", "distance", "field"),
    [
        ("svt_long", 4.9, None, "clot_length_cm"),
        ("svt_short", 5.0, None, "clot_length_cm"),
        ("svt_near_sfj", None, 3.1, "junction_distance_cm"),
        ("svt_long", 6.0, 3.0, "junction_distance_cm"),
    ],
)
def test_lengths_at_their_limits(category: str, length: float | None, distance: float | None, field: str) -> None:
    details = Details(side="left", clot_length_cm=length, junction_distance_cm=distance)
    assert list(contradictions(category, details)) == [field]


@pytest.mark.parametrize(
    "entry",
    [
        {"vein": "aorta", "side": "left", "state": "clear"},
        {"vein": "femoral", "side": "both", "state": "clear"},
        {"vein": "femoral", "side": "left", "state": "blocked"},
        {},
    ],
)
def test_an_entry_that_cannot_be_read_says_what_can(entry: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        parsed([entry])


def test_a_vein_is_listed_once_a_side() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        parsed([{"vein": "femoral", "side": "left", "state": state} for state in ("clear", "acute")])


def _report(side: str = "left") -> Report:
    scan = make_scan(SYSTEM, make_episode(SYSTEM))
    finding = Finding(impression="positive", side=side)
    return record_preliminary(acting("sonographer"), step_id=scan.pk, finding=finding, scan_ended_at=clock.now())


@pytest.mark.django_db
def test_a_refused_signature_leaves_the_report_as_it_was() -> None:
    report = _report()
    veins = ({"vein": "popliteal", "side": "left", "state": "acute"},)
    wrong = Finding(impression="", category="isolated_distal_dvt", side="left", veins=veins)
    with pytest.raises(Contradiction) as refused:
        finalize(acting("physician"), report_id=report.pk, finding=wrong)
    assert "popliteal" in refused.value.fields["veins"]
    report.refresh_from_db()
    assert (report.status, report.versions.count()) == ("preliminary", 1)


@pytest.mark.django_db
def test_the_other_side_needs_a_word_and_is_a_discrepancy() -> None:
    report = _report()
    other = Finding(impression="", category="acute_proximal_dvt", side="right")
    with pytest.raises(Contradiction):
        finalize(acting("physician"), report_id=report.pk, finding=other)
    said = Finding(impression="", category="acute_proximal_dvt", side="right", reason="The probe's label was wrong")
    finalize(acting("physician"), report_id=report.pk, finding=said)
    assert report.versions.get(number=2).discrepancy


@pytest.mark.django_db
def test_what_was_studied_and_found_is_kept_with_its_version() -> None:
    report = _report()
    veins = ({"vein": "popliteal", "side": "left", "state": "acute"},)
    finding = Finding(impression="", category="acute_proximal_dvt", side="left", veins=veins)
    finalize(acting("physician"), report_id=report.pk, finding=finding)
    assert report.versions.get(number=2).veins == [dict(veins[0])]


@pytest.mark.django_db
def test_a_discrepancy_is_a_clinicians_step_until_it_was_told_and_read_back() -> None:
    report = _report()
    finalize(
        acting("physician"),
        report_id=report.pk,
        finding=Finding(impression="", category="no_dvt_complete", side="left"),
    )
    [step] = report.episode.steps.filter(kind="discrepancy")
    assert (step.owner_role, step.status) == ("clinician", "open")
    told = Call(audience="clinician", outcome="reached", told_to="Clara")
    record_call(acting("physician"), report_id=report.pk, call=told)
    step.refresh_from_db()
    assert step.status == "open"
    read_back = Call(audience="clinician", outcome="reached", told_to="Clara", read_back=True)
    record_call(acting("physician"), report_id=report.pk, call=read_back)
    step.refresh_from_db()
    assert (step.status, step.outcome) == ("done", "told")


@pytest.mark.django_db
def test_an_amendment_with_another_category_is_told_anew_to_all() -> None:
    report = _report()
    sign = Finding(impression="", category="acute_proximal_dvt", side="left")
    finalize(acting("physician"), report_id=report.pk, finding=sign)
    [former] = report.episode.steps.filter(kind="telling")
    clear = Finding(impression="", category="no_dvt_complete", side="left", reason="Second look")
    amended = amend(acting("physician"), report_id=report.pk, finding=clear)
    former.refresh_from_db()
    assert (former.status, former.outcome) == ("cancelled", "amended")
    assert (amended.clinician_told_at, amended.acknowledged_at, amended.patient_told_at) == (None, None, None)
    assert report.episode.steps.filter(kind="discrepancy", status="open").exists()


@pytest.mark.django_db
def test_an_amendment_needs_its_reason() -> None:
    report = _report()
    sign = Finding(impression="", category="acute_proximal_dvt", side="left")
    finalize(acting("physician"), report_id=report.pk, finding=sign)
    with pytest.raises(Invalid) as refused:
        amend(acting("physician"), report_id=report.pk, finding=sign)
    assert "reason" in refused.value.fields
