"""The page of one lead, and the form that changes it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED, refuse
from freshleads.lib.errors import InvalidInput
from leads import editing, rediscovering, retaining
from leads.forms import LeadForm
from leads.models import Lead

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@workspace_required
@require_safe
def lead(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Show everything that is known of a lead, and where it is from."""
    found = editing.find_lead(request.workspace, public_id)
    context = {
        "lead": found,
        "listed_by": rediscovering.listed_by(found),
        "forgotten_after": retaining.forgotten_after(found),
        "hours": opening_hours(found),
        "sources": sources_of(found),
        "projects": found.projects.order_by("name"),
        "searches": found.results.select_related("search").order_by("-search__created_at")[:10],
    }
    return render(request, "leads/lead.html", context)


def opening_hours(lead: Lead) -> list[tuple[str, str]]:
    """Return (day, hours) from Monday on; what is no day of the week follows as it came."""
    hours = lead.opening_hours if isinstance(lead.opening_hours, dict) else {}
    days = sorted(hours, key=lambda day: _place_in_week(str(day)))
    return [(str(day), str(hours[day])) for day in days]


def _place_in_week(day: str) -> int:
    return next((i for i, name in enumerate(WEEK) if name[:2] == day.strip().lower()[:2]), 7)


def sources_of(lead: Lead) -> list[dict[str, Any]]:
    """Return the source of each field, in the order of their names."""
    return [{"field": name, **source} for name, source in sorted(lead.sources.items())]


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_lead(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Show the form of a lead's editable fields and keep what was changed."""
    found = editing.find_lead(request.workspace, public_id)
    form = LeadForm(found, request.POST or None)
    if form.is_valid():
        try:
            editing.update_lead(request.workspace, public_id, changes=form.changes())
        except InvalidInput as error:
            refuse(form, error)
        else:
            messages.success(request, "The lead is saved.")
            return redirect("leads:lead", public_id)
    status = REFUSED if form.errors else 200
    return render(request, "leads/edit_lead.html", {"lead": found, "form": form}, status=status)
