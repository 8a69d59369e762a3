"""A person with a workspace, signed in, and a stranger with another one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from freshleads.billing import signing_up
from freshleads.users.models import User, Workspace
from freshleads.users.workspaces import workspace_of
from leads.models import Lead, LeadTotal

PASSWORD = "correct horse battery"


@pytest.fixture
def user(db: None) -> User:
    return signing_up.sign_up("ada@example.org", PASSWORD, workspace_name="Ada's agency")


@pytest.fixture
def workspace(user: User) -> Workspace:
    found = workspace_of(user)
    assert found is not None
    return found


@pytest.fixture
def page(user: User) -> Client:
    """A browser of the signed-in person."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def stranger(db: None) -> Workspace:
    found = workspace_of(signing_up.sign_up("eve@example.org", PASSWORD))
    assert found is not None
    return found


@pytest.fixture
def add_lead() -> Callable[..., Lead]:
    """Return a function that stores a lead of a workspace and counts it."""

    def add(workspace: Workspace, name: str, **fields: Any) -> Lead:
        total, _ = LeadTotal.objects.get_or_create(workspace=workspace)
        total.leads += 1
        total.save()
        return Lead.objects.create(
            workspace=workspace,
            identity=f"name:{name}",
            business_name=name,
            search_text=name.lower(),
            **fields,
        )

    return add
