"""No open patient is ever without a next step: the database itself refuses, whoever asks."""

import threading

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError

from clinic.access import SYSTEM
from clinic.errors import NoNextStep, StaleState
from clinic.local.errors import LocalError
from clinic.local.postgres import Postgres
from clinic.models import Episode, Role, Step
from clinic.services.steps import cancel_step, complete_step, miss_step, postpone_step, reassign_step
from tests.kernel import live_steps, make_center, make_episode, new_step, soon

pytestmark = pytest.mark.django_db(transaction=True)


def test_ending_the_last_step_of_an_open_episode_is_refused_to_its_service() -> None:
    [step] = live_steps(make_episode(SYSTEM))
    with pytest.raises(NoNextStep):
        complete_step(SYSTEM, step=step, outcome="done")
    step.refresh_from_db()
    assert step.status == "open"


def test_a_step_may_end_where_another_follows_in_the_same_transaction() -> None:
    episode = make_episode(SYSTEM)
    [step] = live_steps(episode)
    complete_step(SYSTEM, step=step, outcome="done", then=[new_step()])
    assert len(live_steps(episode)) == 1


def test_a_missed_step_opens_its_successor() -> None:
    episode = make_episode(SYSTEM)
    [step] = live_steps(episode)
    successor = miss_step(SYSTEM, step=step, successor=new_step(), outcome="no_show")
    assert successor.succeeds_id == step.pk
    assert [live.pk for live in live_steps(episode)] == [successor.pk]


def test_an_ended_step_is_not_ended_twice() -> None:
    [first, _] = live_steps(make_episode(SYSTEM, steps=2))
    cancel_step(SYSTEM, step=first, outcome="not_needed")
    with pytest.raises(StaleState):
        complete_step(SYSTEM, step=first, outcome="done")


def test_the_refusal_comes_at_commit_also_for_code_that_forgot_to_ask() -> None:
    [step] = live_steps(make_episode(SYSTEM))
    with pytest.raises(IntegrityError, match="has no next step"), transaction.atomic():
        Step.objects.filter(pk=step.pk).update(status="done", ended_at=step.created_at)


def test_deleting_the_last_step_is_refused_too() -> None:
    [step] = live_steps(make_episode(SYSTEM))
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(pk=step.pk).delete()


def test_an_episode_without_any_step_is_refused() -> None:
    with pytest.raises(NoNextStep):
        make_episode(SYSTEM, steps=0)
    assert not Episode.objects.exists()


def test_psql_is_refused_as_well(server: Postgres) -> None:
    [step] = live_steps(make_episode(SYSTEM))
    statement = f"UPDATE clinic_step SET status = 'done', ended_at = now() WHERE id = {step.pk}"
    with pytest.raises(LocalError, match="has no next step"):
        server.sql(statement, database=connection.settings_dict["NAME"])
    step.refresh_from_db()
    assert step.status == "open"


@pytest.mark.parametrize("round_", range(10))
def test_two_transactions_racing_to_end_the_last_two_steps_cannot_both_commit(round_: int) -> None:
    episode = make_episode(SYSTEM, steps=2)
    gate = threading.Barrier(2)
    outcomes: list[str] = []

    def end(step: Step) -> None:
        try:
            gate.wait(10)
            complete_step(SYSTEM, step=step, outcome="done")
            outcomes.append("committed")
        except NoNextStep:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=end, args=(step,)) for step in live_steps(episode)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["committed", "refused"]
    assert len(live_steps(episode)) == 1


def test_the_race_is_decided_by_the_database_and_not_by_the_service(server: Postgres) -> None:
    """Two plain connections that each end one of the last two steps, and only then commit."""
    first, second = live_steps(make_episode(SYSTEM, steps=2))
    url = server.url(connection.settings_dict["NAME"])
    statement = "UPDATE clinic_step SET status = 'done', ended_at = now() WHERE id = %s"
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        one.execute(statement, [first.pk])
        other.execute(statement, [second.pk])
        one.commit()
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            other.commit()
    assert refused.value.diag.constraint_name == "open_episode_has_next_step"


def test_a_step_that_is_postponed_stays_where_somebody_has_given_it_meanwhile() -> None:
    [read_before] = live_steps(make_episode(SYSTEM))
    given = reassign_step(
        SYSTEM, step=Step.objects.get(pk=read_before.pk), owner_role=Role.MANAGER, center_id=make_center(code="NEXT").pk
    )
    postpone_step(SYSTEM, step=read_before, due_at=soon(60))
    now = Step.objects.get(pk=given.pk)
    assert (now.owner_role, now.center_id) == ("manager", given.center_id)
