"""The view every resource of this dialect is made of."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from freshleads.api.v1 import errors
from freshleads.api.v1.openapi import ApiSchema
from freshleads.api.v1.reading import read_query
from freshleads.api.views import DialectView
from freshleads.lib.errors import NotFound

PUBLIC_ID = re.compile(r"[a-z]+_[0-9a-z]{1,30}")


class ApiView(DialectView):
    """Refuses what it does not know, and shapes errors.

    Handlers find the query parameters, each declared in `query` by method, in `self.parameters`.
    """

    schema = ApiSchema()
    query: ClassVar[Mapping[str, Sequence[OpenApiParameter]]] = {}

    parameters: Mapping[str, str]

    def check(self, request: Request, **kwargs: Any) -> None:
        if not all(PUBLIC_ID.fullmatch(value) for value in kwargs.values()):
            raise NotFound("There is no such object.")
        if (request.method or "").lower() in self.http_method_names:
            self.parameters = read_query(request, self._known_parameters(request))

    def answer_to(self, error: Exception) -> HttpResponse:
        return errors.answer_to(self.request, error)

    def _known_parameters(self, request: Request) -> list[str]:
        method = "GET" if request.method == "HEAD" else request.method or ""
        return [parameter.name for parameter in self.query.get(method, ())]
