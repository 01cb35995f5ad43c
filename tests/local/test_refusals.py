"""A full disk and a closed place are told in plain words; any other error stays what it is."""

import errno
import os
from pathlib import Path

import psycopg
import pytest

from clinic.local import commands, places, refusals, stop_signals
from clinic.local.errors import LocalError


def behind(error: Exception) -> Exception:
    """The error as it looks from far above, where it became the cause of another."""
    another = RuntimeError("Something else.")
    another.__cause__ = error
    return another


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), psycopg.errors.DiskFull("could not extend file")]
)
def test_a_full_disk_is_known_wherever_it_shows(error: Exception) -> None:
    assert refusals.explain(error).startswith("The disk is full")
    assert refusals.explain(behind(error)).startswith("The disk is full")


def test_a_place_that_belongs_to_another_names_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "owner", lambda place: "rosa")
    told = refusals.explain(PermissionError(errno.EACCES, "Permission denied", str(places.STATE / "demo" / "lock")))
    assert "belongs to the user rosa" in told


@pytest.mark.parametrize("error", [ValueError("x"), PermissionError(errno.EACCES, "Permission denied", "/etc/shadow")])
def test_another_error_is_left_alone(error: Exception) -> None:
    assert refusals.explain(error) == ""


def test_room_is_asked_for_before_anything_is_begun(tmp_path: Path) -> None:
    refusals.require_room(tmp_path / "not" / "made" / "yet", 0, "the records")
    with pytest.raises(LocalError, match=r"disk is full: \d+ MB are free at .*, and the records need"):
        refusals.require_room(tmp_path, refusals.free_megabytes(tmp_path) + 1_000, "the records")


def test_a_command_says_it_and_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full(command: str, arguments: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(places.STATE))

    monkeypatch.setattr(commands, "_run", full)
    monkeypatch.setattr(stop_signals, "heed", lambda: None)
    assert commands.run(["manage.py", "demo"]) == 1
    assert "The disk is full" in capsys.readouterr().err
