"""How this dialect's views are told in OpenAPI."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework import serializers
from rest_framework.serializers import Serializer

from freshleads.api.leadgen.errors import STATUSES

KEY_IN_QUERY, BEARER = "api_key", "bearer"
# Named components that answer every operation alike.
ERROR_RESPONSES = {
    "400": ("BadRequest", "A parameter is missing or wrong: the message names it."),
    "401": ("Unauthorized", "The key is missing, wrong, revoked or expired."),
    "402": ("InsufficientCredits", "Your workspace has no credits left."),
    "404": ("NotFound", "There is no such object in your workspace."),
    "429": ("TooManyRequests", "Too many requests: wait as long as Retry-After says."),
    "500": ("ServerError", "Something went wrong on our side: try again."),
    "502": ("UpstreamError", "An outside service failed, or the work is still running."),
    "503": ("KeyCheckFailed", "The key cannot be checked right now: retry later."),
}
ERROR_BODY = {
    "type": "object",
    "required": ["status", "code", "message"],
    "additionalProperties": False,
    "properties": {
        "status": {"type": "string", "enum": ["error"]},
        "code": {"type": "string", "enum": list(STATUSES)},
        "message": {"type": "string", "description": "What is wrong, and what would be right."},
    },
}
SHARED_COMPONENTS: dict[str, dict[str, Any]] = {
    "schemas": {"Error": ERROR_BODY},
    "responses": {
        name: {
            "description": words,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for name, words in ERROR_RESPONSES.values()
    },
    "securitySchemes": {
        KEY_IN_QUERY: {
            "type": "apiKey",
            "in": "query",
            "name": "api_key",
            "description": "An API key from Settings > API keys.",
        },
        BEARER: {
            "type": "http",
            "scheme": "bearer",
            "description": "The same key in a header, which no log of an address can hold.",
        },
    },
}


def parameter(
    name: str, schema: dict[str, Any], words: str, *, required: bool = False
) -> OpenApiParameter:
    """Return the declaration of a query parameter, which `reading` holds requests to."""
    return OpenApiParameter(name, schema, required=required, description=words)


class Envelope(Serializer[Any]):
    """What every answer that succeeds looks like; subclasses say what `data` is."""

    status = serializers.ChoiceField(["success"])
    credits_used = serializers.IntegerField(
        min_value=0, help_text="What this request cost; 0 from the cache."
    )


def with_closed_schemas(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Say of each request body that unknown fields are refused; drop the marks of the generator."""
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Input"):
            schema["additionalProperties"] = False
            schema.pop("description", None)  # that of the base class
        for field in schema["properties"].values():
            field.pop("x-spec-enum-id", None)
    return result


class LeadGenSchema(AutoSchema):
    """Reads query parameters and access from the view, and adds the errors all answers share."""

    view: Any  # a LeadGenView: `base` imports this module

    def get_override_parameters(self) -> list[Any]:
        parameters: list[OpenApiParameter] = list(self.view.query.get(self.method, ()))
        return parameters

    def get_serializer_name(self, serializer: Serializer[Any], direction: Direction) -> str:
        return super().get_serializer_name(serializer, direction).removesuffix("Output")

    def get_auth(self) -> list[dict[str, Any]]:
        return [] if self.view.is_public else [{KEY_IN_QUERY: []}, {BEARER: []}]

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._error_statuses():
            name = ERROR_RESPONSES[status][0]
            responses[status] = {"$ref": f"#/components/responses/{name}"}
        return responses

    def _error_statuses(self) -> list[str]:
        if self.view.is_public:
            return ["400", "500"]
        statuses = ["400", "401", "429", "500", "503"]
        return sorted([*statuses, *self.view.further_statuses])
