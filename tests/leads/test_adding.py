"""Leads that people bring along: free, once in a workspace, once in a project."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from freshleads.lib.errors import NotFound
from freshleads.users.models import Workspace
from leads import editing, projects
from leads.adding import AddedLeads, add_leads
from leads.models import EmailCheck, Lead, LeadTotal, Project, ProjectLead

Add = Callable[..., AddedLeads]


@pytest.fixture
def project(workspace: Workspace) -> Project:
    return projects.create_project(workspace, name="Mine")


@pytest.fixture
def add(workspace: Workspace, project: Project) -> Add:
    """Return a function that adds rows to Alice's project."""

    def call(*rows: dict[str, Any], **changes: Any) -> AddedLeads:
        asked: dict[str, Any] = {"project": project, "rows": rows, "source": "api", **changes}
        return add_leads(workspace, **asked)

    return call


def in_project(project: Project) -> list[str]:
    return list(project.leads.order_by("pk").values_list("email", flat=True))


def total(workspace: Workspace) -> int:
    return LeadTotal.objects.get(workspace=workspace).leads


def test_a_new_lead_says_of_each_field_where_it_is_from(add: Add, workspace: Workspace) -> None:
    added = add(
        {
            "email": "John.Smith@acme.com",
            "business_name": "Acme",
            "website": "acme.com",
            "phones": "+1 305-555-0101",
        }
    )
    [lead] = Lead.objects.owned_by(workspace)
    assert (added.lead_ids, added.duplicates, added.refused) == ([lead.pk], 0, [])
    assert (lead.identity, lead.email) == ("email:john.smith@acme.com", "john.smith@acme.com")
    assert (lead.first_name, lead.last_name) == ("John", "Smith")
    assert (lead.website, lead.domain) == ("https://acme.com/", "acme.com")
    assert lead.phone == "+13055550101"
    assert lead.phones == [{"phone": "+13055550101", "url": "", "method": "given"}]
    assert lead.emails == [
        {
            "email": "john.smith@acme.com",
            "status": "unverified",
            "reason": "",
            "url": "",
            "method": "given",
        }
    ]
    assert lead.search_text == "acme\njohn.smith@acme.com\nacme.com"
    methods = {name: (entry["source"], entry["method"]) for name, entry in lead.sources.items()}
    assert methods == {
        "email": ("api", "given"),
        "business_name": ("api", "given"),
        "website": ("api", "given"),
        "phone": ("api", "given"),
        "first_name": ("api", "in_address"),
        "last_name": ("api", "in_address"),
    }
    assert total(workspace) == 1


def test_a_given_name_beats_the_one_in_the_address(add: Add, project: Project) -> None:
    add({"email": "john.smith@acme.com", "first_name": "Johnny"})
    lead = project.leads.get()
    assert (lead.first_name, lead.last_name) == ("Johnny", "Smith")


def test_an_address_already_in_the_project_is_a_duplicate(
    add: Add, project: Project, workspace: Workspace
) -> None:
    add({"email": "a@acme.com"})
    added = add({"email": "A@ACME.com", "city": "Miami"}, {"email": "b@acme.com"})
    assert (len(added.lead_ids), added.duplicates) == (1, 1)
    assert in_project(project) == ["a@acme.com", "b@acme.com"]
    assert project.leads.get(email="a@acme.com").city == ""
    assert total(workspace) == 2


def test_an_address_twice_in_the_rows_is_a_duplicate(add: Add, project: Project) -> None:
    added = add({"email": "a@acme.com"}, {"email": "a@acme.com"}, {"email": "A@acme.com"})
    assert (len(added.lead_ids), added.duplicates) == (1, 2)
    assert in_project(project) == ["a@acme.com"]


def test_a_lead_of_another_project_is_linked_and_filled_where_it_is_empty(
    add: Add, project: Project, workspace: Workspace
) -> None:
    add({"email": "a@acme.com", "business_name": "Acme"})
    other = projects.create_project(workspace, name="Other")
    added = add({"email": "a@acme.com", "business_name": "Else", "city": "Miami"}, project=other)
    lead = Lead.objects.get()
    assert (added.lead_ids, added.duplicates) == ([lead.pk], 0)
    assert (lead.business_name, lead.city) == ("Acme", "Miami")
    assert in_project(project) == in_project(other) == ["a@acme.com"]
    assert total(workspace) == 1


def test_a_lead_that_a_search_found_is_known_by_its_address(
    add: Add, project: Project, workspace: Workspace
) -> None:
    LeadTotal.objects.create(workspace=workspace, leads=1)
    found = Lead.objects.create(workspace=workspace, identity="place:1", email="info@acme.com")
    added = add({"email": "info@acme.com", "first_name": "Ann"})
    assert added.lead_ids == [found.pk]
    assert Lead.objects.get().first_name == "Ann"
    assert total(workspace) == 1


def test_what_a_person_emptied_stays_empty(add: Add, project: Project) -> None:
    add({"email": "a@acme.com", "city": "Miami"})
    lead = Lead.objects.get()
    editing.update_lead(lead.workspace, lead.public_id, changes={"city": ""})
    other = projects.create_project(lead.workspace, name="Other")
    add({"email": "a@acme.com", "city": "Boston"}, project=other)
    assert Lead.objects.get().city == ""


def test_a_lead_whose_address_was_changed_keeps_the_new_one_first(
    add: Add, project: Project
) -> None:
    add({"email": "old@acme.com"})
    lead = Lead.objects.get()
    editing.update_lead(lead.workspace, lead.public_id, changes={"email": "new@acme.com"})
    other = projects.create_project(lead.workspace, name="Other")
    assert add({"email": "old@acme.com"}, project=other).lead_ids == [lead.pk]
    lead.refresh_from_db()
    assert lead.email == "new@acme.com"
    assert {entry["email"] for entry in lead.emails} == {"old@acme.com", "new@acme.com"}


def test_a_deleted_lead_comes_back(add: Add, project: Project, workspace: Workspace) -> None:
    add({"email": "a@acme.com"})
    lead = Lead.objects.get()
    editing.delete_leads(workspace, [lead.public_id])
    assert total(workspace) == 0
    added = add({"email": "a@acme.com"})
    assert (added.lead_ids, added.duplicates) == ([lead.pk], 0)
    assert Lead.objects.owned_by(workspace).get() == lead
    assert ProjectLead.objects.count() == 1
    assert total(workspace) == 1


def test_refused_rows_are_told_and_the_others_added(add: Add, project: Project) -> None:
    added = add({"email": "a@acme.com"}, {"email": "nobody"}, {"city": "x"}, {"email": 5})
    assert [(row.index, row.email, row.field) for row in added.refused] == [
        (1, "nobody", "email"),
        (2, "", "email"),
        (3, "", "email"),
    ]
    assert added.refused[1].reason == "is required."
    assert in_project(project) == ["a@acme.com"]


def test_a_verdict_that_still_holds_is_used(add: Add, project: Project) -> None:
    EmailCheck.objects.create(
        email="a@acme.com",
        status="valid",
        reason="accepted",
        checks={},
        checked_at=timezone.now(),
    )
    add({"email": "a@acme.com"}, {"email": "b@acme.com"})
    first, second = project.leads.order_by("pk")
    assert (first.email_status, first.email_reason) == ("valid", "accepted")
    assert first.verified_at is not None
    assert (second.email_status, second.verified_at) == ("unverified", None)


def test_without_a_project_a_known_lead_is_a_duplicate(add: Add, workspace: Workspace) -> None:
    assert len(add({"email": "a@acme.com"}, project=None).lead_ids) == 1
    assert add({"email": "a@acme.com"}, project=None).duplicates == 1
    assert not ProjectLead.objects.exists()


def test_anothers_lead_is_not_touched(
    add: Add, stranger: Workspace, workspace: Workspace, project: Project
) -> None:
    theirs = Lead.objects.create(
        workspace=stranger, identity="email:a@acme.com", email="a@acme.com"
    )
    added = add({"email": "a@acme.com", "city": "Miami"})
    assert added.lead_ids != [theirs.pk]
    theirs.refresh_from_db()
    assert (theirs.city, theirs.entries.count()) == ("", 0)


def test_anothers_or_a_deleted_project_takes_no_leads(
    add: Add, stranger: Workspace, project: Project
) -> None:
    theirs = projects.create_project(stranger, name="Theirs")
    project.delete()
    for target in (theirs, Project(pk=project.pk or 10_000)):
        with pytest.raises(NotFound):
            add({"email": "a@acme.com"}, project=target)
    assert not Lead.objects.exists()


def test_adding_costs_nothing(
    add: Add, workspace: Workspace, balance: Callable[[Workspace], tuple[int, int]]
) -> None:
    before = balance(workspace)
    add({"email": "a@acme.com"})
    assert balance(workspace) == before


@pytest.mark.django_db(transaction=True)
def test_the_same_rows_at_once_make_each_lead_once(
    add: Add, project: Project, workspace: Workspace, in_parallel: Callable[..., list[Any]]
) -> None:
    rows = [{"email": f"p{number}@acme.com"} for number in range(20)]
    results = in_parallel(*[lambda: add(*rows)] * 4)
    assert sum(len(added.lead_ids) for added in results) == 20
    assert sum(added.duplicates for added in results) == 60
    assert project.leads.count() == 20
    assert total(workspace) == 20


@pytest.mark.django_db(transaction=True)
def test_adding_and_deleting_at_once_do_not_wait_in_a_circle(
    add: Add, project: Project, workspace: Workspace, in_parallel: Callable[..., list[Any]]
) -> None:
    rows = [{"email": f"p{number}@acme.com"} for number in range(20)]
    add(*rows)
    ids = list(Lead.objects.values_list("public_id", flat=True))

    def delete() -> None:
        for _ in range(5):
            editing.delete_leads(workspace, ids)

    def bring_back() -> None:
        for _ in range(5):
            add(*rows)

    in_parallel(delete, bring_back, delete, bring_back)
    assert total(workspace) == Lead.objects.owned_by(workspace).count()
