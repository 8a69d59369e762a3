"""The view that the resources of both APIs are made of."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from freshleads.api import limits
from freshleads.api.callers import Caller, caller_of
from freshleads.users.throttling import Window

READING = frozenset({"GET", "HEAD"})


class DialectView(APIView):
    """Finds out who asks, counts the request, and leaves to its dialect how errors look.

    Handlers find who asks in `self.caller`, unless the view `is_public`.
    """

    is_public: ClassVar[bool] = False

    caller: Caller
    window: Window | None = None

    def find_caller(self, request: Request) -> Caller:
        """Return who asks; raises what `answer_to` has an answer for."""
        return caller_of(request.headers.get("Authorization", ""))

    def check(self, request: Request, **kwargs: Any) -> None:
        """Check what the dialect checks of every request, once it is known who asks."""
        raise NotImplementedError

    def answer_to(self, error: Exception) -> HttpResponse:
        """Return the dialect's answer to whatever was raised."""
        raise NotImplementedError

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check everything that does not depend on the resource, in place of DRF's own steps."""
        if request.method == "OPTIONS":
            return
        if not self.is_public:
            self.caller = self.find_caller(request)
            self._count(request)
        self.check(request, **kwargs)

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        response = self.answer_to(exc)
        if response.status_code == 405:
            response["Allow"] = ", ".join(self.allowed_methods)
        return response

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Add the headers of limits; leave out the body where only the head was asked for."""
        if not self.is_public:
            response.headers.setdefault("Cache-Control", "no-store")
        if self.window is not None:
            for name, value in limits.headers(self.window).items():
                response[name] = value
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            # The web server would send the body all the same.
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Tell the methods of a path, to anybody."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def _count(self, request: Request) -> None:
        self.window = limits.count_request(
            self.caller.workspace,
            per_minute=self.caller.subscription.plan.requests_per_minute,
            reads_only=request.method in READING,
        )
        if self.window is not None and not self.window.allowed:
            raise limits.refusal(self.window)
