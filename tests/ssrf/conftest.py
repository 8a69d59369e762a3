"""Canaries on loopback that nobody may reach, and servers that misbehave.

`network` is an internet of one public address in which every connection that is tried is noted.
"""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from socketserver import BaseServer
from threading import Thread
from typing import Any, cast

import pytest
from pytest_django.fixtures import Settings

from freshleads import outbound
from freshleads.lib.addresses import AddressPolicy, Route, SystemResolver
from freshleads.lib.http import Client
from leads.crawler import crawling
from tests.crawler.conftest import web
from tests.leads.conftest import alice, run_to_end, start, workspace
from tests.verifier.conftest import ScriptedDns

__all__ = ["alice", "run_to_end", "start", "web", "workspace"]  # fixtures of other folders

PUBLIC_IP = "93.184.216.34"
LOOPBACK = "127.0.0.1"
AREA = {
    "id": "area",
    "displayName": {"text": "Testville"},
    "types": ["locality"],
    "formattedAddress": "Testville",
    "viewport": {"low": {}, "high": {"latitude": 1, "longitude": 1}},
}

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


def read_numerically(host: str) -> list[str]:
    """Read every numeric spelling that the C library reads, without asking any server."""
    try:
        answers = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(answer[4][0]) for answer in answers]


class Network:
    """Names under example.com live at PUBLIC_IP unless told otherwise; whoever dials is noted.

    `servers` maps ports of PUBLIC_IP to the ports of local servers that stand in for it, `doors`
    are local servers that the product is meant to know. Everything else in `tried` is `inside`.
    """

    def __init__(self) -> None:
        self.tried: list[tuple[str, int]] = []
        self.lookups: list[str] = []
        self.servers: dict[int, int] = {}
        self.doors: set[tuple[str, int]] = set()
        self._names: dict[str, Iterator[list[str]]] = {}

    @property
    def inside(self) -> list[tuple[str, int]]:
        """The connections that nobody may have tried."""
        return [each for each in self.tried if each[0] != PUBLIC_IP and each not in self.doors]

    def name(self, host: str, *answers: list[str]) -> None:
        """Give a name its answers, one look-up after the other and then from the first again."""
        self._names[host] = cycle(answers)

    def lookup(self, host: str, timeout: float) -> list[str]:
        """Answer as the most obliging resolver would."""
        self.lookups.append(host)
        if host in self._names:
            return next(self._names[host])
        return [PUBLIC_IP] if host.endswith(".example.com") else read_numerically(host)

    def dial(self, address: Any) -> Any:
        """Note an address that is dialled and return where the call ends."""
        if not isinstance(address, tuple):
            return address
        self.tried.append(address[:2])
        public = address[0] == PUBLIC_IP and address[1] in self.servers
        return (LOOPBACK, self.servers[address[1]]) if public else address


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch, refused_connections: list[Any]) -> Network:
    """Put the internet of the test before the real one, from which the suite stays shut off."""
    network = Network()
    guarded_connect, guarded_connect_ex = socket.socket.connect, socket.socket.connect_ex

    def connect(self: socket.socket, address: Any) -> None:
        guarded_connect(self, network.dial(address))

    def connect_ex(self: socket.socket, address: Any) -> int:
        return guarded_connect_ex(self, network.dial(address))

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)
    monkeypatch.setattr(
        SystemResolver, "lookup", lambda _, host, timeout: network.lookup(host, timeout)
    )
    monkeypatch.setattr(crawling, "uvloop", None)  # it connects without Python's sockets
    return network


@contextmanager
def working(server: BaseServer) -> Iterator[None]:
    """Let a server work in a thread of its own."""
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def name_server(network: Network) -> Iterator[ScriptedDns]:
    """A name server without records, one of the doors."""
    server = ScriptedDns()
    network.doors.add(server.nameserver)
    with working(server):
        yield server


class Vendor(ThreadingHTTPServer):
    """A seller of places: one area whatever is asked, its `places` once, then none."""

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), VendorHandler)
        self.port = int(self.server_address[1])
        self.places: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []

    def sell(self, *websites: str) -> None:
        """Offer a place for each website."""
        self.places = [
            {
                "id": f"place-{number}",
                "displayName": {"text": f"Business {number}"},
                "location": {"latitude": 0.5, "longitude": 0.5},
                "websiteUri": website,
            }
            for number, website in enumerate(websites)
        ]


class VendorHandler(BaseHTTPRequestHandler):
    """Answers a text search."""

    def do_POST(self) -> None:
        """Keep what is asked and give what there is."""
        vendor = cast(Vendor, self.server)
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        vendor.asked.append(asked)
        places = [AREA]
        if "locationRestriction" in asked:
            places, vendor.places = vendor.places, []
        body = json.dumps({"places": places}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def vendor(network: Network) -> Iterator[Vendor]:
    """The vendor of places, one of the doors."""
    server = Vendor()
    network.doors.add((LOOPBACK, server.port))
    with working(server):
        yield server


Install = Callable[..., None]


@pytest.fixture
def install(
    settings: Settings, network: Network, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> Install:
    """Return a function that sets the product up as for real, but with more ports allowed.

    The list of ports may not stand in for the check of the address.
    """

    def set_up(*ports: int, allowed: tuple[str, ...] = ()) -> None:
        settings.SANDBOX = False
        settings.NETWORK_ALLOWED = list(allowed)
        settings.GOOGLE_PLACES_KEY = "a key"
        settings.GOOGLE_PLACES_URL = f"http://{LOOPBACK}:{vendor.port}"
        settings.LEADS_CRAWL_DELAY_SECONDS = 0.0
        settings.LEADS_PAGE_TIMEOUT_SECONDS = 20.0
        policy: AddressPolicy = outbound.address_policy()
        wide = policy.with_ports(policy.ports | set(ports))
        door = Route(LOOPBACK, vendor.port, (LOOPBACK, vendor.port))
        client = Client(wide.with_routes(door), user_agent="test/1")
        monkeypatch.setattr(outbound, "address_policy", lambda: wide)
        monkeypatch.setattr(outbound, "http_client", lambda: client)

    return set_up
