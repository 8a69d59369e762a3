"""What a search has done so far: progress, credits, coverage; counted from its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from freshleads.billing.models import Subscription
from leads.models import Search, SearchLead

MESSAGES = {
    "already_yours": "You had it already",
    "deleted_by_you": "You deleted it before",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is; counts of leads."""

    stage: str
    found: int
    new: int
    already_yours: int
    crawled: int
    emails_found: int
    verified: int
    total: int


@dataclass(frozen=True, slots=True)
class SearchCredits:
    """What a search has cost; `free` lists (reason, leads) that cost nothing."""

    charged: int
    free: tuple[tuple[str, int], ...]
    balance: int


def progress_of(search: Search) -> Progress:
    """Count the search's results in one query."""
    work = SearchLead.Work
    # A search that was stopped skips what it did not get to: that is not work done.
    read = Q(crawl=work.DONE) | (Q(crawl=work.SKIPPED) & ~Q(crawl_outcome=""))
    checked = Q(verify=work.DONE)
    if search.status != Search.Status.CANCELLED:
        checked |= Q(verify=work.SKIPPED)
    counts = search.results.aggregate(
        found=Count("pk"),
        new=Count("pk", filter=Q(is_new=True)),
        yours=Count("pk", filter=Q(is_new=False)),
        crawled=Count("pk", filter=Q(is_new=True) & read),
        emails=Count("pk", filter=~Q(lead__email="")),
        verified=Count("pk", filter=Q(is_new=True) & checked),
    )
    return Progress(
        stage=search.stage,
        found=counts["found"],
        new=counts["new"],
        already_yours=counts["yours"],
        crawled=counts["crawled"],
        emails_found=counts["emails"],
        verified=counts["verified"],
        total=counts["new"] if search.stage != Search.Stage.DISCOVERING else search.limit,
    )


def credits_of(search: Search) -> SearchCredits:
    """Return what was charged, what was free and why, and the balance now."""
    free = (
        search.results.filter(is_new=False)
        .values_list("free_reason")
        .annotate(leads=Count("pk"))
        .order_by("free_reason")
    )
    subscription = Subscription.objects.get(workspace_id=search.workspace_id)
    return SearchCredits(
        charged=search.results.filter(is_new=True).count(),
        free=tuple((reason, leads) for reason, leads in free),
        balance=subscription.balance,
    )


def _passed_over(entry: Mapping[str, Any]) -> dict[str, Any]:
    names = ("source", "message", "requests", "results")
    return {"type": entry["code"], **{name: entry[name] for name in names}}


def coverage_of(search: Search) -> dict[str, Any]:
    """Return what was asked of the source: cells by state, pages, and whether anything is cut."""
    cells = search.cells
    states = [cell["state"] for cell in cells]
    found = search.results.count()
    charged = search.results.filter(is_new=True).count()
    payable = search.limit if search.max_credits is None else search.max_credits
    return {
        "source": search.provider or None,
        "passed_over": [_passed_over(entry) for entry in search.passed_over],
        "area": (search.area or {}).get("name"),
        "cells": len(cells),
        "asked": states.count("asked") + states.count("split") + states.count("capped"),
        "split": states.count("split"),
        "capped": states.count("capped"),
        "failed": states.count("failed"),
        "waiting": states.count("pending"),
        "requests": sum(cell["pages"] for cell in cells),
        "results": sum(cell["results"] for cell in cells),
        "limit_reached": found >= search.limit,
        "stopped_by_max_credits": found < search.limit and charged >= payable,
        "complete": bool(cells) and set(states) <= {"asked", "split"},
    }
