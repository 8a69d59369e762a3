"""Stopping, failing and undoing: nothing is left half-done, and nothing of a person's is lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.lib.errors import Conflict
from freshleads.users.models import User, Workspace
from leads import adding, editing, importing, projects, searching, storing_imports, undoing_imports
from leads.import_leases import LEASES
from leads.models import (
    ImportedLead,
    Lead,
    LeadImport,
    LeadTotal,
    Project,
    ProjectLead,
    Search,
    SearchLead,
)

Upload = Callable[..., LeadImport]
Finish = Callable[[LeadImport], LeadImport]
Import = Callable[..., LeadImport]

FULL = (
    "Name,Email,Phone,Website,City,Country,Tags,Rating,Facebook,Description\n"
    "Acme,new@acme.test,+1 305 555 0109,shop.acme.test,Miami,US,vip,4.5,facebook.com/acme,Teeth\n"
)


def whole(workspace: Workspace) -> list[dict[str, Any]]:
    """Return everything that is kept of the workspace's leads, but when they last changed."""
    rows = Lead.objects.filter(workspace=workspace).order_by("pk").values()
    links = ProjectLead.objects.filter(lead__workspace=workspace).order_by("pk")
    return [
        *({name: value for name, value in row.items() if name != "updated_at"} for row in rows),
        *map(dict, links.values("project_id", "lead_id")),
        *map(dict, LeadTotal.objects.filter(workspace=workspace).values("leads")),
    ]


@pytest.fixture
def undo(workspace: Workspace, finish: Finish) -> Callable[[LeadImport], LeadImport]:
    return lambda done: finish(importing.undo(workspace, done.public_id))


@pytest.fixture
def old_lead(workspace: Workspace) -> Lead:
    """A lead with a little of everything, part of it typed by a person."""
    lead = Lead.objects.create(
        workspace=workspace,
        identity="place:1",
        place_id="1",
        email="old@acme.test",
        email_status="valid",
        email_reason="accepted",
        emails=[
            {"email": "old@acme.test", "status": "valid", "reason": "accepted"},
            {"email": "new@acme.test", "status": "risky", "reason": "catch_all"},
        ],
        phone="+13055550100",
        phones=[{"phone": "+13055550100", "url": "", "method": "tel"}],
        social_links={"facebook": "https://www.facebook.com/old", "x": "https://x.com/old"},
        sources={"email": {"source": "website"}, "social_links.facebook": {"source": "website"}},
    )
    LeadTotal.objects.create(workspace=workspace, leads=1)
    editing.update_lead(workspace, lead.public_id, changes={"city": "Bonn", "tags": ["mine"]})
    return lead


@pytest.mark.parametrize("policy", ["skip", "fill", "replace"])
def test_undoing_leaves_everything_as_it_was(
    policy: str,
    old_lead: Lead,
    workspace: Workspace,
    import_leads: Import,
    undo: Callable[[LeadImport], LeadImport],
) -> None:
    project = projects.create_project(workspace, name="Spring")
    before = whole(workspace)
    row = FULL.replace("Name,", "Lead ID,Name,").replace("Acme,", f"{old_lead.public_id},Acme,")
    done = import_leads(
        row + ",Best,b@best.test,,best.test,Bonn,DE,,,,\n",
        duplicates=policy,
        project_id=project.public_id,
    )
    assert (done.created_count, done.updated_count) == (1, policy != "skip")
    assert whole(workspace) != before
    undone = undo(done)
    assert undone.status == "undone"
    assert whole(workspace) == before
    assert not ImportedLead.objects.filter(lead_import=done).exists()


def test_replacing_takes_everything_from_the_file_and_gives_each_field_its_source(
    old_lead: Lead, import_leads: Import
) -> None:
    row = FULL.replace("Name,", "Lead ID,Name,").replace("Acme,", f"{old_lead.public_id},Acme,")
    import_leads(row, duplicates="replace")
    old_lead.refresh_from_db()
    assert (old_lead.email, old_lead.email_status) == ("new@acme.test", "risky")
    assert (old_lead.city, old_lead.tags, old_lead.phone) == ("Miami", ["vip"], "+13055550109")
    assert old_lead.social_links == {
        "facebook": "https://www.facebook.com/acme",
        "x": "https://x.com/old",
    }
    assert old_lead.sources["city"]["source"] == "import"
    assert old_lead.domain == "acme.test"


def test_what_a_person_changed_since_stays(
    old_lead: Lead, workspace: Workspace, import_leads: Import, undo: Callable[..., LeadImport]
) -> None:
    done = import_leads(
        f"Lead ID,Name,City,Category\n{old_lead.public_id},Acme,Miami,Dentist\n",
        duplicates="replace",
    )
    editing.update_lead(workspace, old_lead.public_id, changes={"business_name": "Acme Inc."})
    undone = undo(done)
    old_lead.refresh_from_db()
    assert (old_lead.business_name, old_lead.city, old_lead.category) == ("Acme Inc.", "Bonn", "")
    assert old_lead.sources["business_name"]["source"] == "you"
    assert undone.undone["partly"] == 1


def test_created_leads_that_somebody_uses_or_changed_stay_and_are_counted(
    workspace: Workspace,
    alice: User,
    import_leads: Import,
    undo: Callable[..., LeadImport],
) -> None:
    names = ("edited", "found", "elsewhere", "refilled", "added", "deleted", "verified", "left")
    done = import_leads("Email\n" + "".join(f"{name}@acme.test\n" for name in names))
    leads = {name: Lead.objects.get(email=f"{name}@acme.test") for name in names}
    editing.update_lead(workspace, leads["edited"].public_id, changes={"city": "Bonn"})
    search = searching.start_search(workspace, by=alice, query="a", location="b")
    SearchLead.objects.create(search=search, lead=leads["found"], position=1, is_new=False)
    other = projects.create_project(workspace, name="Elsewhere")
    ProjectLead.objects.create(project=other, lead=leads["elsewhere"])
    import_leads("Email,City\nrefilled@acme.test,Bonn\n", duplicates="fill")
    adding.add_leads(
        workspace, project=other, rows=[{"email": "added@acme.test", "city": "Bonn"}], source="api"
    )
    editing.delete_leads(workspace, [leads["deleted"].public_id])
    Lead.objects.filter(pk=leads["verified"].pk).update(
        email_status="valid", updated_at=timezone.now()
    )
    undone = undo(done)
    kept = set(Lead.objects.filter(workspace=workspace).values_list("email", flat=True))
    assert kept == {f"{name}@acme.test" for name in names[:5]}
    assert undone.undone == {"deleted": 3, "changed": 2, "used": 3}
    assert LeadTotal.objects.get(workspace=workspace).leads == 5


def test_an_undone_lead_is_new_again(
    workspace: Workspace, import_leads: Import, undo: Callable[..., LeadImport], finish: Finish
) -> None:
    done = import_leads("Email\na@acme.test\n")
    undo(done)
    assert importing.reopen(workspace, done.public_id).status == "draft"
    again = finish(importing.start(workspace, done.public_id))
    assert (again.created_count, again.duplicate_count, again.rows_done) == (1, 0, 1)


def test_stopping_takes_back_what_is_stored(
    workspace: Workspace, upload: Upload, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing_imports, "BATCH_ROWS", 10)
    monkeypatch.setattr(storing_imports, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(undoing_imports, "BATCH", 3)
    draft = upload("Email\n" + "".join(f"b{n}@best.test\n" for n in range(35)))
    importing.start(workspace, draft.public_id)
    lease = LEASES.claim(draft.pk)
    assert lease is not None
    storing_imports._store_next(lease, storing_imports._drafts(lease.row))
    assert Lead.objects.filter(workspace=workspace).count() == 10
    importing.cancel(workspace, draft.public_id)
    with pytest.raises(storing_imports.LeaseLost), lease.writing():
        pass
    stopped = finish(draft)
    assert (stopped.status, stopped.undone["deleted"]) == ("undone", 10)
    assert not Lead.objects.filter(workspace=workspace).exists()
    assert LeadTotal.objects.get(workspace=workspace).leads == 0


def test_a_killed_worker_is_followed_by_another_that_doubles_nothing(
    workspace: Workspace,
    upload: Upload,
    finish: Finish,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storing_imports, "BATCH_ROWS", 10)
    draft = upload("Email,City\n" + "".join(f"b{n}@best.test,Bonn\n" for n in range(35)))
    importing.start(workspace, draft.public_id)
    dead = LEASES.claim(draft.pk)
    assert dead is not None
    storing_imports._store_next(dead, storing_imports._drafts(dead.row))
    assert LEASES.claim(draft.pk) is None
    LeadImport.objects.filter(pk=draft.pk).update(lease_expires_at=timezone.now())
    done = finish(draft)
    assert (done.status, done.created_count, done.rows_done) == ("completed", 35, 35)
    assert Lead.objects.filter(workspace=workspace).count() == 35
    assert done.entries.count() == 35
    with pytest.raises(storing_imports.LeaseLost), dead.writing():
        pass


def test_a_worker_killed_while_undoing_is_followed_by_another(
    workspace: Workspace,
    old_lead: Lead,
    import_leads: Import,
    finish: Finish,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = whole(workspace)
    rows = "".join(f"b{n}@best.test,Miami\n" for n in range(20))
    done = import_leads(f"Email,City\n{rows}old@acme.test,Miami\n", duplicates="replace")
    importing.undo(workspace, done.public_id)
    monkeypatch.setattr(undoing_imports, "BATCH", 6)
    dead = LEASES.claim(done.pk)
    assert dead is not None
    with dead.writing() as row:
        undoing_imports._undo_batch(row, list(row.entries.order_by("-pk")[:6]))
    LeadImport.objects.filter(pk=done.pk).update(lease_expires_at=timezone.now())
    undone = finish(done)
    assert (undone.status, undone.undone) == (
        "undone",
        {"deleted": 20, "restored": 1},
    )
    assert whole(workspace) == before


def test_a_file_that_vanished_ends_the_import_with_nothing_stored(
    workspace: Workspace, upload: Upload, finish: Finish, settings: Settings
) -> None:
    draft = upload("Email\na@acme.test\n")
    importing.start(workspace, draft.public_id)
    Path(settings.DATA_DIR, "uploads", draft.stored_as).unlink()
    failed = finish(draft)
    assert failed.status == "failed"
    assert failed.error_message.startswith("The uploaded file is gone from the server.")
    assert not Lead.objects.filter(workspace=workspace).exists()
    with pytest.raises(Conflict):
        importing.reopen(workspace, draft.public_id)


def test_an_import_that_crashes_again_and_again_is_undone_and_fails(
    workspace: Workspace,
    upload: Upload,
    finish: Finish,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.LEADS_RETRY_SECONDS = 0.0
    monkeypatch.setattr(storing_imports, "BATCH_ROWS", 10)
    real = storing_imports.read_draft

    def crash_late(row: Any, *args: Any, **options: Any) -> Any:
        if row.number > 25:
            raise RuntimeError("a row that nobody thought of")
        return real(row, *args, **options)

    monkeypatch.setattr(storing_imports, "read_draft", crash_late)
    draft = upload("Email\n" + "".join(f"b{n}@best.test\n" for n in range(35)))
    importing.start(workspace, draft.public_id)
    failed = finish(draft)
    assert (failed.status, failed.undone["deleted"]) == ("failed", 20)
    assert failed.error_message.startswith("Something went wrong inside")
    assert not Lead.objects.filter(workspace=workspace).exists()
    monkeypatch.setattr(storing_imports, "read_draft", real)
    importing.reopen(workspace, draft.public_id)
    done = finish(importing.start(workspace, draft.public_id))
    assert (done.status, done.created_count) == ("completed", 35)


def test_an_undoing_that_crashes_again_and_again_can_be_tried_once_more(
    workspace: Workspace,
    import_leads: Import,
    undo: Callable[..., LeadImport],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.LEADS_RETRY_SECONDS = 0.0
    done = import_leads("Email\na@acme.test\n")
    with monkeypatch.context() as patch:
        patch.setattr(undoing_imports, "_undo_batch", lambda *args: 1 / 0)
        assert undo(done).status == "failed"
    with pytest.raises(Conflict):
        importing.reopen(workspace, done.public_id)
    assert undo(done).status == "failed"
    assert not Lead.objects.filter(workspace=workspace).exists()


def test_only_what_has_ended_can_be_undone(workspace: Workspace, upload: Upload) -> None:
    draft = upload("Email\na@acme.test\n")
    with pytest.raises(Conflict):
        importing.undo(workspace, draft.public_id)
    importing.start(workspace, draft.public_id)
    with pytest.raises(Conflict):
        importing.undo(workspace, draft.public_id)


def test_a_project_deleted_meanwhile_stops_nothing(
    workspace: Workspace, upload: Upload, finish: Finish, undo: Callable[..., LeadImport]
) -> None:
    project = projects.create_project(workspace, name="Spring")
    draft = upload("Email\na@acme.test\n")
    importing.start(workspace, draft.public_id, project_id=project.public_id)
    projects.delete_project(workspace, project.public_id)
    done = finish(draft)
    assert (done.status, done.created_count, done.project) == ("completed", 1, None)
    assert (undo(done).status, Project.objects.count()) == ("undone", 0)
    assert Search.objects.count() == 0
