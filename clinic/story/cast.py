"""Who takes part in a story, and the clock they live by."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from clinic.local.stack import Stack
from clinic.story.narrator import Narrator
from clinic.story.voices import Browser, Colleague, Phone, StoryFailed

A_MOMENT = timedelta(seconds=3)


@dataclass
class Cast:
    """The product's addresses, its staff by role, and the narrator."""

    web: str
    twilio: str
    logins: dict[str, tuple[str, str]]
    narrator: Narrator
    #: The machine that it all runs on, where a case must stop a part of it.
    stack: Stack | None = None
    _in: dict[str, Colleague] = field(default_factory=dict)

    @property
    def machine(self) -> Stack:
        """The machine; `StoryFailed` where the story was told on addresses alone."""
        if self.stack is None:
            raise StoryFailed("this case needs the machine that the product runs on")
        return self.stack

    def staff(self, role: str) -> Colleague:
        """Somebody of a role, logged in once."""
        if role not in self._in:
            username, password = self.logins[role]
            self._in[role] = Colleague(self.web, username, password)
        return self._in[role]

    def visitor(self) -> Browser:
        """Somebody at a browser who has not said who they are."""
        return Browser(self.web)

    def phone(self, number: str) -> Phone:
        """The phone with a number."""
        return Phone(self.twilio, number)

    def now(self) -> datetime:
        """What time it is in the product."""
        return datetime.fromisoformat(self.staff("administrator").ask("clock/")["now"])

    def wait_until(self, to: datetime) -> None:
        """Let time pass, everything due on the way being done. An instant that has passed needs no waiting."""
        ahead = to - self.now()
        if ahead > A_MOMENT:
            self.staff("administrator").tell("clock/", {"to": to.isoformat()})
        else:
            # So near an instant may have passed by the time that it is asked for: it comes by itself.
            time.sleep(max(0.0, ahead.total_seconds()))
