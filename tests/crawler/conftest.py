"""A scripted web server on loopback that answers for any name under .test, byte by byte."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Lock, Thread
from time import monotonic
from typing import BinaryIO, cast

import pytest

from freshleads.lib.addresses import AddressPolicy, Route
from leads.crawler.options import CrawlOptions

Answer = bytes | Callable[[BinaryIO], None]


def http(
    body: bytes | str = b"", status: int = 200, content_type: str = "text/html", **headers: str
) -> bytes:
    """Return a whole HTTP answer; underscores in header names become hyphens."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": content_type, "Content-Length": str(len(data)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + data


@dataclass
class Web:
    """Websites by host and path; what is not there is 404. Remembers who asked for what, when."""

    port: int = 0
    pages: dict[tuple[str, str], Answer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    open_now: dict[str, int] = field(default_factory=dict)
    most_open: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def site(self, host: str, **pages: Answer) -> None:
        """Add a website; `home` is its first page, other names are paths."""
        for name, answer in pages.items():
            self.pages[host, "/" if name == "home" else f"/{name}"] = answer

    def paths(self, host: str) -> list[str]:
        """Return the paths asked of a host, in order."""
        return [path for name, path in self.asked if name == host]

    def policy(self) -> AddressPolicy:
        """Return a policy that leads every .test name here."""
        return AddressPolicy(routes=[Route(".test", 80, ("127.0.0.1", self.port))])


class _Handler(StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        web: Web = self.server.web  # type: ignore[attr-defined]
        with suppress(OSError):
            while self._answer(web):
                self.wfile.flush()

    def _answer(self, web: Web) -> bool:
        request = self.rfile.readline().split()
        if len(request) < 2:
            return False
        headers: dict[str, str] = {}
        while (line := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        host, path = headers["host"].partition(":")[0], request[1].decode()
        with web.lock:
            web.asked.append((host, path))
            web.headers.append(headers)
            web.times.append(monotonic())
            web.open_now[host] = web.open_now.get(host, 0) + 1
            web.most_open[host] = max(web.most_open.get(host, 0), web.open_now[host])
        try:
            answer = web.pages.get((host, path), http("none", 404))
            if callable(answer):
                answer(cast(BinaryIO, self.wfile))
                return False
            self.wfile.write(answer)
        finally:
            with web.lock:
                web.open_now[host] -= 1
        return True


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 100


@pytest.fixture
def web() -> Iterator[Web]:
    """Serve an empty web."""
    found = Web()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.web = found  # type: ignore[attr-defined]
        found.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join(5)


@pytest.fixture
def answer() -> Callable[..., bytes]:
    """Return the maker of whole HTTP answers."""
    return http


@pytest.fixture
def options() -> Callable[..., CrawlOptions]:
    """Return a maker of crawl options without delays."""

    def make(**changes: object) -> CrawlOptions:
        values = {"user_agent": "FreshLeadsBot/1.0 (+http://bot.test)", "delay": 0.0, **changes}
        return CrawlOptions(**values)  # type: ignore[arg-type]

    return make
