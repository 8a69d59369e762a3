"""The page of many addresses: several lookups shown as one table."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.partials import STOP_POLLING, render_page
from leads import asking, looking_up
from leads.models import Lookup
from leads.views.answers import summary_of
from leads.views.lookup_pages import PAGES

MOST_LOOKUPS = 10


def verdicts_path(lookups: Sequence[Lookup]) -> str:
    """Return where the verdicts of some lookups are shown."""
    if len(lookups) == 1:
        return reverse("leads:lookup", args=[lookups[0].public_id])
    query = urlencode([("lookup", lookup.public_id) for lookup in lookups])
    return f"{reverse('leads:verdicts')}?{query}"


@never_cache
@workspace_required
@require_safe
def verdicts(request: WorkspaceRequest) -> HttpResponse:
    """Show the verdicts of the lookups that the URL names, those that are there already."""
    public_ids = list(dict.fromkeys(request.GET.getlist("lookup")))[:MOST_LOOKUPS]
    found = asking.find_lookups(request.workspace, public_ids)
    if not found or any(lookup.kind != Lookup.Kind.VERIFY for lookup in found):
        raise Http404("There are no such checks.")
    is_running = any(not lookup.is_finished for lookup in found)
    status = STOP_POLLING if request.htmx and not is_running else 200
    context = _context(found) | {"is_running": is_running}
    return render_page(
        request, "lookups/verdicts.html", "lookups/_verdicts.html", context, status=status
    )


def _context(lookups: Sequence[Lookup]) -> dict[str, Any]:
    done = [lookup for lookup in lookups if lookup.status == Lookup.Status.DONE]
    rows = [row for lookup in done for row in looking_up.answer_of(lookup).data["results"]]
    started = min(lookup.created_at for lookup in lookups)
    return {
        "page": PAGES[Lookup.Kind.VERIFY],
        "lookups": lookups,
        "failed": [lookup for lookup in lookups if lookup.status == Lookup.Status.FAILED],
        "results": rows,
        "summary": summary_of(rows),
        "total": sum(len(lookup.parameters["emails"]) for lookup in lookups),
        "done": sum(
            len(lookup.parameters["emails"]) if lookup.is_finished else lookup.done
            for lookup in lookups
        ),
        "seconds": int((timezone.now() - started).total_seconds()),
        "query": urlencode([("lookup", lookup.public_id) for lookup in lookups]),
    }
