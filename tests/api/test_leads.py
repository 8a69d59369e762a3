"""Leads: what they look like, how they are listed and filtered."""

from typing import Any

import pytest
from django.test import Client

from freshleads.api.v1.lead_query import FILTERS, PROJECT
from freshleads.users.models import Workspace
from leads.filters import LeadFilter
from leads.models import Lead, Project, ProjectLead

DATA_FIELDS = [
    "business_name",
    "category",
    "address",
    "phone",
    "website",
    "email",
    "social_links",
    "rating",
    "reviews_count",
    "opening_hours",
    "latitude",
    "longitude",
    "google_maps_url",
    "place_id",
]


def test_shows_a_lead_of_which_everything_is_known(alices_api: Any, full_lead: Lead) -> None:
    shown = alices_api.get(f"/leads/{full_lead.public_id}").json()
    [project] = full_lead.projects.all()
    assert shown == {
        "id": full_lead.public_id,
        "business_name": "Zahnärzte Müller",
        "category": "Dentist",
        "address": "1 Main St, Miami, FL 33101",
        "phone": "+13055550101",
        "website": "http://mueller.test/",
        "email": "info@mueller.test",
        "social_links": {"facebook": "https://www.facebook.com/mueller"},
        "rating": 4.6,
        "reviews_count": 0,
        "opening_hours": {"Monday": "9:00-17:00"},
        "latitude": 0.0,
        "longitude": -80.19,
        "google_maps_url": "https://maps.google.com/?cid=1",
        "place_id": "ChIJ1",
        "email_status": "valid",
        "emails": [
            {
                "checked_at": None,
                "email": "info@mueller.test",
                "status": "valid",
                "reason": "accepted",
                "url": "http://mueller.test/contact",
                "method": "mailto",
            }
        ],
        "phones": [{"phone": "+13055550101", "url": None, "method": "places_search"}],
        "first_name": "Anna",
        "last_name": "Müller",
        "job_title": "Owner",
        "city": "Miami",
        "region": "FL",
        "postal_code": "33101",
        "country": "US",
        "tags": ["vip"],
        "sources": {
            "business_name": {
                "source": "google",
                "url": None,
                "method": "places_search",
                "licence": "Google Maps Platform terms",
                "first_seen_at": "2026-05-01T08:00:00+00:00",
                "checked_at": "2026-05-01T08:00:00+00:00",
            }
        },
        "project_ids": [project.public_id],
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
    }
    assert shown["created_at"].endswith("Z")
    assert alices_api.get("/leads").json()["data"] == [shown]


def test_what_is_unknown_is_null_in_each_of_the_fourteen_fields(
    alices_api: Any, alices: Workspace, make_leads: Any
) -> None:
    [lead] = make_leads(alices, business_name="", social_links={}, opening_hours={})
    shown = alices_api.get(f"/leads/{lead.public_id}").json()
    assert {name: shown[name] for name in DATA_FIELDS} == dict.fromkeys(DATA_FIELDS)
    assert (shown["email_status"], shown["emails"], shown["phones"]) == ("unverified", [], [])
    assert (shown["tags"], shown["sources"], shown["project_ids"]) == ([], {}, [])
    assert "" not in shown.values()


def test_pages_newest_first(alices_api: Any, alices: Workspace, make_leads: Any) -> None:
    made = make_leads(alices, 5)
    body = alices_api.get("/leads", page=2, per_page=2).json()
    assert [lead["id"] for lead in body["data"]] == [made[2].public_id, made[1].public_id]
    assert body["pagination"] == {"page": 2, "per_page": 2, "total": 5, "pages": 3}
    beyond = alices_api.get("/leads", page=9).json()
    assert beyond == {
        "data": [],
        "pagination": {"page": 9, "per_page": 50, "total": 5, "pages": 1},
    }


def test_an_empty_workspace_has_one_empty_page(alices_api: Any) -> None:
    pagination = {"page": 1, "per_page": 50, "total": 0, "pages": 1}
    assert alices_api.get("/leads").json() == {"data": [], "pagination": pagination}


def test_a_page_of_many_leads_asks_as_few_questions_as_one_of_few(
    alices_api: Any,
    alices: Workspace,
    make_leads: Any,
    django_assert_num_queries: Any,
) -> None:
    project = Project.objects.create(workspace=alices, name="All")
    alices_api.get("/leads")  # the key's last use is written once a minute
    for count in (1, 30):
        for lead in make_leads(alices, count):
            ProjectLead.objects.create(project=project, lead=lead)
        with django_assert_num_queries(4):  # the key, the total, the leads, their projects
            body = alices_api.get("/leads", per_page=200).json()
    assert len(body["data"]) == 31
    assert all(lead["project_ids"] == [project.public_id] for lead in body["data"])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("search", "MÜLLER", 1),
        ("search", "nobody", 0),
        ("has_email", "true", 1),
        ("has_email", "false", 2),
        ("email_status", "valid", 1),
        ("email_status", "valid,unverified", 3),
        ("has_phone", "true", 1),
        ("has_website", "false", 2),
        ("category", "dentist", 1),
        ("city", "miami", 1),
        ("country", "us", 1),
        ("min_rating", "4.5", 1),
        ("tag", "vip", 1),
        ("created_after", "2026-01-01", 3),
        ("created_before", "2026-01-01T00:00:00Z", 0),
        ("ordering", "-rating", 3),
    ],
)
def test_filters(
    alices_api: Any,
    alices: Workspace,
    full_lead: Lead,
    make_leads: Any,
    name: str,
    value: str,
    expected: int,
) -> None:
    Lead.objects.filter(pk=full_lead.pk).update(search_text="zahnärzte müller")
    make_leads(alices, 2)
    body = alices_api.get("/leads", **{name: value}).json()
    assert body["pagination"]["total"] == len(body["data"]) == expected


def test_filters_by_project_and_by_search(
    alices_api: Any, alices: Workspace, full_lead: Lead, make_leads: Any, make_search: Any
) -> None:
    [other] = make_leads(alices)
    search = make_search(alices, [other])
    [project] = full_lead.projects.all()
    by_project = alices_api.get("/leads", project_id=project.public_id).json()
    by_search = alices_api.get("/leads", search_id=search.public_id).json()
    assert [lead["id"] for lead in by_project["data"]] == [full_lead.public_id]
    assert [lead["id"] for lead in by_search["data"]] == [other.public_id]


def test_every_filter_is_told_in_the_description() -> None:
    told = {parameter.name for parameter in (PROJECT, *FILTERS)}
    assert told == set(LeadFilter.base_filters)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "1.5"),
        ("page", "٣"),
        ("page", "99999999999999999999"),
        ("page", ""),
        ("per_page", "0"),
        ("per_page", "201"),
        ("per_page", "ten"),
        ("has_email", "perhaps"),
        ("email_status", "good"),
        ("country", "USA"),
        ("min_rating", "6"),
        ("min_rating", "NaN"),
        ("created_after", "yesterday"),
        ("created_after", "9999-12-31T23:59:59+23:59"),
        ("ordering", "id"),
        ("search", "x" * 201),
        ("search", "a\x00b"),
        ("project_id", "proj_00000000000000000000"),
        ("search_id", "srch_00000000000000000000"),
        ("Search", "dentist"),
        ("limit", "10"),
        ("format", "json"),
    ],
)
def test_refuses_a_parameter_it_cannot_follow_by_name(
    alices_api: Any, refused: Any, name: str, value: str
) -> None:
    assert refused(alices_api.get("/leads", **{name: value})) == (400, "invalid_parameter", name)


def test_refuses_a_parameter_given_twice(alices_api: Any, refused: Any) -> None:
    response = alices_api.get("/leads", city=["Miami", "Bristol"])
    assert refused(response) == (400, "invalid_parameter", "city")


def test_says_when_a_total_is_only_the_least_there_is(
    alices_api: Any, alices: Workspace, make_leads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_leads(alices, 5)
    monkeypatch.setattr("leads.listing.COUNTED_AT_MOST", 3)
    first = alices_api.get("/leads", has_email="false", per_page=2).json()["pagination"]
    last = alices_api.get("/leads", has_email="false", per_page=2, page=3).json()
    assert first == {"page": 1, "per_page": 2, "total": 3, "pages": 2, "total_is_exact": False}
    assert (len(last["data"]), last["pagination"]["total"]) == (1, 5)


def test_a_slash_at_the_end_answers_the_same(alices_api: Any, full_lead: Lead) -> None:
    path = f"/leads/{full_lead.public_id}"
    assert alices_api.get(f"{path}/").json() == alices_api.get(path).json()
    assert alices_api.call("PATCH", f"{path}/", {"city": "Paris"}).json()["city"] == "Paris"


def test_head_has_the_headers_of_get_and_no_body(alices_api: Any, full_lead: Lead) -> None:
    path = f"/leads/{full_lead.public_id}"
    head, get = alices_api.call("HEAD", path), alices_api.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.content))
    assert head.headers["Content-Type"] == "application/json"


def test_options_tells_the_methods_to_anybody(nobodys_api: Any) -> None:
    response = nobodys_api.call("OPTIONS", "/leads/lead_00000000000000000000")
    assert response.headers["Allow"] == "GET, PATCH, DELETE, HEAD, OPTIONS"


def test_a_browser_session_is_no_way_in(client: Client, alice: Any) -> None:
    client.force_login(alice)
    assert client.get("/api/v1/leads").status_code == 401
