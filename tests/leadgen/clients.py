"""Clients of the LeadGen API, whose every answer is held to the description the API serves."""

import json
from copy import deepcopy
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from freshleads.api.leadgen.errors import STATUSES

ROOT = "/v2/api/v1"
CONTENT_TYPE = "application/json; charset=utf-8"
# What each endpoint needs in its query, in no request of which anything is wrong.
NEEDED: dict[str, dict[str, Any]] = {
    "/search.php": {"query": "x"},
    "/crawl.php": {"domain": "site.test"},
    "/ads.php": {"query": "x"},
    "/places/search.php": {"query": "x"},
    "/places/reviews.php": {"place_id": "x"},
    "/leads.php": {"project_id": 1},
}


class Description:
    """The served OpenAPI document, read as strictly as JSON Schema allows."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.strict = deepcopy(document)
        for schema in self.strict["components"]["schemas"].values():
            schema.setdefault("additionalProperties", False)

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """Return the operation that a request is for."""
        method = "get" if method == "HEAD" else method.lower()
        found: dict[str, Any] | None = self.document["paths"].get(path, {}).get(method)
        return found

    def check(self, method: str, path: str, response: HttpResponseBase) -> None:
        """Assert that an answer is one the description allows."""
        body = json.loads(response.content or "null")  # type: ignore[attr-defined]
        operation = self.operation(method, path)
        if response.status_code == 204:
            assert method == "OPTIONS"
            return
        assert response.headers["Content-Type"] == CONTENT_TYPE
        assert response.headers["Referrer-Policy"] == "no-referrer"
        if response.status_code >= 400:
            self.check_error(body, response, is_head=method == "HEAD")
            if operation and response.status_code != 405:
                assert str(response.status_code) in operation["responses"], response.status_code
        elif method == "HEAD":
            assert body is None
        elif operation:
            content = operation["responses"][str(response.status_code)]["content"]
            self.check_value(body, content["application/json"]["schema"])

    def check_value(self, value: Any, schema: dict[str, Any]) -> None:
        whole = {**schema, "components": self.strict["components"]}
        Draft202012Validator(whole).validate(value)

    def check_error(self, body: Any, response: HttpResponseBase, *, is_head: bool) -> None:
        """Assert the error body: the same three fields on every path, whatever went wrong."""
        if is_head:
            assert body is None
            return
        self.check_value(body, {"$ref": "#/components/schemas/Error"})
        assert list(body) == ["status", "code", "message"]
        assert body["status"] == "error"
        assert STATUSES[body["code"]] == response.status_code
        assert body["message"]
        for inside in ("Traceback", "SELECT", "freshleads/", "/leads/"):
            assert inside not in body["message"]
        if response.status_code == 429:
            assert int(response.headers["Retry-After"]) >= 1


class Api:
    """Calls the API with one key, or with none."""

    def __init__(self, description: Description, key: str | None = None) -> None:
        self.description = description
        self.key = key
        self.client = Client()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        query_string: str | None = None,
        content_type: str = "application/json",
        **query: Any,
    ) -> Any:
        """Return the response of a request, once the description was found to allow it."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        if self.key is not None:
            query = {"api_key": self.key, **query}
        options: dict[str, Any] = {"query_params": query or None}
        if query_string is not None:
            options = {"QUERY_STRING": query_string}
        response: Any = self.client.generic(
            method, ROOT + path, data, content_type=content_type if data else "", **options
        )
        self.description.check(method, path, response)
        return response

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("POST", path, body, **options)


def error_of(response: Any) -> tuple[int, str]:
    """Return status and code of an error."""
    return response.status_code, response.json()["code"]


def data_of(response: Any) -> Any:
    """Return the data of an answer that cost nothing."""
    assert response.status_code == 200, response.content
    body = response.json()
    assert list(body) == ["status", "credits_used", "data"]
    assert (body["status"], body["credits_used"]) == ("success", 0)
    return body["data"]


def succeeded(response: Any) -> tuple[int, Any]:
    """Return credits and data of an answer."""
    assert response.status_code == 200, response.content
    return response.json()["credits_used"], response.json()["data"]
