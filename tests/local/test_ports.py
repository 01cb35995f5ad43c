"""A port that is taken is said to be, with one that is free."""

import socket

import pytest

from clinic.local import ports
from clinic.local.errors import PortTaken


def test_a_taken_port_names_a_free_one() -> None:
    with socket.socket() as other:
        other.bind((ports.HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {taken} is in use.*--port \d+"):
            ports.choose(taken)


def test_a_free_port_is_kept() -> None:
    free = ports.choose()
    assert ports.choose(free) == free
