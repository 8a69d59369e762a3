"""Alice owns a workspace, Bob works in it, Charlie has one of his own."""

import pytest
from django.db import connection

from freshleads.billing import charging
from freshleads.billing.models import Plan, Subscription
from freshleads.users.models import Membership, User, Workspace


@pytest.fixture(autouse=True)
def skip_without_postgres(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: FRESHLEADS_TEST_DATABASE=postgres")


def make_workspace(owner: str, credits: int) -> Workspace:
    """Return a workspace with exactly these credits, granted under the reference `start`."""
    workspace = Workspace.objects.create(name=f"{owner}'s workspace")
    user = User.objects.create_user(f"{owner}@example.com")
    Membership.objects.create(workspace=workspace, user=user, role=Membership.Role.OWNER)
    plan = Plan.objects.get(code="growth")
    Subscription.objects.create(workspace=workspace, plan=plan)
    if credits:
        charging.grant(workspace, credits, reference="start", description="Start")
    return workspace


@pytest.fixture
def alices(db: None) -> Workspace:
    """Alice's workspace, with 100 credits; Bob is a member."""
    workspace = make_workspace("alice", 100)
    Membership.objects.create(workspace=workspace, user=User.objects.create_user("bob@example.com"))
    return workspace


@pytest.fixture
def charlies(db: None) -> Workspace:
    """Charlie's workspace, with 100 credits."""
    return make_workspace("charlie", 100)


@pytest.fixture
def alice(alices: Workspace) -> User:
    return User.objects.get(email="alice@example.com")
