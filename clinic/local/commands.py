"""Runs a command: prepares what it needs first, and says failures in plain words."""

import os
import sys
from collections.abc import Sequence

from clinic.local import bootstrap, packages, places, refusals, stop_signals
from clinic.local.errors import LocalError

# These need the packages of the tests too.
_TEST_COMMANDS = frozenset({"test", "gate", "soak", "pictures", "outline", "bench", "requirements"})
# These start their own servers; the last two, always.
STACK_COMMANDS = frozenset({"demo", "story", "bench"})
_ALWAYS_OWN = frozenset({"story", "bench"})
# These never talk to a database.
_WITHOUT_DATABASE = frozenset(
    {"", "help", "version", "check", "decide", "intake_doc", "pin_rules", "spectacular"}
    | {"makemigrations", "collectstatic", "findstatic", "makemessages", "compilemessages"}
    | {"diffsettings", "startapp", "startproject"}
)
# These need Django's command line and nothing else of it: no apps are loaded, which takes most of a second.
_WITHOUT_APPS = {"decide": "triage"}
_HELP = frozenset({"-h", "--help"})
# Here the word names a version of the rules, not Django's.
_OWN_VERSION = frozenset({"replay"})


def run(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name and return its exit code."""
    command = next((word for word in arguments[1:] if not word.startswith("-")), "")
    stop_signals.heed()
    try:
        return _run(command, arguments)
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        # A command that another of ours started leaves the telling to it.
        if places.MARK not in os.environ:
            print("\nStopped.", file=sys.stderr)
        return 130
    except Exception as error:
        told = refusals.explain(error)
        if not told:
            raise
        print(f"\n{told}", file=sys.stderr)
        return 1


def _run(command: str, arguments: Sequence[str]) -> int:
    if command in {"clean", "clean-data"}:
        from clinic.local import cleaning

        return cleaning.run(everything=command == "clean")
    bootstrap.ensure(arguments, _kind(command))
    if command in {"test", "gate", "soak", "pictures", "outline"}:
        from clinic.local import testing

        return testing.run(command, list(arguments[2:]))
    if command == "requirements":
        from clinic.local import pins

        return pins.run(arguments[2:])
    return _django(command, arguments)


def _kind(command: str) -> str:
    if command in _TEST_COMMANDS:
        return packages.TESTS
    return packages.LOCAL if command in STACK_COMMANDS else packages.ANY


def needs_embedded_database(command: str, arguments: Sequence[str]) -> bool:
    """Whether a Django command wants a database and none was named in DATABASE_URL. Production names one."""
    asks = _HELP if command in _OWN_VERSION else _HELP | {"--version"}
    if os.environ.get("DATABASE_URL") or os.environ.get("RULEOUT_ENV") == "production" or asks & set(arguments):
        return False
    return command not in _WITHOUT_DATABASE | STACK_COMMANDS


def _django(command: str, arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    if command in STACK_COMMANDS and not _HELP & set(arguments):
        _prepare_stack(command)
    elif not (os.environ.get("DATABASE_URL") or os.environ.get("SECRET_KEY")):
        # A checkout with nothing configured is a demonstration; a deployment names its database and its key.
        os.environ.setdefault("RULEOUT_ENV", "demo")
    if not needs_embedded_database(command, arguments):
        return _execute(arguments)
    from clinic.local import embedded

    with embedded.database():
        return _execute(arguments)


def _prepare_stack(command: str) -> None:
    from clinic.local import named

    if command in _ALWAYS_OWN:
        for name in (named.DATABASE, named.REDIS):
            os.environ.pop(name, None)
    elif os.environ.get("RULEOUT_ENV") == "production":
        raise LocalError(
            "RULEOUT_ENV says that this is production, and a demo fills its database with a made-up network. To run "
            f"one all the same, unset RULEOUT_ENV, {named.DATABASE} and {named.REDIS}."
        )
    os.environ["RULEOUT_ENV"] = "demo"
    named.require(os.environ)


def _execute(arguments: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line, load_command_class

    if arguments[1:2] and arguments[1] in _WITHOUT_APPS:
        load_command_class(_WITHOUT_APPS[arguments[1]], arguments[1]).run_from_argv(list(arguments))
        return 0
    execute_from_command_line(list(arguments))
    return 0
