"""A lookup from the form to the leads, by keyboard, by pointer and without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from freshleads.billing import charging
from freshleads.sandbox.server import Sandbox
from freshleads.users.models import User
from freshleads.users.workspaces import workspace_of
from leads.models import Lead, Lookup
from tests.browser.conftest import PASSWORD, Worker
from tests.browser.keyboard import tab_to
from tests.browser.looking_up import bright_host
from tests.browser.windows import Window

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def rich(ada: User) -> User:
    workspace = workspace_of(ada)
    assert workspace is not None
    charging.adjust(workspace, 1000, reason="To look things up", by=None)
    return ada


@pytest.fixture
def plain(chromium: Browser, site: LiveServer) -> Iterator[Page]:
    """A browser with JavaScript switched off."""
    context = chromium.new_context(java_script_enabled=False, base_url=site.url)
    yield context.new_page()
    context.close()


def test_a_website_is_read_while_one_waits_and_its_address_kept_by_keyboard_alone(
    window: Callable[..., Window], rich: User, worker: Worker, sandbox: Sandbox
) -> None:
    opened = window(rich)
    page = opened.page
    opened.open("/lookups/website")
    expect(page.get_by_label("Website", exact=True)).to_be_focused()
    page.keyboard.type(bright_host(sandbox))
    page.keyboard.press("Enter")
    expect(page.locator("#running")).to_be_visible()
    lookup = Lookup.objects.latest("pk")
    assert page.url.endswith(f"/lookups/{lookup.public_id}")

    worker.answer(lookup)
    expect(page.locator("#own-emails li").first).to_be_visible()
    expect(page.locator("#announcer")).to_contain_text("Website: Done.")
    polls = opened.asked_for(f"/lookups/{lookup.public_id}")
    page.wait_for_timeout(1500)
    assert opened.asked_for(f"/lookups/{lookup.public_id}") == polls, "it stops asking"

    address = page.locator("#own-emails input:checked").get_attribute("value")
    tab_to(page, page.locator("#add-leads"))
    page.keyboard.press("Enter")
    expect(page.locator(".notice-success")).to_contain_text("1 lead is added, free.")
    assert Lead.objects.filter(workspace=lookup.workspace, email=address).count() == 1
    assert not opened.complaints
    assert not opened.strangers


def test_the_map_and_the_table_point_at_each_other(
    window: Callable[..., Window], rich: User, worker: Worker
) -> None:
    opened = window(rich)
    page = opened.page
    opened.open("/lookups/places?query=dentists&location=Miami, FL")
    page.get_by_role("button", name="Look up places").click()
    worker.answer(Lookup.objects.latest("pk"))
    row, point = page.locator("tr#place-3"), page.locator("a[data-place='3']")
    row.hover()
    expect(point).to_have_class("is-pointed-at")
    page.locator("h1").hover()
    expect(point).not_to_have_class("is-pointed-at")

    point.focus()
    expect(row).to_have_class("is-pointed-at")
    page.keyboard.press("Enter")
    assert page.url.endswith("#place-3")
    row.get_by_role("checkbox").focus()
    expect(point).to_have_class("is-pointed-at")
    assert not opened.strangers, "the map asks nobody"

    row.get_by_role("button", name="Reviews").click()
    worker.answer(Lookup.objects.latest("pk"))
    expect(page.locator("[data-charged]")).to_have_text("5")
    assert not opened.complaints


def test_a_lookup_works_without_javascript(
    plain: Page, rich: User, worker: Worker, sandbox: Sandbox
) -> None:
    plain.goto("/lookups/emails")
    plain.get_by_label("E-mail").fill(rich.email)
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Log in").click()
    plain.get_by_label("Addresses").fill("nobody@nowhere.test, no-address")
    plain.get_by_role("button", name="Check the addresses").click()
    expect(plain.locator("#running")).to_be_visible()
    worker.answer(Lookup.objects.latest("pk"))
    plain.get_by_role("link", name="Look whether it is ready").click()
    expect(plain.locator("#verdicts-table tbody tr")).to_have_count(2)
