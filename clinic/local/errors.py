"""What goes wrong on the way to a running product, told so that the reader knows what to do."""


class LocalError(Exception):
    """A failure with a message for a person: what is wrong, and what to do about it."""


class AlreadyRunning(LocalError):
    """Another live run owns this state directory."""


class PortTaken(LocalError):
    """A port that was asked for is in use by another program."""
