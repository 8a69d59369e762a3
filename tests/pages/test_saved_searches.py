"""Saving a search, its page with schedule and runs, and what a run shows of differences."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from freshleads.billing import charging
from freshleads.billing.models import Subscription
from freshleads.users.models import User, Workspace
from leads import projects, repeating
from leads.models import Lead, SavedSearch, Search, SearchLead

HTMX = {"HX-Request": "true"}
SETTINGS = {"every": "week", "limit": "20", "max_credits": "", "project_id": ""}


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def saved(workspace: Workspace, user: User) -> SavedSearch:
    return repeating.create_saved_search(
        workspace, by=user, query="dentists", location="Miami, FL", every="week"
    )


@pytest.fixture
def a_run(
    workspace: Workspace, saved: SavedSearch, add_lead: Callable[..., Lead]
) -> Callable[..., Search]:
    """Return a function that stores a run with one new, one changed and one unchanged lead."""

    def store(**fields: Any) -> Search:
        fields = {"status": "completed", "finished_at": timezone.now(), **fields}
        search = Search.objects.create(
            workspace=workspace,
            saved_search=saved,
            query=saved.query,
            location=saved.location,
            limit=saved.limit,
            **fields,
        )
        told: list[tuple[str, bool, dict[str, Any]]] = [
            ("New one", True, {}),
            ("Moved one", False, {"phone": ["+13055550100", "+13055550111"], "rating": [4.5, 4.0]}),
            ("Same one", False, {}),
        ]
        for position, (name, is_new, changes) in enumerate(told, start=1):
            SearchLead.objects.create(
                search=search,
                lead=add_lead(workspace, f"{name} {search.pk}"),
                position=position,
                is_new=is_new,
                free_reason="" if is_new else "already_yours",
                changes=changes,
            )
        return search

    return store


def url(name: str, row: SavedSearch | Search) -> str:
    return reverse(f"leads:{name}", args=[row.public_id])


def names(html: str) -> list[str]:
    return re.findall(r'id="link-lead_\w+"[^>]*>([A-Za-z ]+?) \d+<', html)


def test_an_empty_list_says_what_saving_is_good_for(page: Client) -> None:
    html = text(page.get("/saved-searches"))
    assert "Nothing saved yet" in html
    assert 'href="/searches/new?every=week"' in html


def test_the_list_shows_schedule_next_run_last_run_and_problem(
    page: Client, saved: SavedSearch, a_run: Callable[..., Search]
) -> None:
    SavedSearch.objects.update(last_problem="3 credits are missing.")
    html = text(page.get("/saved-searches"))
    assert "not run yet" in html
    assert "Every week" in html
    assert f"{saved.next_run_at:%-d %b %Y}" in html
    assert "3 credits are missing." in html
    a_run(created_at=timezone.now() - timedelta(days=7), status="failed")
    last = a_run()
    html = text(page.get("/saved-searches"))
    assert re.search(rf'href="/searches/{last.public_id}">\s*1 new, 1 changed', html)


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    page: Client,
    workspace: Workspace,
    user: User,
    a_run: Callable[..., Search],
    django_assert_num_queries: Any,
) -> None:
    a_run()
    with django_assert_num_queries(8):
        page.get("/saved-searches")
    for number in range(5):
        repeating.create_saved_search(
            workspace, by=user, query=f"q{number}", location="x", every="never"
        )
    with django_assert_num_queries(8):
        page.get("/saved-searches")


def test_a_search_that_ran_is_saved_from_its_page(
    page: Client, workspace: Workspace, add_lead: Callable[..., Lead]
) -> None:
    search = Search.objects.create(
        workspace=workspace, query="q", location="x", limit=30, status="completed"
    )
    assert url("save_search", search) in text(page.get(url("search", search)))
    form = text(page.get(url("save_search", search)))
    assert 'name="limit" value="30"' in form
    answer = page.post(url("save_search", search), SETTINGS | {"limit": "40", "max_credits": "5"})
    saved = SavedSearch.objects.get()
    assert answer.headers["Location"] == url("saved_search", saved)
    assert (saved.limit, saved.max_credits, saved.verify_emails) == (40, 5, False)
    html = text(page.get(url("search", search)))
    assert url("save_search", search) not in html
    assert url("saved_search", saved) in html
    again = page.get(url("save_search", search))
    assert again.headers["Location"] == url("saved_search", saved)
    assert "Unchanged" not in html, "the first run has nothing to differ from"


def test_what_is_wrong_with_the_settings_is_told_beside_them(
    page: Client, workspace: Workspace, saved: SavedSearch
) -> None:
    for wrong, words in (
        ({"every": "hour"}, "Select a valid choice"),
        ({"limit": "9"}, "from 10 to 500"),
        ({"max_credits": "-1"}, "greater than or equal to 0"),
    ):
        answer = page.post(url("saved_search", saved), SETTINGS | wrong)
        assert answer.status_code == 422
        assert words in text(answer)
    saved.refresh_from_db()
    assert (saved.every, saved.limit) == ("week", 20)


def test_settings_are_changed_and_the_chosen_project_stays_chosen(
    page: Client, workspace: Workspace, saved: SavedSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.forms.PROJECTS_TO_CHOOSE", 0)
    project = projects.create_project(workspace, name="Old one")
    SavedSearch.objects.update(project=project)
    form = text(page.get(url("saved_search", saved)))
    assert f'value="{project.public_id}" selected>Old one' in form
    changed = SETTINGS | {"every": "month", "limit": "50", "project_id": project.public_id}
    page.post(url("saved_search", saved), changed | {"verify_emails": "on"})
    saved.refresh_from_db()
    assert (saved.every, saved.limit, saved.project, saved.verify_emails) == (
        "month",
        50,
        project,
        True,
    )


def test_a_new_search_can_be_saved_as_it_starts(page: Client, workspace: Workspace) -> None:
    asked = {"query": "dentists", "location": "Miami, FL", "limit": "20"}
    form = text(page.get("/searches/new?every=week"))
    assert '<option value="week" selected>' in form
    page.post("/searches/new", asked | {"every": ""})
    assert not SavedSearch.objects.exists()
    Search.objects.update(status="completed")
    answer = page.post("/searches/new", asked | {"every": "day"})
    search = Search.objects.latest("pk")
    assert answer.headers["Location"] == url("search", search)
    assert search.saved_search is not None
    assert search.saved_search.every == "day"
    refused = page.post("/searches/new", asked | {"every": "hour"})
    assert (refused.status_code, SavedSearch.objects.count()) == (422, 1)


def test_without_credits_neither_the_search_nor_its_repetition_is_kept(
    page: Client, workspace: Workspace
) -> None:
    available = Subscription.objects.get(workspace=workspace).available
    charging.adjust(workspace, -available, reason="spent", by=None)
    asked = {"query": "dentists", "location": "Miami, FL", "limit": "20", "every": "day"}
    answer = page.post("/searches/new", asked)
    assert answer.status_code == 422
    assert "are missing" in text(answer)
    assert not SavedSearch.objects.exists()


def test_run_now_starts_a_run_and_tells_why_where_it_cannot(
    page: Client, saved: SavedSearch
) -> None:
    answer = page.post(url("run_saved_search", saved))
    search = saved.runs.get()
    assert answer.headers["Location"] == url("search", search)
    answer = page.post(url("run_saved_search", saved), follow=True)
    assert "The run before this one has not ended yet." in text(answer)
    assert saved.runs.count() == 1


def test_pausing_going_on_and_deleting(page: Client, saved: SavedSearch) -> None:
    html = text(page.post(url("pause_saved_search", saved), {"paused": "1"}, follow=True))
    assert "The schedule is paused" in html
    assert "Go on" in html
    assert "paused" in text(page.get("/saved-searches"))
    from_list = page.post(url("pause_saved_search", saved), {"paused": "1", "back": "list"})
    assert from_list.headers["Location"] == "/saved-searches"
    html = text(page.post(url("pause_saved_search", saved), follow=True))
    assert "It goes on: the next run is on" in html
    html = text(page.post(url("delete_saved_search", saved), follow=True))
    assert "Its runs and leads stay" in html
    assert not SavedSearch.objects.exists()


def test_the_page_lists_the_runs_with_what_they_brought(
    page: Client, saved: SavedSearch, a_run: Callable[..., Search]
) -> None:
    first, second = a_run(), a_run()
    html = text(page.get(url("saved_search", saved)))
    assert html.index(second.public_id) < html.index(first.public_id)
    assert f'/searches/{second.public_id}?show=changed">1</a>' in html


def test_a_run_shows_what_is_new_changed_and_unchanged_and_each_alone(
    page: Client, a_run: Callable[..., Search]
) -> None:
    search = a_run()
    html = text(page.get(url("search", search)))
    assert names(html) == ["New one", "Moved one", "Same one"]
    for label in ("All", "New", "Changed", "Unchanged"):
        count = 3 if label == "All" else 1
        assert re.search(rf'{label} <span class="figure">{count}<', html)
    assert "Phone: +1 305-555-0100 → +1 305-555-0111" in html
    assert "Rating: 4.5 → 4.0" in html
    for shown, name in (("new", "New one"), ("changed", "Moved one"), ("unchanged", "Same one")):
        alone = text(page.get(url("search", search) + f"?show={shown}"))
        assert names(alone) == [name]
        assert f"/leads?search_id={search.public_id}&amp;difference={shown}" in alone
        leads = text(page.get("/leads", {"search_id": search.public_id, "difference": shown}))
        assert f"As: <strong>{shown}</strong>" in leads
        assert f'<input type="hidden" name="difference" value="{shown}">' in leads
        assert f"{name} {search.pk}</a>" in leads
        assert len(re.findall(r"data-lead=", leads)) == 1
    assert len(names(text(page.get(url("search", search) + "?show=nonsense")))) == 3


def test_a_running_run_is_followed_with_the_filter_kept(
    page: Client, a_run: Callable[..., Search]
) -> None:
    search = a_run(status="running", finished_at=None)
    html = text(page.get(url("search", search) + "?show=changed"))
    poll = re.search(r'hx-get="([^"]+)"', html[html.index('id="poller"') :])
    assert poll is not None
    assert "show=changed" in poll[1]
    rows = page.get(
        reverse("leads:search_rows", args=[search.public_id]),
        {"after": "0.0", "show": "new"},
        headers=HTMX,
    )
    assert names(text(rows)) == ["New one"]
    assert 'id="run-filter" hx-swap-oob' in text(rows)


def test_the_changes_of_long_ago_say_only_what_changed(
    page: Client, a_run: Callable[..., Search]
) -> None:
    search = a_run()
    SearchLead.objects.exclude(changes={}).update(
        changes={
            "phone": [None, None],
            "opening_hours": [{"monday": "<b>9-5</b>"}, {}],
            "website": ["", "http://x.test/?<script>"],
            "business_status": ["OPERATIONAL", "CLOSED_PERMANENTLY"],
        }
    )
    html = text(page.get(url("search", search)))
    assert "Phone changed" in html
    assert "Opening hours changed" in html
    assert "Website: none → x.test/?&lt;script&gt;" in html
    assert "Closed for good" in html


def test_the_saved_searches_of_a_stranger_are_not_there(page: Client, stranger: Workspace) -> None:
    theirs = repeating.create_saved_search(
        stranger, by=None, query="secret", location="x", every="day"
    )
    assert "secret" not in text(page.get("/saved-searches"))
    search = Search.objects.create(workspace=stranger, query="secret", location="x", limit=10)
    for name, row in (("saved_search", theirs), ("save_search", search)):
        assert page.get(url(name, row)).status_code == 404
        assert page.post(url(name, row), SETTINGS).status_code == 404
    for name in ("run_saved_search", "pause_saved_search", "delete_saved_search"):
        assert page.post(url(name, theirs)).status_code == 404
        assert page.get(url(name, theirs)).status_code == 405
    assert SavedSearch.objects.get().next_run_at is not None
