"""Searches: started, estimated, followed, listed, stopped."""

from typing import Any

import pytest

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry, CreditHold
from freshleads.users.models import User, Workspace
from leads import reporting
from leads.models import Project, Search

ASKED = {"query": "dentists", "location": "Miami, FL"}


def test_starts_a_search(alices_api: Any, alice: User, alices: Workspace, available: Any) -> None:
    before = available(alices)
    response = alices_api.post("/search", {**ASKED, "limit": 30, "max_credits": 25})
    search = Search.objects.get()
    project = Project.objects.get()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/v1/search/{search.public_id}"
    body = response.json()
    assert body == {
        "search_id": search.public_id,
        "status": "queued",
        "project_id": project.public_id,
        "query": "dentists",
        "location": "Miami, FL",
        "limit": 30,
        "estimate": {"max_credits": 25},
        "created_at": body["created_at"],
    }
    assert (project.name, project.workspace) == ("dentists in Miami, FL", alices)
    assert (search.created_by, search.verify_emails, search.max_credits) == (alice, True, 25)
    assert available(alices) == before - 25


def test_rings_the_bell_once_the_search_is_kept(
    alices_api: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as bells:
        alices_api.post("/search", ASKED)
    assert len(bells) == 1


def test_puts_the_leads_where_they_are_wanted(alices_api: Any, alices: Workspace) -> None:
    project = Project.objects.create(workspace=alices, name="Mine")
    body = {**ASKED, "project_id": project.public_id, "verify_emails": False}
    assert alices_api.post("/search", body).json()["project_id"] == project.public_id
    assert alices_api.post("/search", ASKED).json()["project_id"] != project.public_id
    assert [search.verify_emails for search in Search.objects.order_by("id")] == [False, True]
    assert Project.objects.count() == 2


def test_a_dry_run_starts_nothing(alices_api: Any, alices: Workspace, available: Any) -> None:
    before = available(alices)
    response = alices_api.post("/search", {**ASKED, "limit": 500, "dry_run": True})
    assert response.status_code == 200
    assert response.json() == {
        "dry_run": True,
        **ASKED,
        "limit": 500,
        "estimate": {"max_credits": 500, "available": before, "enough": True},
    }
    assert (Search.objects.count(), Project.objects.count()) == (0, 0)
    assert (CreditHold.objects.count(), available(alices)) == (0, before)


def test_a_dry_run_refuses_what_a_search_would(alices_api: Any, refused: Any) -> None:
    asked = {**ASKED, "dry_run": True}
    unknown = {**asked, "project_id": "proj_00000000000000000000"}
    assert refused(alices_api.post("/search", unknown)) == (404, "not_found", "project_id")
    low = {**asked, "limit": 9}
    assert refused(alices_api.post("/search", low)) == (400, "invalid_parameter", "limit")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"limit": 9}, "limit"),
        ({"limit": 501}, "limit"),
        ({"limit": True}, "limit"),
        ({"limit": "20"}, "limit"),
        ({"limit": 20.0}, "limit"),
        ({"limit": None}, "limit"),
        ({"limit": 10**400}, "limit"),
        ({"max_credits": -1}, "max_credits"),
        ({"max_credits": 501}, "max_credits"),
        ({"max_credits": False}, "max_credits"),
        ({"verify_emails": "yes"}, "verify_emails"),
        ({"verify_emails": 1}, "verify_emails"),
        ({"dry_run": "true"}, "dry_run"),
        ({"dry_run": None}, "dry_run"),
        ({"query": ""}, "query"),
        ({"query": "   "}, "query"),
        ({"query": None}, "query"),
        ({"query": 5}, "query"),
        ({"query": {"a": 1}}, "query"),
        ({"query": "x" * 201}, "query"),
        ({"query": "den\x00tists"}, "query"),
        ({"location": "\ud800"}, "location"),
        ({"location": []}, "location"),
        ({"project_id": 7}, "project_id"),
        ({"project_id": ""}, "project_id"),
        ({"keyword": "dentists"}, "keyword"),
        ({"workspace": 1}, "workspace"),
    ],
)
def test_refuses_a_search_that_makes_no_sense(
    alices_api: Any, alices: Workspace, refused: Any, available: Any, change: Any, param: str
) -> None:
    before = available(alices)
    response = alices_api.post("/search", {**ASKED, **change})
    assert refused(response) == (400, "invalid_parameter", param)
    assert (Search.objects.count(), Project.objects.count()) == (0, 0)
    assert (CreditHold.objects.count(), available(alices)) == (0, before)


@pytest.mark.parametrize("missing", ["query", "location"])
def test_needs_a_query_and_a_location(alices_api: Any, refused: Any, missing: str) -> None:
    body = {name: value for name, value in ASKED.items() if name != missing}
    response = alices_api.post("/search", body)
    assert refused(response) == (400, "invalid_parameter", missing)
    assert response.json()["error"]["message"] == f"{missing}: this field is required."


def test_says_how_many_credits_are_missing(
    alices_api: Any, alices: Workspace, refused: Any, available: Any
) -> None:
    charging.adjust(alices, 8 - available(alices), reason="test", by=None)
    response = alices_api.post("/search", {**ASKED, "limit": 20})
    assert refused(response) == (403, "insufficient_credits", None)
    message = response.json()["error"]["message"]
    assert message == "20 credits are needed and 8 are available: 12 are missing."
    assert Search.objects.count() == 0
    affordable = alices_api.post("/search", {**ASKED, "limit": 20, "max_credits": 8})
    assert affordable.status_code == 201


def test_the_plan_limits_how_many_run_at_once(alices_api: Any, refused: Any) -> None:
    for _ in range(5):
        assert alices_api.post("/search", ASKED).status_code == 201
    assert refused(alices_api.post("/search", ASKED)) == (403, "too_many_searches", None)
    assert Search.objects.count() == 5


def test_tells_how_far_a_search_is(
    alices_api: Any, alices: Workspace, make_leads: Any, make_search: Any, available: Any
) -> None:
    cells = [
        {"state": "asked", "pages": 2, "results": 3},
        {"state": "capped", "pages": 3, "results": 60},
    ]
    leads = make_leads(alices, 3)
    search = make_search(
        alices, leads, status="running", stage="crawling", finished_at=None, cells=cells
    )
    search.results.filter(lead=leads[0]).update(is_new=False, free_reason="already_yours")
    search.results.filter(lead=leads[1]).update(crawl="done")
    body = alices_api.get(f"/search/{search.public_id}").json()
    assert body["progress"] == {
        "stage": "crawling",
        "found": 3,
        "new": 2,
        "already_yours": 1,
        "crawled": 1,
        "emails_found": 0,
        "verified": 0,
        "total": 2,
    }
    assert body["credits"] == {
        "charged": 2,
        "free": [{"reason": "already_yours", "count": 1}],
        "balance": available(alices),
    }
    assert body["coverage"] == reporting.coverage_of(search)
    assert (body["coverage"]["requests"], body["coverage"]["capped"]) == (5, 1)
    assert (body["status"], body["error"], body["finished_at"]) == ("running", None, None)
    assert (body["project_id"], body["max_credits"], body["verify_emails"]) == (None, None, True)


def test_tells_which_source_answered_and_why_another_did_not(
    alices_api: Any, alices: Workspace, make_search: Any
) -> None:
    refused: dict[str, Any] = {
        "source": "google",
        "code": "invalid_key",
        "message": "The key is not valid.",
    }
    refused |= {"asked": True, "requests": 2, "results": 40}
    search = make_search(alices, provider="openstreetmap", passed_over=[refused])
    coverage = alices_api.get(f"/search/{search.public_id}").json()["coverage"]
    assert coverage["source"] == "openstreetmap"
    assert coverage["passed_over"] == [
        {
            "source": "google",
            "type": "invalid_key",
            "message": "The key is not valid.",
            "requests": 2,
            "results": 40,
        }
    ]


def test_tells_why_a_search_failed(alices_api: Any, alices: Workspace, make_search: Any) -> None:
    search = make_search(
        alices, status="failed", error_code="invalid_key", error_message="The key is not valid."
    )
    body = alices_api.get(f"/search/{search.public_id}").json()
    assert body["error"] == {"type": "invalid_key", "message": "The key is not valid."}
    assert body["credits"]["charged"] == 0


def test_lists_a_searchs_leads_in_the_order_they_were_found(
    alices_api: Any, alices: Workspace, make_leads: Any, make_search: Any
) -> None:
    first, second, third = make_leads(alices, 3)
    make_search(alices, [third, second, first])
    search = make_search(alices, [second, third, first])
    path = f"/search/{search.public_id}/leads"
    body = alices_api.get(path, per_page=2).json()
    assert [lead["id"] for lead in body["data"]] == [second.public_id, third.public_id]
    assert body["pagination"] == {"page": 1, "per_page": 2, "total": 3, "pages": 2}
    rest = alices_api.get(path, per_page=2, page=2).json()["data"]
    assert [lead["id"] for lead in rest] == [first.public_id]
    alices_api.delete(f"/leads/{second.public_id}")
    assert alices_api.get(path).json()["pagination"]["total"] == 2


def test_stops_a_search_for_good(alices_api: Any, alices: Workspace, available: Any) -> None:
    before = available(alices)
    started = alices_api.post("/search", ASKED).json()
    stopped = alices_api.post(f"/search/{started['search_id']}/cancel")
    assert (stopped.status_code, stopped.json()["status"]) == (200, "cancelled")
    assert stopped.json()["credits"]["charged"] == 0
    assert available(alices) == before
    assert CreditEntry.objects.filter(kind="charge").count() == 0
    again = alices_api.post(f"/search/{started['search_id']}/cancel", {})
    assert again.json() == stopped.json()


def test_stopping_takes_no_fields(
    alices_api: Any, alices: Workspace, make_search: Any, refused: Any
) -> None:
    search = make_search(alices, status="running", finished_at=None)
    response = alices_api.post(f"/search/{search.public_id}/cancel", {"force": True})
    assert refused(response) == (400, "invalid_parameter", "force")
    search.refresh_from_db()
    assert search.status == "running"


def test_lists_searches_newest_first_and_by_status(
    alices_api: Any, alices: Workspace, make_search: Any
) -> None:
    old = make_search(alices, status="failed", error_code="x", error_message="Y")
    new = make_search(alices)
    body = alices_api.get("/searches").json()
    assert [row["search_id"] for row in body["data"]] == [new.public_id, old.public_id]
    assert body["pagination"] == {"page": 1, "per_page": 50, "total": 2, "pages": 1}
    failed = alices_api.get("/searches", status="failed").json()["data"]
    assert [row["search_id"] for row in failed] == [old.public_id]
    assert failed[0]["error"] == {"type": "x", "message": "Y"}


def test_refuses_a_status_there_is_not(alices_api: Any, refused: Any) -> None:
    response = alices_api.get("/searches", status="done")
    assert refused(response) == (400, "invalid_parameter", "status")


def test_a_long_list_of_searches_asks_three_questions(
    alices_api: Any,
    alice: User,
    alices: Workspace,
    make_search: Any,
    django_assert_num_queries: Any,
) -> None:
    alices_api.get("/searches")
    project = Project.objects.create(workspace=alices, name="All")
    for _ in range(20):
        make_search(alices, project=project)
    with django_assert_num_queries(3):  # the key, the count, the searches
        body = alices_api.get("/searches").json()
    assert {row["project_id"] for row in body["data"]} == {project.public_id}


def test_a_search_and_its_leads_ask_few_questions(
    alices_api: Any,
    alices: Workspace,
    make_leads: Any,
    make_search: Any,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    search = make_search(alices, make_leads(alices, 20))
    alices_api.get("/leads")
    with django_assert_max_num_queries(10):  # the key, the search, and its counts
        alices_api.get(f"/search/{search.public_id}")
    with django_assert_num_queries(5):  # the key, the search, the count, the leads, their projects
        alices_api.get(f"/search/{search.public_id}/leads")
