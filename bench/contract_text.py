"""Reads the published pages of the LeadGen API: its endpoints, tables and examples.

The pages are plain text in which the cells of a table's row run together, such as
`limit Optionalinteger100Max leads to return (1-500).` What a second file beside them completes is
written as `query*, page = 0, ...` for parameters and `{query, results:[{title}]}` for answers.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TYPES = r"string\[\]|integer\[\]|object\[\]|string|integer|boolean|object|datetime"
ENDPOINT = re.compile(r"((?:GET|POST|PUT)(?: POST)?) /api/v1/([a-z/]+\.php)")
PARAMETER = re.compile(rf"(\w+) (Required|Optional) ?({TYPES}) ?(.*)")
BODY_FIELD = re.compile(rf"([a-z_]+?)({TYPES})(Required|Optional)(.*)")
ANSWER_FIELD = re.compile(rf"([a-z_\[\].]+?)({TYPES})((?:[A-Z]|true).*)")
ERROR = re.compile(r"(\d{3}) ([a-z_]+) (.+)")
DEFAULT = re.compile(r"(\d+|true|false|google)(?=[A-Z ]|$) ?")
MOST = re.compile(r"max (\d+)|\(\d+ ?[\u2013-] ?(\d+)\)", re.IGNORECASE)
CHOICES = re.compile(r"One of: ([\w, ]+)")
SHORT_SECTION = re.compile(r"^## GET (\S+)", re.MULTILINE)
SHAPES = (  # of answers that the second file alone shows: path, method, the words before them
    ("leads.php", "GET", "GET leads: "),
    ("leads.php", "POST", "POST leads: "),
    ("verify.php", "POST", "## POST verify.php"),
)
SHORT_PARAMETER = re.compile(r"(\w+)([*?]?)(?: = (\w+))?(?: \(([^)]*)\))?")


@dataclass
class Parameter:
    """A parameter of a query, or a field of a body."""

    name: str
    type: str
    is_required: bool
    default: str = ""
    choices: tuple[str, ...] = ()
    most: int | None = None


@dataclass
class Endpoint:
    """What the pages say of one path."""

    path: str
    methods: tuple[str, ...]
    parameters: list[Parameter] = field(default_factory=list)
    body: list[Parameter] = field(default_factory=list)
    rows: list[Parameter] = field(default_factory=list)  # the fields of the objects in a body
    shapes: dict[str, Any] = field(default_factory=dict)  # of an answer's data, by method
    types: dict[str, str] = field(default_factory=dict)


@dataclass
class Contract:
    """All that was read."""

    endpoints: dict[str, Endpoint]
    errors: list[tuple[int, str]]


def read_contract(pages: Path, additions: Path | None = None) -> Contract:
    """Return what the pages, and the file that completes them, say."""
    lines = pages.read_text(encoding="utf-8").splitlines()
    rows = [match for match in map(ERROR.fullmatch, lines) if match]
    errors = [(int(row[1]), row[2]) for row in rows]
    endpoints = dict(_endpoints(lines))
    if additions is not None:
        _complete(endpoints, additions.read_text(encoding="utf-8"))
    return Contract(endpoints, errors)


def _endpoints(lines: list[str]) -> Iterator[tuple[str, Endpoint]]:
    starts = [n for n, line in enumerate(lines) if ENDPOINT.fullmatch(line)]
    seen: set[str] = set()
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = ENDPOINT.fullmatch(lines[start])
        assert match is not None
        if match[2] not in seen:  # the reference comes first, then an overview
            seen.add(match[2])
            yield match[2], _section(match[2], match[1], lines[start:end])


def _section(path: str, methods: str, lines: list[str]) -> Endpoint:
    endpoint = Endpoint(path, tuple(methods.split()))
    table = ""
    for number, line in enumerate(lines):
        if line in {"Lead Object Fields", "Response Fields"}:
            table = line
        elif line.startswith("Body Field"):
            table = "Body"
        elif line == "Example Response":
            endpoint.shapes["GET"] = shape_of(_json("\n".join(lines[number + 1 :]))["data"])
        elif (match := PARAMETER.fullmatch(line)) and match[1] != "api_key":
            rest = match[4]
            default = DEFAULT.match(rest) if match[2] == "Optional" else None
            rest = rest[default.end() :] if default else rest
            given = default[1] if default else ""
            endpoint.parameters.append(_parameter(match[1], match[3], match[2], rest, given))
        elif table == "Response Fields" and (match := ANSWER_FIELD.fullmatch(line)):
            endpoint.types[match[1]] = match[2]
        elif match := BODY_FIELD.fullmatch(line):
            fields = endpoint.rows if table == "Lead Object Fields" else endpoint.body
            fields.append(_parameter(match[1], match[2], match[3], match[4], ""))
    return endpoint


def _parameter(name: str, type: str, need: str, words: str, default: str) -> Parameter:
    choices = CHOICES.search(words)
    most = MOST.search(words)
    return Parameter(
        name,
        type,
        is_required=need == "Required",
        default=default,
        choices=tuple(choices[1].replace(" ", "").split(",")) if choices else (),
        most=int(most[1] or most[2]) if most else None,
    )


def _json(text: str) -> Any:
    """Return the first JSON value of a text."""
    return json.JSONDecoder().raw_decode(text.lstrip())[0]


def _complete(endpoints: dict[str, Endpoint], text: str) -> None:
    """Add the endpoints and the answers that the second file alone tells of."""
    for match in SHORT_SECTION.finditer(text):
        section = " ".join(text[match.end() :].partition("\n## ")[0].split())
        parameters, data = re.findall(r"`([^`]+)`", section)[:2]
        endpoints[match[1]] = Endpoint(
            match[1],
            ("GET",),
            parameters=[_short_parameter(part) for part in _split(parameters)],
            shapes={"GET": read_shape(data)},
        )
    for path, method, words in SHAPES:
        data = text.replace("## verify.php", words).partition(words)[2].split("`", 2)[1]
        endpoints[path].shapes[method] = read_shape(" ".join(data.split()))


def _short_parameter(text: str) -> Parameter:
    match = SHORT_PARAMETER.match(text.strip())
    assert match is not None
    name, mark, default, words = match[1], match[2], match[3] or "", match[4] or ""
    limits = re.fullmatch(r"(\d+)\.\.(\d+)", words)
    kind = "boolean" if default in {"true", "false"} else "string"
    return Parameter(
        name,
        "integer" if default.isdigit() else kind,
        is_required=mark == "*",
        default=default if default.isalnum() and default != "recipe" else "",
        choices=tuple(words.split("|")) if "|" in words else (),
        most=int(limits[2]) if limits else None,
    )


def shape_of(value: Any) -> Any:
    """Return the nested names of a JSON value; of a list the shape of its first entry."""
    if isinstance(value, dict):
        return {name: shape_of(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape_of(entry) for entry in value[:1]]
    return None


def read_shape(text: str) -> Any:
    """Return the nested names in `{query, results:[{title, emails:[]}]}`, None for a value."""
    text = text.strip()
    if text.startswith("{"):
        members = (part.partition(":") for part in _split(text[1:-1]))
        return {name.split()[0]: read_shape(value) for name, _, value in members}
    if text.startswith("["):
        return [read_shape(part) for part in _split(text[1:-1])]
    return None


def _split(text: str) -> list[str]:
    """Split at the commas that stand in no bracket."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]
