"""Single fetches: where they may go, what they follow, how much and how long they read."""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, BinaryIO

import pytest

from freshleads.lib.addresses import AddressPolicy, Route
from leads.crawler.fetching import Fetcher, FetchFailed, Page

Answers = Callable[..., bytes]


def fetch(policy: AddressPolicy, url: str, **changes: Any) -> Page:
    """Fetch one page with a fetcher of its own."""
    limits = {"delay": 0.0, "page_timeout": 3.0, "max_bytes": 100_000, "max_redirects": 5}
    arguments = {name: changes.pop(name) for name in list(changes) if name in limits}

    async def run() -> Page:
        async with Fetcher(policy, user_agent="Bot/1", **(limits | arguments)) as fetcher:
            return await fetcher.fetch(url, **changes)

    return asyncio.run(run())


def failure(policy: AddressPolicy, url: str, **changes: Any) -> str:
    """Return the code with which a fetch fails."""
    with pytest.raises(FetchFailed) as caught:
        fetch(policy, url, **changes)
    return caught.value.code


def test_fetches_a_page_by_its_route(web: Any, answer: Answers) -> None:
    web.site("a.test", home=answer("<p>Hi", content_type="text/html; charset=utf-8"))
    page = fetch(web.policy(), "http://a.test/")
    assert (page.status, page.body) == (200, b"<p>Hi")
    assert page.content_type == "text/html; charset=utf-8"
    assert web.headers[0]["user-agent"] == "Bot/1"
    assert web.headers[0]["accept-encoding"] == "gzip"
    assert "cookie" not in web.headers[0]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1/", "address_refused"),
        ("http://127.1/", "address_refused"),
        ("http://2130706433/", "address_refused"),
        ("http://[::1]/", "address_refused"),
        ("http://[::ffff:127.0.0.1]/", "address_refused"),
        ("http://169.254.169.254/latest/", "address_refused"),
        ("http://10.0.0.1/", "address_refused"),
        ("http://a.test:22/", "address_refused"),
        ("http://a.internal/", "host_not_found"),
        ("http://user:word@a.test/", "invalid_url"),
        ("ftp://a.test/", "invalid_url"),
        ("file:///etc/passwd", "invalid_url"),
        ("http://a.test\\@b.test/", "invalid_url"),
    ],
)
def test_refuses_addresses_outside_the_public_web(web: Any, url: str, code: str) -> None:
    assert failure(web.policy(), url) == code
    assert web.asked == []


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1/", "address_refused"),
        ("http://169.254.169.254/", "address_refused"),
        ("http://[::1]/", "address_refused"),
        ("//10.1.2.3/x", "address_refused"),
        ("file:///etc/passwd", "invalid_url"),
        ("http://user@a.test/", "invalid_url"),
        ("http://a.test:25/", "address_refused"),
        ("javascript:alert(1)", "invalid_url"),
    ],
)
def test_refuses_a_redirect_to_such_an_address(
    web: Any, answer: Answers, location: str, code: str
) -> None:
    web.site("a.test", home=answer(status=302, Location=location))
    assert failure(web.policy(), "http://a.test/") == code
    assert len(web.asked) == 1


def test_an_ip_literal_goes_where_the_policy_says(web: Any, answer: Answers) -> None:
    web.site("203.0.113.9", home=answer("routed"))
    policy = AddressPolicy(routes=[Route("203.0.113.9", 80, ("127.0.0.1", web.port))])
    assert fetch(policy, "http://203.0.113.9/").body == b"routed"


def test_follows_redirects_to_other_hosts(web: Any, answer: Answers) -> None:
    web.site("a.test", home=answer(status=301, Location="http://b.test/next"))
    web.site("b.test", next=answer(status=307, Location="/end?x=1"))
    web.pages["b.test", "/end?x=1"] = answer("there")
    page = fetch(web.policy(), "http://a.test/")
    assert (page.url, page.body) == ("http://b.test/end?x=1", b"there")


def test_asks_before_following_a_redirect(web: Any, answer: Answers) -> None:
    web.site("a.test", home=answer(status=302, Location="/secret"), secret=answer("x"))

    async def allowed(url: str) -> bool:
        return url != "http://a.test/secret"

    assert failure(web.policy(), "http://a.test/", allowed=allowed) == "forbidden_by_robots"
    assert web.paths("a.test") == ["/"]


def test_gives_up_after_five_redirects(web: Any, answer: Answers) -> None:
    web.site("a.test", home=answer(status=302, Location="/"))
    assert failure(web.policy(), "http://a.test/") == "too_many_redirects"
    assert len(web.asked) == 6


def test_cuts_a_long_body_at_the_limit(web: Any) -> None:
    def endless(out: BinaryIO) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        with suppress(OSError):
            while True:
                out.write(b"x" * 65536)

    web.site("a.test", home=endless)
    assert len(fetch(web.policy(), "http://a.test/", max_bytes=50_000).body) == 50_000


@pytest.mark.parametrize("packed", [gzip.compress, zlib.compress])
def test_unpacks_compressed_bodies(
    web: Any, answer: Answers, packed: Callable[[bytes], bytes]
) -> None:
    encoding = "gzip" if packed is gzip.compress else "deflate"
    web.site("a.test", home=answer(packed(b"<p>Hi"), Content_Encoding=encoding))
    assert fetch(web.policy(), "http://a.test/").body == b"<p>Hi"


def test_a_compression_bomb_ends_at_the_limit(web: Any, answer: Answers) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    web.site("a.test", home=answer(bomb, Content_Encoding="gzip"))
    assert len(fetch(web.policy(), "http://a.test/", max_bytes=70_000).body) == 70_000


def test_refuses_encodings_it_did_not_ask_for(web: Any, answer: Answers) -> None:
    web.site("a.test", home=answer(b"x", Content_Encoding="br"))
    assert failure(web.policy(), "http://a.test/") == "unsupported_encoding"


def test_a_drip_ends_at_the_page_timeout(web: Any) -> None:
    def drip(out: BinaryIO) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        with suppress(OSError):
            for _ in range(100):
                out.write(b"x")
                out.flush()
                sleep(0.05)

    web.site("a.test", home=drip)
    started = monotonic()
    assert failure(web.policy(), "http://a.test/", page_timeout=0.4) == "timeout"
    assert monotonic() - started < 8


def test_reads_what_arrived_of_a_body_that_breaks_off(web: Any) -> None:
    def broken(out: BinaryIO) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<p>Hi")

    web.site("a.test", home=broken)
    assert fetch(web.policy(), "http://a.test/").body == b"<p>Hi"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(5000)) + b"\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
    ],
)
def test_an_answer_that_is_not_http_or_too_long_fails(web: Any, head: bytes) -> None:
    web.site("a.test", home=lambda out: out.write(head))
    assert failure(web.policy(), "http://a.test/") in {"bad_response", "connection_failed"}


def test_does_not_read_what_is_not_wanted(web: Any, answer: Answers) -> None:
    web.site("a.test", home=answer(b"%PDF-1.7", content_type="application/pdf"))
    page = fetch(web.policy(), "http://a.test/", content=("text/html",))
    assert (page.status, page.body) == (200, b"")


def test_keeps_no_cookies(web: Any, answer: Answers) -> None:
    web.site("a.test", home=answer(status=302, Location="/b", Set_Cookie="id=1"), b=answer("x"))
    fetch(web.policy(), "http://a.test/")
    assert ["cookie" in headers for headers in web.headers] == [False, False]


def test_ignores_proxies_of_the_environment(
    web: Any, answer: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    web.site("a.test", home=answer("direct"))
    assert fetch(web.policy(), "http://a.test/").body == b"direct"


def test_one_request_at_a_time_to_a_host_with_a_delay_between(web: Any, answer: Answers) -> None:
    web.site("a.test", home=answer("x"), b=answer(status=302, Location="/"))

    async def run() -> None:
        async with Fetcher(
            web.policy(), user_agent="Bot", delay=0.2, page_timeout=5, max_bytes=99, max_redirects=5
        ) as fetcher:
            urls = ["http://a.test/", "http://a.test/b"]
            await asyncio.gather(*(fetcher.fetch(url) for url in urls))

    asyncio.run(run())
    gaps = [later - earlier for earlier, later in zip(web.times, web.times[1:], strict=False)]
    assert len(gaps) == 2
    assert all(gap >= 0.19 for gap in gaps)
    assert web.most_open["a.test"] == 1
