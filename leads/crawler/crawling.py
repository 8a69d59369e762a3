"""Crawls many websites at once in one event loop and reports each as it ends."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from freshleads.lib.addresses import AddressPolicy
from leads.crawler.fetching import Fetcher
from leads.crawler.options import CrawlOptions, SiteRequest
from leads.crawler.pacing import Pacing
from leads.crawler.results import SiteReport
from leads.crawler.robots import RobotsFiles
from leads.crawler.visiting import SiteVisit

try:
    import uvloop
except ImportError:  # there is none for Windows
    uvloop = None  # type: ignore[assignment]

STOP_POLL_SECONDS = 0.25

__all__ = ["CrawlOptions", "SiteRequest", "crawl_site", "crawl_sites"]

OnReport = Callable[[SiteRequest, SiteReport], None]


def never() -> bool:
    """Do not stop."""
    return False


def crawl_sites(
    requests: Sequence[SiteRequest],
    *,
    policy: AddressPolicy,
    options: CrawlOptions,
    on_report: OnReport,
    should_stop: Callable[[], bool] = never,
) -> None:
    """Crawl websites and call `on_report` once for each, in this thread, in the order they end.

    Blocks until all are done, or returns soon after `should_stop` says so (polled every quarter of
    a second); sites under way are then dropped without a report. What `on_report` or `should_stop`
    raise ends the crawl and is raised here; a fault in one site never does.
    """
    new_loop = asyncio.new_event_loop if uvloop is None else uvloop.new_event_loop
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_crawl(requests, policy, options, on_report, should_stop))


def crawl_site(
    request: SiteRequest,
    *,
    policy: AddressPolicy,
    options: CrawlOptions,
    should_stop: Callable[[], bool] = never,
) -> SiteReport:
    """Crawl one website; when stopped, the report is a `failed` one with error `stopped`."""
    reports: list[SiteReport] = []
    crawl_sites(
        [request],
        policy=policy,
        options=options,
        on_report=lambda _, report: reports.append(report),
        should_stop=should_stop,
    )
    return reports[0] if reports else SiteReport(request.url, request.url, "failed", "stopped")


async def _crawl(
    requests: Sequence[SiteRequest],
    policy: AddressPolicy,
    options: CrawlOptions,
    on_report: OnReport,
    should_stop: Callable[[], bool],
) -> None:
    waiting = iter(requests)
    async with Fetcher(
        policy,
        user_agent=options.user_agent,
        delay=options.delay,
        page_timeout=options.page_timeout,
        max_bytes=options.max_bytes,
        max_redirects=options.max_redirects,
    ) as fetcher:
        robots = RobotsFiles(fetcher, options.user_agent)
        pacing = Pacing(options.concurrency)

        async def work(queue: Iterator[SiteRequest]) -> None:
            for request in queue:
                async with pacing.place():
                    report = await SiteVisit(request, fetcher, robots, options).run()
                on_report(request, report)

        count = min(options.concurrency, len(requests))
        workers = [asyncio.create_task(work(waiting)) for _ in range(count)]
        try:
            await _watch(workers, should_stop)
        finally:
            pacing.close()


async def _watch(workers: Sequence[asyncio.Task[None]], should_stop: Callable[[], bool]) -> None:
    """Wait for all workers; cancel them when asked to stop or when one of them fails."""
    pending: set[asyncio.Task[None]] = set(workers)
    try:
        while pending and not should_stop():
            done, pending = await asyncio.wait(
                pending, timeout=STOP_POLL_SECONDS, return_when=asyncio.FIRST_EXCEPTION
            )
            for worker in done:
                worker.result()
    finally:
        for worker in pending:
            worker.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
