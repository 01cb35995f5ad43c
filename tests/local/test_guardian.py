"""However a run ends, nothing of it lives on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from clinic.local import pids, places, register
from clinic.local.stack import Stack

# A supervisor that starts the servers and one more process, tells their numbers, and waits to be killed.
SUPERVISOR = """
import sys, time
from pathlib import Path
from clinic.local.processes import Program
from clinic.local.stack import Stack
with Stack(Path(sys.argv[1]), durable=False, parts=()) as stack:
    stack.children.launch("worker", Program(["/bin/sleep", "600"], Path("/"), {}))
    guardian = stack._guardian._process.pid
    print(guardian, *[stack.pid(name) for name in ("postgres", "redis", "worker")], flush=True)
    time.sleep(600)
"""
# A supervisor that waits for a command to end, as for a migration; the command tells its number.
WAITS_FOR_A_COMMAND = """
import sys
from pathlib import Path
from clinic.local.processes import Program
from clinic.local.stack import Stack
with Stack(Path(sys.argv[1]), parts=(), database_url="postgresql://unused", redis_url="redis://unused") as stack:
    stack.children.run("manage-migrate", Program(["/bin/sh", "-c", "echo $$; sleep 600"], Path("/"), {}))
"""


def supervisor(state: Path) -> tuple[subprocess.Popen[str], list[int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(state)], stdout=subprocess.PIPE, text=True, cwd=places.CHECKOUT
    )
    assert process.stdout
    return process, [int(word) for word in process.stdout.readline().split()]


def end(process: subprocess.Popen[str], number: signal.Signals) -> None:
    process.send_signal(number)
    process.wait()
    assert process.stdout
    process.stdout.close()


def test_kill_9_of_the_supervisor_leaves_no_process(state: Path) -> None:
    process, numbers = supervisor(state)
    end(process, signal.SIGKILL)
    assert pids.wait_gone(numbers, 15) == set()


def test_a_killed_guardian_is_replaced(state: Path) -> None:
    with Stack(state, parts=(), database_url="postgresql://unused", redis_url="redis://unused") as stack:
        guardian = stack._guardian._process
        assert guardian
        guardian.kill()
        guardian.wait()
        stack.renew_guardian()
        another = stack._guardian._process
        assert another
        assert pids.started(another.pid)
    assert not pids.started(another.pid)


def test_kill_9_ends_a_command_that_the_run_waits_for(state: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS_FOR_A_COMMAND, str(state)], stdout=subprocess.PIPE, text=True, cwd=places.CHECKOUT
    )
    assert process.stdout
    command = int(process.stdout.readline())
    end(process, signal.SIGKILL)
    assert pids.wait_gone([command], 15) == set()


def test_the_next_start_sweeps_what_even_the_guardian_left(state: Path) -> None:
    process, (guardian, *numbers) = supervisor(state)
    os.kill(guardian, signal.SIGKILL)
    end(process, signal.SIGKILL)
    assert all(pids.started(number) for number in numbers)
    with Stack(state, durable=False, parts=()) as stack:
        assert pids.wait_gone(numbers, 0) == set()
        assert stack.postgres
        assert stack.postgres.sql("SELECT 1") == "1"


def test_processes_without_an_entry_are_found_by_their_mark(state: Path) -> None:
    process, (guardian, *numbers) = supervisor(state)
    os.kill(guardian, signal.SIGKILL)
    end(process, signal.SIGKILL)
    for entry in (state / "pids").iterdir():
        entry.unlink()
    register.sweep(state)
    assert pids.wait_gone(numbers, 0) == set()


def test_a_number_that_is_used_again_is_left_alone(state: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    (state / "pids").mkdir(parents=True)
    (state / "pids" / "web").write_text(f"{stranger.pid} 1\n")
    register.sweep(state)
    assert pids.started(stranger.pid)
    stranger.kill()
    stranger.wait()
