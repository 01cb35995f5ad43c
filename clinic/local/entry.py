"""The way from ``manage.py`` to a command. Only syntax that Python 3.6 reads, like ``interpreter``."""

import sys

from clinic.local import interpreter


def main() -> None:
    """Run the command that the command line names, in an environment that has what it needs."""
    interpreter.require()
    from clinic.local import commands

    sys.exit(commands.run(sys.argv))
