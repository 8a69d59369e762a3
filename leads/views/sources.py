"""The page that says which sources are asked, how they do, and what each allows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from leads.place_store.datasets import UnreadableDataset
from leads.sources import imported_places, list_abilities


@workspace_required
@require_safe
def sources(request: WorkspaceRequest) -> HttpResponse:
    """List the sources by what they answer; how to switch on others is for the staff alone."""
    context = {
        "abilities": list_abilities(),
        **_imported(),
        "is_operator": request.user.is_staff,
    }
    return render(request, "leads/sources.html", context)


def _imported() -> dict[str, Any]:
    """Return the imported datasets, or that one of them cannot be read."""
    try:
        return {"imported": imported_places()}
    except UnreadableDataset:
        return {"is_damaged": True}
