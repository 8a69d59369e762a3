"""Pages of searches: the list, the form with its estimate, and the live run."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED, refuse
from freshleads.lib.errors import DomainError
from freshleads.partials import STOP_POLLING, render_page
from leads import following, repeating, reporting, searching
from leads.filters import DIFFERENCES
from leads.forms import SearchForm
from leads.models import Search, SearchLead

SEARCHES_PER_PAGE = 25
EXAMPLES = (("dentists", "Miami, FL"), ("plumbers", "Bristol"), ("restaurants", "Lyon"))


@workspace_required
@require_safe
def searches(request: WorkspaceRequest) -> HttpResponse:
    """Show the workspace's searches, newest first: the home of the dashboard."""
    counts = SearchLead.objects.filter(search=OuterRef("pk")).order_by().values("search")
    new = counts.filter(is_new=True)
    rows = (
        Search.objects.owned_by(request.workspace)
        .select_related("project")
        .annotate(
            found=Coalesce(Subquery(counts.annotate(n=Count("pk")).values("n")), 0),
            new=Coalesce(Subquery(new.annotate(n=Count("pk")).values("n")), 0),
        )
    )
    page = Paginator(rows, SEARCHES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "leads/searches.html", {"page": page, "examples": EXAMPLES})


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_search(request: WorkspaceRequest) -> HttpResponse:
    """Show the form, keep its estimate up to date by htmx, and start the search on POST."""
    if request.method == "POST":
        return _start(request)
    asked = {name: value for name, value in request.GET.items() if value}
    estimate = _estimate(SearchForm(request.workspace, {"limit": searching.DEFAULT_LIMIT} | asked))
    return _form_page(request, SearchForm(request.workspace, initial=asked), estimate)


def _start(request: WorkspaceRequest) -> HttpResponse:
    form = SearchForm(request.workspace, request.POST)
    if form.is_valid():
        values = form.asked()
        every = values.pop("every")
        begin = partial(repeating.save_and_run, every=every) if every else searching.start_search
        try:
            search = begin(request.workspace, by=request.user, **values)
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("leads:search", search.public_id)
    return _form_page(request, form, _estimate(form), status=REFUSED)


def _estimate(form: SearchForm) -> searching.Estimate | None:
    form.is_valid()
    return form.estimate()


def _form_page(
    request: WorkspaceRequest,
    form: SearchForm,
    estimate: searching.Estimate | None,
    *,
    status: int = 200,
) -> HttpResponse:
    missing = max(0, estimate.max_credits - estimate.available) if estimate else 0
    context = {"form": form, "estimate": estimate, "missing": missing, "examples": EXAMPLES}
    return render_page(
        request, "leads/new_search.html", "leads/_estimate.html", context, status=status
    )


@never_cache
@workspace_required
@require_safe
def search(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Show one search; while it runs, the page polls `search_rows` for what is new."""
    found = searching.find_search(request.workspace, public_id)
    shown = _shown(request)
    changes = following.changes_since(found, which=DIFFERENCES.get(shown))
    return render(request, "leads/search.html", _run_context(found, changes, shown))


def _shown(request: WorkspaceRequest) -> str:
    """Return which results a reader wants to see alone, an empty text for all."""
    shown = request.GET.get("show", "")
    return shown if shown in DIFFERENCES else ""


@never_cache
@workspace_required
@require_safe
def search_rows(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Answer a poll: new rows, changed rows, progress and ledger; all rows when it has ended."""
    found = searching.find_search(request.workspace, public_id)
    shown = _shown(request)
    try:
        cursor = following.START if found.is_finished else request.GET.get("after", "")
        which = DIFFERENCES.get(shown)
        changes = following.changes_since(found, cursor or following.START, which=which)
    except DomainError as error:
        return HttpResponse(error.message, status=400)
    context = _run_context(found, changes, shown) | {"stage_before": request.GET.get("stage", "")}
    status = STOP_POLLING if found.is_finished else 200
    return render(request, "leads/_run_changes.html", context, status=status)


def _run_context(search: Search, changes: following.Changes, shown: str) -> dict[str, Any]:
    saved = search.saved_search
    return {
        "saved": saved,
        "differences": reporting.differences_of(search) if search.is_repeated else None,
        "shown": shown,
        "search": search,
        "progress": reporting.progress_of(search),
        "credits": reporting.credits_of(search),
        "coverage": reporting.coverage_of(search),
        "held": search.hold.amount - search.hold.captured if search.hold else 0,
        "changes": changes,
    }


@workspace_required
@require_POST
def stop_search(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Stop a search for good."""
    searching.cancel_search(request.workspace, public_id)
    return redirect("leads:search", public_id)
