"""What is answered where no view does: an API's error body below its prefix, else a page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults

from freshleads import views
from freshleads.api.v1 import errors

V1 = "/api/v1"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 to a request that cannot be read, such as one for a strange host."""
    if is_v1(request):
        return errors.error_answer(
            request, 400, "The request cannot be read.", type="malformed_request"
        )
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    if is_v1(request):
        return errors.answer_to(request, exception)
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    if is_v1(request):
        return errors.answer_to(request, Http404())
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500; Django has logged what was raised."""
    if is_v1(request):
        return errors.error_answer(request, 500, errors.CRASH_MESSAGE, type="server_error")
    return views.server_error(request)


def is_v1(request: HttpRequest) -> bool:
    """Tell whether a path belongs to the FreshLeads dialect."""
    return request.path == V1 or request.path.startswith(f"{V1}/")
