"""Ports on the loopback interface."""

import itertools
import random
import socket
import urllib.error
import urllib.request

from clinic.local.errors import PortTaken

HOST = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections, so that none slips in between.
_LOWEST, _HIGHEST = 20_000, 32_000
_UNPRIVILEGED, _USUAL, _END = 1_024, 8_000, 65_536


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now. Raises PermissionError if this user never may."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def choose(port: int = 0) -> int:
    """The port that was asked for, or a free one for 0. Raises PortTaken, with one that is free."""
    if not port:
        return suggest(random.SystemRandom().randint(_LOWEST, _HIGHEST))
    if not 0 < port < _END:
        raise PortTaken(
            f"There is no port {port}: choose one from {_UNPRIVILEGED} to {_END - 1}, {_words(suggest(_USUAL))}"
        )
    try:
        if is_free(port):
            return port
    except PermissionError:
        raise PortTaken(
            f"Port {port} is open to the administrator only. Choose another: {_words(suggest(_USUAL))}"
        ) from None
    raise PortTaken(f"Port {port} is in use by another program. Choose another: {_words(suggest(port))}")


def _words(port: int) -> str:
    return f"make demo PORT={port} (or --port {port})"


def suggest(port: int) -> int:
    """The next free port after this one."""
    after = range(max(port + 1, _UNPRIVILEGED), min(port + 500, _END))
    for candidate in itertools.chain(after, range(_USUAL, _USUAL + 500)):
        if is_free(candidate):
            return candidate
    raise PortTaken("No free port was found on the loopback interface.")


def answers(port: int) -> bool:
    """Whether something accepts connections on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def serves(port: int, path: str) -> bool:
    """Whether an HTTP server answers on this port: its socket may be open before anybody works behind it."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
