"""The basic paths without JavaScript: in, a search, its leads, a filter, deletion and undo."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from freshleads.users.models import User
from leads.models import Search
from tests.browser.conftest import PASSWORD, Worker

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(chromium: Browser, site: LiveServer) -> Iterator[Page]:
    """A browser with JavaScript switched off."""
    context = chromium.new_context(java_script_enabled=False, base_url=site.url)
    yield context.new_page()
    context.close()


def test_everything_that_matters_works(plain: Page, ada: User, worker: Worker) -> None:
    plain.goto("/searches/new")
    plain.get_by_label("E-mail").fill(ada.email)
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Log in").click()

    plain.get_by_label("What", exact=True).fill("dentists")
    plain.get_by_label("Where", exact=True).fill("Miami, FL")
    plain.get_by_label("How many").fill("10")
    plain.get_by_role("button", name="Start the search").click()
    expect(plain.locator("#search-starting")).to_be_visible()
    worker.finish(Search.objects.latest("pk"))
    plain.reload()
    expect(plain.locator("#rows tr")).to_have_count(10)

    plain.locator("#open-in-leads").click()
    plain.locator(".filters-more summary").click()
    plain.get_by_label("Has a phone").select_option("true")
    plain.get_by_role("button", name="Show these").click()
    expect(plain.locator(".chip")).to_have_count(2)
    plain.get_by_label("Order", exact=True).select_option("business_name")
    plain.get_by_role("button", name="Apply").click()
    assert "ordering=business_name" in plain.url

    plain.locator("#leads-table tbody th a").first.click()
    plain.get_by_role("button", name="Delete").click()
    expect(plain.locator("#undo-toast")).to_be_visible()
    plain.get_by_role("button", name="Undo").click()
    expect(plain.locator(".notice-success")).to_have_text("1 lead is back.")


def test_a_running_search_can_be_stopped(plain: Page, ada: User, worker: Worker) -> None:
    plain.goto("/login")
    plain.get_by_label("E-mail").fill(ada.email)
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Log in").click()
    plain.goto("/searches/new?query=plumbers&location=Bristol")
    plain.get_by_role("button", name="Start the search").click()
    worker.do(Search.objects.latest("pk"), 2)
    plain.reload()
    plain.get_by_role("button", name="Stop").click()
    expect(plain.locator("#search-stopped")).to_be_visible()
