"""GET /export/:projectId: a project's leads as a file."""

from collections.abc import Iterable
from itertools import chain
from typing import cast

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from exports.rendering import CONTENT_TYPES, FORMATS, prepare_export
from exports.views import download
from freshleads.api.v1.base import ApiView
from freshleads.api.v1.lead_query import FILTERS

FORMAT = OpenApiParameter(
    "format",
    {"type": "string", "enum": FORMATS, "default": "xlsx"},
    description="xlsx and csv files are made; the others are refused until a later version.",
)
HEADERS = [
    OpenApiParameter(name, OpenApiTypes.INT, "header", response=True, description=words)
    for name, words in (
        ("X-Exported", "Leads in the file."),
        ("X-Skipped", "Leads of the project that the filters leave out."),
    )
]


class ExportView(ApiView):
    query = {"GET": (FORMAT, *FILTERS)}

    @extend_schema(
        operation_id="exportProject",
        tags=["Export"],
        summary="Download a project's leads",
        parameters=HEADERS,
        responses={
            (200, media_type.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, "The file.")
            for media_type in CONTENT_TYPES.values()
        },
    )
    def get(self, request: Request, project_id: str) -> StreamingHttpResponse:
        """The filters are those of `GET /leads`."""
        filters = dict(self.parameters)
        export = prepare_export(
            self.caller.workspace,
            project_id=project_id,
            format=filters.pop("format", "xlsx"),
            filters=filters,
        )
        response = download(export)
        if request.method == "HEAD":
            response.streaming_content = ()
        else:
            _begin(response)
        return response


def _begin(response: StreamingHttpResponse) -> None:
    """Make the first part now: what fails until then can still be answered as an error."""
    parts = iter(cast(Iterable[bytes], response.streaming_content))
    response.streaming_content = chain([next(parts, b"")], parts)
