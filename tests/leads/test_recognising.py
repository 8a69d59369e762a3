"""Which lead a row is about: its id, its place, its e-mail, else its site and phone."""

from collections.abc import Callable
from typing import Any

import pytest

from freshleads.users.models import Workspace
from leads.models import Lead, LeadIdentity
from leads.recognising import KnownLeads, identity_of

Add = Callable[..., Lead]


@pytest.fixture
def add(workspace: Workspace) -> Add:
    def make(identity: str, **fields: Any) -> Lead:
        return Lead.objects.create(workspace=workspace, identity=identity, **fields)

    return make


@pytest.fixture
def find(workspace: Workspace) -> Callable[..., Lead | None]:
    def look(**values: Any) -> Lead | None:
        return KnownLeads.of(workspace, [values]).find(values)

    return look


def test_a_lead_is_known_by_its_own_id(add: Add, find: Callable[..., Lead | None]) -> None:
    lead = add("x", email="a@acme.test")
    assert find(lead_id=lead.public_id, email="other@acme.test") == lead
    assert find(lead_id="lead_00000000000000000000") is None


def test_a_place_decides_before_the_address(add: Add, find: Callable[..., Lead | None]) -> None:
    first = add("place:1", place_id="1", email="chain@acme.test")
    second = add("place:2", place_id="2", email="chain@acme.test")
    assert find(place_id="2", email="chain@acme.test") == second
    assert find(place_id="3", email="chain@acme.test") is None
    assert find(email="chain@acme.test") == first


def test_a_row_with_a_place_is_about_a_lead_that_has_none_yet(
    add: Add, find: Callable[..., Lead | None]
) -> None:
    lead = add("email:a@acme.test", email="a@acme.test")
    assert find(place_id="9", email="a@acme.test") == lead


def test_an_address_stands_for_who_has_it_and_for_whom_it_once_made(
    add: Add, find: Callable[..., Lead | None]
) -> None:
    renamed = add("email:old@acme.test", email="new@acme.test")
    assert find(email="old@acme.test") == renamed
    assert find(email="new@acme.test") == renamed


def test_of_leads_that_share_an_address_one_that_is_not_deleted_counts(
    add: Add, find: Callable[..., Lead | None]
) -> None:
    from django.utils import timezone

    add("a", email="a@acme.test", deleted_at=timezone.now())
    kept = add("b", email="a@acme.test")
    add("c", email="a@acme.test")
    assert find(email="a@acme.test") == kept


def test_without_an_address_site_and_phone_tell(add: Add, find: Callable[..., Lead | None]) -> None:
    site = {"website": "https://acme.test/", "domain": "acme.test"}
    miami = add("place:1", place_id="1", phone="+13055550100", **site)
    add("place:2", place_id="2", phone="+13055550101", **site)
    assert find(website="https://www.acme.test/x", phones=["+13055550100"]) == miami
    assert find(website="https://acme.test/", phones=["+13055550199"]) is None
    assert find(website="https://acme.test/") is None  # two leads have it
    assert find(phones=["+13055550100"]) == miami
    assert find(website="https://acme.test/", phones=["+13055550100"], email="x@y.test") is None


def test_a_second_identity_counts_as_the_first(
    add: Add, find: Callable[..., Lead | None], workspace: Workspace
) -> None:
    lead = add("place:1", place_id="1")
    LeadIdentity.objects.create(
        workspace=workspace, identity="place:osm-7", lead=lead, provider="openstreetmap"
    )
    assert find(place_id="osm-7") == lead


def test_strangers_leads_are_not_known(
    stranger: Workspace, find: Callable[..., Lead | None]
) -> None:
    theirs = Lead.objects.create(
        workspace=stranger, identity="email:a@acme.test", email="a@acme.test", phone="+13055550100"
    )
    assert find(email="a@acme.test") is None
    assert find(lead_id=theirs.public_id) is None
    assert find(phones=["+13055550100"]) is None


@pytest.mark.parametrize(
    ("values", "identity"),
    [
        ({"place_id": "1", "email": "a@acme.test"}, "place:1"),
        ({"email": "a@acme.test", "phones": ["+13055550100"]}, "email:a@acme.test"),
        (
            {"website": "https://www.acme.test/", "phones": ["+13055550100"]},
            "site:acme.test|+13055550100",
        ),
        ({"phones": ["+13055550100"]}, "site:|+13055550100"),
        ({"website": "https://facebook.com/acme"}, ""),
        ({"lead_id": "lead_x"}, ""),
        ({}, ""),
    ],
)
def test_the_identity_of_a_new_lead(values: dict[str, Any], identity: str) -> None:
    assert identity_of(values) == identity


def test_few_queries_find_a_thousand(
    add: Add, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    rows: list[dict[str, Any]] = [{"email": f"b{n}@best.test"} for n in range(500)]
    rows += [{"phones": [f"+1305555{n:04}"], "website": "https://x.test/"} for n in range(500)]
    lead = add("email:b7@best.test", email="b7@best.test")
    with django_assert_max_num_queries(6):
        known = KnownLeads.of(workspace, rows)
    assert [known.find(row) for row in rows].count(None) == 999
    assert known.find(rows[7]) == lead
