"""The watchdog finds everybody who was lost by hand, takes nobody for lost who is not, and has a manager for each."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from clinic import clock
from clinic.metrics import exposition
from clinic.models import Episode, Report, Role, Step, StepKind
from clinic.pathway import Risk
from clinic.services import worklist
from clinic.services.loose_ends import take_up_lost
from clinic.services.referrers import Office, record_referrer
from clinic.services.reports import Finding, finalize
from clinic.services.steps import open_step
from clinic.services.telling import Call, record_call, release_result
from clinic.watchdog import LOSSES, find_lost
from scheduling.models import Appointment, Displacement, ShiftEdit
from scheduling.services import visits
from tests.factories import make_staff
from tests.identified import of_report
from tests.kernel import make_episode, new_step
from tests.pages.staff import Ward, open_ward

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return open_ward()


def _planned(ward: Ward) -> Episode:
    """A consultation that a representative is to book."""
    actor = ward.actor(Role.REPRESENTATIVE)
    steps = [new_step(StepKind.BOOKING, owner_role=Role.REPRESENTATIVE)]
    return make_episode(actor, center=ward.place.center, kind="consult", tier=None, first_steps=steps)


def _signed(ward: Ward, category: str, impression: str = "negative") -> Report:
    report = ward.read(impression, hour=18)
    finding = Finding(impression="", category=category, side="left")
    return finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding, risk=Risk())


def _told(ward: Ward, report: Report) -> Report:
    call = Call(
        audience="patient", outcome="reached", told_to="the patient", read_back=True, identifiers=of_report(report)
    )
    record_call(ward.actor(Role.CLINICIAN), report_id=report.pk, call=call)
    return report


def _sent(ward: Ward) -> Report:
    report = _signed(ward, "no_dvt_complete")
    return release_result(ward.actor(Role.CLINICIAN), report_id=report.pk)


def _referred(ward: Ward) -> Report:
    """A signed report that the office which referred is owed, and whose patient has been told."""
    report = ward.read(hour=18)
    office = Office(name="Dr. Rey", phone="301-555-0150")
    record_referrer(ward.actor(Role.REPRESENTATIVE), episode_id=report.episode_id, office=office)
    finding = Finding(impression="", category="no_dvt_complete", side="left")
    finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding, risk=Risk())
    return _told(ward, report)


@contextmanager
def _by_hand() -> Iterator[Callable[..., None]]:
    """Write to the database past every trigger, as no service can."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")

        def write(statement: str, *values: Any) -> None:
            cursor.execute(statement, values)
            assert cursor.rowcount > 0, statement

        yield write


_LATE = "UPDATE clinic_step SET due_at = due_at - interval '1 hour' WHERE episode_id = %s"
#: A step that becomes another is owed no longer, and the episode still has a next one.
_FORGET = "UPDATE clinic_step SET kind = 'self_care_check' WHERE episode_id = %s AND kind = %s"


def _lose_two(ward: Ward) -> dict[str, int]:
    """Lose one episode that nobody owes anything, and one whose step nobody raised."""
    made = {code: _planned(ward).pk for code in ("no_next_step", "overdue_not_escalated")}
    with _by_hand() as write:
        _forget_all(write, made["no_next_step"])
        write(_LATE, made["overdue_not_escalated"])
    return made


def _forget_all(write: Callable[..., None], episode: int) -> None:
    write("UPDATE clinic_step SET status = 'cancelled', ended_at = %s WHERE episode_id = %s", clock.now(), episode)


#: Ways of being lost around a visit that is booked.
_VISITS = (
    "scheduled_without_visit",
    "booked_not_arrived",
    "arrived_not_seen",
    "out_of_reach",
    "displaced_not_rebooked",
)
_VISIT = "UPDATE scheduling_appointment SET {} WHERE episode_id = %s"
_PAST = "starts_at = starts_at - interval '9 hours', ends_at = ends_at - interval '9 hours'"
_SOON = "starts_at = starts_at - interval '6 hours 30 minutes', ends_at = ends_at - interval '6 hours 30 minutes'"
_SENT = "WHERE episode_id = %s AND purpose = 'result_ready'"
_FAILED = """
UPDATE notifications_message SET status = 'undelivered', sent_at = created_at, ended_at = created_at - interval '1 hour'
WHERE episode_id = %s AND purpose = 'booking_confirmation'
"""


def _everybody(ward: Ward) -> dict[str, int]:
    """Episodes that can be lost, each in its way; nobody is yet."""
    made: dict[str, int | None] = {
        code: _planned(ward).pk for code in ("no_next_step", "nobody_owns", "overdue_not_escalated")
    }
    made["triaged_not_booked"] = ward.suspected().pk
    booked = {code: ward.place.booked(hour) for hour, code in enumerate(_VISITS, 13)}
    visits.check_in(ward.actor(Role.SONOGRAPHER), appointment_id=booked["arrived_not_seen"].pk)
    made |= {code: visit.episode_id for code, visit in booked.items()}
    made["order_missing"] = ward.place.booked(19).episode_id
    made["scanned_not_read"] = ward.scanned(18).episode_id
    made["pressing_not_acknowledged"] = ward.read("positive", hour=18).episode_id
    made["left_unrecorded"] = _told(ward, _signed(ward, "svt_short", "positive")).episode_id
    made["read_not_told"] = _signed(ward, "no_dvt_complete").episode_id
    made["sent_not_delivered"] = _sent(ward).episode_id
    made["office_not_told"] = _referred(ward).episode_id
    made["positive_not_treated"] = _told(ward, _signed(ward, "acute_proximal_dvt", "positive")).episode_id
    made["negative_not_rescanned"] = _told(ward, _signed(ward, "no_dvt_limited")).episode_id
    made["plan_with_a_gap"] = _told(ward, _signed(ward, "svt_long", "positive")).episode_id
    assert find_lost() == []
    return {code: pk for code, pk in made.items() if pk is not None}


def _press(write: Callable[..., None], episode: int) -> None:
    """Let an hour pass over a finding whose step is due in a year, as if whoever had it had put it off."""
    write("UPDATE clinic_step SET due_at = due_at + interval '1 year' WHERE episode_id = %s", episode)
    for table in ("reportversion", "resultalert"):
        write(
            f"UPDATE clinic_{table} SET at = at - interval '1 hour'"
            " WHERE report_id IN (SELECT id FROM clinic_report WHERE episode_id = %s)",
            episode,
        )


def _displace(episode: int) -> None:
    """Flag a visit as displaced an hour ago."""
    visit = Appointment.objects.get(episode=episode)
    hour_ago = clock.now() - timedelta(hours=1)
    edit = ShiftEdit.objects.create(kind="down", center=visit.center, at=hour_ago, by_kind="staff")
    Displacement.objects.create(
        edit=edit, appointment=visit, was_center=visit.center, was_starts_at=visit.starts_at, created_at=hour_ago
    )


def _lose_everybody(ward: Ward) -> dict[str, int]:
    """Lose one episode in each way; return which, by the way's code."""
    made = _everybody(ward)
    gone = make_staff(Role.REPRESENTATIVE)
    with _by_hand() as write:
        _forget_all(write, made["no_next_step"])
        write("UPDATE clinic_staff SET is_active = false WHERE id = %s", gone.pk)
        write("UPDATE clinic_step SET owner_id = %s WHERE episode_id = %s", gone.pk, made["nobody_owns"])
        write(_LATE, made["overdue_not_escalated"])
        write(_FORGET, made["triaged_not_booked"], "booking")
        write(
            "UPDATE clinic_episode SET opened_at = clock_started_at - interval '1 hour' WHERE id = %s",
            made["triaged_not_booked"],
        )
        write(_VISIT.format("status = 'cancelled', ended_at = created_at"), made["scheduled_without_visit"])
        write(_VISIT.format(_SOON), made["order_missing"])
        write("UPDATE clinic_order SET step_id = NULL, status = 'amended' WHERE episode_id = %s", made["order_missing"])
        write(_VISIT.format(_PAST), made["booked_not_arrived"])
        write(_VISIT.format(f"{_PAST}, arrived_at = arrived_at - interval '9 hours'"), made["arrived_not_seen"])
        write(_FORGET, made["scanned_not_read"], "reading")
        write(_VISIT.format("completed_at = completed_at - interval '1 hour'"), made["scanned_not_read"])
        write(_FORGET, made["read_not_told"], "telling")
        write(f"DELETE FROM notifications_message {_SENT}", made["sent_not_delivered"])
        write(
            "UPDATE clinic_report SET result_sent_at = signed_at - interval '1 hour' WHERE episode_id = %s",
            made["sent_not_delivered"],
        )
        _press(write, made["pressing_not_acknowledged"])
        yesterday = "arrived_at = arrived_at - interval '37 hours', starts_at = starts_at - interval '37 hours'"
        write(_VISIT.format(yesterday), made["left_unrecorded"])
        _displace(made["displaced_not_rebooked"])
        write(_FORGET, made["office_not_told"], "referrer")
        for table, row in (("reportversion", "report_id"), ("referrer", "episode_id")):
            mine = "IN (SELECT id FROM clinic_report WHERE episode_id = %s)" if row == "report_id" else "= %s"
            write(f"UPDATE clinic_{table} SET at = at - interval '1 hour' WHERE {row} {mine}", made["office_not_told"])
        write(_FORGET, made["positive_not_treated"], "treatment_start")
        write(_FORGET, made["negative_not_rescanned"], "follow_up_scan")
        write("DELETE FROM clinic_step WHERE episode_id = %s AND plan_code = 'call_d7'", made["plan_with_a_gap"])
        write(_FAILED, made["out_of_reach"])
    return made


def _reconcile(**options: bool) -> tuple[set[tuple[str, int]], bool]:
    """What one run of the command prints, and whether it ended well: somebody looks for everybody who is lost."""
    out, held = StringIO(), True
    try:
        call_command("reconcile", json=True, stdout=out, **options)
    except SystemExit as ended:
        held = not ended.code
    return {(row["loss"], row["episode"]) for row in json.loads(out.getvalue())["lost"]}, held


def test_one_run_finds_everybody_who_was_lost_and_nobody_else(ward: Ward) -> None:
    made = _lose_everybody(ward)
    assert set(made) == {loss.code for loss in LOSSES}
    assert _reconcile() == (set(made.items()), False)


def test_each_loss_becomes_a_step_of_a_manager_and_an_alert(ward: Ward, caplog: pytest.LogCaptureFixture) -> None:
    made = _lose_everybody(ward)
    assert take_up_lost() == len(made)
    steps = Step.objects.filter(kind=StepKind.LOOSE_END, status="open")
    assert {step.plan_code: step.episode_id for step in steps} == made
    assert {(step.owner_role, step.center_id) for step in steps} == {(Role.MANAGER, ward.place.center.pk)}
    assert all(step.due_at and step.due_at > clock.now() for step in steps)
    alerts = [row.getMessage() for row in caplog.records if row.name == "clinic.services.loose_ends"]
    assert len(alerts) == len(made)
    assert not [code for code in made for alert in alerts if code in alert], "an alert tells nothing of health"
    assert exposition().decode().count("ruleout_lost{") == len(made)


def test_what_is_taken_up_is_not_taken_up_twice_and_ends_the_command_well(ward: Ward) -> None:
    made = _lose_two(ward)
    take_up_lost()
    assert take_up_lost() == 0
    # Who had no next step has the manager's now.
    assert _reconcile() == ({("overdue_not_escalated", made["overdue_not_escalated"])}, True)


def test_a_loss_that_is_mended_ends_its_step(ward: Ward) -> None:
    made = _lose_two(ward)
    take_up_lost()
    with _by_hand() as write:
        write("UPDATE clinic_step SET due_at = %s WHERE episode_id = %s", clock.now(), made["overdue_not_escalated"])
    take_up_lost()
    ended = Step.objects.get(kind=StepKind.LOOSE_END, plan_code="overdue_not_escalated")
    assert (ended.status, ended.outcome) == ("done", "mended")
    assert Step.objects.filter(kind=StepKind.LOOSE_END, status="open").count() == len(made) - 1


def test_a_manager_and_not_the_check_ends_the_last_step_of_an_episode(ward: Ward) -> None:
    made = _lose_two(ward)
    take_up_lost()
    take_up_lost()
    mine = Step.objects.get(kind=StepKind.LOOSE_END, plan_code="no_next_step")
    assert mine.status == "open"
    worklist.finish(ward.actor(Role.MANAGER), step_id=mine.pk, outcome="done")
    [follows] = Step.objects.filter(episode_id=made["no_next_step"], status="open")
    assert follows.kind == StepKind.DECISION


def test_a_step_that_was_called_done_while_the_loss_stands_is_opened_again(ward: Ward) -> None:
    made = _lose_two(ward)
    take_up_lost()
    first = Step.objects.get(kind=StepKind.LOOSE_END, plan_code="overdue_not_escalated")
    worklist.finish(ward.actor(Role.MANAGER), step_id=first.pk, outcome="done")
    assert take_up_lost() == 1
    again = Step.objects.get(kind=StepKind.LOOSE_END, plan_code="overdue_not_escalated", status="open")
    assert again.episode_id == made["overdue_not_escalated"]


def test_the_command_opens_the_steps_only_where_it_is_told_to(ward: Ward) -> None:
    made = _lose_two(ward)
    _reconcile()
    assert not Step.objects.filter(kind=StepKind.LOOSE_END).exists()
    assert _reconcile(open_steps=True)[1]
    assert Step.objects.filter(kind=StepKind.LOOSE_END).count() == len(made)


def test_who_wrote_stop_is_held_by_the_step_that_asks_for_another_way(ward: Ward) -> None:
    visit = ward.place.booked()
    with _by_hand() as write:
        write(
            "UPDATE notifications_message SET status = 'suppressed', ended_at = created_at - interval '1 hour'"
            " WHERE episode_id = %s AND purpose = 'booking_confirmation'",
            visit.episode_id,
        )
    assert [found.loss.code for found in find_lost()] == ["out_of_reach"]
    open_step(ward.actor(Role.CLINICIAN), episode=visit.episode, new=new_step(StepKind.CONTACT))  # type: ignore[arg-type]
    assert find_lost() == []
