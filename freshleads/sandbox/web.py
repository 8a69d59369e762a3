"""Serves every invented website from one port: the Host header decides which site answers.

Made for hostile answers, so it writes to the socket itself: bodies without end, connections cut
half-way or reset, encodings nobody asked for.
"""

import asyncio
import contextlib
import socket
import struct
import time
from collections import deque
from http import HTTPStatus

from freshleads.sandbox.entities import World
from freshleads.sandbox.page import Page, not_found
from freshleads.sandbox.sites import answer

LOOPBACK = "127.0.0.1"
MAX_HEAD_BYTES = 32_768
MAX_REQUEST_BODY = 1_048_576
IDLE_SECONDS = 30.0
ENDLESS_BYTES = 256 * 1024 * 1024  # even "endless" must not run a forgotten client for ever
DRIP_SECONDS, DRIP_PAUSE = 120.0, 0.2
SEEN_REQUESTS = 50_000


class WebServer:
    """An HTTP/1.1 server for the sites of a world; start and stop it inside an event loop.

    `latency` is added to every answer and `slow_seconds` to those of slow pages, in seconds; both
    may be changed while it runs. `seen` holds (monotonic time, host, path) of the last requests.
    """

    def __init__(
        self,
        world: World,
        *,
        latency: float = 0.0,
        port: int = 0,
        slow_seconds: float = 1.5,
    ) -> None:
        self.world = world
        self.latency = latency
        self.slow_seconds = slow_seconds
        self.port = port
        self.seen: deque[tuple[float, str, str]] = deque(maxlen=SEEN_REQUESTS)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on loopback and return the port; raises OSError where it is taken."""
        self._server = await asyncio.start_server(
            self._serve, LOOPBACK, self.port, limit=MAX_HEAD_BYTES, backlog=2048
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Stop listening and drop every connection; harmless when not running."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the client left, which is its right
        except asyncio.CancelledError:
            pass  # stop() ends this task; the streams module would log the cancellation
        finally:
            self._connections.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests of one connection until either side closes it."""
        keep_open = True
        while keep_open:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.LimitOverrunError, ValueError):
                writer.write(_head(Page(status=431), 0, keep_open=False))
                return
            request = _Request(head)
            keep_open = request.keep_alive and await _skip_body(reader, request)
            page = self._answer(request)
            pause = self.latency + (self.slow_seconds if page.slow else 0.0)
            if pause:
                await asyncio.sleep(pause)
            keep_open = await _send(writer, page, request.method, keep_open=keep_open)

    def _answer(self, request: "_Request") -> Page:
        self.seen.append((time.monotonic(), request.host, request.path))
        if request.method not in {"GET", "HEAD", "POST"}:
            return Page(status=405)
        business = self.world.by_host.get(request.host)
        return not_found() if business is None else answer(business, request.host, request.path)


class _Request:
    """The parts of a request head that matter here."""

    def __init__(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        self.method = words[0].upper()
        target = words[1] if len(words) > 1 else "/"
        self.path = target.partition("#")[0].partition("?")[0]
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        self.host = headers.get("host", "").partition(":")[0].lower().rstrip(".")
        self.keep_alive = headers.get("connection", "").lower() != "close"
        length = headers.get("content-length", "0")
        self.body_length = int(length) if length.isdigit() else 0


async def _skip_body(reader: asyncio.StreamReader, request: _Request) -> bool:
    """Read a request body away; False where it is too long to keep the connection."""
    if request.body_length > MAX_REQUEST_BODY:
        return False
    if request.body_length:
        await reader.readexactly(request.body_length)
    return True


async def _send(writer: asyncio.StreamWriter, page: Page, method: str, *, keep_open: bool) -> bool:
    """Write one answer; return whether the connection can take another request."""
    if page.ending == "reset":
        _reset(writer)
        return False
    if page.ending in {"endless", "drip"}:
        await _send_for_ever(writer, page)
        return False
    length = sum(map(len, page.parts))
    if page.ending == "truncated":
        writer.write(_head(page, length, keep_open=False) + page.body[: length // 2])
        await writer.drain()
        return False
    writer.write(_head(page, length, keep_open=keep_open))
    if method != "HEAD":
        for part in page.parts:
            writer.write(part)
            if length > MAX_HEAD_BYTES * 8:
                await writer.drain()
    await writer.drain()
    return keep_open


def _head(page: Page, length: int, *, keep_open: bool) -> bytes:
    lines = [f"HTTP/1.1 {page.status} {HTTPStatus(page.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in page.headers]
    lines.append(f"Content-Length: {length}")
    lines.append(f"Connection: {'keep-alive' if keep_open else 'close'}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _send_for_ever(writer: asyncio.StreamWriter, page: Page) -> None:
    """Send the page, then its last part again and again in chunks, fast or trickling."""
    lines = [f"HTTP/1.1 {page.status} OK", *(f"{name}: {value}" for name, value in page.headers)]
    lines.append("Transfer-Encoding: chunked")
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    for part in page.parts[:-1]:
        writer.write(_chunk(part))
    drips = page.ending == "drip"
    block = _chunk(page.parts[-1][:80] if drips else page.parts[-1])
    sent, until = 0, time.monotonic() + DRIP_SECONDS
    while sent < ENDLESS_BYTES and time.monotonic() < until:
        writer.write(block)
        sent += len(block)
        await writer.drain()
        await asyncio.sleep(DRIP_PAUSE if drips else 0)
    _reset(writer)


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the peer gets a RST and not an orderly end."""
    with contextlib.suppress(OSError):
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
