"""People whom many tests know: Alice and Charlie, each with a workspace of their own."""

import pytest

from freshleads.billing import signing_up
from freshleads.users import throttling
from freshleads.users.models import User, Workspace

PASSWORD = "a long enough sentence"


@pytest.fixture(autouse=True)
def unused_limits() -> None:
    """Begin with limits that nothing has counted against."""
    throttling._limiter.cache_clear()


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
