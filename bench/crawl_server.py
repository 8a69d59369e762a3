"""Serves invented websites for the crawl bench: one address of 127.0.1.0/24 each, one process.

    python -m bench.crawl_server SITES PAGES LATENCY_MS PAGE_BYTES

Prints the port, the same on every address, and runs until its standard input ends.
"""

import asyncio
import socket
import sys

import uvloop

from bench.pages import business_page

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def page_paths(pages: int) -> list[str]:
    """Return the paths of a site: home, contact, and numbered pages."""
    return ["/", "/contact", *(f"/page-{number}" for number in range(pages - 2))]


class Site(asyncio.Protocol):
    """One keep-alive connection to one site; answers come after the latency."""

    def __init__(self, answers: dict[bytes, bytes], latency: float) -> None:
        self._answers = answers
        self._latency = latency
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            answer = self._answers.get(head.split(b" ", 2)[1], NOT_FOUND)
            asyncio.get_running_loop().call_later(self._latency, self._answer, answer)

    def _answer(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)  # type: ignore[attr-defined]


def site_answers(number: int, pages: int, size: int) -> dict[bytes, bytes]:
    """Return the whole HTTP answer for each path of a site."""
    answers = {}
    for index, path in enumerate(page_paths(pages)):
        page = business_page(number * 100 + index, size, f"site-{number}.test", pages - 2)
        body = page.encode()
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        answers[path.encode()] = head.encode() + body
    return answers


async def serve(sites: int, pages: int, latency: float, size: int) -> None:
    """Listen on 127.0.1.1 to 127.0.1.SITES until standard input ends."""
    loop = asyncio.get_running_loop()
    port = 0
    for number in range(1, sites + 1):
        answers = site_answers(number, pages, size)
        server = await loop.create_server(
            lambda answers=answers: Site(answers, latency), f"127.0.1.{number}", port,
            family=socket.AF_INET,
        )  # fmt: skip
        port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    count, each, milliseconds, length = map(int, sys.argv[1:5])
    uvloop.run(serve(count, each, milliseconds / 1000, length))
