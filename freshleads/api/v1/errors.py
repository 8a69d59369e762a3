"""The error body of this dialect, and the HTTP status of everything that can go wrong.

    {"error": {"code": 429, "message": "...", "retry_after": 12, "type": "rate_limited",
               "request_id": "req_..."}}

`retry_after`, in seconds, is there with 429 alone, `param` where one field is at fault.
"""

import logging
import math
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request

from freshleads.api.v1.answers import answer
from freshleads.lib.errors import (
    Conflict,
    DomainError,
    InsufficientCredits,
    InvalidInput,
    LimitReached,
    NotFound,
    PermissionRefused,
    ProviderError,
)

logger = logging.getLogger(__name__)

STATUS_OF_KIND: tuple[tuple[type[DomainError], int], ...] = (
    (InvalidInput, 400),
    (PermissionRefused, 403),
    (InsufficientCredits, 403),
    (LimitReached, 403),
    (NotFound, 404),
    (Conflict, 409),
)
STATUS_OF_CODE = {
    "missing_credentials": 401,
    "invalid_credentials": 401,
    "invalid_key": 401,
    "revoked_key": 401,
    "expired_key": 401,
    "invalid_token": 401,
    "expired_token": 401,
    "body_too_large": 413,
}
CRASH_MESSAGE = (
    "Something went wrong on our side. Try again; if it stays so, tell the operator the request_id."
)


def status_of(error: DomainError) -> int:
    """Return the HTTP status: by the code, else 429 where waiting helps, else by the kind."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    if error.retry_after is not None:
        return 429
    return next((status for kind, status in STATUS_OF_KIND if isinstance(error, kind)), 400)


def error_answer(
    request: HttpRequest | Request,
    status: int,
    message: str,
    *,
    type: str,
    param: str | None = None,
    retry_after: float | None = None,
) -> HttpResponse:
    """Return the error body with the headers that belong to its status."""
    error: dict[str, Any] = {"code": status, "message": message}
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="FreshLeads API"'
    if status == 429:
        error["retry_after"] = max(1, math.ceil(retry_after or 1))
        headers["Retry-After"] = str(error["retry_after"])
    error["type"] = type
    if param is not None:
        error["param"] = param
    error["request_id"] = getattr(request, "id", "")
    return answer({"error": error}, status=status, headers=headers)


def answer_to(request: HttpRequest | Request, error: Exception) -> HttpResponse:
    """Return the answer to whatever was raised; what nobody foresaw is logged and told to none."""
    match error:
        case DomainError():
            return error_answer(
                request,
                status_of(error),
                error.message,
                type=error.code,
                param=error.param,
                retry_after=error.retry_after,
            )
        case ProviderError():
            logger.warning("request %s: %s", getattr(request, "id", ""), error.code)
            message = "An outside service did not answer as it should. Try again."
            return error_answer(request, 500, message, type=error.code)
        case MethodNotAllowed():
            message = f"{request.method} is not possible here."
            return error_answer(request, 405, message, type="method_not_allowed")
        case Http404():
            return error_answer(request, 404, "There is no such path.", type="unknown_path")
        case PermissionDenied():
            return error_answer(request, 403, "This is not allowed.", type="permission_refused")
        case RequestDataTooBig():
            return error_answer(request, 413, "The body is too large.", type="body_too_large")
        case SuspiciousOperation() | BadRequest() | UnreadablePostError():
            return error_answer(
                request, 400, "The request cannot be read.", type="malformed_request"
            )
    logger.error("request %s failed", getattr(request, "id", ""), exc_info=error)
    return crash_answer(request, error)


def crash_answer(request: HttpRequest | Request, error: BaseException | None) -> HttpResponse:
    """Return the answer to what nobody foresaw, which has been logged."""
    return error_answer(request, 500, CRASH_MESSAGE, type="server_error")
