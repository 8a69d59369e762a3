"""Lookups of one result page of a search engine, with the contacts that it shows."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from freshleads.users.models import Workspace
from leads import failover, recipes, registry
from leads.cleaning import clean
from leads.contacts import read_contacts
from leads.found import Found, Kind
from leads.lookup_leases import LookupLease, note_stage
from leads.models import SerpPage
from leads.parameters import folded
from leads.providers.contracts import SearchEngine, can_answer
from leads.providers.records import SearchResult
from leads.questions import SearchQuestion, digest

FRESH_FOR = timedelta(days=7)
MANY_RESULTS = 7  # more cost a flat price
PRICE_OF_MANY = 10
SPARE_SECONDS = 5.0
# In the order of the API's documentation, which PostgreSQL does not keep.
FIELDS = ("position", "title", "url", "description", "emails", "phones", "social_links")

Row = dict[str, Any]


def recall(workspace: Workspace, question: SearchQuestion) -> Found | None:
    """Answer from a page of the last 7 days; InvalidInput for an unknown recipe."""
    asked = recipes.apply_recipe(workspace, question.recipe, question.query)
    page = SerpPage.objects.filter(
        key=_page_key(asked, question), fetched_at__gt=timezone.now() - FRESH_FOR
    ).first()
    if page is None:
        return None
    data = _data(question, page.results, page.provider, is_cached=True)
    return Found(data=data, is_cached=True)


def find(lease: LookupLease, question: SearchQuestion) -> Found:
    """Ask the search engines in turn; raises ProviderError where none answers."""
    asked = recipes.apply_recipe(lease.row.workspace, question.recipe, question.query)
    note_stage(lease, "Asking the search engine")

    def ask(engine: SearchEngine) -> tuple[str, tuple[SearchResult, ...]]:
        lease.cover(engine.call_seconds + SPARE_SECONDS)
        return engine.name, engine.search(
            asked,
            engine=question.engine,
            page=question.page,
            results_per_page=question.results_per_page,
        )

    engines = [one for one in registry.search_engines() if can_answer(one, question.engine)]
    # A stand-in is asked only where nobody reaches the engine that is meant.
    engines.sort(key=lambda engine: engine.is_stand_in)
    provider, results = failover.first_answer("search", engines, ask)
    rows = [_row(result) for result in results]

    def store(now: datetime) -> None:
        if rows:
            _store(asked, question, rows, provider, now)

    data = _data(question, rows, provider, is_cached=False)
    return Found(data=data, credits=price_of(data), store=store)


def price_of(data: dict[str, Any]) -> int:
    """Return 10 credits for more than 7 results, else 1 for each address that they show."""
    if data["results_count"] > MANY_RESULTS:
        return PRICE_OF_MANY
    return int(data["emails_found"])


def _page_key(asked: str, question: SearchQuestion) -> str:
    page = {
        "query": folded(asked),
        "engine": question.engine,
        "page": question.page,
        "results_per_page": question.results_per_page,
    }
    return digest("serp", page)


def _row(result: SearchResult) -> Row:
    """Return a result with the contacts that its title and snippet show."""
    row: Row = clean(result.to_dict())
    shown = read_contacts((row["title"], row["description"]), url=row["url"])
    return {
        **row,
        "emails": list(shown.emails),
        "phones": list(shown.phones),
        "social_links": list(shown.social_links),
    }


def _data(
    question: SearchQuestion, rows: list[Row], provider: str, *, is_cached: bool
) -> dict[str, Any]:
    """Return a page in the words of the LeadGen API.

    `answered_by` is there only where an engine that asks its own index stood in for another.
    """
    data: dict[str, Any] = {
        "query": question.query,
        "search_engine": question.engine,
        "page": question.page,
        "results_per_page": question.results_per_page,
        "results_count": len(rows),
        "emails_found": len({email for row in rows for email in row["emails"]}),
        "results": [{name: row[name] for name in FIELDS} for row in rows],
        "cached": is_cached,
    }
    if provider in registry.STAND_INS:
        data["answered_by"] = provider
    return data


def _store(
    asked: str, question: SearchQuestion, rows: list[Row], provider: str, now: datetime
) -> None:
    SerpPage.objects.update_or_create(
        key=_page_key(asked, question),
        defaults={
            "query": asked,
            "search_engine": question.engine,
            "page": question.page,
            "results_per_page": question.results_per_page,
            "provider": provider,
            "results": rows,
            "fetched_at": now,
        },
    )


KIND = Kind(recall=recall, find=find)
