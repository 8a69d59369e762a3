"""Clients of the API, whose every answer is held to the description the API serves of itself."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.db.models import F
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from jsonschema import (  # type: ignore[import-untyped]
    Draft202012Validator,
    FormatChecker,
)

from freshleads.api.v1 import schema as served
from freshleads.billing.models import Plan, Subscription
from freshleads.users import keys, signing_up, throttling
from freshleads.users.models import User, Workspace
from leads.models import Lead, LeadTotal, Project, ProjectLead, Search, SearchLead

PASSWORD = "a long enough sentence"
ROOT = "/api/v1"


@pytest.fixture(autouse=True)
def unused_limits() -> None:
    """Begin with limits that nothing has counted against."""
    throttling._limiter.cache_clear()


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


@pytest.fixture(scope="session")
def description() -> Description:
    return Description(json.loads(served._schema()))


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


@pytest.fixture
def refused() -> Callable[[Any], tuple[int, str, str | None]]:
    return error_of


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def alice(db: None) -> User:
    return signing_up.sign_up("alice@example.com", PASSWORD, name="Alice", plan="growth")


@pytest.fixture
def alices(alice: User) -> Workspace:
    return alice.workspaces.get()


@pytest.fixture
def charlie(db: None) -> User:
    return signing_up.sign_up("charlie@example.com", PASSWORD, name="Charlie", plan="growth")


@pytest.fixture
def charlies(charlie: User) -> Workspace:
    return charlie.workspaces.get()


@pytest.fixture
def alices_api(description: Description, alice: User, alices: Workspace) -> Api:
    return Api(description, keys.create_key(alices, created_by=alice, name="Alice's program")[1])


@pytest.fixture
def charlies_api(description: Description, charlie: User, charlies: Workspace) -> Api:
    return Api(description, keys.create_key(charlies, created_by=charlie, name="Charlie's")[1])


@pytest.fixture
def nobodys_api(description: Description, db: None) -> Api:
    return Api(description)


@pytest.fixture
def api_with(description: Description) -> Callable[[str], Api]:
    """Return a function that makes a client with a credential."""
    return lambda credential: Api(description, credential)


@pytest.fixture
def allow() -> Callable[[Workspace, int], None]:
    """Return a function that sets how many requests a workspace may make in a minute."""

    def set_limit(workspace: Workspace, requests: int) -> None:
        Plan.objects.filter(subscriptions__workspace=workspace).update(requests_per_minute=requests)

    return set_limit


MakeLeads = Callable[..., list[Lead]]


@pytest.fixture
def make_leads(db: None) -> MakeLeads:
    """Return a function that gives a workspace leads, newest last."""

    def make(workspace: Workspace, count: int = 1, **fields: Any) -> list[Lead]:
        start = Lead.objects.ever_owned_by(workspace).count()
        made = [
            Lead.objects.create(
                **{
                    "workspace": workspace,
                    "identity": f"place:{number}",
                    "business_name": f"Business {number}",
                    "search_text": f"business {number}",
                    **fields,
                }
            )
            for number in range(start, start + count)
        ]
        LeadTotal.objects.get_or_create(workspace=workspace)
        LeadTotal.objects.filter(workspace=workspace).update(leads=F("leads") + count)
        return made

    return make


@pytest.fixture
def full_lead(alices: Workspace, make_leads: MakeLeads) -> Lead:
    """A lead of Alice's of which everything is known, in a project."""
    source = {
        "source": "google",
        "url": "",
        "method": "places_search",
        "licence": "Google Maps Platform terms",
        "first_seen_at": "2026-05-01T08:00:00+00:00",
        "checked_at": "2026-05-01T08:00:00+00:00",
    }
    [lead] = make_leads(
        alices,
        business_name="Zahnärzte Müller",
        category="Dentist",
        address="1 Main St, Miami, FL 33101",
        phone="+13055550101",
        website="http://mueller.test/",
        email="info@mueller.test",
        email_status="valid",
        email_reason="accepted",
        social_links={"facebook": "https://www.facebook.com/mueller"},
        rating="4.6",
        reviews_count=0,
        opening_hours={"Monday": "9:00-17:00"},
        latitude=0.0,
        longitude=-80.19,
        google_maps_url="https://maps.google.com/?cid=1",
        place_id="ChIJ1",
        emails=[
            {
                "email": "info@mueller.test",
                "status": "valid",
                "reason": "accepted",
                "url": "http://mueller.test/contact",
                "method": "mailto",
            }
        ],
        phones=[{"phone": "+13055550101", "url": "", "method": "places_search"}],
        first_name="Anna",
        last_name="Müller",
        job_title="Owner",
        city="Miami",
        region="FL",
        postal_code="33101",
        country="US",
        tags=["vip"],
        sources={"business_name": source},
    )
    project = Project.objects.create(workspace=alices, name="Dentists")
    ProjectLead.objects.create(project=project, lead=lead)
    return lead


@pytest.fixture
def make_search(db: None) -> Callable[..., Search]:
    """Return a function that gives a workspace a search that found some of its leads."""

    def make(workspace: Workspace, leads: list[Lead] | None = None, **fields: Any) -> Search:
        search = Search.objects.create(
            **{
                "workspace": workspace,
                "query": "dentists",
                "location": "Miami, FL",
                "limit": 20,
                "status": "completed",
                "stage": "done",
                "finished_at": timezone.now(),
                **fields,
            }
        )
        for position, lead in enumerate(leads or []):
            SearchLead.objects.create(search=search, lead=lead, position=position, is_new=True)
        return search

    return make


@pytest.fixture
def available() -> Callable[[Workspace], int]:
    """Return a function that tells the credits a workspace can spend."""
    return lambda workspace: Subscription.objects.get(workspace=workspace).available
