"""How long uploaded files are kept."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.users.models import Workspace
from leads import importing, tasks
from leads.models import LeadImport

Upload = Callable[..., LeadImport]
LIST = "Email\na@acme.test\n"


@pytest.fixture
def names(settings: Settings) -> Callable[[], set[str]]:
    """Return a function that lists the folder of uploads."""
    return lambda: {path.name for path in Path(settings.DATA_DIR, "uploads").glob("*")}


def age(lead_import: LeadImport, days: float) -> None:
    """Make an import older than it is."""
    by = timedelta(days=days)
    lead_import.refresh_from_db()
    ended = lead_import.finished_at and lead_import.finished_at - by
    LeadImport.objects.filter(pk=lead_import.pk).update(
        created_at=lead_import.created_at - by, finished_at=ended
    )


def test_a_file_goes_a_week_after_the_end_and_the_report_stays(
    import_leads: Callable[..., LeadImport], workspace: Workspace, names: Callable[[], set[str]]
) -> None:
    done = import_leads(LIST)
    age(done, 6.9)
    tasks.clear_uploads()
    assert names() == {done.stored_as}
    age(done, 0.2)
    tasks.clear_uploads()
    assert names() == set()
    done = importing.find_import(workspace, done.public_id)
    assert (done.stored_as, done.created_count, done.status) == ("", 1, "completed")
    assert importing.can_undo(done)


def test_a_draft_nobody_started_goes_with_its_file(
    upload: Upload, names: Callable[[], set[str]]
) -> None:
    old, young = upload(LIST), upload(LIST)
    age(old, 8)
    tasks.clear_uploads()
    assert names() == {young.stored_as}
    assert list(LeadImport.objects.all()) == [young]


def test_the_file_of_a_long_run_stays(
    upload: Upload, workspace: Workspace, names: Callable[[], set[str]]
) -> None:
    running = upload(LIST)
    importing.start(workspace, running.public_id)
    age(running, 30)
    tasks.clear_uploads()
    assert names() == {running.stored_as}


def test_files_of_nobody_go_after_a_day(
    upload: Upload, names: Callable[[], set[str]], settings: Settings
) -> None:
    kept = upload(LIST)
    folder = Path(settings.DATA_DIR, "uploads")
    for name, hours in (
        ("0" * 40, 25),
        (f"{'1' * 40}.part", 25),
        ("2" * 40, 1),
        (f"{kept.stored_as}.x.sheet", 25),
    ):
        (folder / name).write_text("x")
        then = timezone.now().timestamp() - hours * 3600
        os.utime(folder / name, (then, then))
    os.utime(folder / kept.stored_as, (0, 0))
    tasks.clear_uploads()
    assert names() == {kept.stored_as, f"{kept.stored_as}.x.sheet", "2" * 40}


def test_the_files_of_many_ended_imports_make_room(
    import_leads: Callable[..., LeadImport],
    names: Callable[[], set[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importing, "MAX_FILES", 2)
    done = [import_leads(f"Email\nb{n}@best.test\n") for n in range(4)]
    assert names() == {done[n].stored_as for n in (1, 2, 3)}
