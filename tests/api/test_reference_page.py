"""The API reference in a real browser."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, sync_playwright
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("path", "count"), [("/api/docs", 19), ("/v2/api/docs", 11)])
def test_shows_every_operation_and_asks_no_other_host(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, path: str, count: int
) -> None:
    # Playwright's synchronous side runs an event loop, in which Django would refuse the database.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    asked: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        except Error as error:
            pytest.skip(f"needs Chromium: {error.message.splitlines()[0]}")
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: complaints.append(line.text) if line.type == "error" else None,
        )
        page.goto(f"{live_server.url}{path}")
        page.wait_for_selector(".opblock", timeout=20_000)
        operations = page.locator(".opblock-summary-path").all_inner_texts()
        page.locator(".opblock-summary").nth(1).click()
        page.wait_for_selector(".opblock-body", timeout=10_000)
        browser.close()
    assert len(operations) == count
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(live_server.url).netloc}
    # The browser libraries of the frame are fetched by set-up, which tests go without.
    assert [line for line in complaints if "Failed to load resource" not in line] == []
