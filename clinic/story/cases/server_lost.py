"""The server is lost with all its records, and the last backup comes back into an empty one: nobody is lost."""

import re
from datetime import datetime, time
from pathlib import Path
from typing import Any

from clinic.local import places
from clinic.local.stack import WEB, Stack
from clinic.local.static_files import collect
from clinic.story.cases.case import Account, Case, Line
from clinic.story.cases.patient import Someone, answers
from clinic.story.cast import Cast
from clinic.story.narrator import local
from clinic.story.voices import expect

LIVES, EMPTY = "story-lost", "story-found"


def tell(cast: Cast) -> list[Line]:
    """Live through it, on machines of its own. Raises `StoryFailed`."""
    account = Account(cast)
    backup = places.STATE / "story.backup"
    backup.unlink(missing_ok=True)
    try:
        known = _lived(account, backup)
        _found(account, backup, known)
    finally:
        backup.unlink(missing_ok=True)
        for name in (LIVES, EMPTY):
            places.remove(places.STATE / name)
    return account.lines


def _lived(account: Account, backup: Path) -> dict[int, dict[str, Any]]:
    """A center in the midst of its day, a backup, and the loss; return what was known of everybody."""
    with Stack(places.STATE / LIVES, durable=False, fresh=True, parts=(WEB,), web_workers=1) as machine:
        machine.manage("migrate", capture=True)
        machine.manage("seed", "--booked", "no", "--small", "2", "--from-morning", capture=True)
        collect(machine)
        machine.up()
        there = Account(_there(account.cast, machine))
        there.cast.wait_until(account.cast.now())
        known: dict[int, dict[str, Any]] = {}
        for number, name in enumerate(("Pia", "Quinn", "Rosa")):
            patient = Someone(there, name, f"+1301555068{number}")
            patient.calls(answers())
            if number:
                patient.books(patient.slots()[0])
            known[patient.episode] = _standing(patient)
        there.say("Three are in care: one waits for a time, two are booked")
        machine.manage("backup", "--to", str(backup), capture=True)
        there.say("The backup is made", bytes=backup.stat().st_size)
        account.lines += there.lines
    places.remove(places.STATE / LIVES)
    account.say("The server is lost, with its disk")
    return known


def _found(account: Account, backup: Path, known: dict[int, dict[str, Any]]) -> None:
    """Another machine, an empty database: restore, reconcile, and everybody's next step is there."""
    with Stack(places.STATE / EMPTY, durable=False, fresh=True, parts=(WEB,), web_workers=1) as machine:
        said = machine.manage("restore", "--from", str(backup), capture=True)
        account.say("Restored into an empty database", restored=_first_line(said))
        found = machine.manage("reconcile", capture=True)
        expect(re.search(r"\b0 lost", found), "reconcile finds nothing lost")
        account.say("Reconcile finds nothing lost")
        collect(machine)
        machine.up()
        there = _there(account.cast, machine)
        for episode, before in known.items():
            now = _told(there.staff("clinician").ask(f"episodes/{episode}/"))
            expect(now == before, f"episode {episode} stands as it stood: {before} and not {now}")
        first = min(datetime.fromisoformat(each["due_at"]) for each in known.values())
        account.say("Each of the three has the same next step, owner and time", first_due=local(first))


def _there(cast: Cast, machine: Stack) -> Cast:
    return Cast(machine.web_url, machine.twilio_url, cast.logins, cast.narrator, machine)


def _standing(patient: Someone) -> dict[str, Any]:
    return _told(patient.story())


def _told(story: dict[str, Any]) -> dict[str, Any]:
    """What must not be lost of an episode: its status, its next step, whose that is, and by when."""
    step = story["next_step"]
    return {"status": story["status"], **{name: step[name] for name in ("id", "kind", "owner_role", "due_at")}}


def _first_line(said: str) -> str:
    return next((line for line in said.splitlines() if line.strip()), "")


CASE = Case(title="Backup, loss of the server, restore", tell=tell, begins_at=time(9, 0))
