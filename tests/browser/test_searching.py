"""Searching in a browser: by keyboard alone, live, stopped, cut off."""

import re
from collections.abc import Callable
from concurrent.futures import Future

import pytest
from playwright.sync_api import Page, expect

from freshleads.users.models import User
from leads.models import Search
from tests.browser.conftest import PASSWORD, Worker
from tests.browser.keyboard import is_focused, tab_to
from tests.browser.stories import path_of, search
from tests.browser.windows import Window

pytestmark = pytest.mark.browser

A_POLL_LATER = 1_900  # milliseconds
HIDE = "Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })"
KEEP_ANNOUNCEMENTS = """() => {
  window.announced = [];
  const place = document.getElementById("announcer");
  const keep = () => window.announced.push(place.textContent.trim());
  new MutationObserver(keep).observe(place, { childList: true, subtree: true });
}"""


@pytest.fixture(autouse=True)
def no_search_left_running(site: object) -> None:
    """End what an earlier test left running: a plan allows only so many at once."""
    Search.objects.unfinished().update(status=Search.Status.CANCELLED)


def rows(page: Page) -> int:
    return page.locator("#rows tr").count()


def wait_for_rows(page: Page, at_least: int) -> None:
    page.wait_for_function(
        "(wanted) => document.querySelectorAll('#rows tr').length >= wanted",
        arg=at_least,
        timeout=20_000,
    )


def test_from_the_landing_page_to_the_first_leads_by_keyboard_alone(
    window: Callable[..., Window], worker: Worker
) -> None:
    opened = window()
    page, keys = opened.page, opened.page.keyboard
    opened.open("/")
    keys.press("Tab")
    assert is_focused(page.locator(".skip-link"))
    tab_to(page, page.get_by_role("link", name="Create a workspace"))
    keys.press("Enter")
    page.wait_for_url("**/signup")
    email = page.get_by_label("E-mail")
    if not is_focused(email):
        tab_to(page, email)
    keys.type("keys@example.org")
    tab_to(page, page.get_by_label("Password"))
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/searches/new")
    assert is_focused(page.get_by_label("What", exact=True))
    keys.type("dentists")
    tab_to(page, page.get_by_label("Where", exact=True))
    keys.type("Miami, FL")
    tab_to(page, page.get_by_label("How many"))
    keys.press("Control+a")
    keys.type("10")
    expect(page.locator("#estimate dd").first).to_have_text("10 credits")
    keys.press("Enter")
    page.wait_for_url("**/searches/srch_*")
    worker.finish(Search.objects.latest("pk"))
    wait_for_rows(page, 10)
    expect(page.locator("#poller")).to_have_attribute("data-finished", "", timeout=10_000)
    tab_to(page, page.locator("#rows a").first)
    keys.press("Enter")
    page.wait_for_url("**/leads/lead_*")
    assert opened.complaints == opened.strangers == []


@pytest.fixture
def live(
    window: Callable[..., Window], ada: User, worker: Worker
) -> tuple[Window, Search, "Callable[[], Future[None]]"]:
    """Return a window on a search that waits for its worker, and what lets that one begin."""
    started = search(ada, "dentists", "Miami, FL", 60)
    opened = window(ada)
    opened.open(path_of(started))
    return opened, started, lambda: worker.begin(started, pause=0.4)


def test_leads_stream_in_and_the_polling_ends(
    live: tuple[Window, Search, "Callable[[], Future[None]]"],
) -> None:
    opened, started, begin = live
    page = opened.page
    expect(page.locator("#search-starting")).to_be_visible()
    page.evaluate(KEEP_ANNOUNCEMENTS)
    working = begin()
    wait_for_rows(page, 1)
    early = rows(page)
    assert early < 60
    expect(page).to_have_title(re.compile(r"^\d+ found: dentists in Miami, FL"))
    wait_for_rows(page, early + 1)
    working.result(60)
    expect(page.locator("#poller")).to_have_attribute("data-finished", "", timeout=10_000)

    shown = page.locator("#rows tr").evaluate_all("(rows) => rows.map((row) => row.dataset.lead)")
    kept = started.results.order_by("position").values_list("lead__public_id", flat=True)
    assert shown == list(kept)
    assert len(shown) == 60
    expect(page.locator("[data-status]")).to_have_text("Done")
    expect(page.locator("#open-in-leads")).to_be_visible()
    announced = page.evaluate("window.announced")
    assert announced[-1] == "Done: 60 found, 60 new, 60 credits charged."
    assert len(announced) < 8, "a screen reader is not told of every row"

    polls = opened.asked_for("/rows?")
    page.wait_for_timeout(A_POLL_LATER)
    assert opened.asked_for("/rows?") == polls
    assert opened.complaints == opened.strangers == []


def test_the_focus_stays_on_a_lead_while_it_changes(
    window: Callable[..., Window], ada: User, worker: Worker
) -> None:
    started = search(ada, "bakeries", "Berlin", 20)
    worker.do(started, 2)
    opened = window(ada)
    opened.open(path_of(started))
    page = opened.page
    link = page.locator("#rows a").first
    link.focus()
    name = link.inner_text()
    expect(page.locator("#rows tr").first).to_contain_text("reading website")
    worker.finish(started)
    expect(page.locator("#poller")).to_have_attribute("data-finished", "", timeout=10_000)
    expect(page.locator("#rows tr").first).not_to_contain_text("reading website")
    assert is_focused(page.locator("#rows a").first)
    assert page.evaluate("document.activeElement.textContent") == name


def test_stop_stops(window: Callable[..., Window], ada: User, worker: Worker) -> None:
    started = search(ada, "restaurants", "Lyon", 60)
    worker.do(started, 2)
    opened = window(ada)
    opened.open(path_of(started))
    page = opened.page
    before = rows(page)
    assert before
    page.locator("#stop-search").click()
    expect(page.locator("#search-stopped")).to_be_visible()
    worker.do(started, 3)
    started.refresh_from_db()
    assert (started.status, started.results.count()) == ("cancelled", before)
    assert rows(page) == before
    polls = opened.asked_for("/rows?")
    page.wait_for_timeout(A_POLL_LATER)
    assert opened.asked_for("/rows?") == polls
    expect(page.locator("#stop-search")).to_have_count(0)


def test_a_stop_from_elsewhere_shows_and_the_focus_goes_on(
    window: Callable[..., Window], ada: User, worker: Worker
) -> None:
    started = search(ada, "restaurants", "Lyon", 60)
    worker.do(started, 2)
    here, there = window(ada), window(ada)
    here.open(path_of(started))
    there.open(path_of(started))
    here.page.locator("#stop-search").focus()
    there.page.locator("#stop-search").click()
    expect(here.page.locator("#search-stopped")).to_be_visible(timeout=10_000)
    focused = here.page.evaluate("document.activeElement.closest('main') !== null")
    assert focused, "the button that had the focus is gone, and so is the focus"


def test_a_lost_connection_is_said_and_mended(
    live: tuple[Window, Search, "Callable[[], Future[None]]"],
) -> None:
    opened, _, _ = live
    page = opened.page
    page.route("**/rows?*", lambda route: route.abort())
    expect(page.locator("#connection-lost")).to_be_visible()
    page.unroute("**/rows?*")
    expect(page.locator("#connection-lost")).to_be_hidden()


def test_a_hidden_tab_asks_nothing(
    live: tuple[Window, Search, "Callable[[], Future[None]]"],
) -> None:
    opened, _, _ = live
    opened.page.evaluate(HIDE)
    polls = opened.asked_for("/rows?")
    opened.page.wait_for_timeout(A_POLL_LATER)
    assert opened.asked_for("/rows?") == polls
