"""Pages of saved searches: the list, one with its runs and settings, saving a search that ran."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED, refuse
from freshleads.lib.errors import DomainError, NotFound
from leads import repeating, reporting, searching
from leads.forms import SavedSearchForm
from leads.models import SavedSearch

PER_PAGE = 25


@workspace_required
@require_safe
def saved_searches(request: WorkspaceRequest) -> HttpResponse:
    """List the saved searches with their schedule and what the last run brought."""
    rows = SavedSearch.objects.owned_by(request.workspace).select_related("project")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    last = repeating.last_runs(page.object_list)
    brought = reporting.differences_by_search([run.pk for run in last.values()])
    entries = [
        {"saved": saved, "run": run, "differences": brought.get(run.pk) if run else None}
        for saved in page.object_list
        for run in [last.get(saved.pk)]
    ]
    return render(request, "leads/saved_searches.html", {"page": page, "entries": entries})


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_search(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Show one saved search with its runs; POST changes how it runs."""
    saved = repeating.find_saved_search(request.workspace, public_id)
    form = SavedSearchForm(saved, request.POST or None)
    if form.is_valid():
        try:
            repeating.update_saved_search(request.workspace, public_id, changes=form.asked())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "The saved search is changed.")
            return redirect("leads:saved_search", public_id)
    runs = Paginator(saved.runs.order_by("-created_at", "-pk"), PER_PAGE)
    page = runs.get_page(request.GET.get("page"))
    brought = reporting.differences_by_search([run.pk for run in page.object_list])
    context = {
        "saved": saved,
        "form": form,
        "page": page,
        "runs": [{"run": run, "differences": brought.get(run.pk)} for run in page.object_list],
    }
    status = REFUSED if form.errors else 200
    return render(request, "leads/saved_search.html", context, status=status)


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def save_search(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Show the form that saves a search which ran, and save it on POST."""
    search = searching.find_search(request.workspace, public_id)
    if search.saved_search is not None:
        return redirect("leads:saved_search", search.saved_search.public_id)
    form = SavedSearchForm(search, request.POST or None)
    if form.is_valid():
        try:
            saved = repeating.save_search(
                request.workspace, public_id, by=request.user, settings=form.asked()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "The search is saved.")
            return redirect("leads:saved_search", saved.public_id)
    status = REFUSED if form.errors else 200
    context = {"search": search, "form": form}
    return render(request, "leads/save_search.html", context, status=status)


@workspace_required
@require_POST
def run_saved_search(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Start a run at once and show it; why it cannot start is told on the saved search's page."""
    try:
        search = repeating.run_now(request.workspace, public_id, by=request.user)
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("leads:saved_search", public_id)
    return redirect("leads:search", search.public_id)


@workspace_required
@require_POST
def pause_saved_search(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Stop the schedule, or let it go on (`paused=` empty)."""
    paused = bool(request.POST.get("paused"))
    saved = repeating.set_paused(request.workspace, public_id, paused=paused)
    if paused:
        messages.success(request, "The schedule is paused. You can still run it yourself.")
    elif saved.next_run_at:
        messages.success(request, f"It goes on: the next run is on {saved.next_run_at:%-d %B %Y}.")
    if request.POST.get("back") == "list":
        return redirect("leads:saved_searches")
    return redirect("leads:saved_search", public_id)


@workspace_required
@require_POST
def delete_saved_search(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Forget a saved search; its runs and leads stay."""
    repeating.delete_saved_search(request.workspace, public_id)
    messages.success(request, "The saved search is deleted. Its runs and leads stay.")
    return redirect("leads:saved_searches")
