"""The adapter under `requests` that connects to addresses of the policy and to nothing else.

Each exchange has a connection of its own: the name is resolved and checked at the moment of the
connect, so no cached answer and no second lookup can lead elsewhere (DNS rebinding).
"""

import http.client
import io
import logging
import re
import socket
import ssl
from collections.abc import Callable
from typing import Any, cast

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from freshleads.lib.addresses import AddressPolicy, AddressRefused, Target
from freshleads.lib.deadlines import Deadline
from freshleads.lib.http_errors import TooLarge, Unreachable
from freshleads.lib.networks import parse_address
from freshleads.lib.urls import WebUrl

MAX_HEAD_BYTES = 64 * 1024
LOOKUP_SECONDS = 5.0
CONNECT_SECONDS = 10.0

Dial = Callable[[], socket.socket]


def dial(policy: AddressPolicy, host: str, port: int, deadline: Deadline) -> socket.socket:
    """Connect to the first address of a host that answers, all of them checked before.

    Raises what the policy raises, Unreachable, DeadlineExceeded.
    """
    lookup_seconds = min(LOOKUP_SECONDS, deadline.remaining())
    for target in policy.resolve(host, port, timeout=lookup_seconds):
        connection = _connected(target, min(CONNECT_SECONDS, deadline.remaining()))
        if connection is None:
            continue
        try:
            _check_peer(connection, target)
            deadline.guard(connection)
        except BaseException:
            connection.close()
            raise
        return connection
    raise Unreachable


def _connected(target: Target, timeout: float) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in target.ip else socket.AF_INET
    try:
        connection = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None  # no IPv6 on this machine
    try:
        connection.settimeout(timeout)
        connection.connect((target.ip, target.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        connection.close()
        return None
    return connection


def _check_peer(connection: socket.socket, target: Target) -> None:
    """Refuse a connection that something on this machine bent to another address."""
    try:
        peer = parse_address(connection.getpeername()[0])
    except OSError:
        raise Unreachable from None
    if peer != parse_address(target.ip):
        raise AddressRefused


class _HeadReader:
    """Hands on the lines of a response's head until they grow too large."""

    def __init__(self, reader: io.BufferedReader) -> None:
        self._reader = reader
        self._left = MAX_HEAD_BYTES

    def readline(self, limit: int) -> bytes:
        line = self._reader.readline(min(limit, self._left + 1))
        self._left -= len(line)
        if self._left < 0:
            raise TooLarge("The head of the answer is too large.")
        return line

    def close(self) -> None:
        self._reader.close()


class _BoundedHeadResponse(http.client.HTTPResponse):
    """Counts all bytes of the head; http.client alone takes a hundred lines of 64 KiB."""

    def begin(self) -> None:
        reader = self.fp
        self.fp = cast(io.BufferedReader, _HeadReader(reader))
        try:
            super().begin()
        finally:
            self.fp = reader


class _Connection(HTTPConnection):
    response_class = _BoundedHeadResponse

    def __init__(self, *args: Any, dial: Dial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return self._dial()


class _TlsConnection(_Connection, HTTPSConnection):
    """The same under TLS; the certificate is checked against the name, not the address."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class GuardedAdapter(HTTPAdapter):
    """Sends one request to one checked URL; proxies and certificates of the environment are void.

    `connected` tells whether a connection came about.
    """

    def __init__(
        self, policy: AddressPolicy, url: WebUrl, deadline: Deadline, tls: ssl.SSLContext
    ) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1)
        self.connected = False
        self._policy = policy
        self._url = url
        self._deadline = deadline
        self._pool: HTTPConnectionPool
        if url.scheme == "https":
            self._pool = _TlsPool(url.host, url.port, dial=self._dial, ssl_context=tls)
        else:
            self._pool = _Pool(url.host, url.port, dial=self._dial)

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """Return the pool made for this URL, whatever the arguments say."""
        return self._pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave the TLS context as it is: it verifies, and it is shared between threads."""

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()
        super().close()

    def _dial(self) -> socket.socket:
        connection = dial(self._policy, self._url.host, self._url.port, self._deadline)
        self.connected = True
        return connection


class _QueryFilter(logging.Filter):
    """Takes query strings out of urllib3's log lines; they may hold a vendor's key."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without_query, record.args))
        return True


def _without_query(value: object) -> object:
    return re.sub(r"\?.*", "?...", value) if isinstance(value, str) else value


for _name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_QueryFilter())
