"""Imports beside each other, beside deletions and beside searches for the same row."""

from collections.abc import Callable
from typing import Any

import pytest

from freshleads.users.models import Workspace
from leads import adding, editing, importing, projects, storing_imports
from leads.models import Lead, LeadImport, LeadTotal, ProjectLead

pytestmark = pytest.mark.django_db(transaction=True)

Upload = Callable[..., LeadImport]
Together = Callable[..., list[Any]]


def finish(lead_import: LeadImport) -> LeadImport:
    for _ in range(50):
        storing_imports.advance(lead_import.pk)
        lead_import.refresh_from_db()
        if not lead_import.is_at_work:
            return lead_import
    raise AssertionError(lead_import.status)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing_imports, "BATCH_ROWS", 20)


def started(upload: Upload, workspace: Workspace, **options: Any) -> LeadImport:
    rows = "".join(f"b{n}@best.test,City {n}\n" for n in range(100))
    draft = upload(f"Email,City\n{rows}")
    return importing.start(workspace, draft.public_id, **options)


def test_the_same_list_twice_at_once_makes_each_lead_once(
    upload: Upload, workspace: Workspace, in_parallel: Together
) -> None:
    first, second = started(upload, workspace), started(upload, workspace)
    done = in_parallel(lambda: finish(first), lambda: finish(second))
    assert [row.status for row in done] == ["completed", "completed"]
    assert done[0].created_count + done[1].created_count == 100
    assert done[0].duplicate_count + done[1].duplicate_count == 100
    assert Lead.objects.filter(workspace=workspace).count() == 100
    assert LeadTotal.objects.get(workspace=workspace).leads == 100


def test_two_workers_on_one_import_store_each_row_once(
    upload: Upload, workspace: Workspace, in_parallel: Together
) -> None:
    row = started(upload, workspace)
    in_parallel(*[lambda: storing_imports.advance(row.pk)] * 4)
    done = finish(row)
    assert (done.created_count, done.rows_done) == (100, 100)
    assert Lead.objects.filter(workspace=workspace).count() == 100


def test_importing_deleting_and_adding_at_once_wait_for_each_other_and_count_right(
    upload: Upload, workspace: Workspace, in_parallel: Together
) -> None:
    finish(started(upload, workspace))
    ids = list(Lead.objects.filter(workspace=workspace).values_list("public_id", flat=True))
    rows = [{"email": f"b{n}@best.test", "country": "DE"} for n in range(100)]
    again = started(upload, workspace)
    in_parallel(
        lambda: finish(again),
        lambda: [editing.delete_leads(workspace, [public_id]) for public_id in ids],
        lambda: adding.add_leads(workspace, project=None, rows=rows, source="api"),
    )
    kept = Lead.objects.filter(workspace=workspace, deleted_at=None).count()
    assert LeadTotal.objects.get(workspace=workspace).leads == kept
    assert Lead.objects.filter(workspace=workspace).count() == 100


def test_a_project_deleted_while_leads_are_put_into_it(
    upload: Upload, workspace: Workspace, in_parallel: Together
) -> None:
    project = projects.create_project(workspace, name="Spring")
    row = started(upload, workspace, project_id=project.public_id)
    in_parallel(lambda: finish(row), lambda: projects.delete_project(workspace, project.public_id))
    row.refresh_from_db()
    assert (row.status, row.created_count, row.project_id) == ("completed", 100, None)
    assert not ProjectLead.objects.exists()


def test_stopping_while_a_worker_stores_leaves_nothing(
    upload: Upload, workspace: Workspace, in_parallel: Together
) -> None:
    row = started(upload, workspace)
    in_parallel(
        lambda: storing_imports.advance(row.pk),
        lambda: importing.cancel(workspace, row.public_id),
    )
    row.refresh_from_db()
    if row.status == "completed":  # the worker was first
        importing.undo(workspace, row.public_id)
    assert finish(row).status == "undone"
    assert not Lead.objects.filter(workspace=workspace).exists()
    assert not LeadTotal.objects.filter(workspace=workspace).exclude(leads=0).exists()
