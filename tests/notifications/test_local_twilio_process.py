"""The process: starts fast, stops cleanly, remembers its phones, and says nothing private."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from requests.exceptions import ReadTimeout
from twilio.base.exceptions import TwilioRestException

from notifications.local_twilio.__main__ import read_arguments
from tests.notifications.line import SENDER, SID, TOKEN, ask, eventually, hang_up, knock, sdk, tell

PHONE = "+12025550101"
OUTBOUND = ["Señor", "Still on its way"]
COMMAND = [sys.executable, "-m", "notifications.local_twilio", "--account-sid", SID, "--auth-token", TOKEN]


@contextmanager
def running(journal: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """The real process, and something with its `url`."""
    command = [*COMMAND, "--port", str(port), "--journal", str(journal), "--step-ms", "10"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert found, first
        yield process, SimpleNamespace(url=found[0])
    finally:
        hang_up()
        process.kill()
        process.wait()
        process.stdout.close()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.read()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_stops_at_once_even_with_a_hanging_caller_and_says_nothing(tmp_path: Path, stop: signal.Signals) -> None:
    with running(tmp_path / "journal") as (process, line):
        tell(line, "/_local/faults", {"queue": ["hang_after_create:60"]})
        with pytest.raises(ReadTimeout):
            sdk(line, timeout_s=0.1).messages.create(to=PHONE, from_=SENDER, body="A private text")
        process.send_signal(stop)
        assert process.wait(timeout=3) == 0
        assert said(process) == ""


def test_phones_and_opt_outs_outlive_a_kill(tmp_path: Path) -> None:
    journal = tmp_path / "state" / "journal"
    with running(journal) as (process, line):
        sdk(line).messages.create(to=PHONE, from_=SENDER, body="Señor")
        assert knock(line, "/_local/phones/12025550103/reply", b"Body=STOP").status == 201
        tell(line, "/_local/latency", {"step_ms": 60_000})
        sdk(line).messages.create(to="+12025550102", from_=SENDER, body="Still on its way")
        eventually(lambda: ask(line, "/_local/messages")["messages"][0]["status"] == "delivered")
        process.kill()
        process.wait()
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"sid": "SM1", "of": "another version"}\n{"sid": "SM')
    assert journal.stat().st_mode & 0o077 == 0
    with running(journal) as (_, line):
        kept = ask(line, "/_local/messages")["messages"]
        assert [message["body"] for message in kept if message["direction"] == "outbound-api"] == OUTBOUND
        eventually(lambda: ask(line, "/_local/messages")["messages"][-1]["status"] == "delivered")
        with pytest.raises(TwilioRestException) as refused:
            sdk(line).messages.create(to="+12025550103", from_=SENDER, body="Hello")
        assert refused.value.code == 21610


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with running(tmp_path / "journal") as (_, line):
        port = line.url.rpartition(":")[2]
        second = subprocess.run([*COMMAND, "--port", port], check=False, capture_output=True, text=True, timeout=10)
        assert second.returncode == 1
        assert f"local Twilio: could not start on 127.0.0.1:{port}" in second.stderr


def test_it_starts_without_the_framework() -> None:
    script = "import sys, notifications.local_twilio.__main__; print([m for m in sys.modules if m == 'django'])"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"


def test_what_the_command_leaves_out_is_read_as_the_product_reads_it() -> None:
    product = {
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": "+12025550100",
        "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
    }
    chosen = read_arguments(["--port", "0"], product)
    assert (chosen.account_sid, chosen.auth_token, chosen.sender) == (SID, TOKEN, "+12025550100")
    assert chosen.inbound_url == "http://127.0.0.1:8000/webhooks/twilio/inbound/"
    assert read_arguments(["--port", "0", "--auth-token", "mine"], product).auth_token == "mine"


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "0", "--account-sid", "AC1", "--auth-token", "t"]])
def test_without_an_account_it_says_what_is_missing(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_arguments(arguments, {})
    assert "account" in capsys.readouterr().err
