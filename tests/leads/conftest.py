"""A running sandbox that the settings point to, and the people of the stories."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from freshleads.billing import charging
from freshleads.billing.models import Subscription
from freshleads.billing.signing_up import sign_up
from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.truth import site_truth
from freshleads.sandbox.vendors import VendorsServer
from freshleads.users.models import User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import (
    answering,
    importing,
    looking_up,
    registry,
    running,
    searching,
    storing_imports,
)
from leads.looking_up import Answer
from leads.models import Lead, LeadImport, LeadTotal, Search
from leads.providers.records import AreaRecord, PlaceRecord, PlacesPage
from leads.questions import Question
from tests.parallel import let_loose
from tests.sandboxed import sandbox_settings


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
    sandbox_servers.web.slow_seconds = 0.1
    sandbox_servers.smtp.tarpit_seconds = 0.1
    return sandbox_servers


@pytest.fixture
def vendors(sandbox: Sandbox) -> Iterator[VendorsServer]:
    """The sandbox's search engines, whose weather a test may change for itself."""
    usual = replace(sandbox.vendors.conditions)
    yield sandbox.vendors
    vars(sandbox.vendors.conditions).update(vars(usual), weather={})


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


@pytest.fixture(autouse=True)
def skip_without_postgres(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: FRESHLEADS_TEST_DATABASE=postgres")


class FakePlaces:
    """A provider that answers what the test put in `pages`, one after another."""

    licence, page_size, result_cap, call_seconds = "Test terms", 20, 60, 20.0
    keep_days: int | None = None

    def __init__(self, name: str = "google") -> None:
        self.name = name
        self.area: AreaRecord | None = AreaRecord("Testville", (0, 0), (1, 1), (0.5, 0.5), "US")
        self.pages: list[PlacesPage | Exception] = []
        self.tokens: list[str | None] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def find_area(self, text: str) -> AreaRecord | None:
        return self.area

    def search(self, query: str, *, page_token: str | None = None, **asked: Any) -> PlacesPage:
        """Return the next page, an empty one after the last."""
        self.tokens.append(page_token)
        page = self.pages.pop(0) if self.pages else PlacesPage(())
        self.meanwhile()
        if isinstance(page, Exception):
            raise page
        return page


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> FakePlaces:
    """Put a provider in the place of the real one that answers as the test says."""
    provider = FakePlaces()
    monkeypatch.setattr(registry, "place_sources", lambda: [provider])
    settings.LEADS_RETRY_SECONDS = 0.0
    return provider


@pytest.fixture
def place() -> Callable[..., PlaceRecord]:
    """Return a function that makes the record of a place in Testville, without a website."""

    def make(number: int, **changes: Any) -> PlaceRecord:
        values = {
            "place_id": f"place-{number}",
            "name": f"Business {number}",
            "city": "Testville",
            "latitude": 0.5,
            "longitude": 0.5,
            "business_status": "OPERATIONAL",
            **changes,
        }
        return PlaceRecord(**values)

    return make


@pytest.fixture
def exact_totals(workspace: Workspace) -> Iterator[None]:
    """After the test every ledger adds up and every total is exact."""
    yield
    for each in Workspace.objects.all():
        charging.verify_ledger(each)
        kept = LeadTotal.objects.filter(workspace=each).values_list("leads", flat=True).first()
        assert (kept or 0) == Lead.objects.owned_by(each).count()


@pytest.fixture
def start(workspace: Workspace, alice: User) -> Callable[..., Search]:
    """Return a function that starts a search of Alice's."""

    def begin(**asked: Any) -> Search:
        values = {"query": "dentists", "location": "Testville", "limit": 20, **asked}
        return searching.start_search(workspace, by=alice, **values)

    return begin


@pytest.fixture
def in_parallel() -> Callable[..., list[Any]]:
    """Return a function that lets functions loose at once, each on a connection of its own."""
    return lambda *works: let_loose(works)


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
def set_credits(workspace: Workspace) -> Callable[[int], None]:
    """Return a function that gives Alice's workspace so many credits."""

    def adjust(credits: int) -> None:
        change = credits - Subscription.objects.get(workspace=workspace).balance
        charging.adjust(workspace, change, reason="Begin with these", by=None)

    return adjust


@pytest.fixture
def look(sandbox: Sandbox, workspace: Workspace, alice: User) -> Callable[..., Answer]:
    """Return a function that asks a question, lets a worker answer it and returns the answer."""

    def ask(question: Question) -> Answer:
        given = looking_up.ask(workspace, by=alice, question=question)
        if isinstance(given, Answer):
            return given
        answering.answer(given.pk)
        answer = looking_up.wait(given, seconds=0)
        assert answer is not None
        return answer

    return ask


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


@pytest.fixture
def upload(
    workspace: Workspace, alice: User, settings: Settings, tmp_path: Path
) -> Callable[..., LeadImport]:
    """Return a function that uploads a file of Alice's; texts are UTF-8."""
    settings.DATA_DIR = tmp_path

    def send(content: str | bytes, *, file_name: str = "list.csv") -> LeadImport:
        source = BytesIO(content.encode() if isinstance(content, str) else content)
        return importing.upload(workspace, by=alice, file_name=file_name, source=source)

    return send


@pytest.fixture
def finish() -> Callable[[LeadImport], LeadImport]:
    """Return a function that does an import's slices one after another, as a worker would."""

    def run(lead_import: LeadImport) -> LeadImport:
        for _ in range(50):
            storing_imports.advance(lead_import.pk)
            lead_import.refresh_from_db()
            if not lead_import.is_at_work:
                return lead_import
        raise AssertionError(f"the import did not end: {lead_import.status}")

    return run


@pytest.fixture
def import_leads(
    workspace: Workspace,
    upload: Callable[..., LeadImport],
    finish: Callable[[LeadImport], LeadImport],
) -> Callable[..., LeadImport]:
    """Return a function that uploads a file, takes the mapping it is offered and stores it."""

    def run(
        content: str | bytes,
        *,
        duplicates: str = "skip",
        project_id: str = "",
        file_name: str = "list.csv",
        **changes: Any,
    ) -> LeadImport:
        draft = upload(content, file_name=file_name)
        choices = {"mapping": importing.mapping_of(draft), "country": draft.country} | changes
        importing.choose(workspace, draft.public_id, duplicates=duplicates, **choices)
        return finish(importing.start(workspace, draft.public_id, project_id=project_id))

    return run
