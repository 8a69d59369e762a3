"""The running service against the published pages of the LeadGen API, where they are at hand."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from bench import contract
from bench.contract_checks import Service
from bench.contract_text import read_contract
from freshleads.billing import charging
from freshleads.users import keys
from freshleads.users.models import Workspace

PAGES = Path(__file__).resolve().parents[3] / "shared" / "spec" / "leadgen-api.txt"


@pytest.mark.usefixtures("worker")
def test_the_service_does_what_the_pages_say(
    live_server: LiveServer,
    alices_key: str,
    alices: Workspace,
    charlies: Workspace,
    allow: Any,
    available: Any,
) -> None:
    allow(alices, 100_000)
    charging.adjust(alices, 10_000, reason="Begin rich", by=None)
    charging.adjust(charlies, -available(charlies), reason="Begin poor", by=None)
    poor_key = keys.create_key(charlies, created_by=None, name="Poor")[1]
    pages = read_contract(PAGES, PAGES.with_name("leadgen.md"))
    service = Service(live_server.url, alices_key)
    checks = list(contract.run(service, pages, poor_key=poor_key))
    assert [check for check in checks if not check.holds] == []
    assert len(checks) > 200
