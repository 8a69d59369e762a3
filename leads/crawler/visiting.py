"""Visits one website: home page, then the links most likely to carry contacts, within limits."""

import asyncio
import logging
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from freshleads.lib.domains import host_of, normalise_url, registrable_domain, same_site
from freshleads.lib.errors import InvalidInput
from leads.crawler.assembling import SiteFacts
from leads.crawler.extraction import PageFacts, extract
from leads.crawler.fetching import MAX_DELAY, Fetcher, FetchFailed, Page
from leads.crawler.frontier import Frontier
from leads.crawler.links import CONTACT_LIKE, Link, plain_url, score_link
from leads.crawler.options import CrawlOptions, SiteRequest
from leads.crawler.results import Outcome, PageVisit, SiteReport, SocialFinding
from leads.crawler.robots import RobotsFiles
from leads.crawler.sitemaps import locations
from leads.crawler.socials import canonical_profile

HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
GUESSES = ("/contact", "/impressum")
MAX_SITEMAPS = 4
MAX_SITEMAP_BYTES = 1024 * 1024
MAX_FAILURES = 4  # pages in a row that could not be had: the site is not worth more waiting

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class SiteVisit:
    """One crawl of one site; `run` returns its report and raises nothing but cancellation."""

    request: SiteRequest
    fetcher: Fetcher
    robots: RobotsFiles
    options: CrawlOptions
    pages: list[PageVisit] = field(default_factory=list)
    facts: SiteFacts = field(default_factory=lambda: SiteFacts(""))
    final_url: str = ""

    async def run(self) -> SiteReport:
        """Visit the site within its deadline and report what was found by then."""
        try:
            async with asyncio.timeout(self.options.site_deadline):
                return await self._visit()
        except TimeoutError:
            return self._report("ok" if self.facts.readable else "unreachable", "site_deadline")
        except Exception:  # one broken site must not end the crawl of all others
            _log.exception("crawl of a site failed key=%s", self.request.key)
            return self._report("failed", "internal_error")

    async def _visit(self) -> SiteReport:
        try:
            starts = _starts(self.request.url)
        except InvalidInput:
            return self._report("refused", "invalid_url")
        profile = canonical_profile(starts[0])
        if profile is not None:
            return self._profile_report(*profile)
        failure = "unreachable"
        for start in starts:
            try:
                home = await self._home(start)
            except FetchFailed as error:
                failure = error.code
                if failure in _FINAL:
                    break
                continue
            return await self._explore(home)
        return self._report(_OUTCOMES.get(failure, "unreachable"), failure)

    async def _home(self, url: str) -> Page:
        """Fetch the first page; raises FetchFailed where there is none to read."""
        rules = await self.robots.rules_for(url)
        if rules.error is not None:
            raise FetchFailed(rules.error)
        if not rules.allows(url):
            raise FetchFailed("forbidden_by_robots")
        page = await self._fetch(url)
        if page is None:
            raise FetchFailed(self.pages[-1].outcome)
        if page.status >= 400:
            raise FetchFailed(f"http_{page.status}")
        return page

    async def _explore(self, home: Page) -> SiteReport:
        """Read the home page, then follow links until enough is known or limits are reached."""
        self.final_url = home.url
        host = host_of(home.url) or ""
        self.facts.domain = registrable_domain(host) or host
        frontier = Frontier(self.options.max_depth)
        frontier.mark(self.request.url if "://" in self.request.url else home.url)
        frontier.mark(home.url)
        links = self._read(home).links
        frontier.add(links, 1)
        if not links:
            frontier.add(await self._sitemap_links(home.url), 1)
        if not frontier.leads_to_contacts:
            frontier.add(_guesses(home.url), 1)
        failures = 0
        while frontier and len(self.pages) < self.options.max_pages and failures < MAX_FAILURES:
            if self._enough(frontier):
                break
            step = frontier.next()
            page = await self._page_of_site(step.link.url)
            failures = failures + 1 if page is None else 0
            if page is not None and page.status < 400:
                frontier.mark(page.url)
                frontier.add(self._read(page).links, step.depth + 1)
        return self._report("ok" if self.facts.readable else "empty")

    def _enough(self, frontier: Frontier) -> bool:
        done = self.facts.suffices and not frontier.leads_to_contacts
        return done and not self.options.full

    async def _page_of_site(self, url: str) -> Page | None:
        """Fetch a further page; one that robots forbid or that leads off the site is left out."""
        if not await self.robots.allows(url):
            return Page(url, 403, "", b"", 0.0)
        page = await self._fetch(url)
        if page is not None and not same_site(page.url, self.final_url):
            return Page(url, 404, "", b"", page.seconds)
        return page

    async def _fetch(self, url: str) -> Page | None:
        """Fetch and note a visit; None where no answer came."""
        started = monotonic()
        try:
            page = await self._patiently(url)
        except FetchFailed as failure:
            self._note(url, 0, 0, monotonic() - started, failure.code)
            return None
        outcome = "ok"
        if page.status >= 400:
            outcome = "http_error"
        elif page.content_type.partition(";")[0].strip() not in (*HTML_TYPES, ""):
            outcome = "not_html"
        self._note(page.url, page.status, len(page.body), page.seconds, outcome)
        return page

    async def _patiently(self, url: str) -> Page:
        """Fetch; if the server asks to come back within a few seconds, do so once."""
        for last in (False, True):
            page = await self.fetcher.fetch(url, allowed=self.robots.permits, content=HTML_TYPES)
            wait = page.retry_after
            if last or page.status not in {429, 503} or wait is None or wait > MAX_DELAY:
                break
            await asyncio.sleep(wait)
        return page

    def _note(self, url: str, status: int, size: int, seconds: float, outcome: str) -> None:
        self.pages.append(PageVisit(url, status, size, round(seconds, 3), outcome))

    def _read(self, page: Page) -> PageFacts:
        facts = extract(page.body, page.url, page.content_type, self.request.region)
        self.facts.add(facts)
        return facts

    async def _sitemap_links(self, home: str) -> list[Link]:
        """Return the pages that a site's sitemaps list, contact-like ones scored as links are."""
        parts = urlsplit(home)
        rules = await self.robots.rules_for(home)
        waiting = [url for url in rules.sitemaps if same_site(url, home)]
        waiting = waiting or [f"{parts.scheme}://{parts.netloc}/sitemap.xml"]
        found: list[Link] = []
        for _ in range(MAX_SITEMAPS):
            if not waiting:
                break
            listed, is_index = await self._sitemap(waiting.pop(0))
            inside = [one for one in listed if same_site(one, home)]
            if is_index:
                waiting += inside
                continue
            plain = [known for one in inside if (known := plain_url(one))]
            found += [Link(one, score_link(one, "")) for one in plain]
        return found

    async def _sitemap(self, url: str) -> tuple[list[str], bool]:
        """Return the addresses of one sitemap and whether they are sitemaps; none if it fails."""
        try:
            page = await self.fetcher.fetch(
                url, allowed=self.robots.permits, max_bytes=MAX_SITEMAP_BYTES
            )
        except FetchFailed:
            return [], False
        return locations(page.body.decode("utf-8", "replace"))

    def _report(self, outcome: Outcome, error: str | None = None) -> SiteReport:
        known = self.facts
        metadata = known.metadata
        return SiteReport(
            start_url=self.request.url,
            final_url=self.final_url or self.request.url,
            outcome=outcome,
            error=error,
            pages=tuple(self.pages),
            emails=known.emails(),
            phones=known.phones(),
            socials=known.socials(),
            title=metadata.title if metadata else "",
            description=metadata.description if metadata else "",
            keywords=metadata.keywords if metadata else "",
            image=metadata.image if metadata else "",
            business=known.business,
        )

    def _profile_report(self, network: str, url: str) -> SiteReport:
        """Report a listing whose website is a profile: it is named, not crawled."""
        social = SocialFinding(url, self.request.url, "start_url", network)
        return SiteReport(
            start_url=self.request.url,
            final_url=url,
            outcome="empty",
            error="social_profile",
            socials=(social,),
        )


_OUTCOMES: dict[str, Outcome] = {
    "address_refused": "refused",
    "invalid_url": "refused",
    "insecure_redirect": "refused",
    "forbidden_by_robots": "forbidden_by_robots",
    "robots_unavailable": "forbidden_by_robots",
}
_FINAL = frozenset(_OUTCOMES)  # another spelling of the address would not help


def _starts(url: str) -> list[str]:
    """Return the addresses to try for a site, in order."""
    first = normalise_url(url)
    starts = [first]
    if "://" not in url:  # no scheme was given: many small sites still have no certificate
        starts.append("http://" + first.partition("://")[2])
    parts = urlsplit(first)
    if parts.path not in {"", "/"} or parts.query:  # an old deep link
        starts.append(f"{parts.scheme}://{parts.netloc}/")
    return starts


def _guesses(home: str) -> list[Link]:
    parts = urlsplit(home)
    return [Link(f"{parts.scheme}://{parts.netloc}{path}", CONTACT_LIKE) for path in GUESSES]
