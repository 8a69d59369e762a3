"""Our side of the crawl bench: the product's crawler with full extraction.

    python -m bench.crawl_ours PORT SITES PAGES

Prints one line of JSON: pages, seconds, CPU seconds, peak memory in MB, sites read wrongly.
"""

import json
import resource
import sys
from time import perf_counter, process_time

from freshleads.lib.addresses import AddressPolicy
from leads.crawler.crawling import CrawlOptions, SiteRequest, crawl_sites
from leads.crawler.results import SiteReport


def main() -> None:
    """Crawl all sites and print what it took."""
    port, sites, pages = map(int, sys.argv[1:4])
    policy = AddressPolicy(allowed_networks=("127.0.1.0/24",), ports=frozenset({port}))
    options = CrawlOptions(
        user_agent="FreshLeadsBot/1.0 (bench)", max_pages=pages, delay=0.0, full=True
    )
    reports: list[SiteReport] = []
    requests = [
        SiteRequest(f"http://127.0.1.{number}:{port}/", "US", str(number))
        for number in range(1, sites + 1)
    ]
    wrong = 0

    def keep(request: SiteRequest, report: SiteReport) -> None:
        nonlocal wrong
        host = f"site-{request.key}.test"
        found = {finding.value for finding in report.emails}
        wrong += found != {f"{local}@{host}" for local in ("info", "sales", "office", "desk")}
        reports.append(report)

    started, cpu = perf_counter(), process_time()
    crawl_sites(requests, policy=policy, options=options, on_report=keep)
    row = {
        "pages": sum(page.outcome == "ok" for report in reports for page in report.pages),
        "seconds": perf_counter() - started,
        "cpu": process_time() - cpu,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "wrong": wrong,
    }
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
