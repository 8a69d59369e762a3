"""One crawl of a scripted website, and what its pages are made of."""

from collections.abc import Callable
from time import sleep
from typing import Any, BinaryIO

from leads.crawler.crawling import CrawlOptions, SiteRequest, crawl_site
from leads.crawler.results import SiteReport

Answers = Callable[..., bytes]
Options = Callable[..., CrawlOptions]
MAIL = '<a href="mailto:info@a.test">m</a>'
PHONE = '<a href="tel:+13055550123">t</a>'


def crawl(web: Any, options: CrawlOptions, url: str = "http://a.test/") -> SiteReport:
    return crawl_site(SiteRequest(url), policy=web.policy(), options=options)


def late(out: BinaryIO, answer: bytes) -> None:
    """Answer after half a second."""
    sleep(0.5)
    out.write(answer)


def visited(report: SiteReport) -> list[str]:
    return [page.url.partition(".test")[2] for page in report.pages]


def links(*paths: str) -> str:
    return "".join(f'<a href="{path}">page</a>' for path in paths)
