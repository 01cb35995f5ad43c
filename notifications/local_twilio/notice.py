"""What the process says of itself: kinds of failures, never texts or numbers."""

import sys


def notice(words: str) -> None:
    """One line to the standard error."""
    sys.stderr.write(f"local Twilio: {words}\n")
    sys.stderr.flush()
