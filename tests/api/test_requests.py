"""Bodies and headers that cannot be read, and where a request may go wrong before any view."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

PATH = "/search"
MALFORMED = (400, "malformed_json", None)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"query": "a",}',
        b"query=a",
        b'{"query": NaN}',
        b'{"query": Infinity}',
        b'{"query": "a", "query": "b"}',
        b'{"query": "\xff"}',
        b'\xef\xbb\xbf{"query": "a"}',
        '{"query": "a"}'.encode("utf-16"),
        b"[]",
        b'"query"',
        b"null",
        b"1",
        b"\x00",
        b'{"limit": 1' + b"0" * 5000 + b"}",
        b'{"a":' * 50_000,
        b"[" * 200_000,
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_a_body_that_is_no_json_object_is_malformed(
    alices_api: Any, refused: Any, raw: bytes
) -> None:
    assert refused(alices_api.post(PATH, raw=raw)) == MALFORMED


def test_deep_nesting_costs_an_answer_and_nothing_else(alices_api: Any, refused: Any) -> None:
    deep = b'{"query": ' + b"[" * 400 + b"]" * 400 + b', "location": "x"}'
    assert refused(alices_api.post(PATH, raw=deep)) == (400, "invalid_parameter", "query")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/jsonp",
        "",
    ],
)
def test_a_body_of_another_type_is_told_which_to_send(
    alices_api: Any, refused: Any, content_type: str
) -> None:
    body = b'{"query": "a", "location": "b"}'
    response = alices_api.post(PATH, raw=body, content_type=content_type)
    assert refused(response) == (400, "wrong_content_type", None)
    assert "application/json" in response.json()["error"]["message"]


@pytest.mark.parametrize("content_type", ["Application/JSON", "application/json; charset=UTF-8"])
def test_json_is_known_by_all_its_spellings(alices_api: Any, content_type: str) -> None:
    body = json.dumps({"query": "a", "location": "b", "dry_run": True}).encode()
    assert alices_api.post(PATH, raw=body, content_type=content_type).status_code == 200


@pytest.mark.parametrize("size", [settings.API_MAX_BODY_BYTES + 1, 2 * 1024**2, 8 * 1024**2])
def test_a_body_over_one_mebibyte_is_too_large(alices_api: Any, refused: Any, size: int) -> None:
    raw = b'{"query": "' + b"x" * (size - 13) + b'"}'
    assert refused(alices_api.post(PATH, raw=raw)) == (413, "body_too_large", None)


def test_a_body_of_one_mebibyte_is_read(alices_api: Any, refused: Any) -> None:
    raw = b'{"query": "' + b"x" * (settings.API_MAX_BODY_BYTES - 13) + b'"}'
    assert len(raw) == settings.API_MAX_BODY_BYTES
    assert refused(alices_api.post(PATH, raw=raw)) == (400, "invalid_parameter", "query")


def test_a_long_unknown_name_is_cut_in_the_answer(alices_api: Any) -> None:
    error = alices_api.post(PATH, {"x" * 100_000: 1}).json()["error"]
    assert error["param"] == "x" * 60
    assert len(error["message"]) < 300


def test_thousands_of_parameters_are_refused(alices_api: Any, refused: Any) -> None:
    many = {f"p{number}": "1" for number in range(1500)}
    assert refused(alices_api.get("/leads", **many)) == (400, "malformed_request", None)


def test_no_accept_header_changes_the_answer(alices_api: Any) -> None:
    alices_api.client.defaults["HTTP_ACCEPT"] = "text/html"
    assert alices_api.get("/leads").headers["Content-Type"] == "application/json"


def test_an_unknown_path_is_answered_as_every_error_is(nobodys_api: Any, refused: Any) -> None:
    paths = ["", "/", "/nothing", "/leads/a/b", "/leads//", "//leads", "/search/x/retry", "/%00"]
    for path in [*paths, "/%0a/x"]:
        for method in ("GET", "POST", "PUT", "DELETE", "BREW"):
            response = nobodys_api.call(method, path)
            assert refused(response) == (404, "unknown_path", None), (method, path)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/crm/leads", "The CRM is not part of this version yet."),
        ("/crm/analytics", "The CRM is not part of this version yet."),
        ("/webhooks", "Webhooks are not part of this version yet."),
        ("/exports", "Background exports are not part of this version yet."),
    ],
)
def test_what_a_later_version_has_is_said_to_be_missing(
    nobodys_api: Any, refused: Any, path: str, words: str
) -> None:
    response = nobodys_api.post(path, {})
    assert refused(response) == (404, "not_available", None)
    assert response.json()["error"]["message"] == words


def test_a_strange_host_is_answered_as_every_error_is(nobodys_api: Any, refused: Any) -> None:
    nobodys_api.client.defaults["HTTP_HOST"] = "evil.example"
    assert refused(nobodys_api.get("/leads")) == (400, "malformed_request", None)


def test_a_crash_before_any_view_is_answered_as_every_error_is(
    nobodys_api: Any, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise RuntimeError("the password is 12345")

    monkeypatch.setattr("freshleads.middleware.WorkspaceMiddleware.__call__", fail)
    nobodys_api.client.raise_request_exception = False
    response = nobodys_api.get("/leads")
    assert refused(response) == (500, "server_error", None)
    assert b"12345" not in response.content


def test_pages_outside_the_api_keep_their_own_errors(client: Client, db: None) -> None:
    for path in ("/nothing", "/api/v12", "/api/nothing"):
        response = client.get(path)
        assert response.status_code == 404
        assert response.headers["Content-Type"].startswith("text/html")
