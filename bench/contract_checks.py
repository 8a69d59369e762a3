"""Checks a running service against what the pages of the LeadGen API say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from bench.contract_text import Contract, Endpoint, Parameter

CONTENT_TYPE = "application/json; charset=utf-8"
WRONG = {"integer": "abc", "boolean": "maybe"}
PYTHON_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "datetime": lambda value: isinstance(value, str) and len(value) == len("2026-02-15 14:30:00"),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "string[]": lambda value: all(isinstance(entry, str) for entry in value),
    "object[]": lambda value: all(isinstance(entry, dict) for entry in value),
}
# What a parameter is called in the answer that repeats it.
REPEATED = {"se": "search_engine"}
# Fields that an answer may have besides those of the pages.
FURTHER = {
    "places/search.php": {"details"},
    "search.php": {"answered_by"},
}


@dataclass
class Answer:
    """A response: status, headers, and its body as JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def error(self) -> tuple[int, Any]:
        return self.status, self.body.get("code")

    @property
    def data(self) -> Any:
        return self.body.get("data")

    def names(self, parameter: str) -> bool:
        return parameter in str(self.body.get("message"))


class Service:
    """The service under test."""

    def __init__(self, url: str, key: str) -> None:
        self.url = f"{url.rstrip('/')}/v2/api/v1"
        self.key = key
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, *, key: str | None = None, **query: Any) -> Answer:
        return self._call("GET", path, key=key, query=query)

    def post(self, path: str, body: Any, *, key: str | None = None) -> Answer:
        return self._call("POST", path, key=key, body=body)

    def call(self, method: str, path: str) -> Answer:
        return self._call(method, path)

    def _call(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Answer:
        key = self.key if key is None else key
        parameters = {**({"api_key": key} if key else {}), **(query or {})}
        response = self.session.request(
            method, f"{self.url}/{path}", params=parameters, json=body, timeout=150
        )
        return Answer(response.status_code, response.headers, response.json())


@dataclass
class Check:
    """One thing the pages say, and whether the service does it."""

    path: str
    words: str
    holds: bool
    found: str = ""


class Checker:
    """All checks of one service; `good` is a query or body for each endpoint that must succeed."""

    def __init__(
        self, service: Service, contract: Contract, good: Mapping[tuple[str, str], dict[str, Any]]
    ) -> None:
        self.service = service
        self.contract = contract
        self.good = good

    def run(self) -> Iterator[Check]:
        """Yield every check as it is made."""
        for method, path in self.good:
            endpoint = self.contract.endpoints[path]
            yield from self._keys(method, path)
            yield from self._parameters(method, endpoint)
            yield from self._success(method, endpoint)

    def _send(self, method: str, path: str, asked: Any, *, key: str | None = None) -> Answer:
        if method == "GET":
            return self.service.get(path, key=key, **asked)
        return self.service.post(path, asked, key=key)

    def _keys(self, method: str, path: str) -> Iterator[Check]:
        for words, key, expected in (
            ("no api_key", "", (401, "missing_api_key")),
            ("a wrong api_key", "wrong", (401, "invalid_api_key")),
        ):
            answer = self._send(method, path, self.good[method, path], key=key)
            yield expect(path, f"{method} with {words}", expected, answer.error)

    def _parameters(self, method: str, endpoint: Endpoint) -> Iterator[Check]:
        path, good = endpoint.path, self.good[method, endpoint.path]
        for parameter in endpoint.parameters if method == "GET" else endpoint.body:
            if parameter.is_required:
                left = {name: value for name, value in good.items() if name != parameter.name}
                yield self._refused(method, path, left, parameter.name, "left out")
            for words, value in wrong_values(parameter, in_body=method == "POST"):
                asked = {**good, parameter.name: value}
                yield self._refused(method, path, asked, parameter.name, words)
        yield self._refused(method, path, {**good, "surprise": "1"}, "surprise", "unknown")

    def _refused(self, method: str, path: str, asked: Any, name: str, fault: str) -> Check:
        """Check that a request is refused for one parameter, by its name."""
        code = "missing_param" if fault == "left out" else "invalid_param"
        answer = self._send(method, path, asked)
        check = expect(path, f"{method} {name} {fault}", (400, code), answer.error)
        if check.holds and not answer.names(name):
            return Check(path, f"{check.words}, named", False, str(answer.body))
        return check

    def _success(self, method: str, endpoint: Endpoint) -> Iterator[Check]:
        path = endpoint.path
        answer = self._send(method, path, self.good[method, path])
        yield expect(path, f"{method} is answered", 200, answer.status, answer.body)
        if answer.status != 200:
            return
        kind = answer.headers.get("Content-Type")
        yield expect(path, f"{method} Content-Type", CONTENT_TYPE, kind)
        envelope = ["status", "credits_used", "data"]
        yield expect(path, f"{method} envelope", envelope, list(answer.body))
        yield expect(path, f"{method} status", "success", answer.body["status"])
        used = answer.body["credits_used"]
        yield Check(path, f"{method} credits_used is an integer", type(used) is int, str(used))
        if method in endpoint.shapes:
            further = FURTHER.get(path, set())
            wrong = list(differences(endpoint.shapes[method], answer.data, "data", further))
            yield Check(path, f"{method} data has the fields of the pages", not wrong, str(wrong))
        for name, type_name in endpoint.types.items() if method == "GET" else ():
            values = list(values_at(answer.data, name.replace("[]", "").split(".")))
            fits = all(PYTHON_TYPES[type_name](value) for value in values)
            yield Check(path, f"{name} is {type_name}", fits, str(values[:3]))
        for parameter in endpoint.parameters if method == "GET" else ():
            repeated = REPEATED.get(parameter.name, parameter.name)
            if parameter.default and repeated in answer.data:
                found = str(answer.data[repeated]).lower()
                yield expect(path, f"{parameter.name} by default", parameter.default, found)


def expect(path: str, words: str, expected: Any, found: Any, detail: Any = "") -> Check:
    """Return the check that two values are the same."""
    return Check(path, f"{words}: {expected}", expected == found, f"{found} {detail}".strip())


def wrong_values(parameter: Parameter, *, in_body: bool) -> Iterator[tuple[str, Any]]:
    """Yield (words, value) for values that a parameter must not have."""
    if parameter.type in WRONG:
        yield f"not {parameter.type}", WRONG[parameter.type]
    if in_body and parameter.type == "string":
        yield "not string", 5
    if parameter.type.endswith("[]"):
        yield f"not {parameter.type}", "x"
        if parameter.most:
            entry = {"email": "a@example.com"} if parameter.type == "object[]" else "a@example.com"
            yield f"of {parameter.most + 1} entries", [entry] * (parameter.most + 1)
    elif parameter.most:
        yield f"over {parameter.most}", parameter.most + 1
    if parameter.type == "integer" and not in_body:
        yield "below zero", -1
    if parameter.choices:
        yield f"none of {', '.join(parameter.choices)}", "altavista"


def differences(shape: Any, value: Any, place: str, further: set[str]) -> Iterator[str]:
    """Yield where a value has other fields than a shape."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            yield f"{place} is no object"
            return
        for name in shape.keys() ^ (value.keys() - further):
            yield f"{place}.{name} is {'missing' if name in shape else 'too much'}"
        for name in shape.keys() & value.keys():
            yield from differences(shape[name], value[name], f"{place}.{name}", further)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for number, entry in enumerate(value if shape else ()):
            yield from differences(shape[0], entry, f"{place}[{number}]", further)


def values_at(value: Any, path: list[str]) -> Iterator[Any]:
    """Yield what stands at a path, in every entry of the lists on its way."""
    if isinstance(value, list) and path:
        for entry in value:
            yield from values_at(entry, path)
    elif not path:
        yield value
    else:
        yield from values_at(value[path[0]], path[1:])
