"""Leads: changed by hand, and deleted."""

from typing import Any

import pytest

from leads.models import Lead


def test_changes_fields_and_says_that_they_come_from_you(alices_api: Any, full_lead: Lead) -> None:
    changes = {"business_name": " Müller & Co ", "email": "ANNA@mueller.test", "tags": ["a", "b"]}
    shown = alices_api.patch(f"/leads/{full_lead.public_id}", changes).json()
    assert (shown["business_name"], shown["email"]) == ("Müller & Co", "anna@mueller.test")
    assert (shown["tags"], shown["email_status"]) == (["a", "b"], "unverified")
    assert shown["sources"]["business_name"]["source"] == "you"
    assert shown["category"] == "Dentist"
    assert shown == alices_api.get(f"/leads/{full_lead.public_id}").json()


def test_a_country_is_written_in_capitals(alices_api: Any, full_lead: Lead) -> None:
    shown = alices_api.patch(f"/leads/{full_lead.public_id}", {"country": "de"}).json()
    assert shown["country"] == "DE"


def test_null_empties_a_field(alices_api: Any, full_lead: Lead) -> None:
    changes = {"phone": None, "job_title": "", "tags": None}
    shown = alices_api.patch(f"/leads/{full_lead.public_id}", changes).json()
    assert (shown["phone"], shown["job_title"], shown["tags"]) == (None, None, [])


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"business_name": 5}, "business_name"),
        ({"business_name": "x" * 301}, "business_name"),
        ({"business_name": "a\x00b"}, "business_name"),
        ({"business_name": "\ud800"}, "business_name"),
        ({"business_name": ["x"]}, "business_name"),
        ({"phone": True}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"country": "USA"}, "country"),
        ({"tags": "vip"}, "tags"),
        ({"tags": [1]}, "tags"),
        ({"tags": [["vip"]]}, "tags"),
        ({"tags": ["x" * 51]}, "tags"),
        ({"tags": ["x"] * 51}, "tags"),
        ({"rating": 5}, "rating"),
        ({"id": "lead_1"}, "id"),
        ({"workspace": 1}, "workspace"),
        ({"place_id": "x"}, "place_id"),
        ({"\ud800": 1}, "?"),
    ],
)
def test_refuses_changes_it_cannot_make(
    alices_api: Any, full_lead: Lead, refused: Any, changes: dict[str, Any], param: str
) -> None:
    before = alices_api.get(f"/leads/{full_lead.public_id}").json()
    response = alices_api.patch(f"/leads/{full_lead.public_id}", {"city": "Paris", **changes})
    assert refused(response) == (400, "invalid_parameter", param)
    assert alices_api.get(f"/leads/{full_lead.public_id}").json() == before


def test_deletes_a_lead(alices_api: Any, full_lead: Lead, refused: Any) -> None:
    path = f"/leads/{full_lead.public_id}"
    assert alices_api.delete(path).json() == {"deleted": True}
    assert refused(alices_api.get(path)) == (404, "not_found", None)
    assert refused(alices_api.delete(path)) == (404, "not_found", None)
    assert refused(alices_api.patch(path, {"city": "Paris"})) == (404, "not_found", None)
    assert alices_api.get("/leads").json()["pagination"]["total"] == 0
