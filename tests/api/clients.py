"""Clients of the API, whose every answer is held to the description the API serves of itself."""

import json
import re
from copy import deepcopy
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from jsonschema import (  # type: ignore[import-untyped]
    Draft202012Validator,
    FormatChecker,
)

ROOT = "/api/v1"


class Description:
    """The served OpenAPI document, read as strictly as JSON Schema allows."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.strict = deepcopy(document)
        for schema in self.strict["components"]["schemas"].values():
            schema.setdefault("additionalProperties", False)

    def operation(self, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
        """Return the template and the operation that a request is for."""
        path = path.removeprefix(ROOT).removesuffix("/")
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                operation = operations.get("get" if method == "HEAD" else method.lower())
                return (template, operation) if operation else None
        return None

    def check(self, method: str, path: str, response: HttpResponseBase) -> None:
        """Assert that an answer is one the description allows."""
        body = response.streamed if response.streaming else response.content  # type: ignore[attr-defined]
        kind = response.headers.get("Content-Type", "")
        found = self.operation(method, path)
        if response.status_code >= 400:
            assert kind == "application/json"
            self.check_error(json.loads(body or "null"), response, is_head=method == "HEAD")
            if found and response.status_code != 405:
                assert str(response.status_code) in found[1]["responses"], response.status_code
            return
        if found is None:
            assert response.status_code == 204, (method, path)
            return
        content = found[1]["responses"][str(response.status_code)]["content"]
        media_type = kind.partition(";")[0]
        assert media_type in content
        if media_type == "application/json" and method != "HEAD":
            self.check_value(json.loads(body), content[media_type]["schema"])

    def check_value(self, value: Any, schema: dict[str, Any]) -> None:
        whole = {**schema, "components": self.strict["components"]}
        Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)

    def check_error(self, body: Any, response: HttpResponseBase, *, is_head: bool = False) -> None:
        """Assert the error body: the same on every path, whatever went wrong."""
        if is_head:
            assert body is None
            return
        self.check_value(body, {"$ref": "#/components/schemas/Error"})
        error = body["error"]
        assert error["code"] == response.status_code
        assert error["request_id"] == response.headers["X-Request-Id"]
        assert re.fullmatch(r"[a-z][a-z_]*", error["type"])
        assert ("retry_after" in error) == (response.status_code == 429)
        if response.status_code == 429:
            assert response.headers["Retry-After"] == str(error["retry_after"])
        assert ("WWW-Authenticate" in response.headers) == (response.status_code == 401)
        for inside in ("Traceback", "Error(", "SELECT", "/freshleads/", ".py"):
            assert inside not in error["message"]


class Api:
    """Calls the API with one credential, or with none."""

    def __init__(self, description: Description, credential: str | None = None) -> None:
        self.description = description
        self.credential = credential
        self.client = Client()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        content_type: str = "application/json",
        **query: Any,
    ) -> Any:
        """Return the response of a request, once the description was found to allow it."""
        headers = {}
        if self.credential is not None:
            headers["Authorization"] = f"Bearer {self.credential}"
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response: Any = self.client.generic(
            method,
            ROOT + path,
            data,
            content_type=content_type if data else "",
            headers=headers,
            query_params=query or None,
        )
        if response.streaming:
            response.streamed = b"".join(response.streaming_content)
        self.description.check(method, ROOT + path, response)
        return response

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any) -> Any:
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)


def error_of(response: Any) -> tuple[int, str, str | None]:
    """Return status, type and param of an error."""
    error = response.json()["error"]
    return error["code"], error["type"], error.get("param")
