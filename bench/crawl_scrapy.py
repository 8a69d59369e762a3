"""The peer of the crawl bench: Scrapy's CrawlSpider following links, extracting nothing else.

    python -m bench.crawl_scrapy PORT SITES SECONDS

Prints one line of JSON: pages, seconds, CPU seconds, peak memory in MB.
"""

import json
import resource
import sys
from time import perf_counter, process_time

from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

SETTINGS = {
    "CONCURRENT_REQUESTS": 400,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "ERROR",
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "ASYNCIO_EVENT_LOOP": "uvloop.Loop",
}


class LinkFollower(CrawlSpider):
    """Follows every link of every site, each page once."""

    name = "links"
    rules = (Rule(LinkExtractor(), callback="count", follow=True),)
    pages = 0

    def parse_start_url(self, response: Response) -> None:
        self.count(response)

    def count(self, response: Response) -> None:
        type(self).pages += 1


def main() -> None:
    """Crawl all sites and print what it took."""
    port, sites, seconds = map(int, sys.argv[1:4])
    hosts = [f"127.0.1.{number}" for number in range(1, sites + 1)]
    process = CrawlerProcess({**SETTINGS, "CLOSESPIDER_TIMEOUT": seconds})
    urls = [f"http://{host}:{port}/" for host in hosts]
    started, cpu = perf_counter(), process_time()
    process.crawl(LinkFollower, start_urls=urls, allowed_domains=hosts)
    process.start()
    row = {
        "pages": LinkFollower.pages,
        "seconds": perf_counter() - started,
        "cpu": process_time() - cpu,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
