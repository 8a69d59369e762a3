"""Bob works in Alice's workspace."""

import pytest

from freshleads.users.models import Membership, User, Workspace
from tests.people import PASSWORD


@pytest.fixture
def bob(alices: Workspace) -> User:
    bob = User.objects.create_user("bob@example.com", PASSWORD, name="Bob")
    Membership.objects.create(workspace=alices, user=bob)
    return bob
