"""What a search says of itself, counted from its rows."""

from collections.abc import Callable
from typing import Any

import pytest

from freshleads.users.models import Workspace
from leads import reporting, splitting
from leads.models import Lead, Search, SearchLead


@pytest.fixture
def add(workspace: Workspace) -> Callable[..., SearchLead]:
    """Return a function that adds a result with a lead of its own to a search."""

    def make(search: Search, *, email: str = "", **values: Any) -> SearchLead:
        position = search.results.count() + 1
        lead = Lead.objects.create(workspace=workspace, identity=f"place:{position}", email=email)
        values = {"is_new": True, "crawl": "pending", "verify": "pending", **values}
        return SearchLead.objects.create(search=search, lead=lead, position=position, **values)

    return make


def test_progress_counts_new_leads_apart_from_those_that_were_yours(
    start: Callable[..., Search], add: Callable[..., SearchLead]
) -> None:
    search = start(limit=50)
    add(search, crawl="done", verify="done", email="a@b.test")
    add(search, crawl="skipped", crawl_outcome="no_website")
    add(search)
    add(search, is_new=False, free_reason="already_yours", crawl="skipped", email="c@d.test")
    progress = reporting.progress_of(search)
    assert progress == reporting.Progress(
        stage="discovering",
        found=4,
        new=3,
        already_yours=1,
        crawled=2,
        emails_found=2,
        verified=1,
        total=50,
    )
    search.stage = Search.Stage.CRAWLING
    assert reporting.progress_of(search).total == 3


def test_a_search_that_found_nothing_has_counts_of_nothing(start: Callable[..., Search]) -> None:
    progress = reporting.progress_of(start())
    assert (progress.found, progress.crawled, progress.total) == (0, 0, 20)


def test_credits_say_what_was_charged_and_why_the_rest_was_free(
    start: Callable[..., Search], add: Callable[..., SearchLead], workspace: Workspace
) -> None:
    search = start()
    add(search)
    add(search)
    for reason in ("already_yours", "deleted_by_you", "already_yours"):
        add(search, is_new=False, free_reason=reason)
    credits = reporting.credits_of(search)
    assert credits.charged == 2
    assert credits.free == (("already_yours", 2), ("deleted_by_you", 1))
    assert credits.balance == 5000


def cell(state: str, pages: int = 1, results: int = 20) -> splitting.Cell:
    made = splitting.new_cell((0.0, 0.0), (1.0, 1.0))
    return {**made, "state": state, "pages": pages, "results": results}


def test_coverage_says_how_much_of_the_area_was_asked(start: Callable[..., Search]) -> None:
    search = start()
    search.area = {"name": "Miami, FL, USA"}
    search.provider = "google"
    states = ("asked", "split", "split", "capped", "failed", "pending")
    search.cells = [cell(state, pages=3 if state == "split" else 1) for state in states]
    assert reporting.coverage_of(search) == {
        "source": "google",
        "passed_over": [],
        "area": "Miami, FL, USA",
        "cells": 6,
        "asked": 4,
        "split": 2,
        "capped": 1,
        "failed": 1,
        "waiting": 1,
        "requests": 10,
        "results": 120,
        "limit_reached": False,
        "stopped_by_max_credits": False,
        "complete": False,
    }


@pytest.mark.parametrize(
    ("states", "is_complete"),
    [
        (["asked"], True),
        (["split", "asked", "asked"], True),
        (["asked", "capped"], False),
        (["asked", "pending"], False),
        ([], False),
    ],
)
def test_only_an_area_that_was_asked_wholly_is_complete(
    start: Callable[..., Search], states: list[str], is_complete: bool
) -> None:
    search = start()
    search.cells = [cell(state) for state in states]
    assert reporting.coverage_of(search)["complete"] is is_complete


@pytest.mark.parametrize(
    ("max_credits", "new", "free", "is_stopped"),
    [(2, 2, 0, True), (2, 1, 1, False), (0, 0, 3, True), (None, 3, 0, False), (3, 3, 7, False)],
)
def test_a_stop_by_credits_is_told_from_an_end(
    start: Callable[..., Search],
    add: Callable[..., SearchLead],
    max_credits: int | None,
    new: int,
    free: int,
    is_stopped: bool,
) -> None:
    search = start(limit=10, max_credits=max_credits)
    for number in range(new + free):
        add(search, is_new=number < new)
    coverage = reporting.coverage_of(search)
    assert coverage["stopped_by_max_credits"] is is_stopped
    assert coverage["limit_reached"] is (new + free >= 10)
