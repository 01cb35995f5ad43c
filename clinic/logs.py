"""What a process writes into its log: faults, and nothing of the rows that they are about."""

import logging
import re

#: What PostgreSQL adds to its sentence: the row, or the key, with its values. Up to the traceback that follows.
_OF_A_ROW = re.compile(
    r"^(?:DETAIL|CONTEXT):.*?(?=\n\n(?:The above exception|During handling of)|\Z)", re.DOTALL | re.MULTILINE
)
#: The same within an exception that was written down as one line.
_IN_ONE_LINE = re.compile(r"\\n(?:DETAIL|CONTEXT):.*")


class Discreet(logging.Formatter):
    """Leaves out the values of a row that the database refused: a name, a number, an answer has no place in a log."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback below it."""
        return _IN_ONE_LINE.sub("", _OF_A_ROW.sub("(left out)", super().format(record)))


def to_console(level: str) -> dict[str, object]:
    """Return Django's `LOGGING`: every line discreet, on the console, from this level up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": Discreet, "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # The SDK logs each request with its body: what is owed to a patient never enters a log.
            "twilio": {"level": "ERROR"},
            "django.request": {"level": "ERROR"},
        },
    }
