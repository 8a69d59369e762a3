"""The second stage of a search: reading the websites of its leads.

The crawl runs on a thread with an event loop of its own; this thread stores what it reports,
a few sites per transaction, and keeps the lease. What a kill interrupts is crawled again.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from freshleads import outbound
from leads import merging, registry, site_crawls
from leads.crawler.crawling import crawl_sites
from leads.crawler.options import SiteRequest
from leads.crawler.results import SiteReport
from leads.gathering import STORED_AT_ONCE, gather
from leads.leasing import Lease
from leads.locking import lock_leads
from leads.models import SearchLead

logger = logging.getLogger(__name__)

SITES_AT_ONCE = 200

Outcome = tuple[str, SiteReport]
Sites = dict[str, list[SearchLead]]


def crawl(lease: Lease) -> bool:
    """Read the websites of up to 200 leads; returns whether more are waiting."""
    _skip_without_website(lease)
    sites = _pending_sites(lease)
    if not sites:
        return False
    cached = list(site_crawls.fresh_reports(list(sites)).items())
    for start in range(0, len(cached), STORED_AT_ONCE):
        _store(lease, sites, cached[start : start + STORED_AT_ONCE])
    if sites:
        _crawl_and_store(lease, sites)
    return True


def _pending_sites(lease: Lease) -> Sites:
    """Return the next leads to read by their website: branches of a chain share one."""
    pending = lease.search.results.filter(crawl=SearchLead.Work.PENDING).select_related("lead")
    sites: Sites = {}
    for result in pending[:SITES_AT_ONCE]:
        sites.setdefault(result.lead.website, []).append(result)
    return sites


def _skip_without_website(lease: Lease) -> None:
    """Settle the leads that have no site of their own to read, and those deleted meanwhile."""
    pending = lease.search.results.filter(crawl=SearchLead.Work.PENDING)
    websites = pending.exclude(lead__website="").values_list("pk", "lead__website")
    social = [pk for pk, website in websites if merging.is_social_page(website)]
    with lease.writing():
        for outcome, which in (
            ("deleted", pending.filter(lead__deleted_at__isnull=False)),
            ("no_website", pending.filter(lead__website="")),
            ("social_page", pending.filter(pk__in=social)),
        ):
            which.update(
                crawl=SearchLead.Work.SKIPPED, crawl_outcome=outcome, changed_at=timezone.now()
            )


def _crawl_and_store(lease: Lease, sites: Sites) -> None:
    """Crawl the sites that are left; each ends stored, so that a slice always gets somewhere."""
    requests = [
        SiteRequest(url=url, region=results[0].lead.country or "US", key=url)
        for url, results in sites.items()
    ]

    def produce(report: Callable[[Outcome], None], should_stop: Callable[[], bool]) -> None:
        crawl_sites(
            requests,
            policy=outbound.address_policy(),
            options=registry.crawl_options(),
            on_report=lambda request, found: report((request.key, found)),
            should_stop=should_stop,
        )

    def store(batch: list[Outcome]) -> None:
        fit = [(url, site_crawls.storable(report)) for url, report in batch]
        _store(lease, sites, fit, is_news=True)

    gather(
        produce,
        store=store,
        keep=lease.renew_when_due,
        name=f"crawl-{lease.search.public_id}",
    )
    missing = [(url, SiteReport(url, url, "failed", error="not_reported")) for url in sites]
    if missing:
        logger.error("search %s: %d sites without a report", lease.search.pk, len(missing))
        _store(lease, sites, missing)


def _store(lease: Lease, sites: Sites, batch: Sequence[Outcome], *, is_news: bool = False) -> None:
    """Write reports to their leads and, where they are news, to the cache."""
    now = timezone.now()
    with lease.writing() as search:
        reports = dict(batch)
        if is_news:
            site_crawls.store_reports(reports, now)
        _merge(sites, reports, now)
        search.attempts = 0
        search.save(update_fields=["attempts"])
    for url in reports:
        del sites[url]


def _merge(
    sites: Mapping[str, list[SearchLead]], reports: dict[str, SiteReport], now: datetime
) -> None:
    results = [(url, result) for url in reports for result in sites[url]]
    leads = lock_leads(result.lead_id for _, result in results)
    for url, result in results:
        lead = leads.get(result.lead_id)
        # Deleted, or given another website while this one was read: the next slice sees to it.
        if lead is None or lead.deleted_at or lead.website != url:
            continue
        merging.merge_site(lead, reports[url], now=now)
        lead.updated_at = now
        lead.save()
        SearchLead.objects.filter(pk=result.pk).update(
            crawl=SearchLead.Work.DONE, crawl_outcome=reports[url].outcome[:40], changed_at=now
        )
