"""Saved searches: run again on a schedule or when asked, each run an ordinary search.

A run brings what is new and tells what changed; what is known costs nothing. A slot is claimed
and its run started in one transaction, so two schedulers start it once and a kill starts it never
or wholly.
"""

import logging
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from freshleads.lib.errors import Conflict, DomainError, InvalidInput, LimitReached, NotFound
from freshleads.users.models import User, Workspace
from leads import projects, searching
from leads.cleaning import clean
from leads.models import SavedSearch, Search

logger = logging.getLogger(__name__)

MAX_SAVED = 200
STARTED_AT_ONCE = 100
CHANGEABLE = ("every", "limit", "verify_emails", "max_credits", "project_id")
PERIODS = {SavedSearch.Every.DAY: timedelta(days=1), SavedSearch.Every.WEEK: timedelta(days=7)}


def create_saved_search(
    workspace: Workspace,
    *,
    by: User | None,
    query: str,
    location: str,
    every: str,
    limit: int = searching.DEFAULT_LIMIT,
    verify_emails: bool = True,
    project_id: str | None = None,
    max_credits: int | None = None,
) -> SavedSearch:
    """Keep a search to run again; its first slot is one period from now.

    Raises InvalidInput, NotFound (project), LimitReached (too many saved).
    """
    query, location = searching.check_asked(
        query=query, location=location, limit=limit, max_credits=max_credits
    )
    if SavedSearch.objects.owned_by(workspace).count() >= MAX_SAVED:
        raise LimitReached(
            f"A workspace keeps {MAX_SAVED} saved searches. Delete one first.",
            code="too_many_saved_searches",
        )
    now = timezone.now()
    saved = SavedSearch(
        workspace=workspace,
        created_by=by,
        query=query,
        location=location,
        limit=limit,
        verify_emails=verify_emails,
        max_credits=max_credits,
        every=_checked_every(every),
        created_at=now,
        updated_at=now,
    )
    if project_id:
        saved.project = projects.find_project(workspace, project_id)
    saved.next_run_at = next_slot(saved, after=now)
    saved.save()
    return saved


@transaction.atomic
def save_search(
    workspace: Workspace, search_id: str, *, by: User | None, settings: Mapping[str, Any]
) -> SavedSearch:
    """Keep a search that was run, which becomes the first run, with its settings or these.

    Raises Conflict where it is saved already, and what `create_saved_search` raises.
    """
    search = searching.find_search(workspace, search_id)
    search = Search.objects.select_for_update(of=("self",)).get(pk=search.pk)
    if search.saved_search_id is not None:
        raise Conflict("This search is saved already.", code="already_saved")
    saved = create_saved_search(
        workspace,
        by=by,
        query=search.query,
        location=search.location,
        **{**settings_of(search), **settings},
    )
    Search.objects.filter(pk=search.pk).update(saved_search=saved)
    return saved


@transaction.atomic
def save_and_run(workspace: Workspace, *, by: User | None, **asked: Any) -> Search:
    """Keep a search (as `create_saved_search`) and start its first run, or do neither."""
    return _start_run(create_saved_search(workspace, by=by, **asked), by=by)


def settings_of(search: Search | SavedSearch) -> dict[str, Any]:
    """Return what a search and a saved one have in common beside the words."""
    return {
        "limit": search.limit,
        "verify_emails": search.verify_emails,
        "max_credits": search.max_credits,
        "project_id": search.project.public_id if search.project else None,
    }


def find_saved_search(workspace: Workspace, public_id: str) -> SavedSearch:
    """Return one saved search of the workspace; NotFound for anyone else's."""
    rows = SavedSearch.objects.owned_by(workspace).select_related("workspace", "project")
    saved = rows.filter(public_id=clean(public_id)).first()
    if saved is None:
        raise NotFound("There is no such saved search.")
    return saved


def last_runs(saved: Iterable[SavedSearch]) -> dict[int, Search]:
    """Return the latest run of each of these saved searches, by their primary key."""
    newest = (
        Search.objects.filter(saved_search=OuterRef("saved_search"))
        .order_by("-created_at", "-pk")
        .values("pk")[:1]
    )
    runs = Search.objects.filter(saved_search__in=list(saved), pk=Subquery(newest)).defer("cells")
    return {run.saved_search_id: run for run in runs if run.saved_search_id is not None}


def update_saved_search(
    workspace: Workspace, public_id: str, *, changes: Mapping[str, Any]
) -> SavedSearch:
    """Change when and how a saved search runs (`CHANGEABLE`); another rhythm starts from now."""
    unknown = sorted(set(changes) - set(CHANGEABLE))
    if unknown:
        raise InvalidInput(f"{unknown[0]} cannot be changed.", param=unknown[0])
    with transaction.atomic():
        saved = _locked(workspace, public_id)
        every = _checked_every(changes.get("every", saved.every))
        for name in ("limit", "verify_emails", "max_credits"):
            setattr(saved, name, changes.get(name, getattr(saved, name)))
        searching.check_asked(
            query=saved.query,
            location=saved.location,
            limit=saved.limit,
            max_credits=saved.max_credits,
        )
        if "project_id" in changes:
            chosen = changes["project_id"]
            saved.project = projects.find_project(workspace, chosen) if chosen else None
        if every != saved.every:
            saved.every, saved.next_run_at = every, None
            saved.next_run_at = next_slot(saved, after=timezone.now())
        saved.updated_at = timezone.now()
        saved.save()
    return saved


def set_paused(workspace: Workspace, public_id: str, *, paused: bool) -> SavedSearch:
    """Stop the schedule of a saved search, or let it go on one period from now."""
    with transaction.atomic():
        saved = _locked(workspace, public_id)
        if paused:
            saved.next_run_at = None
        elif saved.next_run_at is None:
            saved.next_run_at = next_slot(saved, after=timezone.now())
        saved.last_problem = ""
        saved.updated_at = timezone.now()
        saved.save()
    return saved


def delete_saved_search(workspace: Workspace, public_id: str) -> None:
    """Forget a saved search; its runs and their leads stay."""
    find_saved_search(workspace, public_id).delete()


@transaction.atomic
def run_now(workspace: Workspace, public_id: str, *, by: User | None) -> Search:
    """Start a run at once, beside the schedule.

    Raises Conflict while the run before it goes on, and what `start_search` raises.
    """
    saved = _locked(workspace, public_id)
    search = _start_run(saved, by=by)
    SavedSearch.objects.filter(pk=saved.pk).update(last_problem="")
    return search


def start_due() -> int:
    """Start the runs whose slot has come, in a bounded number, and return how many started."""
    now = timezone.now()
    due = SavedSearch.objects.filter(next_run_at__lte=now).order_by("next_run_at", "pk")
    slots = list(due.values_list("pk", "next_run_at")[:STARTED_AT_ONCE])
    return sum(_start_slot(pk, slot, now) for pk, slot in slots if slot is not None)


def next_slot(saved: SavedSearch, *, after: datetime) -> datetime | None:
    """Return the first slot after a moment, None without a schedule.

    Slots follow the one before, so that a late start does not shift them; missed ones are left
    out. A month has its slot on the day of the month on which the search was saved, or its last.
    """
    if saved.every == SavedSearch.Every.NEVER:
        return None
    start = saved.next_run_at or after
    if saved.every == SavedSearch.Every.MONTH:
        months = max(0, (after.year - start.year) * 12 + after.month - start.month)
        slots = (_months_later(start, months + more, saved.created_at.day) for more in range(3))
        return next(slot for slot in slots if slot > after)
    period = PERIODS[SavedSearch.Every(saved.every)]
    return start + period * max(1, (after - start) // period + 1)


def _months_later(start: datetime, months: int, day: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(day, monthrange(year, month + 1)[1]))


def _start_slot(pk: int, slot: datetime, now: datetime) -> bool:
    """Claim one slot and start its run; what keeps it from starting is noted until the next."""
    try:
        return _claim_and_start(pk, slot, now)
    except Exception:
        logger.exception("saved search %s: its run could not be started", pk)
        problem = "Something went wrong inside; the next run is tried as planned."
        return _note_problem(pk, slot, now, problem)


@transaction.atomic
def _claim_and_start(pk: int, slot: datetime, now: datetime) -> bool:
    saved = SavedSearch.objects.select_related("workspace", "project", "created_by").get(pk=pk)
    rows = SavedSearch.objects.filter(pk=pk, next_run_at=slot)
    if not rows.update(next_run_at=next_slot(saved, after=now), last_problem=""):
        return False  # another scheduler has it, or it was paused or deleted
    try:
        with transaction.atomic():
            _start_run(saved, by=saved.created_by)
    except DomainError as error:
        SavedSearch.objects.filter(pk=pk).update(last_problem=clean(error.message)[:300])
        return False
    return True


def _note_problem(pk: int, slot: datetime, now: datetime, problem: str) -> bool:
    saved = SavedSearch.objects.filter(pk=pk, next_run_at=slot).first()
    if saved is not None:
        SavedSearch.objects.filter(pk=pk, next_run_at=slot).update(
            next_run_at=next_slot(saved, after=now), last_problem=problem
        )
    return False


def _start_run(saved: SavedSearch, *, by: User | None) -> Search:
    if saved.runs.unfinished().exists():
        raise Conflict("The run before this one has not ended yet.", code="still_running")
    return searching.start_search(
        saved.workspace,
        by=by,
        query=saved.query,
        location=saved.location,
        saved_search=saved,
        **settings_of(saved),
    )


def _locked(workspace: Workspace, public_id: str) -> SavedSearch:
    """Return the saved search, locked until the transaction ends."""
    rows = SavedSearch.objects.owned_by(workspace).select_for_update(of=("self",), no_key=True)
    saved = rows.filter(public_id=clean(public_id)).select_related("workspace", "project").first()
    if saved is None:
        raise NotFound("There is no such saved search.")
    return saved


def _checked_every(every: Any) -> str:
    if every not in SavedSearch.Every.values:
        known = ", ".join(SavedSearch.Every.values)
        raise InvalidInput(f"every must be one of {known}.", param="every")
    return str(every)
