"""The register of a run's processes, on disk, so that another process can stop what a killed run left behind."""

from pathlib import Path

from clinic.local import pids, places, stopping


def _folder(state: Path) -> Path:
    return state / "pids"


def enter(state: Path, name: str, pid: int) -> None:
    """Note that a process of this name runs."""
    folder = _folder(state)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"{pid} {pids.started(pid) or ''}\n")


def leave(state: Path, name: str) -> None:
    """Note that it no longer does."""
    (_folder(state) / name).unlink(missing_ok=True)


def running(state: Path) -> dict[str, set[int]]:
    """The live processes of a run, by name.

    An entry counts only while the process that started at the noted moment lives: numbers are used again. Processes
    that never got an entry, because the run was killed between start and note, are found by their mark.
    """
    found: dict[str, set[int]] = {}
    folder = _folder(state)
    for entry in folder.iterdir() if folder.is_dir() else ():
        number, _, when = entry.read_text().strip().partition(" ")
        if number.isdigit() and when and pids.started(int(number)) == when:
            found.setdefault(entry.name, set()).add(int(number))
    known = {pid for group in found.values() for pid in group}
    homes = {stopping.POSTGRES: places.postgres_data(state), stopping.REDIS: state / "redis"}
    for name, home in homes.items():
        strays = set(pids.marked(None, [home])) - known
        found.setdefault(name, set()).update(strays)
        known |= strays
    found["unnamed"] = set(pids.marked(f"{places.MARK}={state}", [])) - known
    return {name: group for name, group in found.items() if group}


def sweep(state: Path) -> list[str]:
    """Stop every process that a run left behind; return their names."""
    left = running(state)
    stopping.stop_all(left)
    folder = _folder(state)
    for entry in folder.iterdir() if folder.is_dir() else ():
        entry.unlink(missing_ok=True)
    return sorted(left)
