"""The OpenAPI description of this dialect, and the page that shows it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from freshleads.api.describing import description, description_answer
from freshleads.api.v1.base import ApiView
from freshleads.api.v1.openapi import SHARED_COMPONENTS

DESCRIPTION = """
Find local businesses, read their websites for contacts, verify the addresses, and take the leads
along.

**Authentication.** Send `Authorization: Bearer X`, X being an API key from Settings > API keys or
a token of `POST /auth/token`.

**Requests.** Bodies are JSON objects of at most 1 MiB. An unknown field or parameter is refused
by name, never ignored. Every list takes `page` and `per_page`.

**Errors** all look alike, on every path:
`{"error": {"code": 404, "message": "...", "type": "not_found", "request_id": "req_..."}}`.
`code` is the HTTP status, `type` a stable code, `param` names the field at fault where one is, and
`retry_after` (with 429) is in seconds.

**Limits.** Your plan allows so many requests in any 60 seconds, counted for your whole workspace.
`RateLimit-Policy` and `RateLimit` tell the limit and what is left; 429 comes with `Retry-After`.

**Credits.** A lead that is new to your workspace costs one credit. What you have is free.

**Not in this version yet:** the CRM (`/crm`), webhooks (`/webhooks`), background exports
(`/exports`), and the export formats instantly, lemlist and smartlead.
"""
SETTINGS = {
    "DESCRIPTION": DESCRIPTION.strip(),
    "SERVERS": [{"url": "/api/v1"}],
    "APPEND_COMPONENTS": SHARED_COMPONENTS,
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATIONS": False,
    "PREPROCESSING_HOOKS": ["freshleads.api.v1.openapi.without_slashed_twins"],
    "POSTPROCESSING_HOOKS": ["freshleads.api.v1.openapi.with_closed_inputs"],
}


class SchemaView(ApiView):
    is_public = True

    @extend_schema(
        operation_id="getSchema",
        tags=["About"],
        summary="Get this description",
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponse:
        """OpenAPI 3.1."""
        return description_answer(openapi())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the description; all it loads comes from this installation."""
    return render(request, "api/docs.html", {"schema": "api-v1:schema"})


def openapi() -> bytes:
    """Return the description as JSON."""
    return description("freshleads.api.v1.urls", SETTINGS)
