"""The page of projects: create, rename, delete, export."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED, refuse
from freshleads.lib.errors import InvalidInput
from leads import projects as domain
from leads.forms import ProjectForm
from leads.models import Project, ProjectLead, Search

PROJECTS_PER_PAGE = 50


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def projects(request: WorkspaceRequest) -> HttpResponse:
    """List the projects; POST makes one."""
    form = ProjectForm(request.POST or None)
    if form.is_valid():
        try:
            project = domain.create_project(request.workspace, name=form.cleaned_data["name"])
        except InvalidInput as error:
            refuse(form, error)
        else:
            messages.success(request, f"“{project.name}” is ready: searches can save to it.")
            return redirect("leads:projects")
    return _page(request, form=form, status=REFUSED if form.errors else 200)


@workspace_required
@require_POST
def rename_project(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Give a project another name; what is wrong with it is shown where it was typed."""
    form = ProjectForm(request.POST, auto_id=f"{public_id}-%s")
    if form.is_valid():
        try:
            domain.rename_project(request.workspace, public_id, name=form.cleaned_data["name"])
        except InvalidInput as error:
            refuse(form, error)
        else:
            messages.success(request, "The project has its new name.")
            return redirect("leads:projects")
    domain.find_project(request.workspace, public_id)
    renaming = {"renaming": public_id, "rename_form": form}
    return _page(request, form=ProjectForm(), status=REFUSED, **renaming)


@workspace_required
@require_POST
def delete_project(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Delete a project; its leads stay."""
    domain.delete_project(request.workspace, public_id)
    messages.success(request, "The project is deleted. Its leads are still among your leads.")
    return redirect("leads:projects")


def _page(
    request: WorkspaceRequest, *, form: ProjectForm, status: int, **extra: Any
) -> HttpResponse:
    entries = ProjectLead.objects.filter(project=OuterRef("pk"), lead__deleted_at=None)
    searches = Search.objects.filter(project=OuterRef("pk"))
    rows = Project.objects.owned_by(request.workspace).annotate(
        lead_count=Coalesce(_count(entries, "project"), 0),
        search_count=Coalesce(_count(searches, "project"), 0),
    )
    page = Paginator(rows, PROJECTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, **extra}
    return render(request, "leads/projects.html", context, status=status)


def _count(rows: Any, group: str) -> Subquery:
    return Subquery(rows.order_by().values(group).annotate(n=Count("pk")).values("n"))
