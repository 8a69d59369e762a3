"""What a host's robots.txt allows, after RFC 9309."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from leads.crawler.fetching import Fetcher, FetchFailed

MAX_BYTES = 500 * 1024
MAX_SITEMAPS = 5


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one host; without `parsed` all is allowed, or nothing where `error` says why."""

    parsed: Protego | None = None
    agent: str = ""
    error: str | None = None

    def allows(self, url: str) -> bool:
        """Tell whether a page may be fetched."""
        if self.error is not None:
            return False
        return self.parsed is None or bool(self.parsed.can_fetch(url, self.agent))

    @property
    def delay(self) -> float | None:
        """Seconds that the host wants between two requests."""
        delay = self.parsed.crawl_delay(self.agent) if self.parsed is not None else None
        return float(delay) if delay is not None else None

    @property
    def sitemaps(self) -> list[str]:
        return list(self.parsed.sitemaps)[:MAX_SITEMAPS] if self.parsed is not None else []


class RobotsFiles:
    """The robots.txt of every host of one crawl, each fetched once."""

    def __init__(self, fetcher: Fetcher, user_agent: str) -> None:
        self._fetcher = fetcher
        self._agent = product_token(user_agent)
        self._rules: dict[str, RobotsRules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def rules_for(self, url: str) -> RobotsRules:
        """Return the rules of a page's host; its Crawl-delay slows the host's gate down."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._rules:
                rules = await self._load(origin)
                self._rules[origin] = rules
                self._fetcher.gate(parts.hostname or "").slow_down(rules.delay)
            return self._rules[origin]

    async def allows(self, url: str) -> bool:
        """Tell whether a page may be fetched, asking its host first if need be."""
        return (await self.rules_for(url)).allows(url)

    async def permits(self, url: str) -> bool:
        """Do as `allows`, but raise FetchFailed where the host itself cannot be had."""
        rules = await self.rules_for(url)
        if rules.error is not None:
            raise FetchFailed(rules.error)
        return rules.allows(url)

    async def _load(self, origin: str) -> RobotsRules:
        """Fetch and parse; 4xx allows all, 5xx and a silent network forbid all."""
        try:
            page = await self._fetcher.fetch(f"{origin}/robots.txt", max_bytes=MAX_BYTES)
        except FetchFailed as failure:
            if failure.code == "too_many_redirects":
                return RobotsRules()
            return RobotsRules(error=failure.code)
        if page.status >= 500:
            return RobotsRules(error="robots_unavailable")
        if page.status >= 300:
            return RobotsRules()
        return parse_rules(page.body, self._agent)


def parse_rules(body: bytes, agent: str) -> RobotsRules:
    """Read a robots.txt for one product token; what cannot be read allows all."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
    return RobotsRules(Protego.parse(text), agent)


def product_token(user_agent: str) -> str:
    """Return the name that robots.txt files call the crawler by."""
    found = re.match(r"[A-Za-z_-]{1,60}", user_agent)
    return found[0] if found else "*"
