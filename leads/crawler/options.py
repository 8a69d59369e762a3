"""What a crawl is asked for, and its limits."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """One website to crawl: its address, the ISO country of its phone numbers, the caller's key."""

    url: str
    region: str = "US"
    key: str = ""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Limits of a crawl; times in seconds, sizes in bytes after decompression.

    `user_agent` starts with the product token that robots.txt files use. `delay` is the least time
    between two requests to one host (a longer Crawl-delay wins, up to 10 seconds). `concurrency` is
    the greatest number of sites at a time; a busy machine gets fewer. `full` visits all pages
    allowed instead of stopping as soon as an address and a phone are known.
    """

    user_agent: str
    max_pages: int = 15
    max_depth: int = 3
    max_bytes: int = 2 * MEBIBYTE
    page_timeout: float = 10
    site_deadline: float = 45
    max_redirects: int = 5
    delay: float = 1.0
    concurrency: int = 200
    full: bool = False
