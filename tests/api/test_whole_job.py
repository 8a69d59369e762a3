"""One search from POST to file, by the API alone, on the sandbox's real sockets."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from freshleads.billing import charging
from freshleads.sandbox.server import Sandbox
from freshleads.users.models import Workspace
from leads import running
from leads.models import Search
from tests.sandboxed import sandbox_settings


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    """Point the product at a running sandbox."""
    with Sandbox() as sandbox:
        for name, value in sandbox_settings(sandbox).items():
            setattr(settings, name, value)
        settings.LEADS_RETRY_SECONDS = 0.0
        yield sandbox


def work(search: Search) -> None:
    """Do a search's slices one after another, as a worker would."""
    for _ in range(200):
        running.advance(search.pk)
        search.refresh_from_db()
        if search.is_finished:
            return
    raise AssertionError(f"the search did not end: {search.stage}")


def test_a_search_becomes_a_file(
    sandbox: Sandbox, alices_api: Any, alices: Workspace, available: Any
) -> None:
    before = available(alices)
    asked = {"query": "dentists", "location": "Miami, FL", "limit": 10}
    started = alices_api.post("/search", asked).json()
    work(Search.objects.get())

    search = alices_api.get(f"/search/{started['search_id']}").json()
    assert (search["status"], search["error"]) == ("completed", None)
    assert (search["progress"]["new"], search["credits"]["charged"]) == (10, 10)
    assert search["credits"]["balance"] == available(alices) == before - 10

    leads = alices_api.get(f"/search/{started['search_id']}/leads").json()
    assert leads["pagination"] == {"page": 1, "per_page": 50, "total": 10, "pages": 1}
    assert any(lead["email"] for lead in leads["data"])
    for lead in leads["data"]:
        assert lead["project_ids"] == [started["project_id"]]
        assert lead["sources"]["place_id"]["source"] == "google"

    file = alices_api.get(f"/export/{started['project_id']}", format="csv").streamed.decode()
    rows = list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))
    assert {row["Lead ID"] for row in rows} == {lead["id"] for lead in leads["data"]}

    again = alices_api.post("/search", asked).json()
    work(Search.objects.exclude(public_id=started["search_id"]).get())
    repeated = alices_api.get(f"/search/{again['search_id']}").json()
    assert again["project_id"] == started["project_id"]
    assert repeated["credits"]["charged"] == 0
    assert repeated["credits"]["free"] == [{"reason": "already_yours", "count": 10}]
    charging.verify_ledger(alices)
