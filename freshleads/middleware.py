"""Takes keys out of addresses, bodies off HEAD, and gives every request an id and its workspace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from freshleads.lib.ids import new_id
from freshleads.lib.redacting import take_key, without_keys
from freshleads.users import workspaces

Handler = Callable[[HttpRequest], HttpResponse]


class KeyHidingMiddleware:
    """Takes API keys out of a request's address, before anything can write it down.

    For the LeadGen API the key moves into the Authorization header, which all that reports
    requests knows to hide; the query string keeps the name, with a placeholder for a value.
    """

    PREFIX = "/v2/api/v1/"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query, key = take_key(request.META.get("QUERY_STRING", ""))
        request.META["QUERY_STRING"] = query
        if key and request.path.startswith(self.PREFIX):
            request.META["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        for name in ("REQUEST_URI", "RAW_URI"):
            if name in request.META:
                path, mark, _ = request.META[name].partition("?")
                request.META[name] = f"{path}{mark}{query}"
        if "HTTP_REFERER" in request.META:
            request.META["HTTP_REFERER"] = without_keys(request.META["HTTP_REFERER"])
        return self.get_response(request)


class HeadMiddleware:
    """Takes the body off an answer to HEAD, and leaves the length it would have had.

    waitress sends whatever body an application gives it, which a client takes for the beginning of
    the next answer.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "HEAD":
            return response
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()
        else:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


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
