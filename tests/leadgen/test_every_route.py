"""Each route below /v2/api/v1, and each way it can go wrong: always the one error body."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.urls import get_resolver
from django.utils import timezone

from freshleads.api.leadgen.base import LeadGenView
from freshleads.api.leadgen.lookups import LookupView
from freshleads.api.leadgen.unknown import unknown_path
from freshleads.users.models import ApiKey, Workspace
from tests.leadgen.clients import NEEDED, Api, error_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BODIES: dict[str, dict[str, Any]] = {
    "/projects.php": {"name": "x"},
    "/leads.php": {"project_id": 1, "leads": [{"email": "a@acme.com"}]},
    "/verify.php": {"emails": ["a@acme.com"]},
}
DOMAIN_CALLS = (
    "leads.looking_up.ask",
    "leads.projects.list_projects",
    "leads.projects.create_project",
    "leads.projects.project_numbered",
    "freshleads.api.leadgen.schema.openapi",
)


def routes() -> Iterator[tuple[str, type[LeadGenView]]]:
    """Yield (path, view) of all the installation has below /v2/api/v1, but the catch-all."""
    entries: Any = get_resolver().url_patterns
    found = next(entry for entry in entries if str(entry.pattern) == "v2/api/v1/")
    for entry in found.url_patterns:
        if entry.callback is not unknown_path:
            yield f"/{entry.pattern}", entry.callback.cls


def operations() -> list[tuple[str, str]]:
    """Return (method, path) of every operation that needs a key."""
    return [
        (method, path)
        for path, view in routes()
        for method in METHODS
        if hasattr(view, method.lower()) and not view.is_public
    ]


def call(api: Api, method: str, path: str, body: Any = None, **query: Any) -> Any:
    """Make a request in which nothing is wrong but what the test changes."""
    if method == "POST":
        return api.call(method, path, BODIES[path] if body is None else body, **query)
    return api.call(method, path, **NEEDED.get(path, {}), **query)


def test_there_are_routes_to_walk_over() -> None:
    assert len(list(routes())) == 9
    assert len(operations()) == 10


def test_the_description_has_every_route_and_no_other(description: Any) -> None:
    described = {
        (method.upper(), path)
        for path, methods in description.document["paths"].items()
        for method in methods
    }
    assert described == {*operations(), ("GET", "/schema")}


def test_nobody_comes_in_without_a_key(nobodys_api: Any, description: Any) -> None:
    for api in (nobodys_api, Api(description, "")):
        for method, path in operations():
            response = call(api, method, path)
            assert error_of(response) == (401, "missing_api_key"), (method, path)
            assert response.json()["message"].startswith("api_key")
            assert response.headers["WWW-Authenticate"]


def test_a_wrong_revoked_or_expired_key_is_refused(
    description: Any, alices_api: Any, alices_key: str
) -> None:
    now = timezone.now()
    wrong = [Api(description, key) for key in ("x", alices_key[:-1] + "!", alices_key.upper(), "é")]
    ended: list[tuple[Api, dict[str, Any]]] = [
        (alices_api, {"revoked_at": now}),
        (alices_api, {"revoked_at": None, "expires_at": now}),
    ]
    for api, changes in [*((api, {}) for api in wrong), *ended]:
        if changes:
            ApiKey.objects.update(**changes)
        for method, path in operations():
            response = call(api, method, path)
            assert error_of(response) == (401, "invalid_api_key"), (method, path, changes)
            assert alices_key[-20:] not in response.json()["message"]


def test_a_key_that_cannot_be_checked_is_no_wrong_key(
    alices_api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("freshleads.users.keys.workspace_for_key", away)
    for method, path in operations():
        response = call(alices_api, method, path)
        assert error_of(response) == (503, "auth_error"), (method, path)
        assert response.headers["Retry-After"] == "5"


def test_a_database_that_is_away_is_told_as_such(
    alices_api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in DOMAIN_CALLS:
        monkeypatch.setattr(name, away)
    for method, path in operations():
        assert error_of(call(alices_api, method, path)) == (500, "db_error"), (method, path)


def test_a_crash_tells_nothing_of_itself_but_its_number(
    alices_api: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*arguments: Any, **options: Any) -> None:
        raise RuntimeError("SELECT password FROM /freshleads/secrets.py")

    for name in DOMAIN_CALLS:
        monkeypatch.setattr(name, crash)
    with caplog.at_level(logging.ERROR):
        for method, path in [*operations(), ("GET", "/schema")]:
            response = call(alices_api, method, path)
            assert error_of(response) == (500, "server_error"), (method, path)
            number = response.headers["X-Request-Id"]
            assert number in response.json()["message"]
            assert f"request {number} failed" in caplog.text


def test_a_wrong_method_is_told_the_right_ones(alices_api: Any) -> None:
    for path, view in routes():
        right = {name for name in METHODS if hasattr(view, name.lower())}
        # Nobody pays for an answer without a body: what may cost something has no HEAD.
        is_free = not issubclass(view, LookupView)
        reading = {"HEAD"} if "GET" in right and is_free else set()
        for method in {*METHODS, "TRACE", "BREW"} - right | ({"HEAD"} - reading):
            response = alices_api.call(method, path)
            assert response.status_code == 405, (method, path)
            assert set(response.headers["Allow"].split(", ")) == right | reading | {"OPTIONS"}
            if method != "HEAD":
                assert error_of(response) == (405, "method_not_allowed")


def test_anybody_may_ask_for_the_methods(nobodys_api: Any) -> None:
    for path, view in routes():
        response = nobodys_api.call("OPTIONS", path)
        assert response.status_code == 204
        assert ("GET" in response.headers["Allow"]) == hasattr(view, "get")


def test_an_unknown_parameter_is_refused_by_name(alices_api: Any) -> None:
    for method, path in operations():
        response = call(alices_api, method, path, surprise="1")
        assert error_of(response) == (400, "invalid_param"), (method, path)
        message = response.json()["message"]
        assert message.startswith("surprise: unknown parameter; known: api_key")


def test_a_required_parameter_is_named_where_it_is_missing(alices_api: Any) -> None:
    for path, needed in NEEDED.items():
        for query in ({}, dict.fromkeys(needed, ""), dict.fromkeys(needed, "  ")):
            response = alices_api.get(path, **query)
            assert error_of(response) == (400, "missing_param"), path
            assert response.json()["message"] == f"{next(iter(needed))} is required."


def test_a_parameter_given_twice_is_refused(alices_api: Any, alices_key: str) -> None:
    for path, needed in NEEDED.items():
        name = next(iter(needed))
        response = alices_api.get(path, query_string=f"api_key={alices_key}&{name}=1&{name}=1")
        assert error_of(response) == (400, "invalid_param")
        assert response.json()["message"] == f"{name}: given more than once."


def test_broken_bodies_unknown_fields_and_floods_are_refused(alices_api: Any) -> None:
    for path, body in BODIES.items():
        for raw in (b"{", b"[]", b"null", b"\xff", b'{"a": NaN}', b"[" * 100_000, b"\x00"):
            broken = alices_api.post(path, raw=raw)
            assert error_of(broken) == (400, "invalid_param"), (path, raw[:10])
            assert "JSON" in broken.json()["message"]
        unknown = alices_api.post(path, {**body, "surprise": 1})
        assert error_of(unknown) == (400, "invalid_param")
        assert unknown.json()["message"].startswith("surprise: unknown field; known: ")
        for size in (1_048_577, 8_000_000):
            flood = alices_api.post(path, raw=b"x" * size)
            assert error_of(flood) == (400, "invalid_param")
            assert flood.json()["message"] == "A body may have at most 1048576 bytes."
        form = alices_api.post(
            path, raw=b"name=x", content_type="application/x-www-form-urlencoded"
        )
        assert error_of(form) == (400, "invalid_param")
        assert "Content-Type: application/json" in form.json()["message"]


def test_too_many_requests_have_to_wait(alices_api: Any, alices: Workspace, allow: Any) -> None:
    allow(alices, 0)
    for method, path in operations():
        response = call(alices_api, method, path)
        assert error_of(response) == (429, "rate_limited"), (method, path)
        assert response.headers["Retry-After"] == "60"


def away(*arguments: Any, **options: Any) -> None:
    raise OperationalError("could not connect to server: /var/run/postgresql")
