"""The forms of lookups: what they ask, what they refuse, and what that costs."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from freshleads.billing import charging
from freshleads.billing.models import Subscription
from freshleads.users.models import Workspace
from leads.models import EmailCheck, Lookup, SiteCrawl
from tests.pages import lookups

FORMS = {
    "website": {"url": "bright.example"},
    "search_engine": {"query": "dentists", "engine": "google", "results_per_page": "10"},
    "ads": {"query": "dentists", "engine": "bing", "page": "2"},
    "places": {"query": "dentists", "location": "Miami, FL", "details": "on"},
    "place_reviews": {"place_id": "ChIJ-1"},
    "email_check": {"pasted": "jane@example.com"},
}
MOST = {
    "website": 15,
    "search_engine": 10,
    "ads": 10,
    "places": 100,  # all that a new workspace has
    "place_reviews": 5,
    "email_check": 0,
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def held(workspace: Workspace) -> int:
    return Subscription.objects.get(workspace=workspace).held


@pytest.mark.parametrize("view", FORMS)
def test_a_form_says_its_price_and_asks_its_question(
    page: Client, workspace: Workspace, view: str
) -> None:
    path = reverse(f"leads:{view}")
    form = text(page.get(path))
    assert "What it costs" in form
    assert "field-error" not in form
    assert not Lookup.objects.exists(), "looking at a form asks nothing"

    answer = page.post(path, FORMS[view])
    lookup = Lookup.objects.get()
    assert answer["Location"] == reverse("leads:lookup", args=[lookup.public_id])
    assert (lookup.workspace, lookup.status) == (workspace, "queued")
    assert held(workspace) == MOST[view]
    assert lookup.public_id in text(page.get(path)), "the form lists what was asked before"


def test_what_was_asked_is_what_was_typed(page: Client) -> None:
    page.post(reverse("leads:ads"), FORMS["ads"])
    page.post(reverse("leads:places"), FORMS["places"] | {"radius_km": "2.5"})
    asked = {lookup.kind: lookup.parameters for lookup in Lookup.objects.all()}
    assert asked["ads"] == {
        "query": "dentists", "engine": "bing", "page": 1, "include_history": True,
    }  # fmt: skip
    assert asked["places"]["radius"] == 2500.0
    assert asked["places"]["details"] is True


@pytest.mark.parametrize(
    ("view", "field", "value"),
    [
        ("website", "url", ""),
        ("website", "url", "127.0.0.1"),
        ("website", "url", "http://localhost/"),
        ("website", "url", "https://bright.example:8080"),
        ("website", "url", "x" * 2049),
        ("website", "url", "a\0b.example"),
        ("search_engine", "query", " "),
        ("search_engine", "query", "x" * 401),
        ("search_engine", "engine", "altavista"),
        ("search_engine", "results_per_page", "7"),
        ("search_engine", "page", "0"),
        ("search_engine", "page", "101"),
        ("search_engine", "page", "²"),
        ("search_engine", "recipe", "of-nobody"),
        ("ads", "query", ""),
        ("ads", "page", "-1"),
        ("places", "query", ""),
        ("places", "location", "x" * 201),
        ("places", "radius_km", "0"),
        ("places", "radius_km", "nan"),
        ("places", "radius_km", "51"),
        ("places", "page_token", "page_of_nobody"),
        ("places", "page_token", "'; --"),
        ("place_reviews", "place_id", ""),
        ("place_reviews", "place_id", "é"),
        ("email_check", "pasted", ""),
        ("email_check", "pasted", " ,; \n"),
        ("email_check", "pasted", "x" * 255),
        ("email_check", "pasted", " ".join(f"p{n}@example.com" for n in range(201))),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_asked(
    page: Client, workspace: Workspace, view: str, field: str, value: str
) -> None:
    answer = page.post(reverse(f"leads:{view}"), FORMS[view] | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in text(answer)
    assert not Lookup.objects.exists()
    assert held(workspace) == 0


def test_a_radius_without_a_place_is_refused_beside_the_radius(page: Client) -> None:
    form = {"query": "dentists", "radius_km": "3"}
    answer = page.post(reverse("leads:places"), form)
    assert answer.status_code == 422
    assert 'id="id_radius_km_error"' in text(answer)


@pytest.mark.parametrize("view", [view for view in FORMS if MOST[view]])
def test_without_credits_nothing_is_asked_and_the_way_to_them_is_shown(
    page: Client, workspace: Workspace, view: str
) -> None:
    balance = Subscription.objects.get(workspace=workspace).balance
    charging.adjust(workspace, -balance, reason="Spent elsewhere", by=None)
    answer = page.post(reverse(f"leads:{view}"), FORMS[view])
    assert answer.status_code == 422
    assert 'id="form-errors"' in text(answer)
    assert f'href="{reverse("billing:usage")}">See your credits' in text(answer)
    assert not Lookup.objects.exists()


def test_addresses_can_be_checked_without_credits(page: Client, workspace: Workspace) -> None:
    balance = Subscription.objects.get(workspace=workspace).balance
    charging.adjust(workspace, -balance, reason="Spent elsewhere", by=None)
    assert page.post(reverse("leads:email_check"), FORMS["email_check"]).status_code == 302


def test_what_is_known_already_is_free_and_has_a_page_too(
    page: Client, workspace: Workspace
) -> None:
    for email in ("a@example.com", "b@example.com"):
        EmailCheck.objects.create(
            email=email, status="valid", reason="accepted", checks={}, checked_at=now()
        )
    answer = page.post(reverse("leads:email_check"), {"pasted": "a@example.com;B@example.com"})
    lookup = Lookup.objects.get()
    assert (lookup.status, lookup.credits_used, held(workspace)) == ("done", 0, 0)
    shown = text(page.get(answer["Location"]))
    assert "free: it was known already" in shown
    assert "2 valid" in shown


def now() -> Any:
    return lookups.timezone.now()


def test_many_addresses_become_lookups_of_twenty_on_one_page(
    page: Client, workspace: Workspace
) -> None:
    pasted = ",".join(f"p{number}@example.com" for number in range(45))
    answer = page.post(reverse("leads:email_check"), {"pasted": pasted})
    sizes = [len(row.parameters["emails"]) for row in Lookup.objects.order_by("pk")]
    assert sizes == [20, 20, 5]
    shown = text(page.get(answer["Location"]))
    assert "45 addresses" in shown
    assert "0 of 45" in shown


def test_a_file_of_addresses_is_read_whatever_else_stands_in_it(page: Client) -> None:
    content = b"name,email\nJane,Jane@Example.com\nJoe,joe@example.com\nJane,jane@example.com\n"
    file = SimpleUploadedFile("list.csv", content)
    page.post(reverse("leads:email_check"), {"file": file})
    assert Lookup.objects.get().parameters["emails"] == ["jane@example.com", "joe@example.com"]


@pytest.mark.parametrize(
    "content", [b"no address here", b"", b"x" * 1_000_001, b"\xff\xfe\x00", b"@" * 300]
)
def test_a_file_that_cannot_be_used_is_refused_beside_it(page: Client, content: bytes) -> None:
    file = SimpleUploadedFile("list.csv", content)
    answer = page.post(reverse("leads:email_check"), {"file": file})
    assert answer.status_code == 422
    assert 'id="id_file_error"' in text(answer)
    assert not Lookup.objects.exists()


def test_a_link_fills_a_form_in_and_asks_nothing(page: Client) -> None:
    answer = text(page.get(reverse("leads:website"), {"url": "bright.example"}))
    assert 'value="bright.example"' in answer
    assert "field-error" not in answer
    assert not Lookup.objects.exists()
    assert not SiteCrawl.objects.exists()


@pytest.mark.parametrize("view", [*FORMS, "lookups", "recipes"])
def test_nobody_looks_anything_up_without_signing_in(db: None, view: str) -> None:
    answer = Client().get(reverse(f"leads:{view}"))
    assert answer["Location"].startswith(reverse("users:login"))
