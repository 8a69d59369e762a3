"""leads.php: listing a project's leads and adding some."""

from datetime import UTC, datetime
from typing import Any

import pytest

from freshleads.users.models import Workspace
from leads import editing
from leads.models import Lead, Project, ProjectLead
from tests.leadgen.clients import data_of, error_of

PATH = "/leads.php"


@pytest.fixture
def add(alices_api: Any, alices_project: Project) -> Any:
    """Return a function that adds leads to Alice's project and gives the answer's data."""

    def call(*leads: Any) -> Any:
        return data_of(
            alices_api.post(PATH, {"project_id": alices_project.pk, "leads": list(leads)})
        )

    return call


def test_a_lead_is_added_and_listed(alices_api: Any, alices_project: Project, add: Any) -> None:
    added = add(
        {
            "email": "John.Smith@acme.com",
            "company": "Acme",
            "website": "acme.com",
            "phones": "+1 305-555-0101, (305) 555-0102",
            "description": "Met at the fair.",
        }
    )
    lead = Lead.objects.get()
    assert added == {
        "added": 1,
        "duplicates": 0,
        "invalid": 0,
        "errors": [],
        "lead_ids": [lead.pk],
    }
    Lead.objects.update(created_at=datetime(2026, 2, 15, 14, 30, tzinfo=UTC))
    assert data_of(alices_api.get(PATH, project_id=alices_project.pk)) == {
        "project_id": alices_project.pk,
        "leads_count": 1,
        "total": 1,
        "limit": 100,
        "offset": 0,
        "leads": [
            {
                "id": lead.pk,
                "email": "john.smith@acme.com",
                "firstname": "John",
                "lastname": "Smith",
                "company": "Acme",
                "website": "https://acme.com/",
                "phones": "+13055550101, (305) 555-0102",
                "description": "Met at the fair.",
                "verified": 0,
                "created_at": "2026-02-15 14:30:00",
            }
        ],
    }


def test_nothing_is_charged(alices: Workspace, add: Any, available: Any) -> None:
    before = available(alices)
    add({"email": "a@acme.com"})
    assert available(alices) == before


@pytest.mark.parametrize(
    ("status", "verified"),
    [("valid", 1), ("invalid", -1), ("risky", 0), ("unknown", 0), ("unverified", 0)],
)
def test_verified_tells_whether_the_address_takes_mail(
    alices_api: Any, alices_project: Project, add: Any, status: str, verified: int
) -> None:
    add({"email": "a@acme.com"})
    Lead.objects.update(email_status=status)
    [lead] = data_of(alices_api.get(PATH, project_id=alices_project.pk))["leads"]
    assert lead["verified"] == verified


def test_pages_hold_each_lead_once(alices_api: Any, alices_project: Project, add: Any) -> None:
    ids = add(*({"email": f"p{number}@acme.com"} for number in range(7)))["lead_ids"]
    seen: list[int] = []
    for offset in (0, 3, 6, 9):
        page = data_of(alices_api.get(PATH, project_id=alices_project.pk, limit=3, offset=offset))
        assert (page["total"], page["limit"], page["offset"]) == (7, 3, offset)
        assert page["leads_count"] == len(page["leads"])
        seen += [lead["id"] for lead in page["leads"]]
    assert seen == ids


def test_duplicates_and_refused_leads_are_counted_apart(add: Any) -> None:
    add({"email": "known@acme.com"})
    added = add(
        {"email": "new@acme.com"},
        "not an object",
        {"email": "KNOWN@acme.com"},
        {"email": "new@acme.com"},
        {"email": "nobody"},
        {"email": "x@acme.com", "phone": "1"},
        {"company": "Acme"},
        {"email": "y@acme.com", "company": "x" * 301},
        {"email": "z@acme.com", "firstname": 5},
    )
    assert (added["added"], added["duplicates"], added["invalid"]) == (1, 2, 6)
    assert [(error["index"], error["email"]) for error in added["errors"]] == [
        (1, ""),
        (4, "nobody"),
        (5, "x@acme.com"),
        (6, ""),
        (7, "y@acme.com"),
        (8, "z@acme.com"),
    ]
    reasons = [error["reason"] for error in added["errors"]]
    assert reasons[0] == "lead must be an object with an email."
    assert reasons[1].startswith("email is not an e-mail address: ")
    assert reasons[2].startswith("phone is unknown; known: email, firstname, ")
    assert reasons[3] == "email is required."
    assert reasons[4] == "company may have at most 300 characters."
    assert reasons[5] == "firstname must be text."
    assert Lead.objects.count() == 2


def test_five_hundred_leads_are_taken_and_one_more_is_not(
    alices_api: Any, alices_project: Project, add: Any
) -> None:
    rows = [{"email": f"p{number}@acme.com"} for number in range(501)]
    refused = alices_api.post(PATH, {"project_id": alices_project.pk, "leads": rows})
    assert error_of(refused) == (400, "invalid_param")
    assert refused.json()["message"].startswith("leads: ")
    assert not Lead.objects.exists()
    assert add(*rows[:500])["added"] == 500


def test_a_deleted_lead_is_not_listed(
    alices_api: Any, alices: Workspace, alices_project: Project, add: Any
) -> None:
    add({"email": "a@acme.com"})
    editing.delete_leads(alices, [Lead.objects.get().public_id])
    listed = data_of(alices_api.get(PATH, project_id=alices_project.pk))
    assert (listed["total"], listed["leads"]) == (0, [])


def test_a_lead_of_a_search_is_listed_too(
    alices_api: Any, alices: Workspace, alices_project: Project
) -> None:
    lead = Lead.objects.create(workspace=alices, identity="place:1", phone="+13055550101")
    ProjectLead.objects.create(project=alices_project, lead=lead)
    [shown] = data_of(alices_api.get(PATH, project_id=alices_project.pk))["leads"]
    assert (shown["email"], shown["phones"]) == ("", "+13055550101")


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ({}, "missing_param", "project_id is required."),
        ({"project_id": ""}, "missing_param", "project_id is required."),
        ({"project_id": "x"}, "invalid_param", "project_id must be a whole number from 1 to "),
        ({"project_id": "0"}, "invalid_param", "project_id must be a whole number from 1 to "),
        ({"project_id": "1.0"}, "invalid_param", "project_id must be a whole number from 1 to "),
        ({"limit": "0"}, "invalid_param", "limit must be a whole number from 1 to 500."),
        ({"limit": "501"}, "invalid_param", "limit must be a whole number from 1 to 500."),
        ({"limit": "ten"}, "invalid_param", "limit must be a whole number from 1 to 500."),
        ({"offset": "-1"}, "invalid_param", "offset must be a whole number from 0 to 10000000."),
        ({"offset": "1e3"}, "invalid_param", "offset must be a whole number from 0 to 10000000."),
        ({"limit": "9" * 5000}, "invalid_param", "limit must be a whole number from 1 to 500."),
    ],
)
def test_parameters_out_of_their_bounds_are_refused(
    alices_api: Any, alices_project: Project, query: Any, code: str, words: str
) -> None:
    needed = {} if not query or "project_id" in query else {"project_id": alices_project.pk}
    refused = alices_api.get(PATH, **needed, **query)
    assert error_of(refused) == (400, code)
    assert refused.json()["message"].startswith(words)


@pytest.mark.parametrize(
    ("body", "code", "name"),
    [
        ({}, "missing_param", "project_id"),
        ({"project_id": 1}, "missing_param", "leads"),
        ({"leads": [{"email": "a@acme.com"}]}, "missing_param", "project_id"),
        ({"project_id": "1", "leads": [{}]}, "invalid_param", "project_id"),
        ({"project_id": True, "leads": [{}]}, "invalid_param", "project_id"),
        ({"project_id": 2**63, "leads": [{}]}, "invalid_param", "project_id"),
        ({"project_id": 1, "leads": []}, "invalid_param", "leads"),
        ({"project_id": 1, "leads": {"email": "a@acme.com"}}, "invalid_param", "leads"),
        ({"project_id": 1, "leads": None}, "missing_param", "leads"),
        ({"project_id": 1, "leads": [{}], "lead": 1}, "invalid_param", "lead"),
    ],
)
def test_bodies_that_are_not_what_they_must_be_are_refused(
    alices_api: Any, body: Any, code: str, name: str
) -> None:
    refused = alices_api.post(PATH, body)
    assert error_of(refused) == (400, code)
    assert refused.json()["message"].startswith(f"{name}: ")


def test_anothers_project_is_answered_as_one_there_never_was(
    charlies_api: Any, alices_project: Project, add: Any
) -> None:
    add({"email": "a@acme.com"})
    for project_id in (alices_project.pk, 999_999, 2**63 - 1):
        listed = charlies_api.get(PATH, project_id=project_id)
        added = charlies_api.post(
            PATH, {"project_id": project_id, "leads": [{"email": "b@acme.com"}]}
        )
        for response in (listed, added):
            assert error_of(response) == (404, "not_found")
            assert response.json()["message"] == "project_id: there is no such project."
    assert list(Lead.objects.values_list("email", flat=True)) == ["a@acme.com"]
