"""What every test shares: a network that ends at this machine."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["tests.people"]

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="run only the tests that use the database (for a second pass on PostgreSQL)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has nothing to do with the database when only that is asked for."""
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def uses_database(item: pytest.Item) -> bool:
    """Tell whether a test reads or writes Django's database."""
    if item.get_closest_marker("browser"):
        return False
    if item.get_closest_marker("django_db") or item.get_closest_marker("postgres"):
        return True
    return bool({"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Count a skipped test as a failure where every service is meant to be there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if reporter and skipped and exitstatus == 0 and os.environ.get("FRESHLEADS_TEST_STRICT"):
        reporter.write_line(f"{len(skipped)} skipped: a failure, for every service must be there")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
