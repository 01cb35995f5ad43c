"""What a story says while it runs, and what it leaves for a machine."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")


def local(instant: str | datetime) -> str:
    """An instant as the people of the story read it."""
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return moment.astimezone(ZONE).strftime("%a %b %d %I:%M %p").replace(" 0", " ")


@dataclass
class Told:
    """One story as it was told."""

    name: str
    steps: list[dict[str, object]] = field(default_factory=list)
    outcome: dict[str, object] = field(default_factory=dict)


class Narrator:
    """Prints each step as it happens; with ``as_json`` it keeps silent and prints one document at the end."""

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self.out = out
        self.as_json = as_json
        self.stories: list[Told] = []

    def begin(self, name: str, title: str) -> None:
        """Start a story."""
        self.stories.append(Told(name))
        self._say(f"\n{title}\n{'=' * len(title)}")

    def step(self, at: str | datetime, what: str, **figures: object) -> None:
        """Tell one step: the product's time, what happened, and its figures."""
        moment = at.isoformat() if isinstance(at, datetime) else at
        self.stories[-1].steps.append({"at": moment, "what": what, **figures})
        self._say(f"{local(at):>22}  {what}")
        for name, value in figures.items():
            self._say(f"{'':>24}{name.replace('_', ' ')}: {value}")

    def text(self, at: str | datetime, body: str, status: str) -> None:
        """Tell a text as it stands on the patient's phone."""
        self.stories[-1].steps.append({"at": str(at), "what": "text", "body": body, "status": status})
        self._say(f"{local(at):>22}  text ({status}): {body}")

    def open(self, name: str) -> Told:
        """Start a story that is told among others: its lines carry its name."""
        told = Told(name)
        self.stories.append(told)
        return told

    def line(self, told: Told, at: str | datetime, what: str, **figures: object) -> None:
        """Tell one step of a story among others."""
        moment = at.isoformat() if isinstance(at, datetime) else at
        told.steps.append({"at": moment, "what": what, **figures})
        said = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in figures.items())
        self._say(f"{local(at):>22}  {told.name:<29} {what}{f' ({said})' if said else ''}")

    def end(self, **outcome: object) -> None:
        """Keep what a story came to."""
        self.stories[-1].outcome.update(outcome)

    def told_in(self, seconds: float) -> None:
        """Say how long a story took on these processes, by the clock on the wall."""
        self.stories[-1].outcome["seconds_on_the_wall"] = round(seconds, 1)
        self._say(f"{'':>24}told in {seconds:.1f} s")

    def finish(self, failure: str = "") -> None:
        """Say how it all went."""
        if self.as_json:
            document = {
                "passed": not failure,
                "failure": failure or None,
                "stories": [{"name": told.name, "steps": told.steps, "outcome": told.outcome} for told in self.stories],
            }
            print(json.dumps(document, indent=2, default=str), file=self.out)
        else:
            self._say(f"\nThe story failed: {failure}" if failure else "\nEvery step was as it must be.")

    def _say(self, line: str) -> None:
        if not self.as_json:
            print(line, file=self.out, flush=True)
