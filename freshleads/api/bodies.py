"""Reading request bodies strictly: what is not understood is refused by name, never ignored."""

import json
from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.answers import JSON
from freshleads.lib.errors import DomainError, InvalidInput

NAME_SHOWN = 60
ENCODINGS = frozenset({"", "utf-8", "utf8"})
MISSING = frozenset({"required", "null", "blank"})


class BodyTooLarge(DomainError):
    code = "body_too_large"


class MissingInput(InvalidInput):
    """A field that must be there is not, or is empty."""


class Text(serializers.CharField):
    """A JSON string, and nothing that could be made into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A JSON integer: neither `true`, nor "20", nor 20.5."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """`true` or `false`."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Body(serializers.Serializer[Any]):
    """The fields of a request body; any other is refused."""

    def to_internal_value(self, data: Any) -> Any:
        for name in data:
            if name not in self.fields:
                known = ", ".join(self.fields) or "none"
                raise serializers.ValidationError({name: [f"Unknown field; known: {known}."]})
        return super().to_internal_value(data)


def read_body(request: Request, form: type[Body]) -> dict[str, Any]:
    """Return the checked fields of a JSON body; raises InvalidInput or BodyTooLarge."""
    body = form(data=_json_object(request))
    if not body.is_valid():
        name, detail = next(iter(body.errors.items()))
        shown = name[:NAME_SHOWN]
        words, code = _first_message(detail)
        kind = MissingInput if code in MISSING else InvalidInput
        raise kind(f"{shown}: {words}", param=shown)
    return dict(body.validated_data)


def _json_object(request: Request) -> dict[str, Any]:
    """Return the body as an object; no body at all is an empty one."""
    text = _body(request)
    if not text:
        return {}
    kind, _, rest = request.headers.get("Content-Type", "").partition(";")
    encoding = rest.partition("charset=")[2].strip(' "').lower()
    if kind.strip().lower() != JSON or encoding not in ENCODINGS:
        raise InvalidInput(
            "Send the body as JSON, with the header Content-Type: application/json.",
            code="wrong_content_type",
        )
    try:
        value = json.loads(
            text.decode(), object_pairs_hook=_each_name_once, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The body is not valid JSON.", code="malformed_json") from error
    if not isinstance(value, dict):
        raise InvalidInput("The body must be a JSON object.", code="malformed_json")
    return value


def _body(request: Request) -> bytes:
    limit = settings.API_MAX_BODY_BYTES
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLarge(f"A body may have at most {limit} bytes.")
    return request.body


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a name is given twice")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _first_message(detail: Any) -> tuple[str, str]:
    """Return what a serializer says first of a field, as part of a sentence, and its code.

    What is said of something inside the field has no code: the field itself is there.
    """
    code = str(getattr(detail[0], "code", "")) if isinstance(detail, list) else ""
    while not isinstance(detail, str):
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail))
    return detail[:1].lower() + detail[1:], code
