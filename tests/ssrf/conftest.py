"""Canaries on loopback that nobody may reach, and servers that misbehave."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from threading import Thread

import pytest

Script = Callable[[socket.socket], None]
Serve = Callable[[Script], int]


class Canary:
    """Listeners on 127.0.0.1 and ::1 under one port that count who comes in."""

    def __init__(self) -> None:
        self.visits = 0
        self._listeners = [self._listen(socket.AF_INET, "127.0.0.1", 0)]
        self.port: int = self._listeners[0].getsockname()[1]
        with suppress(OSError):  # a machine without IPv6
            self._listeners.append(self._listen(socket.AF_INET6, "::1", self.port))
        for listener in self._listeners:
            Thread(target=self._count, args=(listener,), daemon=True).start()

    def _listen(self, family: int, host: str, port: int) -> socket.socket:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.bind((host, port))
        listener.listen()
        return listener

    def _count(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.visits += 1
            with connection, suppress(OSError):
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")

    def close(self) -> None:
        for listener in self._listeners:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A door inside; a test ends with `canary.visits == 0`."""
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server on loopback that runs a script on each connection; gives its port."""
    with ExitStack() as stack:

        def start(script: Script) -> int:
            listener = socket.create_server(("127.0.0.1", 0))
            Thread(target=accept, args=(listener, script), daemon=True).start()
            stack.callback(listener.close)
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
            return int(listener.getsockname()[1])

        yield start


def accept(listener: socket.socket, script: Script) -> None:
    """Run the script for one visitor after another until the listener is closed."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        connection.settimeout(10)
        Thread(target=visit, args=(connection, script), daemon=True).start()


def visit(connection: socket.socket, script: Script) -> None:
    """Read the request, then let the script do what it likes until the client has gone."""
    with connection, suppress(OSError):
        connection.recv(65536)
        script(connection)
