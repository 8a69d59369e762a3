"""The leads table, one lead, deletion that can be undone, projects."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from freshleads.users.models import Workspace
from leads.models import Lead, LeadTotal, Project, ProjectLead, Search, SearchLead

AddLead = Callable[..., Lead]

HTMX = {"HX-Request": "true"}
TABLE = "/leads"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def cut(pattern: str, html: str) -> str:
    """Return the first group of the pattern's first match, or all of it."""
    match = re.search(pattern, html, re.DOTALL)
    assert match, f"{pattern} is not in the page"
    return match[match.lastindex or 0]


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/leads/lead_\w+">([^<]*)</a>', html)


def test_an_empty_table_names_the_next_action(page: Client) -> None:
    answer = text(page.get(TABLE))
    assert "No leads yet" in answer
    assert reverse("leads:new_search") in answer


def test_the_table_shows_own_leads_only(
    page: Client, workspace: Workspace, stranger: Workspace, add_lead: AddLead
) -> None:
    add_lead(workspace, "Ours")
    add_lead(stranger, "Theirs")
    assert names(text(page.get(TABLE))) == ["Ours"]


def test_filters_in_the_url_show_as_chips_that_take_themselves_away(
    page: Client, workspace: Workspace, add_lead: AddLead
) -> None:
    add_lead(workspace, "Valid", email="a@b.test", email_status="valid", city="Miami")
    add_lead(workspace, "Risky", email="c@d.test", email_status="risky", city="Miami")
    add_lead(workspace, "Other", city="Bristol")
    html = text(
        page.get(
            TABLE
            + "?email_status=valid&email_status=risky&city=Miami&ordering=business_name&page=1"
        )
    )
    assert names(html) == ["Risky", "Valid"]
    chips = re.findall(r'class="chip" href="([^"]+)"', html)
    assert chips == [
        "/leads?email_status=risky&amp;city=Miami&amp;ordering=business_name",
        "/leads?email_status=valid&amp;city=Miami&amp;ordering=business_name",
        "/leads?email_status=valid&amp;email_status=risky&amp;ordering=business_name",
    ]


def test_a_chip_names_the_project_and_the_search(page: Client, workspace: Workspace) -> None:
    project = Project.objects.create(workspace=workspace, name="Dentists & more")
    search = Search.objects.create(workspace=workspace, query="cafes", location="Berlin", limit=10)
    url = f"{TABLE}?project_id={project.public_id}&search_id={search.public_id}"
    html = text(page.get(url))
    assert "Project: <strong>Dentists &amp; more</strong>" in html
    assert "Found by: <strong>cafes in Berlin</strong>" in html
    assert "No lead matches these filters" in html


def test_a_project_can_be_exported_from_its_table(
    page: Client, workspace: Workspace, stranger: Workspace
) -> None:
    project = Project.objects.create(workspace=workspace, name="Dentists")
    html = text(page.get(f"{TABLE}?project_id={project.public_id}"))
    assert f"/exports/{project.public_id}?format=xlsx" in html
    filtered = (
        f"{TABLE}?project_id={project.public_id}&email_status=valid&email_status=risky&page=1"
    )
    link = f"/exports/{project.public_id}?format=csv&amp;email_status=valid%2Crisky"
    assert f'href="{link}"' in text(page.get(filtered))
    theirs = Project.objects.create(workspace=stranger, name="Secret")
    answer = page.get(f"{TABLE}?project_id={theirs.public_id}")
    assert answer.status_code == 422
    assert "Secret" not in text(answer)
    assert "/exports/" not in text(answer)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("min_rating=99", "Rated at least: ensure"),
        ("created_after=never", "Added since: must be a date"),
        ("email_status=golden", "E-mail verdict: select a valid choice"),
        ("page=0", "page must be from 1"),
        ("page=two", "page must be a whole number"),
        ("page=²", "page must be a whole number"),
        ("per_page=201", "per_page must be from 1 to 200"),
        ("after=lead_nobody", "there is no such lead"),
        ("search=%00", "Search name, e-mail or city: null characters"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(page: Client, query: str, words: str) -> None:
    for headers in ({}, HTMX):
        answer = page.get(f"{TABLE}?{query}", headers=headers)
        assert answer.status_code == 422
        assert words in text(answer)


def test_htmx_gets_the_results_alone(page: Client, workspace: Workspace, add_lead: AddLead) -> None:
    add_lead(workspace, "Ours")
    html = text(page.get(TABLE + "?search=our", headers=HTMX))
    assert html.strip().startswith('<div id="results">')
    assert names(html) == ["Ours"]
    assert 'id="announcer"' in html
    restored = page.get(TABLE, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in text(restored)


def test_next_goes_on_behind_the_last_row(
    page: Client, workspace: Workspace, add_lead: AddLead
) -> None:
    for number in range(5):
        add_lead(workspace, str(number))
    first = text(page.get(TABLE + "?per_page=2"))
    assert names(first) == ["4", "3"]
    following = cut(r'id="next-page" href="([^"]+)"', first).replace("&amp;", "&")
    assert "after=lead_" in following
    second = text(page.get(TABLE + following))
    assert names(second) == ["2", "1"]
    back = cut(r'id="previous-page" href="([^"]+)"', second).replace("&amp;", "&")
    assert names(text(page.get(TABLE + back))) == ["4", "3"]


def test_deleting_can_be_undone_once_from_the_toast(
    page: Client, workspace: Workspace, stranger: Workspace, add_lead: AddLead
) -> None:
    gone, kept = add_lead(workspace, "Gone"), add_lead(workspace, "Kept")
    theirs = add_lead(stranger, "Theirs")
    answer = page.post(
        reverse("leads:delete_leads"),
        {"lead": [gone.public_id, theirs.public_id], "next": "/leads?ordering=created_at"},
    )
    assert answer["Location"] == "/leads?ordering=created_at"
    html = text(page.get(answer["Location"]))
    assert names(html) == ["Kept"]
    assert 'data-undo-toast="10"' in html
    assert "1 lead deleted." in html
    theirs.refresh_from_db()
    assert theirs.deleted_at is None
    assert "undo-toast" not in text(page.get(TABLE)), "the toast is offered once"

    toast = cut(r'<form class="undo-toast".*?</form>', html)
    undo = re.findall(r'name="lead" value="(\w+)"', toast)
    assert undo == [gone.public_id]
    back = page.post(reverse("leads:restore_leads"), {"lead": undo, "next": TABLE}, follow=True)
    assert sorted(names(text(back))) == ["Gone", "Kept"]
    assert LeadTotal.objects.get(workspace=workspace).leads == 2
    assert kept.deleted_at is None


def test_the_lead_of_a_stranger_cannot_be_restored(
    page: Client, stranger: Workspace, add_lead: AddLead
) -> None:
    theirs = add_lead(stranger, "Theirs")
    Lead.objects.filter(pk=theirs.pk).update(deleted_at=theirs.created_at)
    page.post(reverse("leads:restore_leads"), {"lead": theirs.public_id})
    theirs.refresh_from_db()
    assert theirs.deleted_at is not None


def test_deleting_never_sends_the_browser_elsewhere(page: Client) -> None:
    for target in ("https://evil.example/", "//evil.example/"):
        answer = page.post(reverse("leads:delete_leads"), {"next": target})
        assert answer["Location"] == TABLE


def full_lead(workspace: Workspace, add_lead: AddLead) -> Lead:
    stamp = "2026-05-01T10:00:00+00:00"
    return add_lead(
        workspace,
        "Bright <Smiles>",
        email="info@bright.test",
        email_status="risky",
        email_reason="role_address",
        emails=[
            {
                "email": "info@bright.test",
                "status": "risky",
                "reason": "role_address",
                "url": "http://bright.test/contact",
                "method": "mailto",
            },
            {
                "email": "x@bright.test",
                "status": "unverified",
                "reason": "",
                "url": "javascript:alert(1)",
                "method": "text",
            },
        ],
        phone="+13055550101",
        phones=[{"phone": "+13055550101", "url": "http://bright.test/", "method": "tel"}],
        website="javascript:alert(1)",
        social_links={"facebook": "https://www.facebook.com/bright", "x": "javascript:alert(2)"},
        description="<script>alert(3)</script>",
        opening_hours={"Sunday": "Closed", "Monday": "9 to 5"},
        tags=["hot & new"],
        sources={
            "email": {
                "source": "website",
                "url": "http://bright.test/contact",
                "method": "mailto",
                "licence": "None given",
                "first_seen_at": stamp,
                "checked_at": stamp,
            }
        },
    )


def test_a_lead_shows_verdicts_in_words_and_where_each_fact_is_from(
    page: Client, workspace: Workspace, add_lead: AddLead
) -> None:
    lead = full_lead(workspace, add_lead)
    html = text(page.get(reverse("leads:lead", args=[lead.public_id])))
    assert "A shared address such as info@" in html
    assert "+1 305-555-0101" in html
    assert html.index("Monday") < html.index("Sunday")
    row = cut(r'<table class="table[^"]*" id="sources-table".*?</table>', html)
    for words in ("Email", "Its website", "bright.test/contact", "mail link", "None given"):
        assert words in row


def test_a_lead_never_runs_or_links_what_was_scraped(
    page: Client, workspace: Workspace, add_lead: AddLead
) -> None:
    lead = full_lead(workspace, add_lead)
    for path in (f"/leads/{lead.public_id}", f"/leads/{lead.public_id}/edit", TABLE):
        html = text(page.get(path))
        assert "<script>alert" not in html
        assert "<Smiles>" not in html
        assert 'href="javascript' not in html
    html = text(page.get(f"/leads/{lead.public_id}"))
    outward = re.findall(r'<a [^>]*href="https?://[^>]*>', html)
    assert outward
    assert all('rel="noopener noreferrer nofollow"' in link for link in outward)


@pytest.mark.parametrize("name", ["lead", "edit_lead"])
def test_the_lead_of_a_stranger_is_not_there(
    page: Client, stranger: Workspace, add_lead: AddLead, name: str
) -> None:
    lead = add_lead(stranger, "Theirs")
    path = reverse(f"leads:{name}", args=[lead.public_id])
    assert page.get(path).status_code == 404
    assert page.post(path, {"business_name": "Mine"}).status_code in {404, 405}
    lead.refresh_from_db()
    assert lead.business_name == "Theirs"


def edit(page: Client, lead: Lead, **changes: str) -> Any:
    path = reverse("leads:edit_lead", args=[lead.public_id])
    form = page.get(path).context["form"]
    return page.post(path, {name: form[name].value() for name in form.fields} | changes)


def test_an_edit_changes_only_what_was_touched(
    page: Client, workspace: Workspace, add_lead: AddLead
) -> None:
    lead = full_lead(workspace, add_lead)
    Lead.objects.filter(pk=lead.pk).update(website="http://bright.test/")
    answer = edit(page, lead, first_name="Ada", tags="hot & new, second,, ")
    assert answer["Location"] == reverse("leads:lead", args=[lead.public_id])
    lead.refresh_from_db()
    assert (lead.first_name, lead.tags) == ("Ada", ["hot & new", "second"])
    assert lead.sources["first_name"]["source"] == "you"
    assert lead.sources["email"]["source"] == "website"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nonsense"),
        ("website", "javascript:alert(9)"),
        ("business_name", "x" * 301),
        ("city", "a\0b"),
        ("tags", ",".join(map(str, range(60)))),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused_beside_its_field(
    page: Client, workspace: Workspace, add_lead: AddLead, field: str, value: str
) -> None:
    lead = add_lead(workspace, "Ours")
    answer = edit(page, lead, **{field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in text(answer)
    before = Lead.objects.get(pk=lead.pk)
    assert (before.business_name, before.updated_at) == ("Ours", lead.updated_at)


def test_projects_are_created_renamed_and_deleted_with_their_leads_kept(
    page: Client, workspace: Workspace, add_lead: AddLead
) -> None:
    page.post(reverse("leads:projects"), {"name": " Café  list "})
    project = Project.objects.get()
    assert project.name == "Café list"
    ProjectLead.objects.create(project=project, lead=add_lead(workspace, "Ours"))
    page.post(reverse("leads:rename_project", args=[project.public_id]), {"name": "New name"})
    html = text(page.get(reverse("leads:projects")))
    assert "New name" in html
    assert re.search(r'data-label="Leads" class="number">1<', html)
    page.post(reverse("leads:delete_project", args=[project.public_id]))
    assert not Project.objects.exists()
    assert Lead.objects.filter(deleted_at=None).count() == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\0b", "Taken"])
def test_a_wrong_project_name_is_refused(page: Client, workspace: Workspace, name: str) -> None:
    Project.objects.create(workspace=workspace, name="Taken")
    other = Project.objects.create(workspace=workspace, name="Other")
    assert page.post(reverse("leads:projects"), {"name": name}).status_code == 422
    path = reverse("leads:rename_project", args=[other.public_id])
    answer = page.post(path, {"name": name})
    assert answer.status_code == 422
    assert "data-open" in text(answer), "the dialog is open again, with what is wrong"
    assert sorted(Project.objects.values_list("name", flat=True)) == ["Other", "Taken"]


def test_the_projects_of_a_stranger_are_not_there(page: Client, stranger: Workspace) -> None:
    theirs = Project.objects.create(workspace=stranger, name="Theirs")
    for name in ("rename_project", "delete_project"):
        path = reverse(f"leads:{name}", args=[theirs.public_id])
        assert page.post(path, {"name": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"
    assert "Theirs" not in text(page.get(reverse("leads:projects")))


def test_the_history_of_a_lead_links_its_searches(
    page: Client, workspace: Workspace, add_lead: AddLead
) -> None:
    lead = add_lead(workspace, "Ours")
    search = Search.objects.create(workspace=workspace, query="cafes", location="Berlin", limit=10)
    SearchLead.objects.create(search=search, lead=lead, position=1, is_new=True)
    html = text(page.get(reverse("leads:lead", args=[lead.public_id])))
    assert reverse("leads:search", args=[search.public_id]) in html
    assert "Found first by" in html
