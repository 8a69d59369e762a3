"""What is answered where no view does: an API's error body below its prefix, else a page."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults

from freshleads import views
from freshleads.api.leadgen import errors as leadgen
from freshleads.api.v1 import errors as v1


@dataclass(frozen=True, slots=True)
class Dialect:
    """An API's prefix, its answer to an exception, and to one that has been logged already."""

    prefix: str
    answer_to: Callable[[HttpRequest, Exception], HttpResponse]
    crash_answer: Callable[[HttpRequest, BaseException | None], HttpResponse]


DIALECTS = (
    Dialect("/api/v1", v1.answer_to, v1.crash_answer),
    Dialect("/v2/api/v1", leadgen.answer_to, leadgen.crash_answer),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 to a request that cannot be read, such as one for a strange host."""
    if dialect := dialect_of(request):
        return dialect.answer_to(request, SuspiciousOperation())
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    if dialect := dialect_of(request):
        return dialect.answer_to(request, exception)
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    if dialect := dialect_of(request):
        return dialect.answer_to(request, Http404())
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500; Django has logged what was raised."""
    if dialect := dialect_of(request):
        return dialect.crash_answer(request, sys.exception())
    return views.server_error(request)


def dialect_of(request: HttpRequest) -> Dialect | None:
    """Return the API that a path belongs to."""
    path = request.path
    return next(
        (
            dialect
            for dialect in DIALECTS
            if path == dialect.prefix or path.startswith(f"{dialect.prefix}/")
        ),
        None,
    )
