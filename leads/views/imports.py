"""Pages of imports: the list, the upload, the draft with its preview, the run and its report."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED, refuse
from freshleads.lib.errors import Conflict, DomainError, NotFound
from leads import importing, previewing
from leads.import_forms import ImportForm, LayoutForm, UploadForm
from leads.models import LeadImport
from leads.tables.encodings import NAMES as ENCODINGS
from leads.tables.records import DELIMITERS

IMPORTS_PER_PAGE = 25
STOP_POLLING = 286  # what htmx takes as the last answer of a poll


@workspace_required
@require_safe
def imports(request: WorkspaceRequest) -> HttpResponse:
    """Show the workspace's imports, newest first."""
    mine = LeadImport.objects.owned_by(request.workspace).select_related("project")
    rows = mine.defer("errors", "layout", "mapping", "undone")
    page = Paginator(rows, IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/imports.html", {"page": page})


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: WorkspaceRequest) -> HttpResponse:
    """Show the form, and keep an uploaded file as a draft."""
    is_sent = request.method == "POST"
    form = UploadForm(*((request.POST, request.FILES) if is_sent else ()))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = importing.upload(
                request.workspace, by=request.user, file_name=file.name, source=file
            )
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("leads:import", draft.public_id)
    status = REFUSED if form.errors else 200
    return render(request, "imports/new_import.html", {"form": form}, status=status)


@never_cache
@workspace_required
@require_safe
def lead_import(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Show a draft with its preview, a run with its progress, or the report of an end."""
    found = importing.find_import(request.workspace, public_id)
    if found.status == LeadImport.Status.DRAFT:
        return _draft_page(request, found, ImportForm(found), LayoutForm(found))
    return render(request, "imports/import.html", _run_context(found))


@workspace_required
@require_POST
def choose(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Keep what was chosen and show what would come of it; htmx gets the preview alone."""
    found = importing.find_import(request.workspace, public_id)
    form = ImportForm(found, request.POST)
    if not _choose(request, form, public_id):
        return _draft_page(request, found, form, LayoutForm(found), status=REFUSED)
    if request.htmx:
        return _draft_page(request, importing.find_import(request.workspace, public_id), form)
    return redirect(f"{request.path.removesuffix('/choose')}#preview")


@workspace_required
@require_POST
def start(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Keep what was chosen and start the import."""
    found = importing.find_import(request.workspace, public_id)
    form = ImportForm(found, request.POST)
    if _choose(request, form, public_id):
        try:
            importing.start(
                request.workspace, public_id, project_id=form.cleaned_data["project_id"]
            )
        except NotFound as error:
            refuse(form, error)
        except DomainError as error:
            messages.error(request, error.message)
        if not form.errors:
            return redirect("leads:import", public_id)
    return _draft_page(request, found, form, LayoutForm(found), status=REFUSED)


@workspace_required
@require_POST
def choose_layout(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Read the file in another way."""
    found = importing.find_import(request.workspace, public_id)
    form = LayoutForm(found, request.POST)
    if form.is_valid():
        try:
            importing.choose_layout(request.workspace, public_id, **form.cleaned_data)
        except Conflict as error:
            messages.error(request, error.message)
        except DomainError as error:
            refuse(form, error)
        if not form.errors:
            return redirect("leads:import", public_id)
    return _draft_page(request, found, ImportForm(found), form, status=REFUSED)


@never_cache
@workspace_required
@require_safe
def import_progress(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Answer a poll with how far the import is; the last answer is its report."""
    found = importing.find_import(request.workspace, public_id)
    status = 200 if found.is_at_work else STOP_POLLING
    return render(request, "imports/_run.html", _run_context(found), status=status)


@workspace_required
@require_POST
def stop_import(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Stop a running import and take back what it stored."""
    importing.cancel(request.workspace, public_id)
    return redirect("leads:import", public_id)


@workspace_required
@require_POST
def undo_import(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Take back what an import did."""
    return _steer(request, importing.undo, public_id)


@workspace_required
@require_POST
def reopen_import(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Make a draft of an import that failed or was undone."""
    return _steer(request, importing.reopen, public_id)


@workspace_required
@require_POST
def discard_import(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    try:
        importing.discard(request.workspace, public_id)
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("leads:import", public_id)
    messages.success(request, "The upload is thrown away.")
    return redirect("leads:imports")


def _steer(request: WorkspaceRequest, act: Any, public_id: str) -> HttpResponse:
    try:
        act(request.workspace, public_id)
    except Conflict as error:
        messages.error(request, error.message)
    return redirect("leads:import", public_id)


def _choose(request: WorkspaceRequest, form: ImportForm, public_id: str) -> bool:
    """Keep the choices of a form; what is wrong with them is noted beside their fields."""
    if not form.is_valid():
        return False
    try:
        importing.choose(
            request.workspace,
            public_id,
            mapping=form.mapping,
            duplicates=form.cleaned_data["duplicates"],
            country=form.cleaned_data["country"],
        )
    except DomainError as error:
        refuse(form, error)
    return not form.errors


def _draft_page(
    request: WorkspaceRequest,
    found: LeadImport,
    form: ImportForm,
    layout_form: LayoutForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    layout = importing.layout_of(found)
    context: dict[str, Any] = {
        "import": found,
        "form": form,
        "layout_form": layout_form,
        "layout": layout,
        "encoding": ENCODINGS.get(layout.encoding, layout.encoding),
        "delimiter": dict(DELIMITERS).get(layout.delimiter, layout.delimiter),
    }
    try:
        preview = previewing.preview_of(found)
    except FileNotFoundError:
        context["gone"] = importing.FILE_GONE
    else:
        context["preview"] = preview
        context["columns"] = [(form[f"column_{c.number}"], c) for c in preview.columns]
    if request.htmx and not request.htmx.boosted:
        return render(request, "imports/_preview.html", context)
    return render(request, "imports/draft.html", context, status=status)


def _run_context(found: LeadImport) -> dict[str, Any]:
    return {
        "import": found,
        "left": found.entries.count() if found.status == LeadImport.Status.UNDOING else 0,
        "refused": sum(1 for error in found.errors if error["refused"]),
        "can_undo": importing.can_undo(found),
        "can_reopen": importing.can_reopen(found),
    }
