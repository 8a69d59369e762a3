"""Fetches pages politely and safely: only to addresses the policy allows, one at a time per host.

Every redirect is followed by hand and checked like a first request. Time, header and decoded body
sizes are bounded, so that neither a slow drip nor a compression bomb holds or fills the crawler.
"""

import asyncio
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic, perf_counter
from types import TracebackType
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from freshleads.lib.addresses import AddressPolicy, Target
from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.lib.urls import WebUrl, is_ip_address, parse_web_url

DNS_SECONDS = 60
CHUNK = 64 * 1024
MAX_CHUNKS = 100_000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_DELAY = 10.0  # seconds; a robots.txt that asks for more gets this


class FetchFailed(Exception):
    """A page could not be had; `code` says why in stable snake_case."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Page:
    """An HTTP answer after redirects: `body` is decoded and may be cut at the size limit."""

    url: str
    status: int
    content_type: str
    body: bytes
    seconds: float
    retry_after: float | None = None


@dataclass(slots=True)
class HostGate:
    """Lets one request at a time through to a host, `delay` seconds after the last one ended."""

    delay: float
    next_at: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def passage(self) -> AsyncIterator[None]:
        async with self.lock:
            wait = self.next_at - monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                self.next_at = monotonic() + self.delay

    def slow_down(self, delay: float | None) -> None:
        """Keep at least `delay` seconds between requests, within what a crawl can wait."""
        more = max(min(delay or 0.0, MAX_DELAY) - self.delay, 0.0)
        self.delay += more
        self.next_at += more


Permission = Callable[[str], Awaitable[bool]]


class Fetcher:
    """One connection pool for a whole crawl; use it as an asynchronous context manager."""

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        user_agent: str,
        delay: float,
        page_timeout: float,
        max_bytes: int,
        max_redirects: int,
    ) -> None:
        self._policy = policy
        self._delay = delay
        self._page_timeout = page_timeout
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._gates: dict[str, HostGate] = {}
        self._session = aiohttp.ClientSession(
            connector=_GuardedConnector(policy),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
            headers={
                "User-Agent": user_agent,
                "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
                "Accept-Encoding": "gzip",
            },
        )

    async def __aenter__(self) -> "Fetcher":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    def gate(self, host: str) -> HostGate:
        """Return the gate of a canonical host name."""
        return self._gates.setdefault(host, HostGate(self._delay))

    async def fetch(
        self,
        url: str,
        *,
        allowed: Permission | None = None,
        content: Sequence[str] = (),
        max_bytes: int | None = None,
    ) -> Page:
        """Get a page within the page timeout, waiting for its host's gate not counted.

        `allowed` is asked before each redirect is followed. `content` lists the media types whose
        bodies are read (all where empty). Raises FetchFailed.
        """
        limit = self._max_bytes if max_bytes is None else max_bytes
        spent = 0.0
        for _ in range(self._max_redirects + 1):
            target = _checked_url(url)
            async with self.gate(target.host).passage():
                started = perf_counter()
                page, location = await self._request(
                    target, self._page_timeout - spent, content, limit
                )
                spent += perf_counter() - started
            if location is None:
                return Page(
                    page.url, page.status, page.content_type, page.body, spent, page.retry_after
                )
            url = _redirected(target, location)
            if allowed is not None and not await allowed(url):
                raise FetchFailed("forbidden_by_robots")
        raise FetchFailed("too_many_redirects")

    async def _request(
        self, target: WebUrl, timeout: float, content: Sequence[str], limit: int
    ) -> tuple[Page, str | None]:
        """Send one request; return its answer and where it redirects to, if it does."""
        try:
            async with asyncio.timeout(max(timeout, 0.001)):
                if is_ip_address(target.host):  # never asked of a resolver
                    await self._policy.resolve_async(target.host, target.port)
                return await self._exchange(target, content, limit)
        except ProviderError as error:
            raise FetchFailed(error.code) from None
        except TimeoutError:
            raise FetchFailed("timeout") from None
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError):
            raise FetchFailed("certificate_error") from None
        except (aiohttp.ClientConnectionError, ConnectionError, OSError):
            raise FetchFailed("connection_failed") from None
        except (aiohttp.ClientError, zlib.error, ValueError):
            raise FetchFailed("bad_response") from None

    async def _exchange(
        self, target: WebUrl, content: Sequence[str], limit: int
    ) -> tuple[Page, str | None]:
        address = URL(str(target), encoded=True)
        async with self._session.get(address, allow_redirects=False) as answer:
            kind = answer.headers.get("Content-Type", "").strip().lower()
            location = answer.headers.get("Location") if answer.status in REDIRECTS else None
            wanted = not content or not kind or kind.partition(";")[0].strip() in content
            body = b""
            if location is None and wanted:
                body = await _read(answer, limit)
            else:
                answer.close()
            after = _seconds(answer.headers.get("Retry-After"))
            return Page(str(target), answer.status, kind, body, 0.0, after), location


class _PolicyResolver(AbstractResolver):
    """Gives aiohttp the addresses, and the ports, that the policy gives."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        targets = await self._policy.resolve_async(host, port)
        return [_resolved(host, target) for target in targets]

    async def close(self) -> None:
        """Hold nothing."""


class _GuardedConnector(aiohttp.TCPConnector):
    """Also takes the addresses of IP literals from the policy, which aiohttp asks no resolver."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._guard = _PolicyResolver(policy)
        super().__init__(resolver=self._guard, limit=0, ttl_dns_cache=DNS_SECONDS)

    async def _resolve_host(
        self, host: str, port: int, traces: Sequence[aiohttp.tracing.Trace] | None = None
    ) -> list[ResolveResult]:
        if is_ip_address(host):
            return await self._guard.resolve(host, port)
        return await super()._resolve_host(host, port, traces)


def _resolved(host: str, target: Target) -> ResolveResult:
    family = socket.AF_INET6 if ":" in target.ip else socket.AF_INET
    return ResolveResult(
        hostname=host,
        host=target.ip,
        port=target.port,
        family=family,
        proto=0,
        flags=socket.AI_NUMERICHOST,
    )


def _checked_url(url: str) -> WebUrl:
    try:
        return parse_web_url(url)
    except InvalidInput:
        raise FetchFailed("invalid_url") from None


def _redirected(origin: WebUrl, location: str) -> str:
    """Return the absolute address a redirect names, refusing the step from https to http."""
    try:
        url = urljoin(str(origin), location.strip()[:4096])
    except ValueError:
        raise FetchFailed("invalid_url") from None
    target = _checked_url(url)
    if origin.scheme == "https" and target.scheme == "http":
        raise FetchFailed("insecure_redirect")
    return str(target)


async def _read(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the decoded body, at most `limit` bytes of it; the rest is never received.

    A body that breaks off is read as far as it came: contacts stand where they stand.
    """
    decode = _decoder(answer.headers.get("Content-Encoding", "").strip().lower())
    parts: list[bytes] = []
    size = 0
    try:
        async for chunk in answer.content.iter_any():
            part = decode(chunk, limit - size)
            parts.append(part)
            size += len(part)
            if size >= limit or len(parts) > MAX_CHUNKS:
                answer.close()
                break
    except (aiohttp.ClientPayloadError, zlib.error):
        answer.close()
        if not size:
            raise
    return b"".join(parts)[:limit]


def _decoder(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what turns received bytes into at most so many decoded ones."""
    if encoding in {"", "identity"}:
        return lambda chunk, room: chunk[:room]
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchFailed("unsupported_encoding")
    unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, told apart by their first bytes
    return lambda chunk, room: unpacker.decompress(chunk, max(room, 1))


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.strip().isdigit() and len(value) < 8 else None
