"""The leads table in a browser: everything in the URL, bulk deletion with a way back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from freshleads.users.models import User
from freshleads.users.workspaces import workspace_of
from leads.models import Lead
from tests.browser.conftest import Worker
from tests.browser.keyboard import is_focused, tab_to
from tests.browser.stories import search
from tests.browser.windows import Window

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def found(ada: User, worker: Worker) -> None:
    """Find 30 leads, one of which has a name of its own."""
    worker.finish(search(ada, "dentists", "Miami, FL", 30))
    leads = Lead.objects.filter(workspace=workspace_of(ada))
    named = leads.order_by("pk").first()
    assert named is not None
    leads.filter(pk=named.pk).update(business_name="Zebra Teeth", search_text="zebra teeth")


@pytest.fixture
def table(window: Callable[..., Window], ada: User, found: None) -> Window:
    opened = window(ada)
    opened.open("/leads?per_page=25")
    return opened


def total(page: Page) -> int:
    return int(page.locator("#results-title").get_attribute("data-total") or 0)


def test_filters_stand_in_the_url_and_survive_reload_and_back(table: Window) -> None:
    page = table.page
    everything = total(page)
    page.locator(".filters-more summary").click()
    page.get_by_label("Valid", exact=True).check()
    page.get_by_label("Has a phone").select_option("true")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert page.url.endswith("/leads?email_status=valid&has_phone=true")
    filtered = total(page)
    assert 0 < filtered < everything
    page.reload()
    expect(page.locator(".chip")).to_have_count(2)
    assert total(page) == filtered
    page.locator(".chip", has_text="Valid").click()
    expect(page.locator(".chip")).to_have_count(1)
    assert page.url.endswith("/leads?has_phone=true")
    page.go_back()
    expect(page.locator(".chip")).to_have_count(2)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    assert total(page) == everything
    assert table.complaints == table.strangers == []


def test_typing_searches_says_how_many_and_keeps_the_focus(table: Window) -> None:
    page = table.page
    box = page.get_by_label("Search name, e-mail or city")
    box.focus()
    page.keyboard.type("zebra", delay=30)
    expect(page.locator("#results-title")).to_have_text("1 lead")
    expect(page.locator("#announcer")).to_have_text("1 lead")
    expect(page).to_have_url(re.compile(r"\?(.*&)?search=zebra"))
    assert is_focused(box)
    assert table.asked_for("search=z") <= 2, "not a request for each letter"
    page.reload()
    expect(box).to_have_value("zebra")
    expect(page.locator("#results-title")).to_have_text("1 lead")
    page.go_back()
    expect(page.locator("#results-title")).not_to_have_text("1 lead")
    expect(box).to_have_value("")


def test_order_and_page_stand_in_the_url(table: Window) -> None:
    page = table.page
    page.get_by_label("Order", exact=True).select_option("business_name")
    page.wait_for_url("**ordering=business_name*")
    names = page.locator("#leads-table tbody th > a:first-child").all_inner_texts()
    assert names == sorted(names)
    assert len(names) == 25
    page.locator("#next-page").click()
    page.wait_for_url("**page=2*")
    assert "ordering=business_name" in page.url
    expect(page.locator("#leads-table tbody tr")).to_have_count(total(page) - 25)
    expect(page.locator("#leads-table tbody tr").last).to_contain_text("Zebra Teeth")


def test_deleting_several_leads_can_be_undone(table: Window) -> None:
    page = table.page
    before = total(page)
    expect(page.locator("#bulk-bar")).to_be_hidden()
    boxes = page.locator("[data-select-row]")
    chosen = [boxes.nth(number).get_attribute("value") for number in (0, 1, 2)]
    for number in (0, 1, 2):
        boxes.nth(number).check()
    expect(page.locator("#bulk-bar")).to_contain_text("3 selected")
    expect(page.locator("#announcer")).to_have_text("3 selected")
    page.locator("#bulk-delete").click()
    expect(page.locator("#undo-toast")).to_contain_text("3 leads deleted")
    assert total(page) == before - 3
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notice-success")).to_have_text("3 leads are back.")
    assert total(page) == before
    for public_id in chosen:
        expect(page.locator(f"[data-lead={public_id}]")).to_have_count(1)
    assert table.complaints == []


def test_selecting_all_selects_the_page(table: Window) -> None:
    page = table.page
    page.locator("[data-select-all]").check()
    expect(page.locator("#bulk-bar")).to_contain_text("25 selected")
    page.locator("[data-select-row]").first.uncheck()
    expect(page.locator("#bulk-bar")).to_contain_text("24 selected")
    state = page.locator("[data-select-all]").evaluate("(box) => [box.checked, box.indeterminate]")
    assert state == [False, True]


def test_all_that_match_can_be_deleted_and_undone(table: Window) -> None:
    page = table.page
    before = total(page)
    offer = page.get_by_label(f"All {before} that match")
    expect(offer).to_be_hidden()
    page.locator("[data-select-all]").check()
    offer.check()
    expect(page.locator("#bulk-bar")).to_contain_text(f"{before} selected")
    expect(page.locator("#announcer")).to_have_text(f"{before} selected")
    page.locator("[data-select-row]").first.uncheck()
    expect(offer).to_be_hidden()
    expect(page.locator("#bulk-bar")).to_contain_text("24 selected")
    page.locator("[data-select-all]").check()
    expect(offer).not_to_be_checked()
    offer.check()
    page.locator("#bulk-delete").click()
    expect(page.locator("#undo-toast")).to_contain_text(f"{before} leads deleted")
    expect(page.locator("#no-leads")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notice-success")).to_have_text(f"{before} leads are back.")
    assert total(page) == before
    assert table.complaints == []


def test_columns_are_chosen_and_stay_with_the_search(table: Window) -> None:
    page = table.page
    heads = page.locator("#leads-table thead th")
    expect(heads).to_have_count(7)
    page.locator("#columns > summary").click()
    page.locator("#columns").get_by_label("Address").check()
    page.locator("#columns").get_by_label("Rating").uncheck()
    page.locator("#columns").get_by_label("Added").uncheck()
    page.locator("#columns").get_by_role("button").click()
    expect(heads.last).to_have_text("City")
    expect(heads).to_have_count(6)
    page.get_by_label("Search name, e-mail or city").fill("zebra")
    expect(page.locator("#results-title")).to_have_text("1 lead")
    expect(heads).to_have_count(6)
    expect(page.locator("[data-label=Address]")).to_have_count(1)
    assert table.complaints == []


def test_the_offer_to_undo_goes_by_itself_but_not_from_under_the_focus(table: Window) -> None:
    page = table.page
    page.clock.install()
    page.locator("[data-select-row]").last.check()
    page.locator("#bulk-delete").click()
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.clock.run_for(15_000)
    expect(undo).to_be_visible()
    page.locator("main").focus()
    page.clock.run_for(11_000)
    expect(undo).to_have_count(0)


def test_nothing_that_floats_hides_the_focus(table: Window) -> None:
    page = table.page
    page.set_viewport_size({"width": 360, "height": 640})
    page.locator("[data-select-row]").first.check()
    expect(page.locator("#bulk-bar")).to_be_visible()
    page.locator("#results-title").focus()
    tab_to(page, page.locator("[data-select-row]").nth(9))
