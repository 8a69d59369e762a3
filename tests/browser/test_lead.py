"""One lead in a browser: short on a phone, everything at once on a desk."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import ViewportSize, expect

from freshleads.users.models import User
from freshleads.users.workspaces import workspace_of
from leads.models import Lead
from tests.browser.conftest import Worker
from tests.browser.stories import search
from tests.browser.windows import Window

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
TALLEST = "document.documentElement.scrollHeight"


@pytest.fixture(scope="module")
def path(ada: User, worker: Worker) -> str:
    """Return the page of a lead that was found, read and verified."""
    worker.finish(search(ada, "dentists", "Miami, FL", 10))
    leads = Lead.objects.filter(workspace=workspace_of(ada)).exclude(email="")
    lead = max(leads, key=lambda lead: len(lead.sources))
    return reverse("leads:lead", args=[lead.public_id])


def test_a_phone_folds_the_sources_until_they_are_asked_for(
    window: Callable[..., Window], ada: User, path: str
) -> None:
    opened = window(ada)
    page = opened.page
    page.set_viewport_size(PHONE)
    opened.open(path)
    table = page.locator("#sources-table")
    expect(table).not_to_be_visible()
    folded = page.evaluate(TALLEST)
    page.locator("#sources > summary").click()
    expect(table).to_be_visible()
    assert folded < page.evaluate(TALLEST) / 2
    assert opened.complaints == []


def test_a_desk_shows_the_sources_at_once(
    window: Callable[..., Window], ada: User, path: str
) -> None:
    opened = window(ada)
    opened.page.set_viewport_size(DESK)
    opened.open(path)
    expect(opened.page.locator("#sources-table")).to_be_visible()
