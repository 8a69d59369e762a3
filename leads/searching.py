"""Asking for a search: check what is asked, set credits aside, keep one row, ring the bell."""

from dataclasses import dataclass

from django.db import transaction

from freshleads.billing import charging
from freshleads.billing.models import CreditHold, Subscription
from freshleads.lib.errors import Conflict, InvalidInput, LimitReached, NotFound
from freshleads.users.models import User, Workspace
from leads import bells, projects, running
from leads.cleaning import clean
from leads.models import SavedSearch, Search

LOWEST_LIMIT = 10
HIGHEST_LIMIT = 500
DEFAULT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a search may cost at most, in credits, and what there is to pay with."""

    max_credits: int
    available: int

    @property
    def enough(self) -> bool:
        return self.available >= self.max_credits


def estimate_search(
    workspace: Workspace, *, query: str, location: str, limit: int, max_credits: int | None = None
) -> Estimate:
    """Return the most a search can cost: a credit for each lead that is not yours yet."""
    check_asked(query=query, location=location, limit=limit, max_credits=max_credits)
    subscription = Subscription.objects.get(workspace=workspace)
    return Estimate(
        max_credits=limit if max_credits is None else min(limit, max_credits),
        available=subscription.available,
    )


def start_search(
    workspace: Workspace,
    *,
    by: User | None,
    query: str,
    location: str,
    limit: int = DEFAULT_LIMIT,
    verify_emails: bool = True,
    project_id: str | None = None,
    max_credits: int | None = None,
    saved_search: SavedSearch | None = None,
) -> Search:
    """Keep the search, hold its credits and queue it; returns the row.

    As a run of a saved search it finds up to `limit` new leads beside those that are known. Raises
    InvalidInput, NotFound (project), InsufficientCredits, LimitReached (too many running).
    """
    query, location = check_asked(
        query=query, location=location, limit=limit, max_credits=max_credits
    )
    with transaction.atomic():
        _check_running(workspace)
        project = (
            projects.find_project(workspace, project_id)
            if project_id
            else projects.project_named(workspace, f"{query} in {location}")
        )
        search = Search(
            workspace=workspace,
            project=project,
            created_by=by,
            query=query,
            location=location,
            limit=limit,
            verify_emails=verify_emails,
            max_credits=max_credits,
            saved_search=saved_search,
        )
        amount = limit if max_credits is None else min(limit, max_credits)
        search.hold = _hold(search, amount, reference=f"search:{search.public_id}")
        search.save()
        _ring(search)
    return search


def _check_running(workspace: Workspace) -> None:
    """Refuse a search beyond those that the plan runs at once."""
    # The lock makes the count exact when two requests arrive together.
    subscriptions = Subscription.objects.select_for_update(of=("self",), no_key=True)
    plan = subscriptions.select_related("plan").get(workspace=workspace).plan
    if Search.objects.owned_by(workspace).unfinished().count() >= plan.running_searches:
        raise LimitReached(
            f"The {plan.name} plan runs {plan.running_searches} searches at once. Wait for one to "
            "end, or stop one.",
            code="too_many_searches",
        )


def find_search(workspace: Workspace, public_id: str) -> Search:
    """Return one search of the workspace; NotFound for anyone else's."""
    search = (
        Search.objects.owned_by(workspace)
        .select_related("project", "hold")
        .filter(public_id=clean(public_id))
        .first()
    )
    if search is None:
        raise NotFound("There is no such search.")
    return search


def cancel_search(workspace: Workspace, public_id: str) -> Search:
    """Stop a search for good: once this returns, nothing more is found or charged."""
    return _stop(find_search(workspace, public_id).pk)


def stop_search(public_id: str) -> Search:
    """Stop any workspace's search; for operators."""
    search = Search.objects.filter(public_id=public_id).first()
    if search is None:
        raise NotFound("There is no such search.")
    return _stop(search.pk)


def retry_search(public_id: str) -> Search:
    """Queue a failed or cancelled search again for what is still missing; for operators."""
    with transaction.atomic():
        search = (
            Search.objects.select_for_update(of=("self",))
            .select_related("workspace", "hold")
            .filter(public_id=public_id)
            .first()
        )
        if search is None:
            raise NotFound("There is no such search.")
        if search.status not in {Search.Status.FAILED, Search.Status.CANCELLED}:
            raise Conflict(f"Only a failed or cancelled search can be retried: {search.status}.")
        spent = search.results.filter(is_new=True).count()
        allowed = search.limit if search.max_credits is None else search.max_credits
        search.retries += 1
        search.hold = _hold(
            search,
            max(0, min(search.limit, allowed) - spent),
            reference=f"search:{search.public_id}:retry:{search.retries}",
        )
        running.reopen(search)
        _ring(search)
    return search


def _ring(search: Search) -> None:
    bells.ring("leads.run_search", search.pk)


def _hold(search: Search, amount: int, *, reference: str) -> CreditHold | None:
    return charging.hold(search.workspace, amount, reference=reference) if amount else None


def _stop(search_id: int) -> Search:
    with transaction.atomic():
        search = (
            Search.objects.select_for_update(of=("self",))
            .select_related("project", "hold")
            .get(pk=search_id)
        )
        if not search.is_finished:
            running.finish(search, Search.Status.CANCELLED)
    return search


def check_asked(
    *, query: str, location: str, limit: int, max_credits: int | None
) -> tuple[str, str]:
    """Return query and location without spare blanks; InvalidInput names what is wrong."""
    cleaned = []
    for name, text in (("query", query), ("location", location)):
        value = " ".join(text.split())
        if not value:
            raise InvalidInput(f"{name} is required.", param=name)
        if len(value) > 200:
            raise InvalidInput(f"{name} may have at most 200 characters.", param=name)
        if clean(value) != value:
            raise InvalidInput(f"{name} holds a character that no text can hold.", param=name)
        cleaned.append(value)
    if not LOWEST_LIMIT <= limit <= HIGHEST_LIMIT:
        raise InvalidInput(
            f"limit must be from {LOWEST_LIMIT} to {HIGHEST_LIMIT}, not {limit}.", param="limit"
        )
    if max_credits is not None and not 0 <= max_credits <= HIGHEST_LIMIT:
        raise InvalidInput(
            f"max_credits must be from 0 to {HIGHEST_LIMIT}, not {max_credits}.",
            param="max_credits",
        )
    return cleaned[0], cleaned[1]
