"""Ports on the loopback interface."""

import random
import socket
import urllib.error
import urllib.request

from clinic.local.errors import PortTaken

HOST = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections, so that none slips in between.
_LOWEST, _HIGHEST = 20_000, 32_000


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(port: int = 0) -> int:
    """The port that was asked for, or a free one for 0. Raises PortTaken."""
    if port:
        if is_free(port):
            return port
        raise PortTaken(f"Port {port} is in use by another program. Choose another: --port {suggest(port)}")
    return suggest(random.SystemRandom().randint(_LOWEST, _HIGHEST))


def suggest(port: int) -> int:
    """The next free port after this one."""
    for candidate in range(port + 1, port + 500):
        if candidate < 65_536 and is_free(candidate):
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
