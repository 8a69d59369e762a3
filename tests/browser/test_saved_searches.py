"""Saved searches in a browser: every look, by keyboard, a run followed live."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from freshleads.users.models import User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import repeating, retaining
from leads.models import Lead, SavedSearch, Search
from tests.browser.conftest import Worker
from tests.browser.keyboard import is_focused, tab_to
from tests.browser.stories import path_of, search
from tests.browser.windows import Inspector, Window

pytestmark = pytest.mark.browser

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Months:
    """The paths of Ada's pages after some runs."""

    saved: str
    paused: str
    troubled: str
    run: str
    running: str
    taken_over: str
    ordinary: str
    listed: str
    forgotten: str


@pytest.fixture(scope="module")
def months(ada: User, worker: Worker) -> Months:
    """Let Ada's dentists run twice, with a change in between, and bakeries wait."""
    workspace = workspace_of(ada)
    assert workspace is not None
    dentists = save(workspace, ada, "dentists", "Miami, FL", "week")
    first = worker.finish(repeating.run_now(workspace, dentists.public_id, by=ada))
    age(first)
    for lead in Lead.objects.owned_by(workspace)[:3]:
        lead.rating, lead.address = Decimal("1.0"), "1 Former Street, Miami, FL"
        lead.save()
    by_google = {"source": "google", "checked_at": timezone.now().isoformat()}
    moved = Lead.objects.owned_by(workspace).exclude(phone="").earliest("pk")
    moved.phone, moved.website = "+13055550000", "http://former-site.test/"
    moved.sources |= {"phone": by_google, "website": by_google}
    moved.save()
    second = worker.finish(repeating.run_now(workspace, dentists.public_id, by=ada))
    ordinary = worker.finish(search(ada, "bakeries", "Berlin", 10))
    with override_settings(
        LEADS_PLACES_PROVIDERS=("google", "openstreetmap"), GOOGLE_PLACES_KEY="invalid-key"
    ):
        taken_over = worker.finish(search(ada, "dentists", "Bristol", 20))
    worker.finish(search(ada, "dentists", "Bristol", 20))
    paused = save(workspace, ada, "plumbers", "Bristol", "month")
    repeating.set_paused(workspace, paused.public_id, paused=True)
    save(workspace, ada, "unicorn breeders and their many friends", "Bristol", "never")
    restaurants = save(workspace, ada, "restaurants", "Lyon", "day")
    running = repeating.run_now(workspace, restaurants.public_id, by=ada)
    worker.do(running, 3)
    problem = "500 credits are needed and 12 are available: 488 are missing."
    SavedSearch.objects.filter(pk=restaurants.pk).update(last_problem=problem)
    forgotten = make_forgotten(workspace)
    listed = Lead.objects.owned_by(workspace).filter(other_identities__isnull=False)
    return Months(
        saved=reverse("leads:saved_search", args=[dentists.public_id]),
        paused=reverse("leads:saved_search", args=[paused.public_id]),
        troubled=reverse("leads:saved_search", args=[restaurants.public_id]),
        run=path_of(second),
        running=path_of(running),
        taken_over=path_of(taken_over),
        ordinary=path_of(ordinary),
        listed=reverse("leads:lead", args=[listed[0].public_id]),
        forgotten=reverse("leads:lead", args=[forgotten.public_id]),
    )


def save(workspace: Workspace, by: User, query: str, location: str, every: str) -> SavedSearch:
    return repeating.create_saved_search(
        workspace, by=by, query=query, location=location, every=every, limit=10
    )


def age(run: Search) -> None:
    """Let a run have been a week ago."""
    Search.objects.filter(pk=run.pk).update(created_at=timezone.now() - WEEK)


def make_forgotten(workspace: Workspace) -> Lead:
    """Let what Google said of one lead without a website be too old."""
    lead = Lead.objects.owned_by(workspace).filter(website="", email="").latest("pk")
    old = (timezone.now() - timedelta(days=40)).isoformat()
    for source in lead.sources.values():
        source["checked_at"] = source["first_seen_at"] = old
    lead.content_expires_at = timezone.now()
    lead.save()
    retaining.forget_lent_content()
    lead.refresh_from_db()
    assert not lead.business_name
    return lead


LOOKS: list[tuple[str, str | Callable[[Months], str]]] = [
    ("saved-searches", "/saved-searches"),
    ("saved-search", lambda months: months.saved),
    ("saved-search-paused", lambda months: months.paused),
    ("saved-search-troubled", lambda months: months.troubled),
    ("saved-run", lambda months: months.run),
    ("saved-run-changed", lambda months: f"{months.run}?show=changed"),
    ("saved-run-nothing", lambda months: f"{months.taken_over}?show=changed"),
    ("saved-run-running", lambda months: months.running),
    ("search-taken-over", lambda months: months.taken_over),
    ("search-savable", lambda months: months.ordinary),
    ("save-search", lambda months: f"{months.ordinary}/save"),
    ("new-search-repeated", "/searches/new?query=dentists&location=Miami, FL&every=week"),
    ("lead-listed-twice", lambda months: months.listed),
    ("lead-forgotten", lambda months: months.forgotten),
]


@pytest.mark.parametrize("look", LOOKS, ids=[name for name, _ in LOOKS])
def test_a_page_of_saved_searches_has_no_fault(
    look: tuple[str, str | Callable[[Months], str]],
    window: Callable[..., Window],
    inspector: Inspector,
    ada: User,
    months: Months,
) -> None:
    name, path = look
    opened = window(ada)
    assert opened.open(path if isinstance(path, str) else path(months)) == 200
    faults = inspector.faults_of(opened, name)
    assert not faults, "\n".join(faults)


def test_the_empty_list_has_no_fault(
    window: Callable[..., Window], inspector: Inspector, grace: User
) -> None:
    opened = window(grace)
    assert opened.open("/saved-searches") == 200
    assert not inspector.faults_of(opened, "saved-searches-empty")


def test_asking_before_deleting_has_no_fault(
    window: Callable[..., Window], inspector: Inspector, ada: User, months: Months
) -> None:
    opened = window(ada)
    opened.open(months.paused)
    opened.page.locator("[data-dialog]").click()
    expect(opened.page.locator("dialog")).to_be_visible()
    assert not inspector.faults_of(opened, "saved-search-delete")
    opened.page.keyboard.press("Escape")
    expect(opened.page.locator("dialog")).to_be_hidden()


def test_a_search_is_saved_and_run_by_keyboard_alone(
    window: Callable[..., Window], worker: Worker, ada: User, months: Months
) -> None:
    Search.objects.unfinished().update(status="cancelled")
    opened = window(ada)
    page, keys = opened.page, opened.page.keyboard
    opened.open(months.ordinary)
    tab_to(page, page.locator("#save-search"))
    keys.press("Enter")
    page.wait_for_url("**/save")
    tab_to(page, page.get_by_label("Repeat"))
    keys.type("Every month")
    tab_to(page, page.locator("#save-search-form button[type=submit]"))
    keys.press("Enter")
    page.wait_for_url("**/saved-searches/save_*")
    assert "Every month" in page.locator(".lede").inner_text()
    tab_to(page, page.locator("#run-now"))
    keys.press("Enter")
    page.wait_for_url("**/searches/srch_*")
    worker.finish(Search.objects.latest("pk"))
    expect(page.locator("#poller")).to_have_attribute("data-finished", "", timeout=10_000)
    shown = page.locator(".run-filter a")
    expect(shown).to_have_count(4)
    tab_to(page, shown.nth(3))
    keys.press("Enter")
    page.wait_for_url("**?show=unchanged")
    assert is_focused(page.locator("body")) or page.locator(".run-filter [aria-current]").count()
    assert not opened.complaints


def test_a_run_is_followed_live_with_its_counts(
    window: Callable[..., Window], worker: Worker, ada: User, months: Months
) -> None:
    Search.objects.unfinished().update(status="cancelled")
    saved = SavedSearch.objects.get(query="dentists")
    run = repeating.run_now(saved.workspace, saved.public_id, by=ada)
    opened = window(ada)
    opened.open(f"{path_of(run)}?show=new")
    page: Page = opened.page
    expect(page.locator(".run-filter a").first).to_have_text("All 0")
    worker.finish(run)
    expect(page.locator("#poller")).to_have_attribute("data-finished", "", timeout=10_000)
    new = run.results.filter(is_new=True).count()
    expect(page.locator(".run-filter [aria-current]")).to_have_text(f"New {new}")
    expect(page.locator("#rows tr")).to_have_count(new)
    assert 0 < new < run.results.count()
    assert not opened.complaints
