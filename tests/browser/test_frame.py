"""What surrounds the pages: theme, menu, dialogs; and the key that is shown once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from freshleads.users import keys
from freshleads.users.models import User
from freshleads.users.workspaces import workspace_of
from tests.browser.keyboard import is_focused, tab_to
from tests.browser.windows import Window

pytestmark = pytest.mark.browser


def theme(page: Page) -> str:
    shown: str = page.evaluate("document.documentElement.dataset.bsTheme")
    return shown


def test_the_theme_follows_the_system_until_one_is_chosen(
    window: Callable[..., Window], grace: User
) -> None:
    opened = window(grace)
    page = opened.page
    page.emulate_media(color_scheme="light")
    opened.open("/searches")
    assert theme(page) == "light"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.bsTheme === 'dark'")
    page.emulate_media(color_scheme="light")
    page.get_by_label("Theme").select_option("dark")
    assert theme(page) == "dark"
    page.reload()
    assert theme(page) == "dark"
    expect(page.get_by_label("Theme")).to_have_value("dark")
    opened.open("/leads")
    assert theme(page) == "dark"
    page.get_by_label("Theme").select_option("auto")
    assert theme(page) == "light"


def test_a_key_is_shown_once_and_can_be_copied(
    window: Callable[..., Window], grace: User, site: LiveServer
) -> None:
    opened = window(grace)
    page = opened.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    opened.open("/settings/keys")
    page.get_by_label("What is it for?").fill("The warehouse")
    page.get_by_role("button", name="Create key").click()
    clear = page.get_by_label("Your new API key").input_value()
    assert re.fullmatch(r"fl_live_[0-9a-z]{8}_[0-9a-z]{32}", clear)
    assert keys.workspace_for_key(clear).workspace == workspace_of(grace)
    copy = page.get_by_role("button", name="Copy")
    copy.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Copied to the clipboard")
    assert page.evaluate("navigator.clipboard.readText()") == clear
    opened.open("/settings/keys")
    expect(page.locator("#keys-table")).to_contain_text("The warehouse")
    assert clear not in page.content()
    page.go_back()
    assert clear not in page.content()


def test_a_dialog_takes_the_focus_and_gives_it_back(
    window: Callable[..., Window], ada: User
) -> None:
    workspace = workspace_of(ada)
    assert workspace is not None
    keys.create_key(workspace, created_by=ada, name="Old laptop")
    opened = window(ada)
    page = opened.page
    opened.open("/settings/keys")
    revoke = page.get_by_role("button", name="Revoke Old laptop")
    revoke.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Revoke “Old laptop”?")
    expect(dialog).to_be_visible()
    assert is_focused(dialog.get_by_role("button", name="Keep it"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert is_focused(revoke)
    page.keyboard.press("Enter")
    tab_to(page, dialog.get_by_role("button", name="Revoke the key"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="revoked")).to_be_visible()
    expect(page.get_by_role("button", name="Revoke Old laptop")).to_have_count(0)
    assert opened.complaints == []


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(
    window: Callable[..., Window], grace: User
) -> None:
    opened = window(grace)
    page = opened.page
    page.set_viewport_size({"width": 360, "height": 640})
    opened.open("/searches")
    menu = page.get_by_role("button", name="Open the menu")
    tab_to(page, menu)
    expect(page.get_by_role("link", name="Leads", exact=True)).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Leads", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Leads", exact=True)).to_be_hidden()
    assert is_focused(menu)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Leads", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/leads")


def test_a_refused_form_puts_the_focus_on_its_first_fault(window: Callable[..., Window]) -> None:
    opened = window()
    page = opened.page
    opened.open("/signup")
    page.get_by_label("E-mail").fill("someone@example.org")
    page.get_by_label("Password").fill("short")
    page.get_by_label("Password").press("Enter")
    field = page.locator("[aria-invalid=true]")
    expect(field).to_have_count(1)
    assert is_focused(field)
    described = field.get_attribute("aria-describedby") or ""
    errors = [page.locator(f"#{name}").inner_text() for name in described.split()]
    assert any("at least 10 characters" in text.lower() for text in errors)
    expect(page.get_by_label("E-mail")).to_have_value("someone@example.org")
