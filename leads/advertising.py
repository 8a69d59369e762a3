"""Lookups of ads: who advertises for a query now, who did before, and how to reach them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from freshleads.users.models import Workspace
from leads import failover, registry
from leads.cleaning import clean
from leads.contacts import metadata_of, national_forms, read_contacts, values
from leads.crawler.results import SiteReport
from leads.found import Found, Kind
from leads.landing_pages import read_landing_pages
from leads.lookup_leases import LookupLease, note_stage
from leads.models import Ad
from leads.parameters import folded
from leads.providers.contracts import AdSource
from leads.providers.records import AdRecord
from leads.questions import AdsQuestion

MANY_ADS = 7  # more cost a flat price
PRICE_OF_MANY = 10
MOST_HISTORY = 200  # of the earlier ads, the latest
SPARE_SECONDS = 5.0
NO_REPORT = SiteReport("", "", "empty")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """The ads of one look: those that are running, and those that ran before."""

    fresh: list[Ad]
    history: list[Ad]


def recall(workspace: Workspace, question: AdsQuestion) -> Found | None:
    """Never answer from before: every request looks which ads are running."""
    return None


def find(lease: LookupLease, question: AdsQuestion) -> Found:
    """Look which ads are running, and read the landing pages; ProviderError where nobody tells."""
    note_stage(lease, "Looking for ads")
    provider, records = _ask(lease, question)
    now = timezone.now()
    fresh = _known_or_new(question, provider, records, now)
    seen = Seen(fresh, _history(question, fresh) if question.include_history else [])
    reports = read_landing_pages(lease, [ad.url for ad in (*seen.fresh, *seen.history)])
    data = _data(question, seen, reports)
    return Found(data=data, credits=price_of(data), store=lambda _: _store(seen.fresh))


def price_of(data: Mapping[str, Any]) -> int:
    """Return 10 credits for more than 7 running ads, else 1 for each that leads to an address."""
    if data["fresh_count"] > MANY_ADS:
        return PRICE_OF_MANY
    return sum(row["is_active"] and _has_email(row) for row in data["results"])


def _ask(lease: LookupLease, question: AdsQuestion) -> tuple[str, tuple[AdRecord, ...]]:
    def ask(source: AdSource) -> tuple[str, tuple[AdRecord, ...]]:
        lease.cover(source.call_seconds + SPARE_SECONDS)
        return source.name, source.ads(question.query, engine=question.engine, page=question.page)

    able = [one for one in registry.ad_sources() if question.engine in one.ad_engines]
    return failover.first_answer("ads", able, ask)


def _known_or_new(
    question: AdsQuestion, provider: str, records: Iterable[AdRecord], now: datetime
) -> list[Ad]:
    """Return the running ads as rows, not yet saved; one seen before keeps when it was first."""
    ads = {
        _digest(record): Ad(
            search_engine=question.engine,
            query=folded(question.query),
            digest=_digest(record),
            provider=provider,
            first_seen_at=now,
            last_seen_at=now,
            **clean(record.to_dict()),
        )
        for record in records
    }
    before = _ads_for(question).filter(digest__in=ads).values_list("digest", "first_seen_at")
    for digest, first_seen_at in before:
        ads[digest].first_seen_at = first_seen_at
    return list(ads.values())


def _history(question: AdsQuestion, fresh: Sequence[Ad]) -> list[Ad]:
    running = [ad.digest for ad in fresh]
    return list(_ads_for(question).exclude(digest__in=running)[:MOST_HISTORY])


def _ads_for(question: AdsQuestion) -> QuerySet[Ad]:
    return Ad.objects.filter(search_engine=question.engine, query=folded(question.query))


def _store(fresh: Sequence[Ad]) -> None:
    Ad.objects.bulk_create(
        # Sorted, like every upsert of shared rows: writers that meet wait in line.
        sorted(fresh, key=lambda ad: ad.digest),
        update_conflicts=True,
        unique_fields=["search_engine", "query", "digest"],
        update_fields=["position", "title", "url", "ad_text", "provider", "last_seen_at"],
    )


def _data(question: AdsQuestion, seen: Seen, reports: Mapping[str, SiteReport]) -> dict[str, Any]:
    """Return ads in the words of the LeadGen API, those seen last first."""
    rows = [_row(ad, reports.get(ad.url, NO_REPORT), is_active=True) for ad in seen.fresh]
    rows.sort(key=lambda row: row["position"])
    rows += [_row(ad, reports.get(ad.url, NO_REPORT), is_active=False) for ad in seen.history]
    return {
        "query": question.query,
        "search_engine": question.engine,
        "page": question.page,
        "fresh_count": len(seen.fresh),
        "historical_count": len(seen.history),
        "results_count": len(rows),
        "results": rows,
    }


def _row(ad: Ad, report: SiteReport, *, is_active: bool) -> Row:
    return {
        "position": ad.position,
        "title": ad.title,
        "url": ad.url,
        "ad_text": ad.ad_text,
        "search_engine": ad.search_engine,
        "first_seen": _stamp(ad.first_seen_at),
        "last_seen": _stamp(ad.last_seen_at),
        "is_active": is_active,
        "contact_data": {
            "emails": list(values(report.emails)),
            "phones": list(national_forms(report.phones)),
            "social_links": list(values(report.socials)),
            "metadata": metadata_of(report),
        },
    }


def _has_email(row: Row) -> bool:
    if row["contact_data"]["emails"]:
        return True
    return bool(read_contacts((row["title"], row["ad_text"]), url=row["url"]).emails)


def _digest(record: AdRecord) -> str:
    """Return what tells ads apart: landing page and title, for trackers change with every look."""
    page = record.url.partition("#")[0].partition("?")[0]
    return hashlib.sha256(f"{page}\n{record.title}".encode("utf-8", "replace")).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


KIND = Kind(recall=recall, find=find)
