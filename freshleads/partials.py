"""One view, one URL: the whole page for a browser, a part of it for htmx."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from freshleads.access import WorkspaceRequest

STOP_POLLING = 286  # what htmx takes as the last answer of a poll


def render_page(
    request: WorkspaceRequest,
    page: str,
    part: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the template `part` where htmx asked for it, else `page`, which includes it."""
    wants_part = request.htmx and not request.htmx.boosted
    template = part if wants_part and not request.htmx.history_restore_request else page
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
