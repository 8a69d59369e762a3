"""Runs the whole sandbox, all its servers over one world, in one thread."""

import asyncio
import contextlib
import errno
import os
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from freshleads.sandbox.dns import DnsServer
from freshleads.sandbox.places import PlacesServer
from freshleads.sandbox.smtp import SmtpServer
from freshleads.sandbox.vendors import VendorsServer
from freshleads.sandbox.web import WebServer
from freshleads.sandbox.world import World, build_world

HTTP_PORT = 80
START_SECONDS = 20.0
STOP_SECONDS = 5.0
TRUTHY = frozenset(("1", "true", "yes", "on"))


class SandboxRefused(RuntimeError):
    """The sandbox does not run beside production settings."""


class PortInUse(OSError):
    """A port that the sandbox was told to listen on is taken; `port` says which."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(errno.EADDRINUSE, f"port {port} for the sandbox's {name} server is in use")
        self.port = port


@dataclass(frozen=True, slots=True)
class SandboxPorts:
    """The loopback ports of the five servers; 0 asks for a free one."""

    web: int = 0
    places: int = 0
    dns: int = 0
    smtp: int = 0
    vendors: int = 0


class Sandbox:
    """A small deterministic internet on loopback; start it, or use it as a context manager.

    `web`, `places`, `dns`, `smtp` and `vendors` are the servers, with what tests may read and
    change. `latency` is in seconds, added to every answer.
    """

    def __init__(
        self, seed: int = 1, latency: float = 0.0, ports: SandboxPorts | None = None
    ) -> None:
        self.world: World = build_world(seed)
        self.ports = ports or SandboxPorts()
        self.web = WebServer(self.world, latency=latency, port=self.ports.web)
        self.places = PlacesServer(self.world, latency=latency, port=self.ports.places)
        self.dns = DnsServer(self.world, latency=latency, port=self.ports.dns)
        self.smtp = SmtpServer(self.world, latency=latency, port=self.ports.smtp)
        self.vendors = VendorsServer(self.world, latency=latency, port=self.ports.vendors)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Start all servers and return when they listen.

        Raises SandboxRefused under FRESHLEADS_PRODUCTION and PortInUse where a port is taken.
        """
        if os.environ.get("FRESHLEADS_PRODUCTION", "").strip().lower() in TRUTHY:
            raise SandboxRefused("the sandbox does not start with FRESHLEADS_PRODUCTION set")
        if self._thread is not None:
            return self
        ready: Future[SandboxPorts] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="freshleads-sandbox", daemon=True
        )
        self._thread.start()
        try:
            self.ports = ready.result(START_SECONDS)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Close every server and connection; harmless when not running."""
        thread, loop = self._thread, self._loop
        self._thread = self._loop = None
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed already
                loop.call_soon_threadsafe(loop.stop)
        if thread is not None:
            thread.join(STOP_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def routes(self) -> list[tuple[str, int, int]]:
        """Return (suffix, port, port on 127.0.0.1 to connect to instead), most specific first."""
        return [*self.smtp.routes(), (".test", HTTP_PORT, self.ports.web)]

    def _run(self, ready: "Future[SandboxPorts]") -> None:
        """Run the event loop of the servers until it is stopped; the body of the thread."""
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            self._loop = loop
            try:
                ready.set_result(runner.run(self._start_all()))
            except BaseException as error:
                runner.run(self._stop_all())
                ready.set_exception(error)
                return
            loop.run_forever()
            runner.run(self._stop_all())

    async def _start_all(self) -> SandboxPorts:
        """Start the five servers and return their real ports."""
        return SandboxPorts(
            web=await _listen("web", self.web.start, self.ports.web),
            places=await _listen("places", self.places.start, self.ports.places),
            dns=await _listen("DNS", self.dns.start, self.ports.dns),
            smtp=await _listen("SMTP", self.smtp.start, self.ports.smtp),
            vendors=await _listen("vendors", self.vendors.start, self.ports.vendors),
        )

    async def _stop_all(self) -> None:
        """Stop the five servers, also those that never started."""
        for server in (self.web, self.places, self.dns, self.smtp, self.vendors):
            await server.stop()


async def _listen(name: str, start: Callable[[], Awaitable[int]], port: int) -> int:
    """Start one server and return its port; a taken port is named in the error."""
    try:
        return await start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(name, port) from error
        raise
