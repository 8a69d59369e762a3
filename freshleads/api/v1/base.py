"""The view every resource of this dialect is made of."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.views import APIView

from freshleads.api import limits
from freshleads.api.v1 import errors
from freshleads.api.v1.callers import Caller, caller_of
from freshleads.api.v1.openapi import ApiSchema
from freshleads.api.v1.reading import read_query
from freshleads.lib.errors import NotFound
from freshleads.users.throttling import Window

PUBLIC_ID = re.compile(r"[a-z]+_[0-9a-z]{1,30}")
READING = frozenset({"GET", "HEAD"})


class ApiView(APIView):
    """Finds out who asks, counts the request, refuses what it does not know, and shapes errors.

    Handlers find the workspace in `self.caller` and the query parameters, each declared in
    `query` by method, in `self.parameters`.
    """

    schema = ApiSchema()
    is_public: ClassVar[bool] = False
    query: ClassVar[Mapping[str, Sequence[OpenApiParameter]]] = {}

    caller: Caller
    parameters: Mapping[str, str]
    window: Window | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check everything that does not depend on the resource, in place of DRF's own steps."""
        if request.method == "OPTIONS":
            return
        if not self.is_public:
            self.caller = caller_of(request.headers.get("Authorization", ""))
            self._count(request)
        if not all(PUBLIC_ID.fullmatch(value) for value in kwargs.values()):
            raise NotFound("There is no such object.")
        if (request.method or "").lower() in self.http_method_names:
            self.parameters = read_query(request, self._known_parameters(request))

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        response = errors.answer_to(self.request, exc)
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

    def _known_parameters(self, request: Request) -> list[str]:
        method = "GET" if request.method == "HEAD" else request.method or ""
        return [parameter.name for parameter in self.query.get(method, ())]
