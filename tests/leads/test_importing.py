"""Imports from the upload to the end: what is stored, what is refused, whose it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from freshleads.lib.errors import Conflict, InvalidInput, NotFound
from freshleads.users.models import Workspace
from leads import bells, editing, importing, projects, tasks, uploads
from leads.models import EmailCheck, ImportedLead, Lead, LeadImport, LeadTotal
from leads.uploads import StorageFull

Upload = Callable[..., LeadImport]
Finish = Callable[[LeadImport], LeadImport]
Import = Callable[..., LeadImport]

LIST = """Company,E-mail,Phone,Website,City,Country
Acme,info@acme.test,+1 305 555 0100,acme.test,Miami,USA
Bäckerei Groß,post@gross.test,030 901820,gross.test,Berlin,Germany
"""


@pytest.fixture
def lead_of(workspace: Workspace) -> Callable[[str], Lead]:
    return lambda email: Lead.objects.owned_by(workspace).get(email=email)


def counts(done: LeadImport) -> tuple[int, int, int, int]:
    return done.created_count, done.updated_count, done.duplicate_count, done.invalid_count


def files(settings: Settings) -> list[str]:
    return sorted(path.name for path in Path(settings.DATA_DIR, "uploads").glob("*"))


def test_a_list_becomes_leads_with_their_source(
    import_leads: Import,
    workspace: Workspace,
    lead_of: Callable[[str], Lead],
    balance: Callable[[Workspace], tuple[int, int]],
) -> None:
    before = balance(workspace)
    done = import_leads(LIST, file_name="customers.csv")
    assert (done.status, done.rows_done, counts(done)) == ("completed", 2, (2, 0, 0, 0))
    acme, bakery = lead_of("info@acme.test"), lead_of("post@gross.test")
    assert (acme.business_name, acme.phone, acme.website, acme.domain) == (
        "Acme",
        "+13055550100",
        "https://acme.test/",
        "acme.test",
    )
    assert (bakery.phone, bakery.country) == ("+4930901820", "DE")
    source = acme.sources["city"]
    assert [source[key] for key in ("source", "method", "url", "file")] == [
        "import",
        "file",
        "",
        "customers.csv",
    ]
    assert acme.search_text == "acme\ninfo@acme.test\nmiami\nacme.test"
    assert LeadTotal.objects.get(workspace=workspace).leads == 2
    assert balance(workspace) == before


def test_an_upload_is_a_draft_that_stores_nothing(
    upload: Upload, workspace: Workspace, settings: Settings
) -> None:
    draft = upload(LIST, file_name="C:\\fakepath\\customers.csv")
    assert (draft.status, draft.file_name, draft.rows_total) == ("draft", "customers.csv", 2)
    assert draft.mapping == {
        "0": "business_name",
        "1": "email",
        "2": "phones",
        "3": "website",
        "4": "city",
        "5": "country",
    }
    assert not Lead.objects.filter(workspace=workspace).exists()
    (name,) = files(settings)
    assert name == draft.stored_as
    assert len(name) == 40
    path = Path(settings.DATA_DIR, "uploads", name)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_workbook_is_imported_like_a_list(
    import_leads: Import, tmp_path: Path, lead_of: Callable[[str], Lead]
) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Email", "Phone"])
        sheet.write_row(1, 0, ["Acme", "a@acme.test", 13055550100])
    done = import_leads((tmp_path / "made.xlsx").read_bytes(), file_name="made.xlsx")
    assert counts(done) == (1, 0, 0, 0)
    assert lead_of("a@acme.test").phone == "+13055550100"


def test_a_file_over_the_limit_leaves_nothing_behind(upload: Upload, settings: Settings) -> None:
    settings.LEADS_IMPORT_MAX_MB = 1
    with pytest.raises(InvalidInput) as refused:
        upload(b"name,email\n" + b"x" * (1024 * 1024 - 10))
    assert (refused.value.code, refused.value.param) == ("file_too_large", "file")
    assert (files(settings), LeadImport.objects.count()) == ([], 0)
    assert upload(b"name,email\nAcme," + b"x" * (1024 * 1024 - 16)).size == 1024 * 1024


def test_what_is_no_list_leaves_nothing_behind(upload: Upload, settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="This is a PDF"):
        upload(b"%PDF-1.7")
    assert (files(settings), LeadImport.objects.count()) == ([], 0)


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    upload: Upload, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Any, target: Path) -> int:
        target.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads, "_copy", full)
    with pytest.raises(StorageFull, match="disk of the server is full"):
        upload(LIST)
    assert (files(settings), LeadImport.objects.count()) == ([], 0)


@pytest.mark.parametrize("policy", ["skip", "fill", "replace"])
def test_known_leads_are_treated_as_asked(
    policy: str, import_leads: Import, workspace: Workspace, lead_of: Callable[[str], Lead]
) -> None:
    import_leads("Name,Email,City,Tags\nAcme,a@acme.test,,old\n")
    editing.update_lead(
        workspace, lead_of("a@acme.test").public_id, changes={"business_name": "Acme Inc."}
    )
    done = import_leads(
        "Name,Email,City,Tags,Phone\nACME,A@acme.test,Miami,new,+1 305 555 0100\n",
        duplicates=policy,
    )
    lead = lead_of("a@acme.test")
    seen = (lead.business_name, lead.city, lead.tags, lead.phone)
    assert (
        seen
        == {
            "skip": ("Acme Inc.", "", ["old"], ""),
            "fill": ("Acme Inc.", "Miami", ["old"], "+13055550100"),
            "replace": ("ACME", "Miami", ["new"], "+13055550100"),
        }[policy]
    )
    assert counts(done) == ((0, 0, 1, 0) if policy == "skip" else (0, 1, 0, 0))
    assert Lead.objects.filter(workspace=workspace).count() == 1


def test_a_field_that_a_person_emptied_stays_empty_when_filling(
    import_leads: Import, workspace: Workspace, lead_of: Callable[[str], Lead]
) -> None:
    import_leads("Email,City,Rating\na@acme.test,Bonn,4\n")
    editing.update_lead(workspace, lead_of("a@acme.test").public_id, changes={"city": ""})
    done = import_leads("Email,City\na@acme.test,Miami\n", duplicates="fill")
    assert lead_of("a@acme.test").city == ""
    assert counts(done) == (0, 0, 1, 0)


def test_a_lead_that_was_deleted_comes_back(
    import_leads: Import, workspace: Workspace, lead_of: Callable[[str], Lead]
) -> None:
    import_leads("Email,City\na@acme.test,Bonn\n")
    editing.delete_leads(workspace, [lead_of("a@acme.test").public_id])
    done = import_leads("Email,City\na@acme.test,Miami\n")
    assert lead_of("a@acme.test").city == "Bonn"
    assert counts(done) == (0, 1, 0, 0)
    assert LeadTotal.objects.get(workspace=workspace).leads == 1


def test_a_lead_twice_in_a_file_counts_once(import_leads: Import, workspace: Workspace) -> None:
    rows = "".join(f"b{n % 600}@best.test,City {n}\n" for n in range(1_300))
    done = import_leads(f"Email,City\n{rows}")
    assert counts(done) == (600, 0, 700, 0)
    assert Lead.objects.get(workspace=workspace, email="b7@best.test").city == "City 7"


def test_refused_rows_and_cells_are_listed_up_to_a_bound(import_leads: Import) -> None:
    done = import_leads(
        "Name,Email,Website\nAcme,nobody,\nBest,b@best.test,none\nCost,,\n"
        + "Easy,e@easy.test,easy.test\n"
        + "Dull,not an address,\n" * 300
    )
    assert counts(done) == (2, 0, 0, 302)
    assert len(done.errors) == 200
    assert done.errors[:4] == [
        {
            "row": 2,
            "column": "Email",
            "value": "nobody",
            "reason": "is not an e-mail address: An email address must have an @-sign.",
            "refused": False,
        },
        {
            "row": 2,
            "column": "",
            "value": "",
            "reason": "The row has no e-mail, website or phone by which the lead could be known "
            "again.",
            "refused": True,
        },
        {
            "row": 3,
            "column": "Website",
            "value": "none",
            "reason": "is not the address of a website: none",
            "refused": False,
        },
        {
            "row": 4,
            "column": "",
            "value": "",
            "reason": "The row has no e-mail, website or phone by which the lead could be known "
            "again.",
            "refused": True,
        },
    ]


def test_leads_go_into_the_project_that_was_chosen_or_made(
    import_leads: Import, workspace: Workspace
) -> None:
    spring = projects.create_project(workspace, name="Spring")
    first = import_leads("Email\na@acme.test\n", project_id=spring.public_id)
    assert set(spring.leads.values_list("email", flat=True)) == {"a@acme.test"}
    second = import_leads(
        "Email\na@acme.test\nb@best.test\n", project_id="new", file_name="Fair 2026.csv"
    )
    assert second.project is not None
    assert second.project.name == "Fair 2026"
    assert set(second.project.leads.values_list("email", flat=True)) == {
        "a@acme.test",
        "b@best.test",
    }
    assert first.project == spring
    links = ImportedLead.objects.filter(lead_import=second).values_list("is_created", "is_linked")
    assert sorted(links) == [(False, True), (True, True)]


def test_a_new_lead_gets_the_verdict_that_is_known_of_its_address(
    import_leads: Import, lead_of: Callable[[str], Lead]
) -> None:
    from django.utils import timezone

    EmailCheck.objects.create(
        email="a@acme.test", status="valid", reason="accepted", checks={}, checked_at=timezone.now()
    )
    import_leads("Email\na@acme.test\nb@best.test\n")
    assert lead_of("a@acme.test").email_status == "valid"
    assert lead_of("b@best.test").email_status == "unverified"


def test_strangers_see_and_steer_nothing(
    upload: Upload, stranger: Workspace, workspace: Workspace
) -> None:
    draft = upload(LIST)
    theirs = projects.create_project(stranger, name="Theirs")
    for ask in (importing.find_import, importing.start, importing.cancel, importing.undo):
        with pytest.raises(NotFound):
            ask(stranger, draft.public_id)
    with pytest.raises(NotFound):
        importing.start(workspace, draft.public_id, project_id=theirs.public_id)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_what_is_known_to_another_workspace_is_new_here(
    import_leads: Import, stranger: Workspace, workspace: Workspace
) -> None:
    Lead.objects.create(workspace=stranger, identity="email:a@acme.test", email="a@acme.test")
    other = Lead.objects.create(workspace=stranger, identity="x", email="x@acme.test", city="Bonn")
    done = import_leads(
        f"Email,Lead ID,City\na@acme.test,,\n,{other.public_id},Miami\n", duplicates="replace"
    )
    assert counts(done) == (1, 0, 0, 1)
    assert done.errors[0]["reason"].startswith("You have no lead with this ID")
    other.refresh_from_db()
    assert other.city == "Bonn"


def test_choices_are_checked(upload: Upload, workspace: Workspace) -> None:
    draft = upload(LIST)
    right: dict[str, Any] = {"mapping": {1: "email"}, "duplicates": "skip", "country": "DE"}
    for wrong, param in (
        ({"mapping": {4: "city"}}, "mapping"),
        ({"duplicates": "burn"}, "duplicates"),
        ({"country": "Atlantis"}, "country"),
    ):
        with pytest.raises(InvalidInput) as refused:
            importing.choose(workspace, draft.public_id, **(right | wrong))
        assert refused.value.param == param
    assert importing.choose(workspace, draft.public_id, **right).mapping == {"1": "email"}


def test_a_file_may_be_read_in_another_way(upload: Upload, workspace: Workspace) -> None:
    draft = upload("Firma;E-Mail\nMüller;a@acme.test\n".encode("mac_roman"))
    chosen = importing.choose_layout(workspace, draft.public_id, encoding="mac_roman")
    assert chosen.layout["encoding"] == "mac_roman"
    assert chosen.mapping == {"0": "business_name", "1": "email"}
    chosen = importing.choose_layout(workspace, draft.public_id, header_row=0)
    assert (chosen.layout["columns"], chosen.rows_total) == (["Column A", "Column B"], 2)


def test_what_was_started_cannot_be_changed_or_started_again(
    upload: Upload, finish: Finish, workspace: Workspace
) -> None:
    draft = upload(LIST)
    importing.start(workspace, draft.public_id)
    for ask in (
        lambda: importing.start(workspace, draft.public_id),
        lambda: importing.choose_layout(workspace, draft.public_id, header_row=0),
        lambda: importing.choose(
            workspace, draft.public_id, mapping={1: "email"}, duplicates="skip"
        ),
        lambda: importing.discard(workspace, draft.public_id),
    ):
        with pytest.raises(Conflict):
            ask()
    assert counts(finish(draft)) == (2, 0, 0, 0)


def test_a_draft_can_be_thrown_away(
    upload: Upload, workspace: Workspace, settings: Settings
) -> None:
    importing.discard(workspace, upload(LIST).public_id)
    assert (files(settings), LeadImport.objects.count()) == ([], 0)


def test_old_drafts_make_room_for_new_ones(
    upload: Upload, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_DRAFTS", 2)
    kept = [upload(LIST).stored_as for _ in range(4)][2:]
    assert files(settings) == sorted(kept)


def test_starting_rings_the_bell_and_a_bell_does_a_slice(
    upload: Upload,
    workspace: Workspace,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(tasks.store_import, "delay", rung.append)
    monkeypatch.setattr(bells.current_app, "send_task", lambda name, args: rung.extend(args))
    draft = upload(LIST)
    with django_capture_on_commit_callbacks(execute=True):
        importing.start(workspace, draft.public_id)
    assert rung == [draft.pk]
    tasks.sweep_imports()
    tasks.sweep_imports()
    assert rung == [draft.pk] * 2
    tasks.store_import(draft.pk)
    tasks.store_import(10**9)
    draft.refresh_from_db()
    assert (draft.status, rung) == ("completed", [draft.pk] * 2)
