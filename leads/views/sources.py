"""The page that says which sources are asked, how they do, and what each allows."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from freshleads.access import WorkspaceRequest, workspace_required
from leads.sources import list_abilities


@workspace_required
@require_GET
def sources(request: WorkspaceRequest) -> HttpResponse:
    """List the sources by what they answer; how to switch on others is for the staff alone."""
    context = {
        "abilities": list_abilities(),
        "now": timezone.now(),
        "is_operator": request.user.is_staff,
    }
    return render(request, "leads/sources.html", context)
