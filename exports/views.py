"""Downloads of leads in the dashboard."""

from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from exports import import_errors as import_error_files
from exports import rendering
from exports import verdicts as verdict_files
from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.lib.errors import InvalidInput

MOST_LOOKUPS = 10  # the page of addresses makes no more of them at once


def download(export: rendering.Export) -> StreamingHttpResponse:
    """Return an export as an attachment, with what was left out in its headers."""
    response = StreamingHttpResponse(rendering.stream(export), content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.name}"'
    response["X-Exported"] = str(export.exported)
    response["X-Skipped"] = str(export.skipped)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@workspace_required
@require_safe
def project(request: WorkspaceRequest, public_id: str) -> HttpResponse | StreamingHttpResponse:
    """Download a project's leads; the filters of the leads table apply."""
    asked = request.GET.dict()
    format = str(asked.pop("format", "xlsx"))
    try:
        return download(
            rendering.prepare_export(
                request.workspace,
                project_id=public_id,
                format=format,
                filters={name: str(value) for name, value in asked.items()},
            )
        )
    except InvalidInput as error:
        return HttpResponseBadRequest(error.message, content_type="text/plain; charset=utf-8")


@workspace_required
@require_safe
def verdicts(request: WorkspaceRequest) -> StreamingHttpResponse:
    """Download the verdicts of the lookups that the URL names."""
    public_ids = list(dict.fromkeys(request.GET.getlist("lookup")))[:MOST_LOOKUPS]
    lines = verdict_files.verdict_lines(request.workspace, public_ids)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verdicts.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@workspace_required
@require_safe
def import_errors(request: WorkspaceRequest, public_id: str) -> StreamingHttpResponse:
    """Download what an import could not take."""
    lines = import_error_files.error_lines(request.workspace, public_id)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="import-errors.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
