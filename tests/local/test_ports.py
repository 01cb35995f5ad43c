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


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_number_that_is_no_port(port: int) -> None:
    with pytest.raises(PortTaken, match=rf"There is no port {port}.*make demo PORT=\d+"):
        ports.choose(port)


def test_a_port_for_the_administrator_only(monkeypatch: pytest.MonkeyPatch) -> None:
    free = ports.is_free

    def closed_below(port: int) -> bool:
        if port < 1_024:
            raise PermissionError
        return free(port)

    monkeypatch.setattr(ports, "is_free", closed_below)
    with pytest.raises(PortTaken, match=r"Port 80 is open to the administrator only.*make demo PORT=\d+"):
        ports.choose(80)


def test_a_free_port_is_kept() -> None:
    free = ports.choose()
    assert ports.choose(free) == free
