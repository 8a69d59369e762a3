"""The description that the LeadGen API serves of itself."""

import re
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from freshleads.api import describing
from freshleads.api.leadgen import schema as served
from freshleads.api.leadgen.errors import STATUSES


def operations(description: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in description.document["paths"].items()
        for method, operation in methods.items()
    ]


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
    found = operations(description)
    names = [operation["operationId"] for _, _, operation in found]
    assert len(names) == len(set(names)) == 11
    for _, path, operation in found:
        assert operation["summary"]
        assert operation["description"]
        access: list[dict[str, list[str]]] = (
            [] if path == "/schema" else [{"api_key": []}, {"bearer": []}]
        )
        assert operation.get("security", []) == access
        assert {"400", "500"} <= set(operation["responses"])


def test_every_parameter_says_its_bounds(description: Any) -> None:
    for _, path, operation in operations(description):
        for parameter in operation.get("parameters", []):
            schema = parameter["schema"]
            bounds = {
                "string": {"maxLength"} if "enum" not in schema else {"enum"},
                "integer": {"minimum", "maximum"},
                "number": {"minimum", "maximum"},
                "boolean": set(),
            }
            assert bounds[schema["type"]] <= set(schema), (path, parameter["name"])
            assert parameter["description"]


def test_bodies_are_closed(description: Any) -> None:
    schemas = description.document["components"]["schemas"]
    inputs = [name for name in schemas if name.endswith("Input")]
    assert sorted(inputs) == ["LeadsInput", "ProjectInput", "VerifyInput"]
    assert all(schemas[name]["additionalProperties"] is False for name in inputs)


def test_every_code_is_explained(description: Any) -> None:
    words = description.document["info"]["description"]
    assert [code for code in STATUSES if f"`{code}`" not in words] == []
