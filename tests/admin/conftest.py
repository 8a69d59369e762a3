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
from freshleads.users import keys
from freshleads.users.models import ApiKey, User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import searching
from leads.models import (
    DomainCheck,
    EmailCheck,
    Lead,
    LeadTotal,
    Place,
    ProjectLead,
    Search,
    SearchLead,
    SiteCrawl,
)

PASSWORD = "correct horse battery"


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
    return Installation(owner, workspace, search, lead, key)


def fill_caches() -> None:
    now: dict[str, Any] = {"checked_at": timezone.now()}
    Place.objects.create(provider="google", place_id="1", record={}, fetched_at=timezone.now())
    SiteCrawl.objects.create(
        url="http://b.test/", outcome="ok", report={}, fetched_at=timezone.now()
    )
    DomainCheck.objects.create(domain="b.test", facts={}, **now)
    EmailCheck.objects.create(email="a@b.test", status="valid", reason="accepted", checks={}, **now)


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
