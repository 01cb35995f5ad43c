"""SIGTERM and the end of the terminal stop a command as Ctrl-C does: in order, leaving nothing behind."""

import os
import signal
from types import FrameType


def heed() -> None:
    """Turn both signals into a KeyboardInterrupt, unless the caller wants them ignored, as nohup does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class Terminal:
    """The terminal in front of which this process was started, if any.

    When a window is closed, only the first process in it is told. If that is `make`, or a remote shell that became
    `make`, nobody passes it on: the others have to look for themselves.
    """

    def __init__(self) -> None:
        told = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
        self._number = next((number for number in range(3) if told and os.isatty(number)), None)
        self._in_front = False
        self.is_gone()

    def is_gone(self) -> bool:
        """Whether it was closed while this process was in front; one that was put behind may go on without it."""
        if self._number is None:
            return False
        try:
            self._in_front = os.tcgetpgrp(self._number) == os.getpgrp()
        except OSError:
            return self._in_front
        return False
