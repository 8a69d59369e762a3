"""The pages of imports in every state, and a list brought along from the file to the undo."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from freshleads.users.models import User
from leads import storing_imports
from leads.models import Lead, LeadImport
from tests.browser.conftest import PASSWORD, Worker
from tests.browser.importing import Imports, tell
from tests.browser.test_pages import click, submit
from tests.browser.windows import Inspector, Window

pytestmark = pytest.mark.browser

LIST = "Company,E-mail,Town\nAcme,info@acme.test,Miami\nBest,nobody,Bonn\n"


@pytest.fixture(scope="module")
def told(ada: User, worker: Worker) -> Imports:
    return tell(ada, worker)


@pytest.fixture
def plain(chromium: Browser, site: LiveServer) -> Iterator[Page]:
    """A browser with JavaScript switched off."""
    context = chromium.new_context(java_script_enabled=False, base_url=site.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(LIST)
    return path


def nothing(page: Page) -> None:
    """Leave the page as it is."""


def choose_the_same_twice(page: Page) -> None:
    """Give two columns one field, and send that."""
    page.locator("#import-form [name=column_9]").select_option("city")
    page.locator("#preview .preview-notice").wait_for()
    with page.expect_navigation():
        page.locator("#start").click()


def follow_up(worker: Worker) -> None:
    latest = LeadImport.objects.latest("pk")
    worker.pool.submit(storing_imports.advance, latest.pk).result(60)


NEW = {
    "imports-empty": ("/imports", nothing),
    "import-new": ("/imports/new", nothing),
    "import-new-error": ("/imports/new", submit("#upload-form")),
}
FULL = {
    "imports": ("/imports", nothing),
    "import-draft": ("draft", nothing),
    "import-draft-layout": ("draft", click("#layout summary")),
    "import-draft-error": ("draft", choose_the_same_twice),
    "import-gone": ("gone", nothing),
    "import-running": ("running", nothing),
    "import-done": ("done", nothing),
    "import-undoing": ("undoing", nothing),
    "import-undone": ("undone", nothing),
    "import-failed": ("failed", nothing),
}


@pytest.mark.parametrize("name", NEW)
def test_a_page_of_a_new_workspace_has_no_fault(
    name: str, window: Callable[..., Window], inspector: Inspector, grace: User
) -> None:
    path, do = NEW[name]
    opened = window(grace)
    assert opened.open(path) == 200
    do(opened.page)
    assert not (faults := inspector.faults_of(opened, name)), "\n".join(faults)


@pytest.mark.parametrize("name", FULL)
def test_an_import_in_any_state_has_no_fault(
    name: str, window: Callable[..., Window], inspector: Inspector, ada: User, told: Imports
) -> None:
    path, do = FULL[name]
    opened = window(ada)
    assert opened.open(getattr(told, path, path)) == 200
    do(opened.page)
    assert not (faults := inspector.faults_of(opened, name)), "\n".join(faults)


def test_a_list_is_brought_along_watched_and_undone(
    window: Callable[..., Window], grace: User, worker: Worker, list_file: Path
) -> None:
    opened = window(grace)
    page = opened.page
    opened.open("/imports/new")
    page.get_by_label("File").set_input_files(list_file)
    page.get_by_role("button", name="Upload and look").click()
    expect(page.locator("#preview-table tbody tr")).to_have_count(2)
    expect(page.locator("#preview-table")).to_contain_text("Miami")
    page.get_by_label("Field that “Town” fills").select_option("")
    expect(page.locator("#preview-table")).not_to_contain_text("Miami")
    page.locator("#start").click()
    expect(page.get_by_role("button", name="Stop and undo")).to_be_visible()
    page.get_by_role("button", name="Stop and undo").focus()
    before = opened.asked_for("/progress")
    page.wait_for_function("n => performance.getEntriesByType('resource').length > n", arg=before)
    follow_up(worker)
    expect(page.locator("#import-done")).to_contain_text("1 new lead.")
    expect(page.locator("#errors-table tbody tr")).to_have_count(2)
    assert Lead.objects.get(email="info@acme.test").city == ""
    page.get_by_role("button", name="Undo this import").click()
    expect(page.locator("[data-status=undoing]")).to_be_visible()
    follow_up(worker)
    expect(page.locator("#import-undone")).to_be_visible()
    assert not Lead.objects.filter(email="info@acme.test").exists()
    assert (opened.complaints, opened.strangers) == ([], [])


def test_the_button_that_has_the_focus_keeps_it_while_the_page_follows(
    window: Callable[..., Window], ada: User, told: Imports
) -> None:
    opened = window(ada)
    opened.open(told.running)
    opened.page.locator("#stop-import").focus()
    with opened.page.expect_response(lambda answer: "/progress" in answer.url):
        pass
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("document.activeElement.id") == "stop-import"


def test_a_file_that_is_too_large_is_told_before_it_travels(
    window: Callable[..., Window], grace: User, list_file: Path
) -> None:
    opened = window(grace)
    opened.open("/imports/new")
    opened.page.evaluate("document.querySelector('[data-max-bytes]').dataset.maxBytes = 10")
    expect(opened.page.locator("#file-too-large")).to_be_hidden()
    opened.page.get_by_label("File").set_input_files(list_file)
    expect(opened.page.locator("#file-too-large")).to_be_visible()


def test_everything_works_without_javascript(
    plain: Page, grace: User, worker: Worker, list_file: Path
) -> None:
    plain.goto("/imports/new")
    plain.get_by_label("E-mail").fill(grace.email)
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Log in").click()
    plain.get_by_label("File").set_input_files(list_file)
    plain.get_by_role("button", name="Upload and look").click()
    plain.get_by_label("Field that “Town” fills").select_option("region")
    plain.get_by_role("button", name="Show again").click()
    expect(plain.locator("#preview-table thead")).to_contain_text("Region or state")
    plain.get_by_role("button", name="Import 2 rows").click()
    follow_up(worker)
    plain.reload()
    expect(plain.locator("#import-done")).to_contain_text("1 new lead.")
    plain.get_by_role("button", name="Undo this import").click()
    follow_up(worker)
    plain.reload()
    expect(plain.locator("#import-undone")).to_be_visible()
