"""Every page of lookups in every state: both sizes, both themes, no fault axe or we can find."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from freshleads.sandbox.server import Sandbox
from freshleads.users.models import User
from tests.browser.conftest import Worker
from tests.browser.looking_up import Lookups, tell
from tests.browser.test_pages import click, submit
from tests.browser.windows import Inspector, Window

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def asked(ada: User, worker: Worker, sandbox: Sandbox) -> Lookups:
    return tell(ada, worker, sandbox)


def nothing(page: Page) -> None:
    """Leave the page as it is."""


def point_at_a_place(page: Page) -> None:
    page.locator("#places-table tbody tr").nth(2).hover()


NEW = {
    "lookups-empty": ("/lookups", nothing),
    "website": ("/lookups/website", nothing),
    "website-error": ("/lookups/website", submit("#ask-form", url="127.0.0.1")),
    "email-check": ("/lookups/emails", nothing),
    "email-check-error": ("/lookups/emails", submit("#ask-form", pasted="")),
    "search-engine": ("/lookups/search-engine", nothing),
    "search-engine-error": ("/lookups/search-engine", submit("#ask-form", query="", page="0")),
    "ads": ("/lookups/ads", nothing),
    "places": ("/lookups/places", nothing),
    "places-error": ("/lookups/places", submit("#ask-form", query="", radius_km="900")),
    "reviews": ("/lookups/reviews", nothing),
    "recipes-empty": ("/recipes", nothing),
    "recipes-error": ("/recipes", submit("#recipe-form", name="x", code="?", template="none")),
}
FULL = {
    "lookups": ("/lookups", nothing),
    "lookups-kind": ("/lookups?kind=ads", nothing),
    "website-asked-before": ("/lookups/website", nothing),
    "website-answer": ("website", nothing),
    "website-unreachable": ("unreachable", nothing),
    "lookup-running": ("running", nothing),
    "lookup-waiting": ("waiting", nothing),
    "search-results": ("results", nothing),
    "search-odd": ("odd", nothing),
    "ads-answer": ("ads", nothing),
    "ads-running": ("ads", click("nav.segments a:last-child")),
    "ads-failed": ("no_ads", nothing),
    "places-answer": ("places", point_at_a_place),
    "places-names-only": ("names_only", nothing),
    "places-nowhere": ("nowhere", nothing),
    "reviews-answer": ("reviews", nothing),
    "verdicts": ("verdicts", nothing),
    "verdicts-many": ("many_verdicts", nothing),
    "recipes": ("/recipes", nothing),
    "recipe-edit": ("/recipes/long-one/edit", nothing),
    "recipe-delete": ("/recipes", click("[data-dialog^=delete]")),
}


def check(
    opened: Window, inspector: Inspector, name: str, path: str, do: Callable[[Page], None]
) -> None:
    assert opened.open(path) == 200
    do(opened.page)
    faults = inspector.faults_of(opened, f"lookup-{name}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", NEW)
def test_a_page_of_a_new_workspace_has_no_fault(
    name: str, window: Callable[..., Window], inspector: Inspector, grace: User
) -> None:
    check(window(grace), inspector, name, *NEW[name])


@pytest.mark.parametrize("name", FULL)
def test_an_answer_has_no_fault(
    name: str, window: Callable[..., Window], inspector: Inspector, ada: User, asked: Lookups
) -> None:
    path, do = FULL[name]
    check(window(ada), inspector, name, getattr(asked, path, path), do)
