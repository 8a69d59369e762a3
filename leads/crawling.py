"""The second stage of a search: reading the websites of its new leads.

The crawl runs on a thread with an event loop of its own; this thread stores what it reports,
a few sites per transaction, and keeps the lease. What a kill interrupts is crawled again.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from freshleads import outbound
from leads import merging, registry
from leads.crawler.crawling import crawl_sites
from leads.crawler.options import SiteRequest
from leads.crawler.results import SiteReport
from leads.leasing import Lease, LeaseLost
from leads.models import Lead, SearchLead, SiteCrawl

FRESH_FOR = timedelta(days=14)
FAILURE_FRESH_FOR = timedelta(days=1)
SITES_AT_ONCE = 200
STORED_AT_ONCE = 20
LICENCE = "Published by the business on its own website"

Outcome = tuple[str, SiteReport]


def crawl(lease: Lease) -> bool:
    """Read the websites of up to 200 leads; returns whether more are waiting."""
    _skip_without_website(lease)
    pending = _pending(lease)
    if not pending:
        return False
    by_url: dict[str, list[SearchLead]] = {}
    for result in pending:
        by_url.setdefault(result.lead.website, []).append(result)
    for site in fresh_crawls(list(by_url)):
        _store(lease, by_url, [(site.url, SiteReport.from_dict(site.report))], cached=True)
    waiting = [url for url, results in by_url.items() if results[0].crawl == "pending"]
    if waiting:
        _crawl_and_store(lease, by_url, waiting)
    return True


def fresh_crawls(urls: Sequence[str]) -> QuerySet[SiteCrawl]:
    """Return what is still believed of these sites: 14 days, or one day after a failure."""
    now = timezone.now()
    return SiteCrawl.objects.filter(url__in=urls).filter(
        Q(fetched_at__gt=now - FRESH_FOR, outcome="ok") | Q(fetched_at__gt=now - FAILURE_FRESH_FOR)
    )


def _crawl_and_store(
    lease: Lease, by_url: dict[str, list[SearchLead]], urls: Sequence[str]
) -> None:
    stop = Event()
    reports: Queue[Outcome] = Queue()
    requests = [
        SiteRequest(url=url, region=by_url[url][0].lead.country or "US", key=url) for url in urls
    ]
    crawler = Thread(
        target=crawl_sites,
        args=(requests,),
        kwargs={
            "policy": outbound.address_policy(),
            "options": registry.crawl_options(),
            "on_report": lambda request, report: reports.put((request.key, report)),
            "should_stop": stop.is_set,
        },
        name=f"crawl-{lease.search.public_id}",
        daemon=True,
    )
    crawler.start()
    try:
        drain(
            reports,
            is_running=crawler.is_alive,
            keep=lease.renew_when_due,
            store=lambda batch: _store(lease, by_url, batch),
        )
    finally:
        stop.set()
        crawler.join(timeout=10)


def drain(
    reports: "Queue[Any]",
    *,
    is_running: Callable[[], bool],
    keep: Callable[[], bool],
    store: Callable[[list[Any]], None],
) -> None:
    """Store what a producer thread reports until it ends; LeaseLost when `keep` says so."""
    while True:
        running = is_running()
        batch = _take(reports)
        if batch:
            store(batch)
        elif not running:
            return
        if not keep():
            raise LeaseLost


def _take(reports: "Queue[Any]") -> list[Any]:
    """Wait shortly for a report and take those that wait with it."""
    batch: list[Any] = []
    with suppress(Empty):
        batch.append(reports.get(timeout=0.3))
        while len(batch) < STORED_AT_ONCE:
            batch.append(reports.get_nowait())
    return batch


def _pending(lease: Lease) -> list[SearchLead]:
    return list(
        lease.search.results.filter(crawl=SearchLead.Work.PENDING).select_related("lead")[
            :SITES_AT_ONCE
        ]
    )


def _skip_without_website(lease: Lease) -> None:
    """Settle the leads that have no site of their own to read."""
    now = timezone.now()
    pending = lease.search.results.filter(crawl=SearchLead.Work.PENDING)
    social = [
        result.pk
        for result in pending.exclude(lead__website="").select_related("lead")
        if merging.is_social_page(result.lead.website)
    ]
    with lease.writing():
        pending.filter(lead__website="").update(
            crawl=SearchLead.Work.SKIPPED, crawl_outcome="no_website", changed_at=now
        )
        pending.filter(pk__in=social).update(
            crawl=SearchLead.Work.SKIPPED, crawl_outcome="social_page", changed_at=now
        )


def _store(
    lease: Lease,
    by_url: dict[str, list[SearchLead]],
    batch: Sequence[Outcome],
    *,
    cached: bool = False,
) -> None:
    """Write reports to the cache and to their leads."""
    now = timezone.now()
    origin = merging.Origin(source="website", licence=LICENCE, now=now)
    with lease.writing() as search:
        if not cached:
            _cache(batch, now)
        for url, report in batch:
            for result in by_url[url]:
                lead = Lead.objects.select_for_update().get(pk=result.lead_id)
                merging.merge_site(lead, report, origin=origin)
                lead.updated_at = now
                lead.save()
                result.crawl = SearchLead.Work.DONE
                result.crawl_outcome = report.outcome[:40]
                result.changed_at = now
                result.save(update_fields=["crawl", "crawl_outcome", "changed_at"])
        search.attempts = 0
        search.save(update_fields=["attempts"])


def _cache(batch: Sequence[Outcome], now: datetime) -> None:
    SiteCrawl.objects.bulk_create(
        [
            SiteCrawl(
                url=url,
                outcome=report.outcome[:40],
                pages_crawled=len(report.pages),
                report=report.to_dict(),
                fetched_at=now,
            )
            for url, report in batch
        ],
        update_conflicts=True,
        unique_fields=["url"],
        update_fields=["outcome", "pages_crawled", "report", "fetched_at"],
    )
