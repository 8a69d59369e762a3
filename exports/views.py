"""Downloads of leads in the dashboard."""

from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from exports import rendering
from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.lib.errors import InvalidInput


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
