"""The websites that ads lead to: read when they are new or their report is a week old."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from freshleads import outbound
from leads import registry, site_crawls
from leads.contacts import region_of
from leads.crawler.crawling import crawl_sites
from leads.crawler.options import SiteRequest
from leads.crawler.results import SiteReport
from leads.gathering import gather
from leads.lookup_leases import LookupLease, note_stage

FRESH_FOR = timedelta(days=7)
MOST_READ = 15  # in one lookup

Outcome = tuple[str, SiteReport]


def read_landing_pages(lease: LookupLease, urls: Sequence[str]) -> dict[str, SiteReport]:
    """Return reports by address; up to 15 are made anew, those that stand first before others.

    Where a new reading fails, or there were too many to read, the last good report stands.
    """
    urls = list(dict.fromkeys(urls))
    kept = site_crawls.kept_reports(urls)
    reports = {url: report for url, (report, _) in kept.items()}
    wanted = [url for url in urls if not _is_fresh(kept.get(url))][:MOST_READ]
    if wanted:
        _read(lease, wanted, reports)
    return reports


def _is_fresh(kept: tuple[SiteReport, datetime] | None) -> bool:
    if kept is None:
        return False
    report, made_at = kept
    limit = FRESH_FOR if report.outcome == "ok" else site_crawls.FAILURE_FRESH_FOR
    return made_at > timezone.now() - limit


def _read(lease: LookupLease, urls: Sequence[str], reports: dict[str, SiteReport]) -> None:
    """Crawl websites on a thread of its own, and keep each report as it comes."""
    requests = [SiteRequest(url, region=region_of(url), key=url) for url in urls]
    done: set[str] = set()
    note_stage(lease, "Reading landing pages", total=len(urls))

    def produce(report: Callable[[Outcome], None], should_stop: Callable[[], bool]) -> None:
        crawl_sites(
            requests,
            policy=outbound.address_policy(),
            options=registry.crawl_options(),
            on_report=lambda request, found: report((request.key, found)),
            should_stop=should_stop,
        )

    def store(batch: list[Outcome]) -> None:
        done.update(url for url, _ in batch)
        news = {url: site_crawls.storable(report) for url, report in batch}
        # A site that cannot be read today loses nothing of what it said before.
        good = {
            url: report
            for url, report in news.items()
            if report.outcome == "ok" or url not in reports or reports[url].outcome != "ok"
        }
        site_crawls.store_reports(good, timezone.now())
        reports.update(good)
        note_stage(lease, "Reading landing pages", done=len(done), total=len(urls))

    gather(produce, store=store, keep=lease.renew_when_due, name=f"ads-{lease.row.public_id}")
