"""What every test shares: a network that ends at this machine."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

real_connect = socket.socket.connect
real_connect_ex = socket.socket.connect_ex
real_sendto = socket.socket.sendto


def is_loopback(address: Any) -> bool:
    """Tell whether a socket address stays on this machine (or is a Unix socket)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).split("%")[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def refused_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Refuse and record every connection that would leave the machine."""
    refused: list[Any] = []

    def guard(address: Any) -> None:
        if not is_loopback(address):
            refused.append(address)
            raise ConnectionRefusedError(f"the tests stay on this machine, not {address}")

    def connect(self: socket.socket, address: Any) -> None:
        guard(address)
        return real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        guard(address)
        return real_connect_ex(self, address)

    def sendto(self: socket.socket, *arguments: Any) -> int:
        guard(arguments[-1])
        return real_sendto(self, *arguments)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)
    monkeypatch.setattr(socket.socket, "sendto", sendto)
    yield refused
