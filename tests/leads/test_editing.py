"""What people change and delete by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from freshleads.lib.errors import InvalidInput, NotFound
from freshleads.users.models import Workspace
from leads import editing, projects
from leads.models import Lead, LeadTotal, ProjectLead


@pytest.fixture
def lead(workspace: Workspace) -> Lead:
    LeadTotal.objects.create(workspace=workspace, leads=1)
    url = "http://old.test/contact"
    entry = {"email": "a@old.test", "status": "valid", "reason": "accepted", "url": url}
    return Lead.objects.create(
        workspace=workspace,
        identity="place:1",
        business_name="Old",
        email="a@old.test",
        email_status="valid",
        email_reason="accepted",
        emails=[{**entry, "method": "mailto"}],
        phone="+13055550100",
        website="http://old.test/",
        domain="old.test",
        city="Miami",
        sources={"email": {"source": "website", "url": url}},
    )


@pytest.fixture
def change(lead: Lead, workspace: Workspace) -> Callable[..., Lead]:
    return lambda **changes: editing.update_lead(workspace, lead.public_id, changes=changes)


def total(workspace: Workspace) -> int:
    return LeadTotal.objects.get(workspace=workspace).leads


def test_a_changed_field_says_that_it_came_from_you_and_can_be_searched(
    change: Callable[..., Lead],
) -> None:
    lead = change(business_name=" New  Name ", city="Ocala")
    assert (lead.business_name, lead.city) == ("New  Name", "Ocala")
    assert lead.sources["business_name"]["source"] == "you"
    assert lead.search_text == "new  name\na@old.test\nocala\nold.test"
    lead.refresh_from_db()
    assert lead.search_text.startswith("new  name")


def test_what_stays_the_same_keeps_its_source(change: Callable[..., Lead]) -> None:
    lead = change(email="A@old.test", city="Miami")
    assert lead.sources == {"email": {"source": "website", "url": "http://old.test/contact"}}
    assert lead.email_status == "valid"


def test_a_typed_address_is_the_email_and_not_verified_yet(change: Callable[..., Lead]) -> None:
    lead = change(email="Me@Mine.test")
    assert (lead.email, lead.email_status, lead.email_reason) == ("me@mine.test", "unverified", "")
    assert [entry["email"] for entry in lead.emails] == ["me@mine.test", "a@old.test"]
    assert lead.sources["email"]["source"] == "you"
    assert "me@mine.test" in lead.search_text


def test_an_address_chosen_among_the_known_ones_keeps_its_verdict(
    change: Callable[..., Lead],
) -> None:
    change(email="me@mine.test")
    lead = change(email="a@old.test")
    assert (lead.email_status, lead.email_reason) == ("valid", "accepted")
    assert len(lead.emails) == 2


def test_a_removed_address_is_gone_from_the_lead_and_from_the_search(
    change: Callable[..., Lead],
) -> None:
    lead = change(email="")
    assert (lead.email, lead.email_status) == ("", "unverified")
    assert "a@old.test" not in lead.search_text


def test_another_website_is_another_domain(change: Callable[..., Lead]) -> None:
    lead = change(website="https://www.new.test/miami")
    assert (lead.domain, "new.test" in lead.search_text) == ("new.test", True)
    assert change(website="").domain == ""


def test_tags_are_cleaned_and_kept_once(change: Callable[..., Lead]) -> None:
    assert change(tags=[" hot ", "hot", "", "call  back"]).tags == ["hot", "call back"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("email", "a@b"),
        ("email", "x" * 250 + "@b.test"),
        ("website", "javascript:alert(1)"),
        ("website", "http://x.test/" + "é" * 1100),
        ("country", "U1"),
        ("country", "USA"),
        ("phone", "1" * 21),
        ("business_name", "a\0b"),
        ("business_name", "\ud800"),
        ("business_name", 7),
        ("tags", "hot"),
        ("tags", ["x" * 51]),
        ("tags", ["a\0b"]),
        ("tags", [str(n) for n in range(51)]),
        ("rating", 5),
        ("workspace", 1),
        ("email_status", "valid"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_nothing_is_changed(
    change: Callable[..., Lead], lead: Lead, field: str, value: Any
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        change(**{"city": "Changed", field: value})
    assert refusal.value.param == field
    lead.refresh_from_db()
    assert lead.city == "Miami"


def test_country_codes_are_written_in_capitals(change: Callable[..., Lead]) -> None:
    assert change(country="de").country == "DE"


@pytest.mark.parametrize("public_id", ["lead_unknown", "nul\0", "\ud800"])
def test_what_is_not_there_is_not_found(workspace: Workspace, public_id: str) -> None:
    with pytest.raises(NotFound):
        editing.find_lead(workspace, public_id)
    with pytest.raises(NotFound):
        editing.update_lead(workspace, public_id, changes={"city": "x"})
    assert editing.delete_leads(workspace, [public_id]) == 0


def test_a_strangers_lead_is_neither_changed_nor_deleted(lead: Lead, stranger: Workspace) -> None:
    with pytest.raises(NotFound):
        editing.update_lead(stranger, lead.public_id, changes={"city": "x"})
    assert editing.delete_leads(stranger, [lead.public_id]) == 0
    assert Lead.objects.get().deleted_at is None


def test_a_deleted_lead_is_found_no_more_but_remembered_in_its_projects(
    lead: Lead, workspace: Workspace
) -> None:
    project = projects.create_project(workspace, name="Mine")
    ProjectLead.objects.create(project=project, lead=lead)
    assert editing.delete_leads(workspace, [lead.public_id]) == 1
    assert total(workspace) == 0
    with pytest.raises(NotFound):
        editing.find_lead(workspace, lead.public_id)
    with pytest.raises(NotFound):
        editing.update_lead(workspace, lead.public_id, changes={"city": "x"})
    assert editing.restore_leads(workspace, [lead.public_id]) == 1
    assert total(workspace) == 1
    assert editing.find_lead(workspace, lead.public_id).projects.get() == project


def test_deleting_and_restoring_twice_counts_once(lead: Lead, workspace: Workspace) -> None:
    ids = [lead.public_id, lead.public_id]
    assert [editing.delete_leads(workspace, ids) for _ in range(2)] == [1, 0]
    assert total(workspace) == 0
    assert [editing.restore_leads(workspace, ids) for _ in range(2)] == [1, 0]
    assert total(workspace) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_people_who_delete_the_same_leads_at_once_count_each_once(
    workspace: Workspace, in_parallel: Callable[..., list[Any]]
) -> None:
    LeadTotal.objects.create(workspace=workspace, leads=200)
    Lead.objects.bulk_create(Lead(workspace=workspace, identity=f"place:{n}") for n in range(200))
    ids = list(Lead.objects.order_by("pk").values_list("public_id", flat=True))
    counts = in_parallel(
        lambda: editing.delete_leads(workspace, ids),
        lambda: editing.delete_leads(workspace, ids[::-1]),
        lambda: editing.delete_leads(workspace, ids[50:150]),
    )
    assert sum(counts) == 200
    assert total(workspace) == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_edits_of_different_fields_that_meet_are_all_kept(
    lead: Lead, workspace: Workspace, in_parallel: Callable[..., list[Any]]
) -> None:
    fields = ("first_name", "last_name", "job_title", "city", "region")

    def edit(field: str) -> None:
        editing.update_lead(workspace, lead.public_id, changes={field: f"new {field}"})

    in_parallel(*[lambda field=field: edit(field) for field in fields])
    lead.refresh_from_db()
    assert [getattr(lead, field) for field in fields] == [f"new {f}" for f in fields]
    assert set(lead.sources) == {"email", *fields}
