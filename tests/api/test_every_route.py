"""Each route below /api/v1, and each way it can go wrong: always the one error body."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver

from freshleads.api.v1.base import ApiView
from freshleads.api.v1.unknown import unknown_path
from freshleads.lib.errors import Conflict, ProviderError
from freshleads.users.models import Workspace

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
UNKNOWN = {"search_id": "srch_0", "lead_id": "lead_0", "project_id": "proj_0"}


def patterns() -> Iterator[tuple[str, type[ApiView]]]:
    """Yield (route, view) of all the installation has below /api/v1, but the catch-all."""
    entries: Any = get_resolver().url_patterns
    for prefix in ("api/", "v1/"):
        entries = next(entry for entry in entries if str(entry.pattern) == prefix).url_patterns
    for entry in entries:
        if entry.callback is not unknown_path:
            yield str(entry.pattern), entry.callback.cls


def routes() -> list[tuple[str, type[ApiView]]]:
    """Return (route, view) of every route, those with a slash at the end left out."""
    return [(route, view) for route, view in patterns() if not route.endswith("/")]


def operations(*, public: bool | None = None) -> list[tuple[str, str]]:
    """Return (method, path) of every operation, with ids that nobody has."""
    return [
        (method, path_of(route))
        for route, view in routes()
        for method in METHODS
        if hasattr(view, method.lower()) and public in (None, view.is_public)
    ]


def path_of(route: str) -> str:
    for name, id in UNKNOWN.items():
        route = route.replace(f"<str:{name}>", id)
    return f"/{route}"


def body_for(path: str) -> dict[str, Any]:
    """Return a body that is fine, so that only the tested thing is wrong."""
    bodies: dict[str, dict[str, Any]] = {
        "/auth/token": {"email": "nobody@example.com", "password": "x"},
        "/search": {"query": "x", "location": "y", "dry_run": True},
        "/projects": {"name": "x"},
        "/projects/proj_0": {"name": "x"},
    }
    return bodies.get(path, {})


def call(api: Any, method: str, path: str) -> Any:
    return api.call(method, path, body_for(path) if method in {"POST", "PATCH"} else None)


def test_there_are_routes_to_walk_over() -> None:
    assert len(routes()) == 14
    assert len(operations()) == 19


def test_every_route_has_a_twin_with_a_slash() -> None:
    names = {route for route, _ in patterns()}
    assert names == {f"{route}{slash}" for route, _ in routes() for slash in ("", "/")}


def test_the_description_has_every_route_and_no_other(description: Any) -> None:
    told = {
        (method.upper(), path)
        for path, operations in description.document["paths"].items()
        for method in operations
    }
    there = {
        (method, "/" + route.replace("<str:", "{").replace(">", "}"))
        for route, view in routes()
        for method in METHODS
        if hasattr(view, method.lower())
    }
    assert told == there


def test_nobody_comes_in_without_a_credential(nobodys_api: Any, refused: Any) -> None:
    for method, path in operations(public=False):
        found = refused(call(nobodys_api, method, path))
        assert found == (401, "missing_credentials", None), (method, path)


def test_an_unknown_id_is_not_found(alices_api: Any, refused: Any) -> None:
    with_an_id = [(method, path) for method, path in operations() if "_0" in path]
    assert len(with_an_id) == 10
    for method, path in with_an_id:
        assert refused(call(alices_api, method, path))[:2] == (404, "not_found"), (method, path)


def test_a_wrong_method_is_told_the_right_ones(alices_api: Any, refused: Any) -> None:
    for route, view in routes():
        right = {name for name in METHODS if hasattr(view, name.lower())}
        reading = {"HEAD"} if "GET" in right else set()
        for method in {*METHODS, "TRACE", "BREW"} - right:
            response = alices_api.call(method, path_of(route))
            assert refused(response) == (405, "method_not_allowed", None), (method, route)
            assert set(response.headers["Allow"].split(", ")) == right | reading | {"OPTIONS"}


def test_broken_json_unknown_fields_and_floods_are_refused(alices_api: Any, refused: Any) -> None:
    for method, path in operations():
        if method not in {"POST", "PATCH"}:
            continue
        broken = alices_api.call(method, path, raw=b"{")
        assert refused(broken) == (400, "malformed_json", None), path
        unknown = alices_api.call(method, path, {**body_for(path), "surprise": 1})
        assert refused(unknown) == (400, "invalid_parameter", "surprise"), path
        flood = alices_api.call(method, path, raw=b"x" * 2_000_000)
        assert refused(flood) == (413, "body_too_large", None), path


def test_an_unknown_query_parameter_is_refused(alices_api: Any, refused: Any) -> None:
    for method, path in operations():
        body = body_for(path) if method in {"POST", "PATCH"} else None
        response = alices_api.call(method, path, body, surprise="1")
        assert refused(response) == (400, "invalid_parameter", "surprise"), (method, path)


def test_too_many_requests_have_to_wait(
    alices_api: Any, alices: Workspace, allow: Any, refused: Any
) -> None:
    allow(alices, 0)
    for method, path in operations(public=False):
        response = call(alices_api, method, path)
        assert refused(response) == (429, "rate_limited", None), (method, path)
        error = response.json()["error"]
        assert error["message"] == "Rate limit exceeded. Try again in 60 seconds."
        assert error["retry_after"] == 60


def test_a_crash_tells_nothing_of_itself_but_its_number(
    alices_api: Any,
    refused: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def crash(*arguments: Any, **options: Any) -> None:
        raise RuntimeError("SELECT password FROM /freshleads/secrets.py")

    for name in DOMAIN_CALLS:
        monkeypatch.setattr(name, crash)
    with caplog.at_level(logging.ERROR):
        for method, path in operations():
            response = call(alices_api, method, path)
            assert refused(response) == (500, "server_error", None), (method, path)
            number = response.json()["error"]["request_id"]
            assert f"request {number} failed" in caplog.text


DOMAIN_CALLS = [
    "freshleads.users.authenticating.authenticate",
    "leads.searching.estimate_search",
    "leads.searching.find_search",
    "leads.searching.cancel_search",
    "leads.editing.find_lead",
    "leads.editing.update_lead",
    "leads.editing.delete_leads",
    "leads.listing.page_of",
    "leads.projects.find_project",
    "leads.projects.create_project",
    "leads.projects.rename_project",
    "leads.projects.delete_project",
    "freshleads.billing.plans.usage",
    "freshleads.api.v1.search.page_of_rows",
    "freshleads.api.v1.projects.page_of_rows",
    "freshleads.api.v1.account.page_of_rows",
    "freshleads.api.v1.schema.openapi",
]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Conflict("It ended."), (409, "conflict", None)),
        (ProviderError("key AIza123 refused", code="invalid_key"), (500, "invalid_key", None)),
    ],
)
def test_other_errors_of_the_domain_have_their_status(
    alices_api: Any,
    refused: Any,
    monkeypatch: pytest.MonkeyPatch,
    description: Any,
    error: Exception,
    expected: Any,
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr("freshleads.billing.plans.usage", fail)
    monkeypatch.setitem(description.document["paths"]["/account"]["get"]["responses"], "409", {})
    response = alices_api.get("/account")
    assert refused(response) == expected
    assert "AIza123" not in response.json()["error"]["message"]
