"""The gate before every test run and every change: one check after the other, until one fails."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

from clinic.local import places

_PYTHON = sys.executable
_MANAGE = (_PYTHON, "manage.py")
# Made-up values of a deployment: the production settings are checked, nothing is contacted.
_PRODUCTION = {
    "RULEOUT_ENV": "production",
    "SECRET_KEY": "an-example-key-for-the-gate-0123456789-abcdefghijklmnopqrstuvwxyz",
    "LINK_KEY": "another-example-key-for-the-gate-0123456789-abcdefghijklmnopqrs",
    "DATABASE_URL": "postgresql://ruleout:example@db.invalid/ruleout",
    "REDIS_URL": "redis://broker.invalid:6379/0",
    "PUBLIC_BASE_URL": "https://clinic.example",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "0" * 32,
    "TWILIO_FROM": "+12025550100",
}
_TEST = {"RULEOUT_ENV": "test", "DATABASE_URL": "postgresql://postgres@%2Fnonexistent/ruleout"}


@dataclass(frozen=True)
class Check:
    """One check: what it holds, the command, and what to do when it fails."""

    holds: str
    command: tuple[str, ...]
    advice: str
    env: dict[str, str] = field(default_factory=dict)


CHECKS = (
    Check("code style", (_PYTHON, "-m", "ruff", "check", "."), "Try: .venv/bin/ruff check --fix ."),
    Check("code format", (_PYTHON, "-m", "ruff", "format", "--check", "."), "Try: .venv/bin/ruff format ."),
    Check("types", (_PYTHON, "-m", "mypy"), "Each line above names a file and what its types say.", _TEST),
    Check(
        "direction of imports",
        (_PYTHON, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
        "An app may import only what stands below it; see [tool.importlinter] in pyproject.toml.",
    ),
    Check(
        "migrations match the models",
        (
            _PYTHON,
            "-W",
            "ignore:Got an error checking:RuntimeWarning",
            *_MANAGE[1:],
            "makemigrations",
            "--check",
        ),
        "Run: python3 manage.py makemigrations, and keep what it writes.",
        _TEST,
    ),
    Check(
        "OpenAPI description",
        (*_MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull),
        "The lines above name the view whose description is incomplete.",
        _TEST,
    ),
    Check(
        "production settings",
        (*_MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
        "The settings must pass Django's own deployment checks.",
        _PRODUCTION,
    ),
)


def run() -> int:
    """Run every check, telling of each; 0 when all pass, else 1 after the first that fails."""
    for number, check in enumerate(CHECKS, start=1):
        print(f"[{number}/{len(CHECKS)}] {check.holds} ...", end=" ", flush=True)
        since = time.monotonic()
        done = subprocess.run(
            check.command,
            cwd=places.CHECKOUT,
            env={**os.environ, **check.env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print("FAILED", flush=True)
            print(done.stdout.rstrip())
            print(f"\nThe gate failed at: {check.holds}. {check.advice}", file=sys.stderr)
            return 1
        print(f"good ({time.monotonic() - since:.1f} s)", flush=True)
    return 0
