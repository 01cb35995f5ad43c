"""`manage.py simulate_reserve` on a small network: what it prints, writes and refuses; the database stays as it was."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic import clock
from scheduling.models import VisitType
from tests.invariants import fingerprint
from tests.network import small_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(db: None) -> str:
    small_network(count=2)
    return (clock.now().date() + timedelta(days=1)).isoformat()


def _run(*words: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("simulate_reserve", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_prints_a_line_for_each_size_writes_the_files_and_leaves_the_database(day: str, tmp_path: Path) -> None:
    before = fingerprint()
    table, plot = tmp_path / "table.json", tmp_path / "plot.svg"
    words = ("--from", day, "--days", "4", "--most", "2", "--center", "C001", "--out", str(table), "--out", str(plot))
    out, err = _run(*words)
    assert fingerprint() == before
    assert _run(*words)[0] == out
    lines = json.loads(table.read_text())["lines"]
    assert [line["size"] for line in lines] == [0, 1, 2]
    assert all(line["rule_outs"] and line["routine"] for line in lines)
    assert plot.read_text().startswith("<svg")
    assert "Wrote" in err


def test_an_uploaded_history_is_replayed_and_its_faults_are_named_by_row(day: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    header = "at,place,kind,tier,wanted\n"
    good.write_text(f"{header}{day} 09:10,20770,rule_out,1,\n{day} 09:20,C001,routine,,{day} afternoon\n")
    assert "2 requests of good.csv, 2 centers" in _run("--history", str(good), "--most", "0")[0]
    bad.write_text(f"{header}{day} 09:10,20770,rule_out,3,\n{day} 09:10,99999,rule_out,1,\nnoon,C001,routine,,\n")
    err = StringIO()
    with pytest.raises(CommandError, match="2 errors: nothing was replayed"):
        call_command("simulate_reserve", "--history", str(bad), stderr=err)
    assert [line.split(":")[0] for line in err.getvalue().splitlines()] == ["line 2, tier", "line 4, at"]


@pytest.mark.parametrize(
    "words",
    [
        ("--center", "NOWHERE"),
        ("--history", "/nowhere/at/all.csv"),
        ("--out", "table.xlsx"),
        ("--release", "soon"),
        ("--release", "1:500"),
        ("--release", "inf:50"),
        ("--from", "yesterday"),
        ("--most", "-1"),
        ("--days", "0"),
        ("--load", "nan"),
        ("--rule-outs", "-2"),
    ],
)
def test_what_cannot_be_replayed_is_told(day: str, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        _run(*words)


def test_an_empty_database_says_what_to_do_first(db: None) -> None:
    VisitType.objects.all().delete()
    with pytest.raises(CommandError, match="Load a network first"):
        _run()
