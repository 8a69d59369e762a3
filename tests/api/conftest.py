"""Programs of Alice and Charlie that call the API, and things they own."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from freshleads.api.v1 import schema as served
from freshleads.billing.models import Plan, Subscription
from freshleads.users import keys
from freshleads.users.models import User, Workspace
from leads.models import Lead, LeadTotal, Project, ProjectLead, Search, SearchLead
from tests.api.clients import Api, Description, error_of


@pytest.fixture(scope="session")
def description() -> Description:
    return Description(json.loads(served.openapi()))


@pytest.fixture
def refused() -> Callable[[Any], tuple[int, str, str | None]]:
    return error_of


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
