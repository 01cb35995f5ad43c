"""``manage.py decide`` as a stranger runs it: a process of its own, with no database to be found."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.triage.factories import EXAMPLES, expanded, expected_of

ROOT = Path(__file__).resolve().parents[2]


def run(text: str, *options: str) -> tuple[int, list[dict[str, object]]]:
    environment = {**os.environ, "RULEOUT_ENV": "test", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "manage.py", "decide", *options],
        cwd=ROOT,
        env=environment,
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_every_example_decides_as_expected_in_order() -> None:
    cases = EXAMPLES["examples"]
    status, decisions = run("".join(json.dumps({"id": case["id"], **expanded(case)}) + "\n" for case in cases))
    assert status == 0
    assert [decision["id"] for decision in decisions] == [case["id"] for case in cases]
    for case, decision in zip(cases, decisions, strict=True):
        expected = expected_of(case)
        assert {key: decision[key] for key in expected} == expected


def test_a_bad_line_shows_in_the_exit_status_and_the_rest_still_run() -> None:
    status, lines = run('{"limb": "left_leg"}\nnot json\n{"limb": "left_leg"}\n')
    assert status == 1
    assert lines[0] == lines[2]
    assert lines[1]["line"] == 2


def test_the_day_of_the_answers_makes_an_adult() -> None:
    person = json.dumps({**expanded(EXAMPLES["examples"][0]), "patient": {"birth_date": "2008-11-24"}})
    assert run(person, "--on", "2026-11-23")[1][0]["rule"] == "R4"
    assert run(person, "--on", "2026-11-24")[1][0]["rule"] == "R8"
