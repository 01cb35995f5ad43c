"""Whoever stops a command, stops it in order; whoever wants it to go on, lets it."""

import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from clinic.local import places

WAITS = """
import signal, sys, time
from clinic.local import stop_signals
{before}
stop_signals.heed()
try:
    print("ready", flush=True)
    time.sleep(30)
except KeyboardInterrupt:
    print("stopped in order", flush=True)
"""
LOOKS = """
import fcntl, signal, sys, termios, time
from clinic.local.stop_signals import Terminal
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGHUP, lambda *_: None)
terminal = Terminal()
print("ready", flush=True)
until = time.monotonic() + 30
while not terminal.is_gone() and time.monotonic() < until:
    time.sleep(0.02)
sys.exit(3 if terminal.is_gone() else 4)
"""


def waiting(before: str = "") -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS.format(before=before)], stdout=subprocess.PIPE, text=True, cwd=places.CHECKOUT
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_a_command_in_order(number: signal.Signals) -> None:
    # Whoever started the tests by nohup ignores a hang-up, and so would what they start.
    process = waiting("signal.signal(signal.SIGHUP, signal.SIG_DFL)")
    process.send_signal(number)
    assert process.communicate(timeout=60)[0] == "stopped in order\n"


def test_what_nohup_started_outlives_its_terminal() -> None:
    process = waiting("signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    process.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=60)[0] == "stopped in order\n"


def test_a_closed_window_is_noticed_though_nobody_tells() -> None:
    window, inside = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", LOOKS], stdin=inside, stdout=inside, cwd=places.CHECKOUT, start_new_session=True
    )
    os.close(inside)
    with os.fdopen(window, "rb", buffering=0) as shown:
        assert shown.readline() == b"ready\r\n"
    assert process.wait(timeout=30) == 3
