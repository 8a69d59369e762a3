"""An operator, a helper with fewer rights, and an installation with a row of every kind."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.utils import timezone

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry, CreditHold, Subscription
from freshleads.billing.signing_up import sign_up
from freshleads.lib.errors import ProviderError
from freshleads.users import keys
from freshleads.users.models import ApiKey, User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import provider_health, repeating, searching
from leads.models import (
    Ad,
    DomainCheck,
    EmailCheck,
    Lead,
    LeadImport,
    LeadTotal,
    Lookup,
    NamedArea,
    Place,
    PlaceReviews,
    PlacesQuery,
    ProjectLead,
    Recipe,
    Search,
    SearchLead,
    SerpPage,
    SiteCrawl,
)

PASSWORD = "correct horse battery"
NASTY = "<b>Bright</b>"


@dataclass(frozen=True)
class Installation:
    """One workspace with a search, a lead, an API key and a ledger."""

    owner: User
    workspace: Workspace
    search: Search
    lead: Lead
    key: ApiKey

    @property
    def subscription(self) -> Subscription:
        return Subscription.objects.get(workspace=self.workspace)

    @property
    def hold(self) -> CreditHold:
        return CreditHold.objects.get(workspace=self.workspace)

    @property
    def entry(self) -> CreditEntry:
        found = CreditEntry.objects.filter(workspace=self.workspace).first()
        assert found is not None
        return found


@pytest.fixture
def installation(db: None) -> Installation:
    """Fill every table that operators look at."""
    owner = sign_up("ada@example.org", PASSWORD, name="Ada", plan="growth")
    workspace = workspace_of(owner)
    assert workspace is not None
    key, _ = keys.create_key(workspace, created_by=owner, name="Script")
    search = searching.start_search(
        workspace, by=owner, query="dentists", location="Miami, FL", limit=20
    )
    lead = Lead.objects.create(
        workspace=workspace, identity="place:1", business_name="<b>Bright</b>", email="a@b.test"
    )
    LeadTotal.objects.create(workspace=workspace, leads=1)
    SearchLead.objects.create(search=search, lead=lead, position=1, is_new=True)
    assert search.project is not None
    ProjectLead.objects.create(project=search.project, lead=lead)
    with transaction.atomic():
        assert search.hold is not None
        charging.capture(search.hold, [charging.Charge("lead:1", 1, "Lead")])
    fill_caches()
    repeating.create_saved_search(
        workspace, by=owner, query="dentists", location="Miami, FL", limit=20, every="week"
    )
    Lookup.objects.create(
        workspace=workspace,
        kind="search",
        key="k",
        parameters={"query": NASTY},
        status="done",
        answer={"data": '{"query": "<b>Bright</b>"}', "is_cached": True},
    )
    LeadImport.objects.create(workspace=workspace, file_name=NASTY, errors=[NASTY])
    Recipe.objects.create(workspace=workspace, code="own", name=NASTY, template="{query} x")
    return Installation(owner, workspace, search, lead, key)


def fill_caches() -> None:
    """Put one row into every table that all workspaces share."""
    now = timezone.now()
    checked: dict[str, Any] = {"checked_at": now}
    fetched: dict[str, Any] = {"provider": "google", "fetched_at": now}
    Place.objects.create(place_id="1", record={"name": NASTY}, **fetched)
    PlaceReviews.objects.create(place_id="1", reviews=[NASTY], **fetched)
    PlacesQuery.objects.create(key="k", parameters={"query": NASTY}, rows=[], **fetched)
    NamedArea.objects.create(text="miami", area=None, **fetched)
    page: dict[str, Any] = {"search_engine": "google", "page": 0, "results_per_page": 10}
    SerpPage.objects.create(key="k", query=NASTY, results=[NASTY], **page, **fetched)
    SiteCrawl.objects.create(url="http://b.test/", outcome="ok", report={}, fetched_at=now)
    DomainCheck.objects.create(domain="b.test", facts={}, **checked)
    EmailCheck.objects.create(
        email="a@b.test", status="valid", reason="accepted", checks={}, **checked
    )
    Ad.objects.create(
        search_engine="google",
        query="dentist",
        digest="d",
        position=1,
        title=NASTY,
        url="http://b.test/",
        provider="serpapi",
        first_seen_at=now,
        last_seen_at=now,
    )
    provider_health.note_failure("serper", "search", ProviderError(NASTY, code="invalid_key"))


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("root@example.org", PASSWORD)


@pytest.fixture
def admin(operator: User) -> Client:
    """A browser of the operator."""
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def viewer(db: None) -> Client:
    """A browser of somebody on the staff who may look at everything and change nothing."""
    user = User.objects.create_user("viewer@example.org", PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(user)
    return client
