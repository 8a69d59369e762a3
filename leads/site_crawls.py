"""What is known of websites: kept for everybody, read again when it is old."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from leads.cleaning import clean
from leads.crawler.results import SiteReport
from leads.models import SiteCrawl

logger = logging.getLogger(__name__)

FRESH_FOR = timedelta(days=14)
FAILURE_FRESH_FOR = timedelta(days=1)


def fresh_reports(urls: Sequence[str], *, full: bool = False) -> dict[str, SiteReport]:
    """Return what is still believed of these sites: 14 days, or one day after a failure.

    With `full` only crawls count that did not stop as soon as a lead had its contacts.
    """
    now = timezone.now()
    rows = SiteCrawl.objects.filter(url__in=urls).filter(
        Q(fetched_at__gt=now - FRESH_FOR, outcome="ok") | Q(fetched_at__gt=now - FAILURE_FRESH_FOR)
    )
    return _read(rows.filter(is_full=True) if full else rows)


def kept_reports(urls: Sequence[str]) -> dict[str, tuple[SiteReport, datetime]]:
    """Return the last report of each of these sites, however old, and when it was made."""
    rows = {row.url: row for row in SiteCrawl.objects.filter(url__in=urls)}
    return {url: (report, rows[url].fetched_at) for url, report in _read(rows.values()).items()}


def store_reports(
    reports: Mapping[str, SiteReport], now: datetime, *, is_full: bool = False
) -> None:
    """Keep the reports of sites under the addresses they were asked for by."""
    SiteCrawl.objects.bulk_create(
        [
            SiteCrawl(
                url=url,
                outcome=report.outcome[:40],
                pages_crawled=len(report.pages),
                is_full=is_full,
                report=report.to_dict(),
                fetched_at=now,
            )
            # Sorted, like every upsert of shared rows: writers that meet wait in line.
            for url, report in sorted(reports.items())
        ],
        update_conflicts=True,
        unique_fields=["url"],
        update_fields=["outcome", "pages_crawled", "is_full", "report", "fetched_at"],
    )


def storable(report: SiteReport) -> SiteReport:
    """Return a report without the characters and numbers that no column takes."""
    return SiteReport.from_dict(clean(report.to_dict()))


def _read(rows: Iterable[SiteCrawl]) -> dict[str, SiteReport]:
    """Return kept reports; those that another version wrote in another shape are left out."""
    reports: dict[str, SiteReport] = {}
    for row in rows:
        try:
            reports[row.url] = SiteReport.from_dict(row.report)
        except (TypeError, ValueError, KeyError, AttributeError):
            logger.warning("site crawl %s cannot be read and is made again", row.pk)
    return reports
