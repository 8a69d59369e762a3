"""The filters of leads: what each lets through, and what they refuse."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Workspace
from leads.filters import filter_leads, is_filtered
from leads.models import Lead, Project, ProjectLead, Search, SearchLead

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.objects.create(name="Ours")


def lead(workspace: Workspace, name: str, **fields: Any) -> Lead:
    fields.setdefault("search_text", name.lower())
    return Lead.objects.create(
        workspace=workspace, identity=f"name:{name}", business_name=name, **fields
    )


def names(workspace: Workspace, **params: str) -> list[str]:
    return [found.business_name for found in filter_leads(workspace, params)]


def test_shows_only_the_leads_of_the_workspace_that_are_not_deleted(workspace: Workspace) -> None:
    lead(workspace, "Ours")
    lead(workspace, "Gone", deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    lead(Workspace.objects.create(name="Theirs"), "Theirs")
    assert names(workspace) == ["Ours"]


def test_searches_name_mail_and_city_whatever_the_case(workspace: Workspace) -> None:
    lead(workspace, "Bright Smiles", search_text="bright smiles\ninfo@bright.test\nmiami")
    lead(workspace, "Other", search_text="other")
    assert names(workspace, search="SMILES") == ["Bright Smiles"]
    assert names(workspace, search="@bright") == ["Bright Smiles"]
    assert names(workspace, search="100%_") == []


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"has_email": "true"}, ["Full"]),
        ({"has_email": "0"}, ["Bare"]),
        ({"has_phone": "yes"}, ["Full"]),
        ({"has_website": "false"}, ["Bare"]),
        ({"email_status": "valid"}, ["Full"]),
        ({"email_status": "risky,unverified"}, ["Bare"]),
        ({"category": "dentist"}, ["Full"]),
        ({"city": "MIAMI"}, ["Full"]),
        ({"country": "us"}, ["Full"]),
        ({"min_rating": "4.5"}, ["Full"]),
        ({"tag": "hot"}, ["Full"]),
        ({"tag": "ho"}, []),
        ({"tag": '"] OR 1=1 --'}, []),
        ({"created_after": "2026-05-02"}, ["Full"]),
        ({"created_before": "2026-05-02T00:00:00Z"}, ["Bare"]),
        ({"has_email": "", "search": ""}, ["Full", "Bare"]),
        ({"page": "no filter", "unknown": "neither"}, ["Full", "Bare"]),
    ],
)
def test_lets_through_what_a_filter_asks_for(
    workspace: Workspace, params: dict[str, str], expected: list[str]
) -> None:
    lead(workspace, "Bare", created_at=datetime(2026, 5, 1, tzinfo=UTC))
    lead(
        workspace,
        "Full",
        email="info@full.test",
        email_status="valid",
        phone="+13055550100",
        website="http://full.test/",
        category="Dentist",
        city="Miami",
        country="US",
        rating=Decimal("4.5"),
        tags=["hot", "é"],
        created_at=datetime(2026, 5, 3, tzinfo=UTC),
    )
    assert names(workspace, **params) == expected


def test_finds_a_tag_outside_ascii(workspace: Workspace) -> None:
    lead(workspace, "Café", tags=["à revoir"])
    assert names(workspace, tag="à revoir") == ["Café"]


def test_filters_by_project_and_by_search(workspace: Workspace) -> None:
    inside, found = lead(workspace, "Inside"), lead(workspace, "Found")
    project = Project.objects.create(workspace=workspace, name="Dentists")
    ProjectLead.objects.create(project=project, lead=inside)
    search = Search.objects.create(workspace=workspace, query="a", location="b", limit=10)
    SearchLead.objects.create(search=search, lead=found, position=1, is_new=True)
    assert names(workspace, project_id=project.public_id) == ["Inside"]
    assert names(workspace, search_id=search.public_id) == ["Found"]


def test_refuses_the_project_and_the_search_of_a_stranger(workspace: Workspace) -> None:
    stranger = Workspace.objects.create(name="Theirs")
    project = Project.objects.create(workspace=stranger, name="Secret")
    search = Search.objects.create(workspace=stranger, query="a", location="b", limit=10)
    with pytest.raises(InvalidInput) as refusal:
        filter_leads(workspace, {"project_id": project.public_id})
    assert refusal.value.param == "project_id"
    with pytest.raises(InvalidInput) as refusal:
        filter_leads(workspace, {"search_id": search.public_id})
    assert refusal.value.param == "search_id"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("search", "a\0b"),
        ("search", "x" * 201),
        ("has_email", "maybe"),
        ("email_status", "golden"),
        ("email_status", "valid,golden"),
        ("country", "USA"),
        ("min_rating", "many"),
        ("min_rating", "NaN"),
        ("min_rating", "-1"),
        ("min_rating", "6"),
        ("created_after", "yesterday"),
        ("created_after", "0001-01-01T00:00:00+23:59"),
        ("created_before", "9999-12-31T23:59:59-23:59"),
        ("ordering", "password"),
        ("ordering", "--created_at"),
        ("city", "\0"),
        ("tag", "x" * 51),
    ],
)
def test_refuses_a_value_that_makes_no_sense(workspace: Workspace, name: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        filter_leads(workspace, {name: value})
    assert refusal.value.param == name
    assert refusal.value.message.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", ["C", "B", "A"]),
        ("created_at", ["A", "B", "C"]),
        ("-created_at", ["C", "B", "A"]),
        ("business_name", ["A", "B", "C"]),
        ("rating", ["B", "A", "C"]),
        ("-rating", ["A", "B", "C"]),
    ],
)
def test_orders_with_the_unknown_last(
    workspace: Workspace, ordering: str, expected: list[str]
) -> None:
    lead(workspace, "A", rating=Decimal("4.0"), created_at=datetime(2026, 1, 1, tzinfo=UTC))
    lead(workspace, "B", rating=Decimal("3.0"), created_at=datetime(2026, 1, 2, tzinfo=UTC))
    lead(workspace, "C", created_at=datetime(2026, 1, 3, tzinfo=UTC))
    assert names(workspace, ordering=ordering) == expected


def test_takes_the_parameters_of_a_url(workspace: Workspace) -> None:
    lead(workspace, "Valid", email="a@b.test", email_status="valid")
    lead(workspace, "Other")
    found = filter_leads(workspace, QueryDict("email_status=valid&has_email=1&page=2"))
    assert [row.business_name for row in found] == ["Valid"]


def test_knows_whether_anything_is_left_out() -> None:
    assert is_filtered({"search": "x"})
    assert not is_filtered({"search": " ", "ordering": "rating", "page": "3"})
