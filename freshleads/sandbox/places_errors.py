"""The errors of the Places API (New): google.rpc JSON with its details, one function per cause."""

from typing import Any

SERVICE = "places.googleapis.com"
TYPE = "type.googleapis.com/google.rpc."
QUOTA_RETRY_SECONDS = 41


class PlacesError(Exception):
    """A refused request: the HTTP status, the RPC status name, the message and its details."""

    def __init__(
        self,
        code: int,
        status: str,
        message: str,
        *details: dict[str, Any],
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        """Return the JSON body `{"error": {code, message, status, details?}}`."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
        }
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


def error_info(reason: str, **metadata: str) -> dict[str, Any]:
    """Return an ErrorInfo detail of the Places service."""
    return {
        "@type": TYPE + "ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": SERVICE, **metadata},
    }


def localized(message: str) -> dict[str, Any]:
    """Return a LocalizedMessage detail."""
    return {"@type": TYPE + "LocalizedMessage", "locale": "en-US", "message": message}


def bad_request(field: str, description: str) -> dict[str, Any]:
    """Return a BadRequest detail that names one field."""
    violation = {"description": description}
    if field:
        violation = {"field": field, **violation}
    return {"@type": TYPE + "BadRequest", "fieldViolations": [violation]}


def invalid_argument(message: str, *details: dict[str, Any]) -> PlacesError:
    """Build a 400 INVALID_ARGUMENT."""
    return PlacesError(400, "INVALID_ARGUMENT", message, *details)


def bad_payload(description: str, field: str = "") -> PlacesError:
    """Build the 400 for a body that is no JSON, or whose JSON does not fit the message."""
    return invalid_argument(description, bad_request(field, description))


def missing_mask() -> PlacesError:
    """Build the 400 for a request without a field mask."""
    return invalid_argument(
        "FieldMask is a required parameter. See "
        "https://cloud.google.com/apis/docs/system-parameters on how to provide it. As an "
        "example, you can set the header 'X-Goog-FieldMask' with value 'places.displayName' to "
        "ask for the display name; '*' asks for all available response fields."
    )


def unknown_mask_path(path: str) -> PlacesError:
    """Build the 400 for a field mask path that the response does not have."""
    return invalid_argument(
        "Request contains an invalid argument.",
        bad_request(
            path,
            f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.",
        ),
    )


def missing_key() -> PlacesError:
    """Build the 403 for a request without an API key."""
    return PlacesError(
        403,
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def invalid_key() -> PlacesError:
    """Build the 400 (not 401) for an API key that Google does not know."""
    message = "API key not valid. Please pass a valid API key."
    return invalid_argument(message, error_info("API_KEY_INVALID"), localized(message))


def blocked_key(method: str) -> PlacesError:
    """Build the 403 for a key that may not call this API."""
    full_name = f"google.maps.places.v1.Places.{method}"
    message = f"Requests to this API {SERVICE} method {full_name} are blocked."
    return PlacesError(
        403,
        "PERMISSION_DENIED",
        message,
        error_info("API_KEY_SERVICE_BLOCKED", methodName=full_name, consumer="projects/0"),
        localized(message),
    )


def quota_exceeded(method: str) -> PlacesError:
    """Build the 429 for a used-up quota, with the time after which to try again."""
    metric = f"{method}Request"
    return PlacesError(
        429,
        "RESOURCE_EXHAUSTED",
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per minute' of service "
        f"'{SERVICE}' for consumer 'project_number:0'.",
        error_info(
            "RATE_LIMIT_EXCEEDED", quota_metric=f"{SERVICE}/{metric}", consumer="projects/0"
        ),
        {"@type": TYPE + "RetryInfo", "retryDelay": f"{QUOTA_RETRY_SECONDS}s"},
    )


def unavailable() -> PlacesError:
    """Build the 503 for a service that is down."""
    return PlacesError(503, "UNAVAILABLE", "The service is currently unavailable.")


def unknown_place() -> PlacesError:
    """Build the 404 for a place id that no longer exists."""
    return PlacesError(
        404,
        "NOT_FOUND",
        "The Place ID is no longer valid. Please refresh cached Place IDs as per "
        "https://developers.google.com/maps/documentation/places/web-service/place-id#save-id",
    )


def unknown_method() -> PlacesError:
    """Build the 404 for a path that the API does not have."""
    return PlacesError(404, "NOT_FOUND", "Method not found.")
