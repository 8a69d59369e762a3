"""Refusals of the Places API (google.rpc JSON) told apart: what helps, waiting or a new key."""

import re
from typing import Any

from freshleads.lib.errors import ProviderError
from freshleads.lib.http import BadResponse, Response, TooLarge

MAX_MESSAGE = 300
QUOTA_PAUSE_SECONDS = 60.0  # quotas are counted by the minute
MAX_PAUSE_SECONDS = 24 * 3600.0
# All reasons whose cure is another key; google.rpc.ErrorInfo, domain googleapis.com.
KEY_REASONS = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_NOT_FOUND"})
_SECONDS = re.compile(r"([0-9]{1,9})(?:\.[0-9]{1,9})?s?")


def refusal(response: Response, api_key: str) -> ProviderError:
    """Return the error that an answer with an error status means."""
    error = _error_of(response)
    details = [entry for entry in _list(error.get("details")) if isinstance(entry, dict)]
    said = _said(error, api_key)
    if response.status == 401 or KEY_REASONS & {str(entry.get("reason")) for entry in details}:
        return ProviderError(
            f"Google did not accept the API key.{said}", code="invalid_key", permanent=True
        )
    if response.status == 403:
        return ProviderError(
            f"The API key may not use the Places API (New).{said}",
            code="access_denied",
            permanent=True,
        )
    if response.status == 429:
        pause = _retry_delay(details) or _retry_after(response) or QUOTA_PAUSE_SECONDS
        message = f"The Google Places quota is used up for now.{said}"
        return ProviderError(message, code="quota_exceeded", retry_after=pause)
    if response.status >= 500 or response.status == 408:
        return ProviderError(
            f"Google Places is not available at the moment (HTTP {response.status}).",
            code="provider_unavailable",
            retry_after=_retry_delay(details) or _retry_after(response),
        )
    if response.status >= 400:
        message = f"Google Places refused the request (HTTP {response.status}).{said}"
        return ProviderError(message, code="request_refused", permanent=True)
    return bad_answer(f"Google Places answered with HTTP status {response.status}.")


def is_dead_id(response: Response) -> bool:
    """Tell whether a place asked by its id is unknown: gone (404), or never a place's id (400)."""
    error = _error_of(response)
    if response.status == 400:
        message = str(error.get("message")).lower()
        return error.get("status") == "INVALID_ARGUMENT" and "place id" in message
    return response.status == 404 and error.get("status") == "NOT_FOUND"


def bad_answer(message: str) -> ProviderError:
    """Return the error for an answer that does not follow the contract; the next one may."""
    return ProviderError(message, code="bad_answer")


def transport_failure(error: ProviderError) -> ProviderError:
    """Return what a call that got no answer means; a refused address stays permanent."""
    if isinstance(error, BadResponse | TooLarge):
        return bad_answer("Google Places gave an answer that could not be read.")
    return ProviderError(
        f"Google Places could not be reached: {error.message}",
        code="provider_unavailable",
        permanent=error.permanent,
    )


def _error_of(response: Response) -> dict[str, Any]:
    """Return the `error` member, {} for the HTML page of a proxy and the like."""
    try:
        payload = response.json()
    except BadResponse:
        return {}
    error = payload.get("error") if isinstance(payload, dict) else None
    return error if isinstance(error, dict) else {}


def _said(error: dict[str, Any], api_key: str) -> str:
    """Return the vendor's own words, in one line, without the key should they quote it."""
    message = error.get("message")
    if not isinstance(message, str):
        return ""
    words = " ".join(message.replace(api_key, "(key)").split())
    return f" Google says: {words[:MAX_MESSAGE]}" if words else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _retry_delay(details: list[dict[str, Any]]) -> float | None:
    """Return the seconds of a google.rpc.RetryInfo, which writes them as "41s"."""
    for entry in details:
        if str(entry.get("@type")).endswith("google.rpc.RetryInfo"):
            return _seconds(entry.get("retryDelay"))
    return None


def _retry_after(response: Response) -> float | None:
    return _seconds(response.headers.get("Retry-After"))


def _seconds(written: object) -> float | None:
    if not isinstance(written, str) or not _SECONDS.fullmatch(written.strip()):
        return None
    return min(float(written.strip().removesuffix("s")), MAX_PAUSE_SECONDS) or None
