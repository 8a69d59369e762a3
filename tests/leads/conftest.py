"""A running sandbox that the settings point to, and the people of the stories."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django.fixtures import Settings

from freshleads.billing.models import Subscription
from freshleads.sandbox.server import Sandbox
from freshleads.users.models import User, Workspace
from freshleads.users.signing_up import sign_up
from freshleads.users.workspaces import workspace_of
from leads import running
from leads.models import Search


@pytest.fixture(scope="session")
def sandbox_servers() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_servers: Sandbox, settings: Settings) -> Sandbox:
    """Point the product at the sandbox, patient for milliseconds only."""
    ports = sandbox_servers.ports
    settings.SANDBOX_WEB_PORT = ports.web
    settings.SANDBOX_PLACES_PORT = ports.places
    settings.SANDBOX_DNS_PORT = ports.dns
    settings.SANDBOX_SMTP_PORT = ports.smtp
    settings.SANDBOX_ROUTES = [":".join(map(str, route)) for route in sandbox_servers.routes()]
    settings.GOOGLE_PLACES_URL = f"http://127.0.0.1:{ports.places}"
    settings.GOOGLE_PLACES_KEY = "sandbox-key"
    settings.LEADS_RETRY_SECONDS = 0.0
    settings.LEADS_PAGE_TIMEOUT_SECONDS = 0.7
    settings.LEADS_PROBE_TIMEOUT_SECONDS = 0.4
    sandbox_servers.web.slow_seconds = 0.1
    sandbox_servers.smtp.tarpit_seconds = 0.1
    return sandbox_servers


@pytest.fixture
def alice(db: None) -> User:
    return sign_up("alice@example.org", "correct horse battery", plan="growth")


@pytest.fixture
def charlie(db: None) -> User:
    return sign_up("charlie@example.org", "correct horse battery", plan="growth")


@pytest.fixture
def workspace(alice: User) -> Workspace:
    found = workspace_of(alice)
    assert found is not None
    return found


@pytest.fixture
def stranger(charlie: User) -> Workspace:
    found = workspace_of(charlie)
    assert found is not None
    return found


@pytest.fixture
def balance() -> Callable[[Workspace], tuple[int, int]]:
    """Return a function that reads (balance, held) of a workspace."""

    def read(workspace: Workspace) -> tuple[int, int]:
        subscription = Subscription.objects.get(workspace=workspace)
        return subscription.balance, subscription.held

    return read


@pytest.fixture
def run_to_end() -> Callable[[Search], Search]:
    """Return a function that does a search's slices one after another, as a worker would."""

    def run(search: Search) -> Search:
        for _ in range(200):
            running.advance(search.pk)
            search.refresh_from_db()
            if search.is_finished:
                return search
        raise AssertionError(f"the search did not end: {search.stage} {search.error_message}")

    return run
