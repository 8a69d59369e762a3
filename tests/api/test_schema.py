"""The description the API serves of itself, and the page that shows it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from freshleads.api import describing
from freshleads.api.v1 import schema as served

LOADED = re.compile(r"""(?:src|href|data-schema|action)="([^"]*)\"""")


def test_serves_openapi_3_1_to_anybody(nobodys_api: Any) -> None:
    response = nobodys_api.get("/schema")
    document = response.json()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "/api/v1"}]
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert response.headers["ETag"] == nobodys_api.get("/schema").headers["ETag"]


def test_the_generator_had_nothing_to_guess(capsys: pytest.CaptureFixture[str]) -> None:
    describing.forget()
    served.openapi()
    assert capsys.readouterr().err == ""
    assert not GENERATOR_STATS


def test_every_schema_is_valid_and_every_reference_leads_somewhere(description: Any) -> None:
    components = description.document["components"]
    for schema in components["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for kind, name in re.findall(r"'\$ref': '#/components/(\w+)/(\w+)'", str(description.document)):
        assert name in components[kind]


def test_every_operation_has_a_name_words_and_access(description: Any) -> None:
    operations = [
        (path, operation)
        for path, methods in description.document["paths"].items()
        for operation in methods.values()
    ]
    names = [operation["operationId"] for _, operation in operations]
    assert len(names) == len(set(names)) == 19
    for path, operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert {"400", "500"} <= set(operation["responses"])
        is_public = path in {"/auth/token", "/schema"}
        assert operation.get("security", []) == ([] if is_public else [{"bearer": []}])


def test_bodies_are_closed(description: Any) -> None:
    schemas = description.document["components"]["schemas"]
    inputs = [name for name in schemas if name.endswith("Input")]
    assert sorted(inputs) == ["LeadInput", "ProjectInput", "SearchInput", "TokenInput"]
    assert all(schemas[name]["additionalProperties"] is False for name in inputs)


def test_says_what_is_not_there_yet(description: Any) -> None:
    words = description.document["info"]["description"]
    missing = words.partition("Not in this version yet:")[2]
    for name in ("/crm", "/webhooks", "/exports", "instantly", "lemlist", "smartlead"):
        assert name in missing


def test_the_reference_loads_nothing_from_elsewhere(client: Client, db: None) -> None:
    response = client.get("/api/docs")
    assert response.status_code == 200
    page = response.content.decode()
    loaded = LOADED.findall(page)
    assert "/api/v1/schema" in loaded
    assert all(url.startswith(("/", "#")) and not url.startswith("//") for url in loaded)
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"\son\w+=", page)


def test_what_the_reference_loads_is_there(client: Client, db: None) -> None:
    page = client.get("/api/docs").content.decode()
    names = [url.removeprefix("/static/") for url in LOADED.findall(page) if "/static/" in url]
    ours = [name for name in names if name.startswith(("api/", "drf_spectacular_sidecar/"))]
    assert len(ours) == 4
    assert all(finders.find(name) for name in ours)
    script = finders.find("api/docs.js")
    assert "validatorUrl: null" in Path(str(script)).read_text(encoding="utf-8")
