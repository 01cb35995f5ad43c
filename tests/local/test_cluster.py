"""Records that can't be used are named, with what to do; stale traces are no obstacle."""

import os
import shutil
from pathlib import Path

import pytest

from clinic.local import cluster, places
from clinic.local.errors import LocalError
from clinic.local.stack import Stack


def run_once(state: Path) -> Path:
    with Stack(state, durable=False, parts=(), redis_url="redis://unused"):
        return places.postgres_data(state)


def test_records_of_another_version(state: Path) -> None:
    data = run_once(state)
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(LocalError, match=r"PostgreSQL 14; this is PostgreSQL 18.*make clean-data"):
        run_once(state)


def test_broken_records(state: Path) -> None:
    data = run_once(state)
    (data / "global" / "pg_control").unlink()
    with pytest.raises(LocalError, match=r"did not start[\s\S]*pg_control[\s\S]*make clean-data"):
        run_once(state)


def test_records_without_their_databases(state: Path) -> None:
    data = run_once(state)
    shutil.rmtree(data / "base")
    with pytest.raises(LocalError, match=r"records in .* can't be used[\s\S]*make clean-data"):
        run_once(state)


def test_a_stale_lock_with_the_number_of_a_living_process(state: Path) -> None:
    data = run_once(state)
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n/nowhere\n\n  1 1\nready\n")
    assert run_once(state) == data


def test_an_initialization_that_was_cut_short(state: Path) -> None:
    half = places.postgres_data(state).with_name("postgres.half")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert run_once(state).exists()


def test_a_full_disk_is_called_so() -> None:
    said = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
    assert cluster.explain_start(said, Path("/data")).startswith("The disk is full")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps records outside of the checkout")
def test_a_new_checkout_does_not_find_the_records_of_a_removed_one(state: Path) -> None:
    data = run_once(state)
    (data / "trace").touch()
    (state / "identity").unlink()
    run_once(state)
    assert not (data / "trace").exists()
