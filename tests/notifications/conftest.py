"""The provider in the test's hands, and the time of the machine."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from notifications import provider
from tests.notifications.carrier import SENDER, Carrier


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Carrier:
    """The provider, played by the test."""
    played = Carrier()
    settings.TWILIO_FROM, settings.TWILIO_MESSAGING_SERVICE_SID, settings.TWILIO_VOICE_FROM = SENDER, "", SENDER
    settings.TWILIO_SENDERS, settings.TWILIO_VOICE_SENDERS = [], []
    for name in ("send", "call", "sent_to", "called", "received", "fetch"):
        monkeypatch.setattr(provider, name, getattr(played, name))
    return played


@dataclass
class MachineTime:
    """The machine's clock: it stands, but no two looks at it see the same instant."""

    at: datetime

    def look(self) -> datetime:
        """What the clock shows."""
        self.at += timedelta(microseconds=1)
        return self.at

    def go_on(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> MachineTime:
    """The machine's time in the test's hands."""
    time = MachineTime(datetime.now(UTC))
    monkeypatch.setattr(clock, "real_now", time.look)
    return time
