"""What travels in requests besides parameters: keys, encodings, hosts, heads, limits."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from freshleads.users.models import Workspace
from leads.models import Project
from tests.leadgen.clients import Api, data_of, error_of

PATH = "/projects.php"


def bearing(key: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {key}"})


def test_the_key_may_travel_in_a_header(
    nobodys_api: Any, alices_key: str, alices_project: Project
) -> None:
    nobodys_api.client = bearing(alices_key)
    assert data_of(nobodys_api.get(PATH))["projects_count"] == 1


def test_the_key_in_the_query_counts_where_both_are_given(
    charlies_api: Any, alices_key: str, alices_project: Project
) -> None:
    charlies_api.client = bearing(alices_key)
    assert data_of(charlies_api.get(PATH))["projects_count"] == 0


def test_the_key_may_be_percent_encoded(nobodys_api: Any, alices_key: str) -> None:
    encoded = "".join(f"%{ord(character):02x}" for character in alices_key)
    assert data_of(nobodys_api.get(PATH, query_string=f"api%5fkey={encoded}"))


def test_a_key_given_twice_is_refused(nobodys_api: Any, alices_key: str) -> None:
    response = nobodys_api.get(PATH, query_string=f"api_key={alices_key}&api_key={alices_key}")
    assert error_of(response) == (400, "invalid_param")
    assert response.json()["message"] == "api_key: given more than once."


@pytest.mark.parametrize("query", ["user_id=7", "user_id=", "user_id=x&user_id=y", "user_id=%ff"])
def test_a_user_id_is_ignored(nobodys_api: Any, alices_key: str, query: str) -> None:
    if "%ff" in query:
        response = nobodys_api.get(PATH, query_string=f"api_key={alices_key}&{query}")
        assert error_of(response) == (400, "invalid_param")
        return
    assert data_of(nobodys_api.get(PATH, query_string=f"api_key={alices_key}&{query}"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("search=%ff", "search: is not UTF-8."),
        ("search=\u00ff", "search: is not UTF-8."),
        ("search=%c3", "search: is not UTF-8."),
        ("search=a%00b", "search: holds a character that no text can hold."),
        ("search=%ed%a0%80", "search: is not UTF-8."),
        ("%ff=1", "The query string is not UTF-8."),
        ("search=" + "x" * 201, "search may have at most 200 characters."),
        ("x" * 5000 + "=1", "x" * 60 + ": unknown parameter; known: api_key, search."),
        ("&".join(["search=1"] * 100), "At most 50 parameters can be read."),
        ("Search=x", "Search: unknown parameter; known: api_key, search."),
        ("search[]=x", "search[]: unknown parameter; known: api_key, search."),
    ],
)
def test_a_query_string_that_cannot_be_read_is_refused(
    nobodys_api: Any, alices_key: str, query: str, words: str
) -> None:
    nobodys_api.client = bearing(alices_key)
    response = nobodys_api.get(PATH, query_string=query)
    assert error_of(response) == (400, "invalid_param")
    assert response.json()["message"] == words


@pytest.mark.parametrize(
    "query", ["search=Z%C3%BCrich+1", "search=Z\u00c3\u00bcrich%201", "&&search=Zürich 1&"]
)
def test_utf_8_is_read_however_it_is_written(
    nobodys_api: Any, alices: Workspace, alices_key: str, query: str
) -> None:
    Project.objects.create(workspace=alices, name="In Zürich 1")
    nobodys_api.client = bearing(alices_key)
    text = query.encode("utf-8").decode("latin-1") if "ü" in query else query
    assert data_of(nobodys_api.get(PATH, query_string=text))["projects_count"] == 1


@pytest.mark.parametrize(
    "path",
    ["", "/", "/nothing", "/search", "/search.php/", "//search.php", "/%00", "/%0a/x", "/x/y"],
)
def test_an_unknown_path_is_answered_as_every_error_is(nobodys_api: Any, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "BREW"):
        assert error_of(nobodys_api.call(method, path)) == (404, "not_found"), (method, path)


@pytest.mark.parametrize(
    "path",
    ["/accounts.php", "/campaigns.php", "/campaigns/generate.php", "/campaigns/status.php"],
)
def test_what_a_later_version_has_is_said_to_be_missing(nobodys_api: Any, path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        response = nobodys_api.call(method, path)
        assert error_of(response) == (404, "not_found")
        assert "not available in this version yet" in response.json()["message"]


def test_a_strange_host_is_answered_as_every_error_is(nobodys_api: Any) -> None:
    nobodys_api.client.defaults["HTTP_HOST"] = "evil.example"
    assert error_of(nobodys_api.get(PATH)) == (400, "invalid_param")


def test_a_crash_before_any_view_is_answered_as_every_error_is(
    nobodys_api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise RuntimeError("the password is 12345")

    monkeypatch.setattr("freshleads.middleware.WorkspaceMiddleware.__call__", fail)
    nobodys_api.client.raise_request_exception = False
    response = nobodys_api.get(PATH)
    assert error_of(response) == (500, "server_error")
    assert b"12345" not in response.content


def test_a_head_has_the_headers_of_its_get(alices_api: Any, alices_project: Project) -> None:
    head, get = alices_api.call("HEAD", PATH), alices_api.get(PATH)
    assert head.status_code == 200
    assert head.headers["Content-Length"] == str(len(get.content))


def test_answers_are_not_kept_by_anybody(alices_api: Any, nobodys_api: Any) -> None:
    for response in (alices_api.get(PATH), alices_api.get("/nothing"), nobodys_api.get(PATH)):
        assert response.headers["Cache-Control"] == "no-store"
    assert nobodys_api.get("/schema").headers["Cache-Control"] == "public, max-age=300"


def test_requests_of_both_apis_share_one_count(
    alices_api: Any, alices: Workspace, alices_key: str, allow: Any
) -> None:
    allow(alices, 2)
    first = alices_api.get(PATH)
    assert first.headers["RateLimit"] == '"default";r=1;t=60'
    assert bearing(alices_key).get("/api/v1/projects").status_code == 200
    assert error_of(alices_api.get(PATH)) == (429, "rate_limited")


def test_without_redis_reading_goes_on_and_changing_waits(
    alices_api: Any, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert data_of(alices_api.get(PATH)) == {"projects_count": 0, "projects": []}
    response = alices_api.post(PATH, {"name": "x"})
    assert error_of(response) == (429, "rate_limited")
    assert not Project.objects.exists()


def test_a_key_over_plain_http_is_refused_where_https_is_the_rule(
    alices_api: Any, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^v2/api/v1/"]
    response = alices_api.get(PATH)
    assert error_of(response) == (400, "invalid_param")
    assert response.json()["message"].startswith("api_key: send it over https:// only")
    assert alices_api.client.get(f"/v2/api/v1{PATH}", secure=True).status_code == 401


def test_the_page_of_the_reference_shows_the_description(client: Client, db: None) -> None:
    page = client.get("/v2/api/docs")
    assert page.status_code == 200
    assert f'data-schema="{reverse("leadgen:schema")}"' in page.content.decode()
    assert reverse("api-docs") in page.content.decode()


def test_the_description_is_served_to_anybody(nobodys_api: Api) -> None:
    document = nobodys_api.get("/schema").json()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "/v2/api/v1"}]
    assert "accounts.php" in document["info"]["description"]
