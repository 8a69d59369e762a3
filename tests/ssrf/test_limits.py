"""A hostile server costs a bounded time and a bounded memory, whatever it sends."""

import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from freshleads.lib.addresses import AddressPolicy, Route
from freshleads.lib.http import BadResponse, Client, DeadlineExceeded, TooLarge
from tests.ssrf.conftest import Script, Serve

DEADLINE = 0.5
AMPLE = 5.0  # a deadline that a flood is to end before
PATIENCE = 0.5  # how much later than its deadline a call may end on a busy machine
CAP = 256 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
Fetch = Callable[..., bytes]


@pytest.fixture
def fetch(serve: Serve) -> Fetch:
    """Fetch once from a server that runs a script."""

    def run(script: Script, *, deadline: float = AMPLE) -> bytes:
        port = serve(script)
        policy = AddressPolicy(routes=(Route("127.0.0.1", port, ("127.0.0.1", port)),))
        client = Client(policy, user_agent="test/1")
        return client.get(f"http://127.0.0.1:{port}/", deadline=deadline, max_bytes=CAP).body

    return run


@pytest.fixture
def peak_memory() -> Iterator[Callable[[], int]]:
    """Give the most bytes that Python held at once since the test began."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def drip(connection: socket.socket, text: bytes = b"a") -> None:
    """Send a byte ten times a second, longer than any deadline here."""
    for _ in range(100):
        connection.sendall(text)
        sleep(0.1)


def flood(connection: socket.socket, block: bytes) -> None:
    """Send a block over and over, as fast as it is taken, up to 256 MiB."""
    for _ in range(256 * 1024 * 1024 // len(block)):
        connection.sendall(block)


def never_a_word(connection: socket.socket) -> None:
    connection.recv(1)


def drips_the_status_line(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 ")
    drip(connection)


def drips_a_header(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"X-Long: ")
    drip(connection)


def drips_header_lines(connection: socket.socket) -> None:
    connection.sendall(HEAD)
    drip(connection, b"A: b\r\n")


def drips_the_body(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    drip(connection)


def drips_a_body_without_length(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    drip(connection)


def drips_chunks(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    drip(connection, b"1\r\na\r\n")


def drips_trailers(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
    drip(connection, b"A: b\r\n")


def floods_trailers(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
    flood(connection, b"A: b\r\n" * 1000)


def drips_continues(connection: socket.socket) -> None:
    drip(connection, b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize(
    "script",
    [
        never_a_word,
        drips_the_status_line,
        drips_a_header,
        drips_header_lines,
        drips_the_body,
        drips_a_body_without_length,
        drips_chunks,
        drips_trailers,
        drips_continues,
    ],
)
def test_a_server_that_drips_is_cut_at_the_deadline(script: Script, fetch: Fetch) -> None:
    started_at = monotonic()
    with pytest.raises(DeadlineExceeded):
        fetch(script, deadline=DEADLINE)
    assert DEADLINE - 0.1 < monotonic() - started_at < DEADLINE + PATIENCE


def floods_header_lines(connection: socket.socket) -> None:
    connection.sendall(HEAD)
    flood(connection, b"X-Filler: %s\r\n" % (b"a" * 8000))


def floods_one_header(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"X-Long: ")
    flood(connection, b"a" * 65536)


def floods_the_status_line(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 ")
    flood(connection, b"a" * 65536)


def floods_continues(connection: socket.socket) -> None:
    flood(connection, b"HTTP/1.1 100 Continue\r\nX-Filler: a\r\n\r\n" * 1000)


def floods_the_body(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    flood(connection, b"a" * 65536)


def floods_one_chunk(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n")
    flood(connection, b"a" * 65536)


def sends_a_gzip_bomb(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n")
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    for _ in range(1024):  # 1 GiB, about 1000:1
        connection.sendall(packer.compress(zeros))


def sends_a_bomb_in_a_bomb(connection: socket.socket) -> None:
    inner = gzip.compress(bytes(8 * 1024 * 1024))
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(inner * 1000))


def floods_empty_gzip_members(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n")
    flood(connection, gzip.compress(b"") * 1000)


@pytest.mark.parametrize(
    "script",
    [
        floods_header_lines,
        floods_one_header,
        floods_the_status_line,
        floods_continues,
        floods_the_body,
        floods_one_chunk,
        sends_a_gzip_bomb,
        sends_a_bomb_in_a_bomb,
        floods_empty_gzip_members,
    ],
)
def test_a_flood_ends_at_its_cap_in_bounded_memory(
    script: Script, fetch: Fetch, peak_memory: Callable[[], int]
) -> None:
    started_at = monotonic()
    with pytest.raises(TooLarge):
        fetch(script)
    assert monotonic() - started_at < AMPLE
    assert peak_memory() < 32 * 1024 * 1024


def floods_a_chunk_size(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;")
    flood(connection, b"a" * 65536)


def floods_one_trailer(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
    flood(connection, b"a" * 65536)


def sends_too_many_headers(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"A: b\r\n" * 500 + b"\r\nbody")


def breaks_off_the_body(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\nhalf")


def breaks_off_a_chunk(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nhalf")


def breaks_off_gzip(connection: socket.socket) -> None:
    half = gzip.compress(b"whole" * 100)[:-9]
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + half)


def damages_gzip(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\nthis is not gzip")


def sends_brotli_unasked(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Encoding: br\r\n\r\n\x0b\x02\x80hello\x03")


def sends_a_chain_of_encodings(connection: socket.socket) -> None:
    body = gzip.compress(gzip.compress(b"hello"))
    connection.sendall(HEAD + b"Content-Encoding: gzip, gzip\r\n\r\n" + body)


def hangs_up_at_once(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def speaks_another_protocol(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example.com ESMTP\r\n")


def contradicts_itself_about_the_length(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello")


def sends_a_chunk_of_negative_size(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    "script",
    [
        floods_a_chunk_size,
        floods_one_trailer,
        sends_too_many_headers,
        breaks_off_the_body,
        breaks_off_a_chunk,
        breaks_off_gzip,
        damages_gzip,
        sends_brotli_unasked,
        sends_a_chain_of_encodings,
        hangs_up_at_once,
        speaks_another_protocol,
        contradicts_itself_about_the_length,
        sends_a_chunk_of_negative_size,
    ],
)
def test_what_is_no_whole_answer_is_an_error(
    script: Script, fetch: Fetch, peak_memory: Callable[[], int]
) -> None:
    with pytest.raises(BadResponse):
        fetch(script)
    assert peak_memory() < 32 * 1024 * 1024


def test_endless_trailers_end_at_the_deadline_in_bounded_memory(
    fetch: Fetch, peak_memory: Callable[[], int]
) -> None:
    started_at = monotonic()
    with pytest.raises((DeadlineExceeded, BadResponse)):
        fetch(floods_trailers, deadline=DEADLINE)
    assert monotonic() - started_at < DEADLINE + PATIENCE
    assert peak_memory() < 32 * 1024 * 1024


def test_a_body_of_exactly_the_cap_is_whole_and_one_byte_more_is_refused(fetch: Fetch) -> None:
    def sends(length: int) -> Script:
        body = gzip.compress(b"a" * length)
        head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
        return lambda connection: connection.sendall(head + body)

    assert fetch(sends(CAP)) == b"a" * CAP
    with pytest.raises(TooLarge):
        fetch(sends(CAP + 1))


def test_a_redirect_leaves_its_body_unread(serve: Serve, peak_memory: Callable[[], int]) -> None:
    def redirects_with_a_bomb(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Encoding: gzip\r\n\r\n")
        flood(connection, gzip.compress(bytes(1024 * 1024)))

    port = serve(redirects_with_a_bomb)
    policy = AddressPolicy(routes=(Route("127.0.0.1", port, ("127.0.0.1", port)),))
    started_at = monotonic()
    with pytest.raises(Exception, match="redirected too many times"):
        Client(policy, user_agent="test/1").get(
            f"http://127.0.0.1:{port}/", deadline=AMPLE, max_redirects=3
        )
    assert monotonic() - started_at < AMPLE
    assert peak_memory() < 32 * 1024 * 1024


def test_redirects_share_one_deadline(serve: Serve) -> None:
    def redirects_slowly(connection: socket.socket) -> None:
        sleep(0.2)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    port = serve(redirects_slowly)
    policy = AddressPolicy(routes=(Route("127.0.0.1", port, ("127.0.0.1", port)),))
    started_at = monotonic()
    with pytest.raises(DeadlineExceeded):
        Client(policy, user_agent="test/1").get(
            f"http://127.0.0.1:{port}/", deadline=DEADLINE, max_redirects=20
        )
    assert monotonic() - started_at < DEADLINE + PATIENCE


def test_a_tls_server_that_never_speaks_is_cut_at_the_deadline(serve: Serve) -> None:
    port = serve(never_a_word)
    policy = AddressPolicy(routes=(Route("127.0.0.1", port, ("127.0.0.1", port)),))
    started_at = monotonic()
    with pytest.raises(DeadlineExceeded):
        Client(policy, user_agent="test/1").get(f"https://127.0.0.1:{port}/", deadline=DEADLINE)
    assert monotonic() - started_at < DEADLINE + PATIENCE


def test_a_name_server_that_hangs_is_left_at_the_deadline() -> None:
    class HangingResolver:
        def lookup(self, host: str, timeout: float) -> list[str]:
            sleep(3)
            return ["93.184.216.34"]

    client = Client(AddressPolicy(resolver=HangingResolver()), user_agent="test/1")
    started_at = monotonic()
    with pytest.raises(DeadlineExceeded):
        client.get("http://shop.example.com/", deadline=0.5)
    assert monotonic() - started_at < 0.5 + PATIENCE
