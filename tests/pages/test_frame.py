"""The frame of every page, the landing page, errors, and what the browser may load."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.test import Client, RequestFactory
from pytest_django import Settings

from freshleads import views
from freshleads.management.commands import collect_libraries
from freshleads.templatetags.pages import bare_url, percent_of, web_link
from freshleads.templatetags.words import email_reason, field_name, phone
from freshleads.users.models import User, Workspace


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_landing_page_says_what_it_charges_for(client: Client, db: None) -> None:
    answer = text(client.get("/"))
    assert "What costs a credit, and what does not" in answer
    assert "/signup" in answer


def test_health_is_told_without_signing_in(client: Client, db: None) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/", "/login", "/signup", "/no-such-page", "/searches"])
def test_pages_carry_no_inline_script_and_load_nothing_from_elsewhere(
    page: Client, path: str
) -> None:
    answer = page.get(path, follow=True)
    html = text(answer)
    assert "script-src 'self'" in answer["Content-Security-Policy"].split("; ")
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son[a-z]+\s*=", html)
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', html)
    assert all(url.startswith("/static/") for url in loaded)


def test_the_sandbox_banner_says_how_to_switch(page: Client, settings: Settings) -> None:
    assert "FRESHLEADS_SANDBOX=false" in text(page.get("/searches"))
    settings.SANDBOX = False
    assert "sandbox-banner" not in text(page.get("/searches"))


def test_the_frame_shows_the_credits_to_spend(page: Client, workspace: Workspace) -> None:
    available = workspace.subscription.available
    assert f"<strong data-credits>{available}</strong>" in text(page.get("/searches"))


def test_a_missing_page_looks_like_the_others(page: Client) -> None:
    answer = page.get("/no-such-page")
    assert answer.status_code == 404
    assert "There is nothing here" in text(answer)


def test_a_form_without_its_token_is_refused_in_words(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post("/projects", {"name": "x"})
    assert answer.status_code == 403
    assert "This form was open too long" in text(answer)


def test_a_crash_page_needs_no_database_and_names_the_request() -> None:
    request: Any = RequestFactory().get("/")
    request.id = "req_123"
    answer = views.server_error(request)
    assert answer.status_code == 500
    assert "req_123" in text(answer)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("http://a.test/", "http://a.test/"),
        ("HTTPS://a.test/x", "HTTPS://a.test/x"),
        ("javascript:alert(1)", ""),
        (" java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.test", ""),
        ("http://", ""),
        ("http://[", ""),
        ("a.test", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_become_links(url: str | None, link: str) -> None:
    assert web_link(url) == link


def test_words_for_people() -> None:
    assert bare_url("https://www.a.test/b/") == "a.test/b"
    assert percent_of(1, 3) == 33
    assert percent_of(1, 0) == 0
    assert phone("+13055550101") == "+1 305-555-0101"
    assert phone("<b>") == "<b>"
    assert email_reason("catch_all").startswith("The server accepts every address")
    assert email_reason("brand_new_reason") == "Brand new reason"
    assert field_name("social_links.x") == "Social links: X"


def test_scraped_text_stays_text_in_every_tag() -> None:
    html = Template(
        "{% load pages words %}{{ evil|email_reason }}{{ evil|field_name }}{{ evil|bare_url }}"
        "{{ evil|network }}{{ evil|method }}{{ evil|phone }}{{ evil|source }}"
        "{% export_url 'proj_1' 'xlsx' search_id=evil %}"
    ).render(Context({"evil": "<script>alert(1)</script>\"'"}))
    assert "<script" not in html
    assert '"' not in html


def test_libraries_are_copied_without_their_source_maps(tmp_path: Path) -> None:
    for origin in collect_libraries.FILES.values():
        file = tmp_path / "packages" / origin
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(
            b"body{}\n/*# sourceMappingURL=x.css.map */\n//# sourceMappingURL=x.js.map\n"
        )
    served = tmp_path / "vendor"
    assert collect_libraries.collect(tmp_path / "packages", served) == len(collect_libraries.FILES)
    for name in collect_libraries.FILES:
        assert b"sourceMappingURL" not in (served / name).read_bytes()
        assert (served / name).read_bytes().startswith(b"body{}")


def test_missing_libraries_are_named_with_what_to_do(tmp_path: Path, settings: Settings) -> None:
    settings.BROWSER_LIBRARIES = tmp_path
    with pytest.raises(CommandError, match="npm ci --ignore-scripts"):
        call_command("collect_libraries")
