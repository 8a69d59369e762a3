"""A browser, a site with a sandbox behind it, people who are signed in, and a worker.

All of it lives as long as one module of tests: a sign-up or a search costs more than a look.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from freshleads.billing import signing_up
from freshleads.management.commands.collect_libraries import collect
from freshleads.sandbox.server import Sandbox
from freshleads.users import throttling
from freshleads.users.models import User
from leads import answering, running
from leads.models import Lookup, Search
from tests.browser.windows import Inspector, Window
from tests.sandboxed import sandbox_settings

PASSWORD = "correct horse battery"
SLICES_AT_MOST = 200
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, which speaks with this machine alone."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Chromium: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser_libraries() -> None:
    """Put htmx and Tabler where the site serves them."""
    if not Path(settings.BROWSER_LIBRARIES).is_dir():
        pytest.skip("needs the browser libraries in node_modules: ./run setup")
    collect(Path(settings.BROWSER_LIBRARIES), Path(settings.DATA_DIR) / "vendor")


@pytest.fixture(scope="session")
def sandbox_servers() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.web.slow_seconds = sandbox.smtp.tarpit_seconds = 0.1
        yield sandbox


@pytest.fixture(scope="module")
def sandbox(sandbox_servers: Sandbox) -> Iterator[Sandbox]:
    """Point the product at the sandbox, patient for milliseconds only."""
    with override_settings(
        **sandbox_settings(sandbox_servers),
        LEADS_RETRY_SECONDS=0.0,
        LEADS_PAGE_TIMEOUT_SECONDS=0.7,
        LEADS_PROBE_TIMEOUT_SECONDS=0.4,
    ):
        yield sandbox_servers


@pytest.fixture(scope="module")
def site(
    sandbox: Sandbox, browser_libraries: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[LiveServer]:
    """Serve the site over a database that the whole module shares.

    pytest-django's own `live_server` empties the database after each test.
    """
    if connection.vendor != "sqlite":
        pytest.skip("pages look the same on every database: runs on SQLite only")
    throttling._limiter.cache_clear()
    # Playwright's synchronous side runs an event loop, in which Django would refuse the database.
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        call_command("migrate", verbosity=0)
        server = LiveServer("127.0.0.1")
        yield server
        server.stop()
        call_command("flush", verbosity=0, interactive=False)
        connections.close_all()


class Worker:
    """Does slices of searches on a thread of its own, as the product's worker would."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)

    def do(self, search: Search, slices: int) -> None:
        """Do so many slices and wait for them."""
        self.pool.submit(lambda: [running.advance(search.pk) for _ in range(slices)]).result(60)

    def begin(self, search: Search, *, pause: float = 0.0) -> "Future[None]":
        """Work on a search until it ends, resting between slices; returns at once."""
        return self.pool.submit(self._finish, search, pause)

    def finish(self, search: Search) -> Search:
        """Work on a search until it ends."""
        self.begin(search).result(60)
        search.refresh_from_db()
        return search

    def answer(self, lookup: Lookup) -> Lookup:
        """Answer a lookup that is still open."""
        if not lookup.is_finished:
            self.pool.submit(answering.answer, lookup.pk).result(100)
            lookup.refresh_from_db()
        return lookup

    def close(self) -> None:
        self.pool.submit(connections.close_all).result(60)
        self.pool.shutdown()

    def _finish(self, search: Search, pause: float) -> None:
        for _ in range(SLICES_AT_MOST):
            running.advance(search.pk)
            if Search.objects.get(pk=search.pk).is_finished:
                return
            sleep(pause)
        raise AssertionError(f"search {search.pk} did not end")


@pytest.fixture(scope="module")
def worker(site: LiveServer) -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def ada(site: LiveServer) -> User:
    """A person with credits and, in time, everything else."""
    return signing_up.sign_up("ada@example.org", PASSWORD, workspace_name="Ada's", plan="growth")


@pytest.fixture(scope="module")
def grace(site: LiveServer) -> User:
    """A person who has just signed up."""
    return signing_up.sign_up("grace@example.org", PASSWORD, workspace_name="Hopper Marketing")


@pytest.fixture(scope="module")
def contexts(chromium: Browser, site: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that gives a person's browser profile (None: nobody is signed in)."""
    opened: dict[int | None, BrowserContext] = {}

    def of(user: User | None) -> BrowserContext:
        key = user.pk if user else None
        if key not in opened:
            opened[key] = chromium.new_context(
                viewport={"width": 1280, "height": 900},
                reduced_motion="reduce",  # nobody waits for a smooth scroll to arrive
            )
            if user:
                sign_in(opened[key], user, site.url)
        return opened[key]

    yield of
    for context in opened.values():
        context.close()


def sign_in(context: BrowserContext, user: User, site: str) -> None:
    """Give a browser profile the session of a person."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])


@pytest.fixture
def window(
    contexts: Callable[..., BrowserContext], site: LiveServer
) -> Iterator[Callable[..., Window]]:
    """Return a function that opens a window for a person; all close with the test."""
    windows: list[Window] = []

    def open_window(user: User | None = None) -> Window:
        windows.append(Window(contexts(user), site.url))
        return windows[-1]

    yield open_window
    for opened in windows:
        opened.page.close()


@pytest.fixture(scope="session")
def inspector() -> Inspector:
    """Examine pages; their screenshots are kept where FRESHLEADS_SCREENSHOTS names a folder."""
    chosen = os.environ.get("FRESHLEADS_SCREENSHOTS")
    if not chosen:
        return Inspector(None)
    Path(chosen).mkdir(parents=True, exist_ok=True)
    return Inspector(Path(chosen))
