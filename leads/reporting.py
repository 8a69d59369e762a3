"""What a search has done so far: progress, credits, coverage; counted from its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from freshleads.billing.models import Subscription
from leads.filters import DIFFERENCES
from leads.models import Search, SearchLead

MAX_RESULTS = 5000  # of a saved search, known leads included
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


@dataclass(slots=True)
class Room:
    """How many more leads a search takes: new ones, and in all."""

    new: int
    total: int

    @property
    def is_gone(self) -> bool:
        return min(self.new, self.total) <= 0

    def takes(self, *, is_new: bool) -> bool:
        return self.total > 0 and (self.new > 0 or not is_new)

    def take(self, *, is_new: bool) -> None:
        """Count one lead."""
        self.total -= 1
        self.new -= is_new


def room_of(search: Search) -> Room:
    """Return how many more leads a search takes; the limit of a repeated one counts new ones alone.

    Else a search that is run again would only ever find what it found the first time.
    """
    found = search.results.count()
    if not search.is_repeated:
        return Room(new=search.limit - found, total=search.limit - found)
    new = search.results.filter(is_new=True).count()
    return Room(new=search.limit - new, total=MAX_RESULTS - found)


def is_full(search: Search) -> bool:
    """Tell whether the search has found as many leads as were asked for."""
    return room_of(search).is_gone


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


@dataclass(frozen=True, slots=True)
class Differences:
    """What a run brought beside what was known; counts of leads."""

    new: int
    changed: int
    unchanged: int

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged


def differences_of(search: Search) -> Differences:
    """Count what is new, changed and unchanged among a search's results."""
    return differences_by_search([search.pk]).get(search.pk, Differences(0, 0, 0))


def differences_by_search(search_ids: Sequence[int]) -> dict[int, Differences]:
    """Count it for several searches at once; one without results is missing."""
    counted = (
        SearchLead.objects.filter(search__in=search_ids)
        .order_by()
        .values("search_id")
        .annotate(
            new=Count("pk", filter=DIFFERENCES["new"]),
            changed=Count("pk", filter=DIFFERENCES["changed"]),
            unchanged=Count("pk", filter=DIFFERENCES["unchanged"]),
        )
        .values_list("search_id", "new", "changed", "unchanged")
    )
    return {search_id: Differences(*counts) for search_id, *counts in counted}


def coverage_of(search: Search) -> dict[str, Any]:
    """Return what was asked of the source: cells by state, pages, and whether anything is cut."""
    cells = search.cells
    states = [cell["state"] for cell in cells]
    limit_reached = is_full(search)
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
        "limit_reached": limit_reached,
        "stopped_by_max_credits": not limit_reached and charged >= payable,
        "complete": bool(cells) and set(states) <= {"asked", "split"},
    }
