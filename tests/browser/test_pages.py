"""Every page in every state: both sizes, both themes, no fault that axe or we can find."""

from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from freshleads.billing.models import Subscription
from freshleads.users import links
from freshleads.users.models import User
from tests.browser.conftest import Worker
from tests.browser.stories import Story, tell
from tests.browser.windows import Inspector, Window

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def story(ada: User, worker: Worker) -> Story:
    return tell(ada, worker)


@pytest.fixture(scope="module")
def operator(site: LiveServer) -> User:
    """A person of the admin who belongs to no workspace."""
    return User.objects.create_superuser("operator@example.org", "correct horse battery")


def submit(form: str, **values: str) -> Callable[[Page], None]:
    """Return what fills in a form, sends it and waits for the answer."""

    def do(page: Page) -> None:
        for name, value in values.items():
            page.locator(f"{form} [name={name}]").fill(value)
        with page.expect_navigation():
            page.locator(f"{form} button[type=submit]").first.click()

    return do


def select_two_leads(page: Page) -> None:
    for box in page.locator("[data-select-row]").all()[:2]:
        box.check()
    page.locator("#bulk-bar").wait_for()


def select_everything(page: Page) -> None:
    page.locator("[data-select-all]").check()
    page.locator("[data-everything]").check()


def show_every_column(page: Page) -> None:
    page.locator("#columns > summary").click()
    for box in page.locator("#columns [name=column]").all():
        box.check()
    with page.expect_navigation():
        page.locator("#columns button").click()
    page.locator("#columns > summary").click()


def delete_one_lead(page: Page) -> None:
    page.locator("[data-select-row]").last.check()
    page.locator("#bulk-delete").click()
    page.locator("#undo-toast").wait_for()


def click(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def open_menu(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.locator(".menu-button").click()


def wait_for_operations(page: Page) -> None:
    page.locator(".opblock").first.wait_for()


@dataclass(frozen=True)
class Look:
    """A page in one state: how it is called, where it is, and what is done there first."""

    name: str
    path: str | Callable[[Story], str]
    do: Callable[[Page], None] = lambda page: None
    status: int = 200


NOBODYS = [
    Look("landing", "/"),
    Look("banner-open", "/", click("#sandbox-banner summary")),
    Look("sign-up", "/signup"),
    Look(
        "sign-up-errors",
        "/signup",
        submit("#sign-up-form", email="not an address", password="short"),
    ),
    Look("log-in", "/login"),
    Look(
        "log-in-error",
        "/login",
        submit("#login-form", email="ada@example.org", password="a wrong guess"),
    ),
    Look("password-reset", "/password-reset"),
    Look("password-reset-error", "/password-reset", submit("main form", email="nobody")),
    Look("password-reset-sent", "/password-reset", submit("main form", email="x@example.org")),
    Look("password-reset-old-link", "/password-reset/MQ/set-x"),
    Look("password-reset-done", "/password-reset/done"),
    Look("link-refused", "/link/MQ/wrong", submit("#use-link-form")),
    Look("not-found", "/nothing-here", status=404),
]
GRACES = [
    Look("searches-empty", "/searches"),
    Look("new-search", "/searches/new?query=dentists&location=Miami, FL&limit=40"),
    Look("leads-empty", "/leads"),
    Look("projects-empty", "/projects"),
    Look("keys-empty", "/settings/keys"),
    Look("usage-empty", "/settings/usage"),
    Look("profile", "/settings/profile"),
    Look("password", "/settings/password"),
    Look("password-errors", "/settings/password", submit("main form", old_password="wrong")),
    Look(
        "new-search-errors",
        "/searches/new",
        submit("#search-form", query="", location="", limit="7"),
    ),
    Look(
        "new-search-too-dear",
        "/searches/new",
        submit("#search-form", query="dentists", location="Miami, FL", limit="500"),
    ),
    Look("menu-open", "/searches", open_menu),
]
ADAS = [
    Look("searches", "/searches"),
    Look("search-finished", lambda story: story.finished),
    Look("search-again", lambda story: story.again),
    Look("search-running", lambda story: story.running),
    Look("search-waiting", lambda story: story.waiting),
    Look("search-stopped", lambda story: story.stopped),
    Look("search-failed", lambda story: story.failed),
    Look("search-nothing", lambda story: story.nothing),
    Look("search-nowhere", lambda story: story.nowhere),
    Look("leads", "/leads?per_page=25"),
    Look(
        "leads-filtered",
        "/leads?per_page=25&email_status=valid&email_status=risky&city=Miami&has_phone=true",
    ),
    Look("leads-filters-open", "/leads?email_status=valid", click(".filters-more summary")),
    Look("leads-selected", "/leads?city=Bristol", select_two_leads),
    Look("leads-everything", "/leads?per_page=25", select_everything),
    Look("leads-every-column", "/leads?per_page=25", show_every_column),
    Look("leads-deleted", "/leads?city=Bristol", delete_one_lead),
    Look("leads-no-match", "/leads?search=nothing+has+this+name"),
    Look("leads-refused", "/leads?min_rating=many", status=422),
    Look("lead", lambda story: story.lead),
    Look("lead-odd", lambda story: story.odd_lead),
    Look("lead-edit", lambda story: f"{story.lead}/edit"),
    Look(
        "lead-edit-errors",
        lambda story: f"{story.lead}/edit",
        submit("#edit-form", email="not an address", country="Germany"),
    ),
    Look("projects", "/projects"),
    Look("projects-error", "/projects", submit("#create-project-form", name="Spring mailing")),
    Look("project-rename", "/projects", click("[data-dialog^=rename]")),
    Look("project-delete", "/projects", click("[data-dialog^=delete]")),
    Look("project-empty", lambda story: story.project),
    Look("keys", "/settings/keys"),
    Look("key-created", "/settings/keys", submit("#create-key-form", name="Warehouse")),
    Look("key-revoke", "/settings/keys", click("[data-dialog^=revoke]")),
    Look("usage", "/settings/usage"),
]


def check(
    window: Window,
    inspector: Inspector,
    look: Look,
    path: str,
    *,
    without: tuple[str, ...] = (),
    outside: str = "",
) -> None:
    assert window.open(path) == look.status
    look.do(window.page)
    faults = inspector.faults_of(window, look.name, without=without, outside=outside)
    assert not faults, "\n".join(faults)


def named(look: Look) -> str:
    return look.name


@pytest.mark.parametrize("look", NOBODYS, ids=named)
def test_a_page_for_everybody_has_no_fault(
    look: Look, window: Callable[..., Window], inspector: Inspector, ada: User
) -> None:
    assert isinstance(look.path, str)
    check(window(), inspector, look, look.path)


@pytest.mark.parametrize("look", GRACES, ids=named)
def test_a_page_of_a_new_workspace_has_no_fault(
    look: Look, window: Callable[..., Window], inspector: Inspector, grace: User
) -> None:
    assert isinstance(look.path, str)
    check(window(grace), inspector, look, look.path)


@pytest.mark.parametrize("look", ADAS, ids=named)
def test_a_page_full_of_data_has_no_fault(
    look: Look, window: Callable[..., Window], inspector: Inspector, ada: User, story: Story
) -> None:
    path = look.path if isinstance(look.path, str) else look.path(story)
    check(window(ada), inspector, look, path)


def test_pages_behind_links_of_mails_have_no_fault(
    window: Callable[..., Window], inspector: Inspector, grace: User
) -> None:
    check(window(), inspector, Look("link", ""), links.make_link(grace))
    uid = urlsafe_base64_encode(force_bytes(grace.pk))
    token = default_token_generator.make_token(grace)
    path = reverse("users:password_reset_confirm", args=[uid, token])
    check(window(), inspector, Look("password-reset-confirm", ""), path)


def test_closed_sign_up_has_no_fault(
    window: Callable[..., Window], inspector: Inspector, settings: Settings
) -> None:
    settings.SIGN_UP_OPEN = False
    check(window(), inspector, Look("sign-up-closed", "", status=403), "/signup")


def test_a_person_without_a_workspace_is_told_so(
    window: Callable[..., Window], inspector: Inspector, operator: User
) -> None:
    check(window(operator), inspector, Look("no-workspace", "", status=403), "/searches")


def test_a_form_that_is_too_old_is_refused_in_words(
    window: Callable[..., Window], inspector: Inspector, ada: User
) -> None:
    opened = window(ada)
    opened.open("/settings/profile")
    opened.page.evaluate("document.querySelector('main form [name=csrfmiddlewaretoken]').value = 0")
    submit("main form")(opened.page)
    assert "form" in opened.page.locator("h1").inner_text().lower()
    assert not (faults := inspector.faults_of(opened, "form-too-old")), "\n".join(faults)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("something inside broke"), 500),
        (PermissionDenied(), 403),
        (SuspiciousOperation(), 400),
    ],
    ids=["500", "403", "400"],
)
def test_what_goes_wrong_inside_has_a_page_without_fault(
    error: Exception,
    status: int,
    window: Callable[..., Window],
    inspector: Inspector,
    ada: User,
) -> None:
    with patch("freshleads.billing.views.daily.charged_by_day", side_effect=error):
        check(window(ada), inspector, Look(f"error-{status}", "", status=status), "/settings/usage")


def test_the_api_reference_has_no_fault(
    window: Callable[..., Window], inspector: Inspector
) -> None:
    look = Look("api-reference", "", wait_for_operations)
    # Swagger UI writes what is inside, a second <main> among it; we do not mend its markup.
    rules = ("landmark-no-duplicate-main", "landmark-main-is-top-level")
    check(window(), inspector, look, "/api/docs", without=rules, outside="#swagger-ui")


@pytest.mark.parametrize(
    "view", ["index", "leads_search_changelist", "billing_subscription_changelist", "adjust"]
)
def test_the_admin_has_no_fault(
    view: str, window: Callable[..., Window], inspector: Inspector, operator: User, story: Story
) -> None:
    if view == "adjust":
        subscription = Subscription.objects.get(workspace__name="Ada's")
        path = reverse("admin:billing_subscription_adjust", args=[subscription.pk])
    else:
        path = reverse(f"admin:{view}")
    check(
        window(operator),
        inspector,
        Look(f"admin-{view}", ""),
        path,
        without=("small-target",),  # axe's own rule, which heeds the space around, has to do
        outside='a[href="?provider="]',  # Django links to the empty value without a word
    )
