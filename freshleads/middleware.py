"""Gives every request an id, and every signed-in request its workspace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from freshleads.lib.ids import new_id
from freshleads.users import workspaces

Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Sets `request.id` and answers it as X-Request-Id."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = new_id("req")  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class WorkspaceMiddleware:
    """Sets `request.workspace`: the signed-in user's workspace, or None."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.workspace = (  # type: ignore[attr-defined]
            workspaces.workspace_of(user) if user.is_authenticated else None
        )
        return self.get_response(request)
