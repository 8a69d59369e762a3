"""The view every resource of this dialect is made of."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from freshleads.api.callers import Caller, caller_of
from freshleads.api.leadgen import errors
from freshleads.api.leadgen.openapi import LeadGenSchema
from freshleads.api.leadgen.reading import read_query
from freshleads.api.views import DialectView
from freshleads.lib.errors import InvalidInput, PermissionRefused


class LeadGenView(DialectView):
    """Finds the caller by `api_key`, refuses what it does not know, and shapes errors.

    Handlers find the query parameters, each declared in `query` by method, in `self.parameters`,
    read and with their defaults. `upstream` is the code for an outside service that failed.
    """

    schema = LeadGenSchema()
    query: ClassVar[Mapping[str, Sequence[OpenApiParameter]]] = {}
    upstream: ClassVar[str] = "api_error"
    further_statuses: ClassVar[Sequence[str]] = ()  # of errors that not every view has

    parameters: Mapping[str, Any]

    def find_caller(self, request: Request) -> Caller:
        """Return who asks; a key that came over plain HTTP is refused where HTTPS is the rule."""
        # The middleware has put a key of the query string into this header.
        authorization = request.headers.get("Authorization", "").strip()
        if not authorization:
            raise PermissionRefused(
                "api_key is required: send it in the query string, or as Authorization: Bearer.",
                code="missing_credentials",
            )
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            raise InvalidInput(
                "api_key: send it over https:// only; this one can have been read on its way.",
                param="api_key",
            )
        try:
            return caller_of(authorization)
        except PermissionRefused as error:
            message = f"api_key: {error.message}"
            raise PermissionRefused(message, code="invalid_key") from error
        except errors.DATABASE_IS_AWAY as error:
            raise errors.KeyCheckFailed from error

    def check(self, request: Request, **kwargs: Any) -> None:
        method = request.method or ""
        if method.lower() in self.http_method_names:
            declared = self.query.get("GET" if method == "HEAD" else method, ())
            self.parameters = read_query(request, declared)

    def answer_to(self, error: Exception) -> HttpResponse:
        return errors.answer_to(self.request, error, upstream=self.upstream)
