"""Asking for a search, following it, stopping it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from freshleads.billing.models import Subscription
from freshleads.users.models import Workspace
from leads import searching
from leads.models import Lead, Project, Search, SearchLead

AddLead = Callable[..., Lead]
AddResult = Callable[..., SearchLead]

FORM = {"query": "dentists", "location": "Miami, FL", "limit": "20", "verify_emails": "on"}
HTMX = {"HX-Request": "true"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def cut(pattern: str, html: str) -> str:
    """Return the first group of the pattern's first match, or all of it."""
    match = re.search(pattern, html, re.DOTALL)
    assert match, f"{pattern} is not in the page"
    return match[match.lastindex or 0]


def a_search(workspace: Workspace, **fields: Any) -> Search:
    fields = {"query": "dentists", "location": "Miami, FL", "limit": 20} | fields
    return Search.objects.create(workspace=workspace, **fields)


def finished(workspace: Workspace, status: str = "completed", **fields: Any) -> Search:
    return a_search(workspace, status=status, finished_at=timezone.now(), **fields)


def rows_path(search: Search) -> str:
    return reverse("leads:search_rows", args=[search.public_id])


@pytest.fixture
def add_result(add_lead: AddLead) -> AddResult:
    """Return a function that stores a new lead as the next result of a search."""

    def add(search: Search, name: str, **fields: Any) -> SearchLead:
        lead = add_lead(search.workspace, name, **fields.pop("lead", {}))
        position = search.results.count() + 1
        fields = {"is_new": True} | fields
        return SearchLead.objects.create(search=search, lead=lead, position=position, **fields)

    return add


def test_the_home_invites_to_the_first_search(page: Client) -> None:
    answer = text(page.get(reverse("leads:searches")))
    assert "No searches yet" in answer
    assert reverse("leads:new_search") in answer


def test_the_home_lists_own_searches_with_their_counts(
    page: Client, workspace: Workspace, stranger: Workspace, add_result: AddResult
) -> None:
    search = a_search(workspace, query="plumbers")
    add_result(search, "New")
    add_result(search, "Known", is_new=False, free_reason="already_yours")
    a_search(stranger, query="their secret")
    answer = text(page.get(reverse("leads:searches")))
    assert "plumbers in Miami, FL" in answer
    assert "their secret" not in answer
    row = cut(rf'data-search="{search.public_id}".*?</tr>', answer)
    assert re.search(r'data-label="Found" class="number">2 ', row)
    assert re.search(r'data-label="New" class="number">1<', row)


def test_a_search_starts_and_its_page_is_shown(page: Client, workspace: Workspace) -> None:
    answer = page.post(reverse("leads:new_search"), FORM | {"max_credits": "15"})
    search = Search.objects.get()
    assert answer["Location"] == reverse("leads:search", args=[search.public_id])
    assert (search.workspace, search.limit, search.max_credits) == (workspace, 20, 15)
    assert str(search.project) == "dentists in Miami, FL"
    assert Subscription.objects.get(workspace=workspace).held == 15


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", ""),
        ("query", " "),
        ("query", "x" * 201),
        ("query", "a\0b"),
        ("location", ""),
        ("limit", "9"),
        ("limit", "501"),
        ("limit", "many"),
        ("limit", ""),
        ("limit", "1e2"),
        ("max_credits", "-1"),
        ("max_credits", "501"),
        ("project_id", "proj_of_nobody"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_starts(
    page: Client, workspace: Workspace, field: str, value: str
) -> None:
    answer = page.post(reverse("leads:new_search"), FORM | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in text(answer)
    assert not Search.objects.exists()
    assert Subscription.objects.get(workspace=workspace).held == 0


def test_the_project_of_a_stranger_cannot_be_chosen(page: Client, stranger: Workspace) -> None:
    project = Project.objects.create(workspace=stranger, name="Theirs")
    answer = page.post(reverse("leads:new_search"), FORM | {"project_id": project.public_id})
    assert answer.status_code == 422
    assert not Search.objects.exists()


def test_missing_credits_are_said_before_anything_is_held(
    page: Client, workspace: Workspace
) -> None:
    answer = page.post(reverse("leads:new_search"), FORM | {"limit": "500"})
    assert answer.status_code == 422
    assert 'id="form-errors"' in text(answer)
    assert "are missing" in text(answer)
    assert Subscription.objects.get(workspace=workspace).held == 0


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"limit": "30"}, 'data-estimate="30"'),
        (
            {"limit": "30", "query": "cafes", "location": "Berlin", "max_credits": "5"},
            'data-estimate="5"',
        ),
        ({"limit": "500"}, "400 credits are missing"),
        ({"limit": "5"}, "from 10 to 500"),
        ({"limit": "x"}, "from 10 to 500"),
    ],
)
def test_the_estimate_follows_the_form(page: Client, params: dict[str, str], words: str) -> None:
    answer = page.get(reverse("leads:new_search"), params, headers=HTMX)
    assert answer.status_code == 200
    assert words in text(answer)
    assert "<html" not in text(answer)
    assert "HX-Request" in answer["Vary"]


def test_a_link_fills_the_form_in(page: Client) -> None:
    answer = text(page.get(reverse("leads:new_search"), {"query": "cafes", "location": "Berlin"}))
    assert 'value="cafes"' in answer
    assert 'value="Berlin"' in answer
    assert "field-error" not in answer


def test_a_running_search_polls_and_can_be_stopped(page: Client, workspace: Workspace) -> None:
    search = searching.start_search(workspace, by=None, query="dentists", location="Miami, FL")
    answer = text(page.get(reverse("leads:search", args=[search.public_id])))
    assert rows_path(search) in answer
    assert 'id="stop-search"' in answer
    stop = reverse("leads:stop_search", args=[search.public_id])
    assert page.get(stop).status_code == 405
    page.post(stop)
    search.refresh_from_db()
    assert search.status == Search.Status.CANCELLED
    assert Subscription.objects.get(workspace=workspace).held == 0
    assert "You stopped this search" in text(
        page.get(reverse("leads:search", args=[search.public_id]))
    )


def test_a_poll_brings_new_rows_once_and_changed_rows_in_their_place(
    page: Client, workspace: Workspace, add_result: AddResult
) -> None:
    search = a_search(workspace, status="running")
    long_ago = timezone.now() - timedelta(minutes=5)
    first = add_result(search, "First", changed_at=long_ago)
    answer = text(page.get(reverse("leads:search", args=[search.public_id])))
    cursor = cut(r'data-cursor="([\d.]+)"', answer)
    assert first.lead.public_id in answer

    second = add_result(search, "Second", changed_at=long_ago)
    answer = text(page.get(rows_path(search), {"after": cursor}, headers=HTMX))
    assert 'hx-swap-oob="beforeend:#rows"' in answer
    assert f'id="row-{second.lead.public_id}"' in answer
    assert first.lead.public_id not in answer

    cursor = cut(r'data-cursor="([\d.]+)"', answer)
    SearchLead.objects.filter(pk=first.pk).update(crawl="done", changed_at=timezone.now())
    answer = text(page.get(rows_path(search), {"after": cursor}, headers=HTMX))
    assert re.search(rf'id="row-{first.lead.public_id}"[^>]*hx-swap-oob="true"', answer)
    assert second.lead.public_id not in answer


def test_the_last_poll_stops_the_polling_and_shows_every_row(
    page: Client, workspace: Workspace, add_result: AddResult
) -> None:
    search = finished(workspace)
    results = [add_result(search, str(number)) for number in range(3)]
    answer = page.get(rows_path(search), {"after": "2.99"}, headers=HTMX)
    assert answer.status_code == 286
    html = text(answer)
    assert "hx-trigger" not in html
    assert all(f'id="row-{result.lead.public_id}"' in html for result in results)
    assert 'id="open-in-leads"' in html


@pytest.mark.parametrize(
    "cursor", ["x", "1", "1.x", "-1.0", "1.2.3", "9" * 40 + ".0", "1.0\0", "²."]
)
def test_a_broken_cursor_is_refused(page: Client, workspace: Workspace, cursor: str) -> None:
    assert page.get(rows_path(a_search(workspace)), {"after": cursor}).status_code == 400


@pytest.mark.parametrize("name", ["search", "search_rows"])
def test_the_search_of_a_stranger_is_not_there(
    page: Client, stranger: Workspace, name: str
) -> None:
    search = a_search(stranger)
    assert page.get(reverse(f"leads:{name}", args=[search.public_id])).status_code == 404


def test_the_search_of_a_stranger_cannot_be_stopped(page: Client, stranger: Workspace) -> None:
    search = a_search(stranger)
    assert page.post(reverse("leads:stop_search", args=[search.public_id])).status_code == 404
    search.refresh_from_db()
    assert search.status == Search.Status.QUEUED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"status": "failed", "error_code": "invalid_key", "error_message": "The key is wrong."},
            "the operator sets GOOGLE_PLACES_KEY",
        ),
        (
            {"error_code": "unknown_location", "error_message": "No place called X was found."},
            "Change the place and search again",
        ),
        ({}, "No business matched."),
    ],
)
def test_an_empty_end_says_why_and_what_next(
    page: Client, workspace: Workspace, fields: dict[str, str], words: str
) -> None:
    search = finished(workspace, **fields)
    answer = text(page.get(reverse("leads:search", args=[search.public_id])))
    assert words in answer
    assert "query=dentists&amp;location=Miami" in answer, "one click searches again"


def test_the_receipt_and_the_coverage_are_shown(
    page: Client, workspace: Workspace, add_result: AddResult
) -> None:
    cells = [{"state": "asked", "pages": 3, "results": 57}]
    search = finished(workspace, cells=cells, area={"name": "Miami, FL"}, provider="google")
    add_result(search, "New")
    add_result(search, "Known", is_new=False, free_reason="already_yours")
    answer = text(page.get(reverse("leads:search", args=[search.public_id])))
    assert re.search(r'data-ledger="charged"><dt>New leads</dt><dd>1 credit<', answer)
    assert re.search(r'data-ledger="already_yours"><dt>Already yours</dt><dd>1 free<', answer)
    assert "every part of Miami, FL was asked to the end" in answer


def test_what_the_source_capped_or_did_not_answer_is_counted(
    page: Client, workspace: Workspace
) -> None:
    cells = [{"state": state, "pages": 1, "results": 20} for state in ("capped", "failed")]
    search = finished(workspace, cells=cells, area={"name": "Miami, FL"}, provider="google")
    answer = text(page.get(reverse("leads:search", args=[search.public_id])))
    assert re.search(r'Still full where they could not be split</dt><dd class="figure">1<', answer)
    assert re.search(r'Not answered</dt><dd class="figure">1<', answer)


def test_the_source_that_answers_is_named_with_why_another_did_not(
    page: Client, workspace: Workspace
) -> None:
    refused: dict[str, Any] = {"source": "google", "code": "invalid_key"}
    refused |= {"message": "The key is not valid."}
    refused |= {"asked": True, "requests": 0, "results": 0}
    cells = [{"state": "pending", "pages": 0, "results": 0}]
    fields: dict[str, Any] = {"provider": "openstreetmap", "passed_over": [refused]}
    for search, words in (
        (
            a_search(workspace, status="running", cells=cells, **fields),
            "OpenStreetMap is asked instead",
        ),
        (finished(workspace, cells=cells, **fields), "OpenStreetMap was asked instead"),
    ):
        answer = text(page.get(reverse("leads:search", args=[search.public_id])))
        assert f"Google Places did not answer: The key is not valid. {words}" in answer


def test_found_text_is_shown_as_text(
    page: Client, workspace: Workspace, add_result: AddResult
) -> None:
    search = a_search(workspace, status="running", query="<script>q</script>")
    evil = {"website": "javascript:alert(1)", "domain": "x", "category": "<img src=x>"}
    add_result(search, "<script>n</script>", lead=evil)
    for answer in (
        page.get(reverse("leads:search", args=[search.public_id])),
        page.get(rows_path(search), {"after": "0.0"}, headers=HTMX),
    ):
        assert "<script>q" not in text(answer)
        assert "<script>n" not in text(answer)
        assert "<img" not in text(answer)
        assert 'href="javascript' not in text(answer)
