"""How this dialect's views are told in OpenAPI."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.serializers import Serializer

BEARER = "bearer"
# Named components that answer every operation alike.
ERROR_RESPONSES = {
    "400": ("BadRequest", "A parameter is wrong: `param` names it."),
    "401": ("Unauthorized", "The key or token is missing, wrong, revoked or expired."),
    "403": ("Forbidden", "A limit of the plan is reached, or there are too few credits."),
    "404": ("NotFound", "There is no such object in this workspace."),
    "413": ("BodyTooLarge", "The body is larger than 1 MiB."),
    "429": ("TooManyRequests", "Too many requests: wait `retry_after` seconds."),
    "500": ("ServerError", "Something went wrong on our side: try again."),
}
ERROR_BODY = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "type", "request_id"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "integer", "description": "The HTTP status."},
                "message": {"type": "string", "description": "What is wrong, in words."},
                "retry_after": {"type": "integer", "description": "Seconds; with 429 only."},
                "type": {"type": "string", "description": "A stable code in snake_case."},
                "param": {"type": "string", "description": "The field at fault, if one is."},
                "request_id": {"type": "string", "description": "Also in X-Request-Id."},
            },
        }
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
        BEARER: {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key from Settings > API keys, or a token of POST /auth/token.",
        }
    },
}


Endpoint = tuple[str, str, str, Any]


def without_slashed_twins(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Leave out the paths that end in a slash: each answers as the one without."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]


def with_closed_inputs(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Say of each request body that unknown fields are refused; drop the marks of the generator."""
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Input"):
            schema["additionalProperties"] = False
            schema.pop("description", None)  # that of the base class
        for field in schema["properties"].values():
            field.pop("x-spec-enum-id", None)
    return result


class ApiSchema(AutoSchema):
    """Reads query parameters and access from the view, and adds the errors all answers share."""

    view: Any  # an ApiView: `base` imports this module

    def get_override_parameters(self) -> list[Any]:
        parameters: list[OpenApiParameter] = list(self.view.query.get(self.method, ()))
        return parameters

    def get_serializer_name(self, serializer: Serializer[Any], direction: Direction) -> str:
        return super().get_serializer_name(serializer, direction).removesuffix("Output")

    def get_auth(self) -> list[dict[str, Any]]:
        return [] if self.view.is_public else [{BEARER: []}]

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._error_statuses():
            name = ERROR_RESPONSES[status][0]
            responses[status] = {"$ref": f"#/components/responses/{name}"}
        return responses

    def _error_statuses(self) -> list[str]:
        takes_body = self.method in {"POST", "PATCH"}
        signs_in = self.view.is_public and takes_body
        statuses = ["400", "500"]
        if signs_in or not self.view.is_public:
            statuses += ["401", "403", "429"]
        if "{" in self.path or (takes_body and not signs_in):
            statuses.append("404")
        if takes_body:
            statuses.append("413")
        return sorted(statuses)
