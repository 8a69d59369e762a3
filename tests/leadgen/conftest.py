"""Programs of Alice and Charlie that call the LeadGen API, and a sandbox behind it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from freshleads.api.leadgen import schema as served
from freshleads.billing.models import Plan, Subscription
from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.truth import site_truth
from freshleads.users import keys
from freshleads.users.models import User, Workspace
from leads import answering, looking_up, projects
from leads.models import Lookup, Project
from tests.leadgen.clients import Api, Description
from tests.sandboxed import sandbox_settings

PAGES = Path(__file__).resolve().parents[3] / "shared" / "spec" / "leadgen-api.txt"

# The published pages of the LeadGen API are no part of this project; who has them can be held to
# them, line by line (`bench/contract.py`).
collect_ignore = [] if PAGES.exists() else ["test_contract.py"]


def pytest_report_header() -> str:
    found = "held to" if PAGES.exists() else "not here, so nothing is held to"
    return f"the published pages of the LeadGen API: {found} {PAGES}"


@pytest.fixture(scope="session")
def description() -> Description:
    return Description(json.loads(served.openapi()))


@pytest.fixture
def alices_key(alice: User, alices: Workspace) -> str:
    return keys.create_key(alices, created_by=alice, name="Alice's program")[1]


@pytest.fixture
def alices_api(description: Description, alices_key: str) -> Api:
    return Api(description, alices_key)


@pytest.fixture
def charlies_api(description: Description, charlie: User, charlies: Workspace) -> Api:
    return Api(description, keys.create_key(charlies, created_by=charlie, name="Charlie's")[1])


@pytest.fixture
def nobodys_api(description: Description, db: None) -> Api:
    return Api(description)


@pytest.fixture
def alices_project(alices: Workspace) -> Project:
    return projects.create_project(alices, name="NYC Agencies")


@pytest.fixture
def allow() -> Callable[[Workspace, int], None]:
    """Return a function that sets how many requests a workspace may make in a minute."""

    def set_limit(workspace: Workspace, requests: int) -> None:
        Plan.objects.filter(subscriptions__workspace=workspace).update(requests_per_minute=requests)

    return set_limit


@pytest.fixture
def available() -> Callable[[Workspace], int]:
    """Return a function that tells the credits a workspace can spend."""
    return lambda workspace: Subscription.objects.get(workspace=workspace).available


@pytest.fixture(scope="session")
def sandbox_servers() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_servers: Sandbox, settings: Settings) -> Sandbox:
    """Point the product at the sandbox, patient for milliseconds only."""
    for name, value in sandbox_settings(sandbox_servers).items():
        setattr(settings, name, value)
    settings.LEADS_RETRY_SECONDS = 0.0
    settings.LEADS_PAGE_TIMEOUT_SECONDS = 0.7
    settings.LEADS_PROBE_TIMEOUT_SECONDS = 0.4
    return sandbox_servers


@pytest.fixture
def bright(sandbox: Sandbox) -> Business:
    """A business of the sandbox whose website is easy to read and shows several addresses."""
    return next(
        business
        for business in sandbox.world.businesses
        if business.site
        and business.site.behaviour == "ordinary"
        and len(site_truth(business).emails) >= 3
        and site_truth(business).phones
    )


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, sandbox: Any) -> None:
    """Let a worker answer as soon as somebody waits."""
    wait = looking_up.wait

    def answer_and_wait(lookup: Lookup, *, seconds: float) -> Any:
        answering.answer(lookup.pk)
        return wait(lookup, seconds=seconds)

    monkeypatch.setattr(looking_up, "wait", answer_and_wait)
