"""Who may open a page: a signed-in person with a workspace, and only what that workspace owns."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from freshleads.lib.errors import NotFound
from freshleads.users.models import User, Workspace


class WorkspaceRequest(HttpRequest):
    """A request as the pages of the dashboard see it."""

    user: User
    workspace: Workspace
    htmx: HtmxDetails


def workspace_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let signed-in people with a workspace in; what their workspace does not own is a 404."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.workspace is None:
            return render(request, "no_workspace.html", status=403)
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(error.message) from error

    return login_required(guarded)
