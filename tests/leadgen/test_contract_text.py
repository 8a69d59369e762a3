"""How the checking script reads published pages whose tables ran together."""

from pathlib import Path
from typing import Any

import pytest

from bench.contract_checks import differences, values_at, wrong_values
from bench.contract_text import Contract, Parameter, read_contract, read_shape

PAGES = """
HTTP StatusError CodeDescription
400 missing_param Something is missing.
502 fetch_error Nothing came.

Fetch
GET /api/v1/fetch.php
ParameterTypeDefaultDescription
api_key Required string Your key.
domain Required string What to fetch.
se Optional string google The engine. One of: google, bing
page Optional integer 0 The page.
deep Optional boolean true Further.

Example Response
{"status": "success", "credits_used": 1,
 "data": {"domain": "x", "found": [{"email": "a", "tags": ["b"]}]}}

Response Fields
FieldTypeDescription
domainstringWhat was fetched.
found[].emailstringIts address.

Things
GET POST /api/v1/things.php
ParameterTypeDefaultDescription
project_id RequiredintegerThe project.
limit Optionalinteger100Max things (1\u2013500).
Body FieldTypeRequiredDescription
project_idintegerRequiredThe project.
thingsobject[]RequiredAll things (max 500).
Lead Object Fields
FieldTypeRequiredDescription
emailstringRequiredIts address.
"""
ADDITIONS = """
## GET search.php (missing)
`query*, se = google (google|bing), per_page = 10 (1..100), code = recipe code`. data = `{query,
results:[{title, emails:[]}], cached}`; more.

## others
GET leads: `{total, leads:[{id, verified (1|0|-1)}]}`. POST leads: `{added}`.
## verify.php
data = `{results:[{status (valid|invalid), checks:{mx:[...], smtp:{code}}}]}`.
"""


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    pages = tmp_path / "pages.txt"
    pages.write_text(PAGES, encoding="utf-8")
    return read_contract(pages)


def test_errors_are_read(contract: Contract) -> None:
    assert contract.errors == [(400, "missing_param"), (502, "fetch_error")]


def test_parameters_are_read_with_types_defaults_and_choices(contract: Contract) -> None:
    assert contract.endpoints["fetch.php"].parameters == [
        Parameter("domain", "string", is_required=True),
        Parameter("se", "string", False, default="google", choices=("google", "bing")),
        Parameter("page", "integer", False, default="0"),
        Parameter("deep", "boolean", False, default="true"),
    ]


def test_tables_whose_cells_ran_together_are_read(contract: Contract) -> None:
    things = contract.endpoints["things.php"]
    assert things.methods == ("GET", "POST")
    assert things.parameters == [
        Parameter("project_id", "integer", is_required=True),
        Parameter("limit", "integer", False, default="100", most=500),
    ]
    assert [(entry.name, entry.type, entry.most) for entry in things.body] == [
        ("project_id", "integer", None),
        ("things", "object[]", 500),
    ]
    assert things.rows == [Parameter("email", "string", is_required=True)]


def test_examples_give_the_shape_and_tables_the_types(contract: Contract) -> None:
    fetch = contract.endpoints["fetch.php"]
    shape = {"domain": None, "found": [{"email": None, "tags": [None]}]}
    assert fetch.shapes == {"GET": shape}
    assert fetch.types == {"domain": "string", "found[].email": "string"}


def test_a_second_file_completes_the_pages(tmp_path: Path) -> None:
    pages, additions = tmp_path / "pages.txt", tmp_path / "more.md"
    text = PAGES.replace("things.php", "leads.php")
    pages.write_text(f"{text}\nPOST /api/v1/verify.php\n", encoding="utf-8")
    additions.write_text(ADDITIONS, encoding="utf-8")
    endpoints = read_contract(pages, additions).endpoints
    assert endpoints["search.php"].parameters == [
        Parameter("query", "string", is_required=True),
        Parameter("se", "string", False, default="google", choices=("google", "bing")),
        Parameter("per_page", "integer", False, default="10", most=100),
        Parameter("code", "string", False),
    ]
    shape: dict[str, Any] = {
        "query": None,
        "results": [{"title": None, "emails": []}],
        "cached": None,
    }
    assert endpoints["search.php"].shapes == {"GET": shape}
    assert endpoints["leads.php"].shapes == {
        "GET": {"total": None, "leads": [{"id": None, "verified": None}]},
        "POST": {"added": None},
    }
    checks = {"mx": [None], "smtp": {"code": None}}
    verdicts = {"results": [{"status": None, "checks": checks}]}
    assert endpoints["verify.php"].shapes == {"POST": verdicts}


def test_an_answer_is_told_where_it_differs_from_a_shape() -> None:
    shape: Any = read_shape("{a, b:[{c}], d:[]}")
    assert list(differences(shape, {"a": 1, "b": [{"c": 2}], "d": ["x"]}, "data", set())) == []
    wrong = {"a": 1, "b": [{"c": 2}, {"x": 3}], "d": {}}
    found = set(differences(shape, wrong, "data", set()))
    assert found == {"data.b[1].c is missing", "data.b[1].x is too much", "data.d is no list"}
    assert list(differences(shape, {"a": 1, "b": [], "d": [], "e": 0}, "data", {"e"})) == []


def test_values_are_found_inside_of_lists() -> None:
    assert list(values_at({"a": [{"b": 1}, {"b": 2}]}, ["a", "b"])) == [1, 2]


def test_wrong_values_follow_from_what_is_right() -> None:
    limit = Parameter("limit", "integer", False, most=500)
    values = [value for _, value in wrong_values(limit, in_body=False)]
    assert values == ["abc", 501, -1]
