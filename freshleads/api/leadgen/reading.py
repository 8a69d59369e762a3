"""Reading query strings by what is declared of them: the bounds described are the bounds held."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from freshleads.api.bodies import NAME_SHOWN, MissingInput
from freshleads.lib.errors import InvalidInput

KEY = "api_key"
IGNORED = "user_id"
MOST_PARAMETERS = 50

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,15})?")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


def read_query(request: Request, declared: Sequence[OpenApiParameter]) -> dict[str, Any]:
    """Return the value of each declared parameter, its default where it is left out or empty.

    Raises MissingInput for a required one, InvalidInput for one that is unknown, given twice,
    not what its schema says, or not UTF-8. The key and `user_id` may be there always.
    """
    given = _given(request, {parameter.name for parameter in declared})
    return {
        parameter.name: _value(parameter, given.get(parameter.name, "")) for parameter in declared
    }


def _given(request: Request, known: set[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in _pairs(request.META.get("QUERY_STRING", "")):
        shown = name[:NAME_SHOWN]
        if name == IGNORED:
            continue
        if name != KEY and name not in known:
            names = ", ".join([KEY, *sorted(known)])
            raise InvalidInput(f"{shown}: unknown parameter; known: {names}.", param=shown)
        if name in given:
            raise InvalidInput(f"{shown}: given more than once.", param=shown)
        given[name] = value
    return given


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    """Yield names and values, decoded; the server hands the bytes of a query on as Latin-1."""
    parts = [part for part in query.split("&", MOST_PARAMETERS) if part]
    if len(parts) > MOST_PARAMETERS or (parts and "&" in parts[-1]):
        raise InvalidInput(f"At most {MOST_PARAMETERS} parameters can be read.")
    for part in parts:
        name, _, value = part.partition("=")
        shown = _decoded("", name)
        yield shown, _decoded(shown[:NAME_SHOWN], value)


def _decoded(name: str, text: str) -> str:
    described = f"{name}: " if name else "The query string "
    try:
        decoded = unquote_to_bytes(text.replace("+", " ").encode("latin-1")).decode()
    except UnicodeError as error:
        raise InvalidInput(f"{described}is not UTF-8.", param=name or None) from error
    if _UNREADABLE.search(decoded):
        message = f"{described}holds a character that no text can hold."
        raise InvalidInput(message, param=name or None)
    return decoded


def _value(parameter: OpenApiParameter, text: str) -> Any:
    schema = parameter.type
    assert isinstance(schema, Mapping)  # all parameters of this dialect are declared so
    name = parameter.name
    if not text.strip():
        if parameter.required:
            raise MissingInput(f"{name} is required.", param=name)
        return schema.get("default")
    match schema["type"]:
        case "integer":
            is_read = _WHOLE.fullmatch(text)
            return _bounded(name, int(text) if is_read else None, schema, "a whole number")
        case "number":
            is_read = _NUMBER.fullmatch(text)
            return _bounded(name, float(text) if is_read else None, schema, "a number")
        case "boolean":
            if text.lower() not in _FLAGS:
                raise InvalidInput(f"{name} must be true or false.", param=name)
            return _FLAGS[text.lower()]
    return _text(name, text, schema)


def _bounded(name: str, value: float | None, schema: Mapping[str, Any], kind: str) -> float:
    low, high = schema["minimum"], schema["maximum"]
    if value is None or not low <= value <= high:
        raise InvalidInput(f"{name} must be {kind} from {low} to {high}.", param=name)
    return value


def _text(name: str, text: str, schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        if text.lower() not in schema["enum"]:
            choices = ", ".join(schema["enum"])
            raise InvalidInput(f"{name} must be one of: {choices}.", param=name)
        return text.lower()
    if len(text) > schema["maxLength"]:
        longest = schema["maxLength"]
        raise InvalidInput(f"{name} may have at most {longest} characters.", param=name)
    return text
