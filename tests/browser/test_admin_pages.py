"""The lists and rows of operators: no fault that axe finds, nothing that grows sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from freshleads.lib.errors import ProviderError
from freshleads.users.models import User
from leads import provider_health
from leads.models import ProviderHealth, Recipe, SiteCrawl
from tests.browser.windows import TAGS, Window

pytestmark = pytest.mark.browser

# The label of Django's search box is a magnifying glass with an alternative text.
RULES = {"label-title-only": {"enabled": False}}
TABLES: dict[str, Any] = {
    "providerhealth": ProviderHealth,
    "sitecrawl": SiteCrawl,
    "recipe": Recipe,
}


@pytest.fixture(scope="module")
def operator(site: LiveServer) -> User:
    """A person of the admin, with something in its tables."""
    now = timezone.now()
    report = {"emails": [{"value": "x" * 300}], "pages": list(range(50))}
    SiteCrawl.objects.create(url="http://b.test/", outcome="ok", report=report, fetched_at=now)
    failure = ProviderError("Serper did not accept the API key.", code="invalid_key")
    provider_health.note_failure("serper", "search", failure)
    # The shipped recipes are gone where a test before this one emptied the tables.
    Recipe.objects.get_or_create(workspace=None, code="doctors", defaults={"template": "{query}"})
    return User.objects.create_superuser("operator@example.org", "correct horse battery")


@pytest.mark.parametrize("name", [*TABLES, "ad", "lookup"])
def test_lists_of_operators_have_no_fault(
    window: Callable[..., Window], operator: User, name: str
) -> None:
    opened = window(operator)
    assert opened.open(f"/admin/leads/{name}/") == 200
    check(opened)


@pytest.mark.parametrize("name", TABLES)
def test_rows_of_operators_have_no_fault(
    window: Callable[..., Window], operator: User, name: str
) -> None:
    opened = window(operator)
    row = TABLES[name].objects.first()
    assert opened.open(f"/admin/leads/{name}/{row.pk}/change/") == 200
    check(opened)
    for value in opened.page.locator("pre.json").all():
        assert value.evaluate("pre => pre.scrollWidth <= pre.clientWidth")


def check(opened: Window) -> None:
    found = Axe().run(opened.page, options={"runOnly": TAGS, "rules": RULES}).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]][:2]) for fault in found] == []
