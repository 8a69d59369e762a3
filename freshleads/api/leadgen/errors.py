"""The codes of this dialect, their HTTP status, and which one answers what went wrong.

{"status": "error", "code": "invalid_param", "message": "page: must be a whole number ..."}
"""

import logging
import math

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request

from freshleads.api.bodies import MissingInput
from freshleads.api.leadgen.answers import failure
from freshleads.lib.errors import (
    DomainError,
    InsufficientCredits,
    NotFound,
    PermissionRefused,
    ProviderError,
)
from leads.providers.contracts import FAULTS

logger = logging.getLogger(__name__)

STATUSES = {
    "missing_param": 400,
    "invalid_param": 400,
    "invalid_code": 400,
    "missing_api_key": 401,
    "invalid_api_key": 401,
    "insufficient_credits": 402,
    "not_found": 404,
    "method_not_allowed": 405,
    "rate_limited": 429,
    "server_error": 500,
    "db_error": 500,
    "search_error": 502,
    "crawl_error": 502,
    "api_error": 502,
    "auth_error": 503,
}
DATABASE_IS_AWAY = (OperationalError, InterfaceError)
RETRY_SECONDS = 5


class KeyCheckFailed(Exception):
    """Whether a key is good could not be found out."""


class StillRunning(Exception):
    """The work goes on, but its caller has waited long enough."""


def error_answer(
    code: str, message: str, *, param: str | None = None, retry_after: float | None = None
) -> HttpResponse:
    """Return the error body with the headers that belong to its code."""
    headers = {}
    if STATUSES[code] == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="LeadGen API"'
    if retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(retry_after)))
    return failure(STATUSES[code], code, _naming(param, message), headers=headers)


def answer_to(
    request: HttpRequest | Request, error: Exception, *, upstream: str = "api_error"
) -> HttpResponse:
    """Return the answer to whatever was raised; what nobody foresaw is logged and told to none.

    `upstream` is the code that says that an outside service failed.
    """
    number = getattr(request, "id", "")
    match error:
        case DomainError():
            return _domain_answer(error, upstream)
        case ProviderError():
            logger.warning("request %s: %s", number, error.code)
            reason = FAULTS.get(error.code, error.message)
            message = f"{reason} Nothing was charged; ask again later."
            return error_answer(upstream, message, retry_after=error.retry_after)
        case StillRunning():
            message = "The work is still running: ask again, its result is then free."
            return error_answer(upstream, message, retry_after=RETRY_SECONDS)
        case KeyCheckFailed():
            message = "The API key cannot be checked right now. Retry later."
            return error_answer("auth_error", message, retry_after=RETRY_SECONDS)
        case MethodNotAllowed():
            return error_answer("method_not_allowed", f"{request.method} is not possible here.")
        case Http404():
            return error_answer("not_found", "There is no such path.")
        case RequestDataTooBig():
            return error_answer("invalid_param", "The body is too large.")
        case SuspiciousOperation() | BadRequest() | UnreadablePostError() | PermissionDenied():
            return error_answer("invalid_param", "The request cannot be read.")
    logger.error("request %s failed", number, exc_info=error)
    return crash_answer(request, error)


def crash_answer(request: HttpRequest | Request, error: BaseException | None) -> HttpResponse:
    """Return the answer to what nobody foresaw, which has been logged."""
    number = getattr(request, "id", "")
    if isinstance(error, DATABASE_IS_AWAY):
        return error_answer("db_error", f"The database does not answer. Retry later. ({number})")
    message = f"Something went wrong on our side. Try again; if it stays so, tell us {number}."
    return error_answer("server_error", message)


def _domain_answer(error: DomainError, upstream: str) -> HttpResponse:
    code = _code_of(error, upstream)
    wait = error.retry_after if code == "rate_limited" else None
    return error_answer(code, error.message, param=error.param, retry_after=wait)


def _code_of(error: DomainError, upstream: str) -> str:
    if error.code in {"invalid_code", "missing_param"}:
        return error.code
    if error.code == "busy":
        return upstream
    if error.retry_after is not None:
        return "rate_limited"
    match error:
        case MissingInput():
            return "missing_param"
        case InsufficientCredits():
            return "insufficient_credits"
        case NotFound():
            return "not_found"
        case PermissionRefused(code="missing_credentials"):
            return "missing_api_key"
        case PermissionRefused():
            return "invalid_api_key"
    return "invalid_param"


def _naming(param: str | None, message: str) -> str:
    """Return a message that names the parameter at fault."""
    if param is None or message.startswith(param):
        return message
    return f"{param}: {message[:1].lower()}{message[1:]}"
