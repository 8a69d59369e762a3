"""What goes into a file, and what is told about it."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from exports import rendering
from exports.columns import LEAD_COLUMNS
from freshleads.lib.errors import InvalidInput, NotFound
from freshleads.users.models import Workspace
from leads.models import Lead, Project, ProjectLead


def prepare(workspace: Workspace, project: Project, **asked: Any) -> rendering.Export:
    values = {"project_id": project.public_id, "format": "csv", "filters": {}, **asked}
    return rendering.prepare_export(workspace, **values)


def rows_of(export: rendering.Export) -> list[dict[str, str]]:
    text = b"".join(rendering.stream(export)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_export_counts_what_it_holds_and_what_the_filters_leave_out(
    workspace: Workspace, project: Project
) -> None:
    everything = prepare(workspace, project)
    assert (everything.exported, everything.skipped) == (2, 0)
    with_email = prepare(workspace, project, filters={"has_email": "true"})
    assert (with_email.exported, with_email.skipped) == (1, 1)
    assert with_email.info["Filters"] == "has_email=true"
    assert everything.info["Filters"] == "none"
    assert everything.info["Project"] == project.name


def test_a_row_holds_every_value_of_its_lead_in_words(
    workspace: Workspace, project: Project
) -> None:
    row = next(row for row in rows_of(prepare(workspace, project)) if row["Email"])
    lead = Lead.objects.get(email="info@bright.test")
    assert row["Business name"] == "'=Bright & Sons", "a formula is disarmed"
    assert row["Phone"].lstrip("'") == "+13055550100"
    assert (row["Email"], row["Email status"]) == ("info@bright.test", "valid")
    assert row["Facebook"] == "https://www.facebook.com/bright"
    assert row["Opening hours"] == "monday: 9-5; tuesday: closed"
    assert row["All emails"] == "info@bright.test, b@bright.test"
    assert row["All phones"].lstrip("'") == "+13055550100, +13055550111"
    assert (row["Postal code"], row["Rating"], row["Latitude"]) == ("01234", "4.5", "25.5")
    assert row["Tags"] == "hot, call back"
    assert row["Source"] == "google, website, you"
    assert row["Lead ID"] == lead.public_id


def test_a_lead_that_knows_nothing_is_a_row_of_empty_cells(
    workspace: Workspace, project: Project
) -> None:
    row = next(row for row in rows_of(prepare(workspace, project)) if not row["Email"])
    filled = {header for header, value in row.items() if value}
    assert filled == {"Business name", "Email status", "Created at (UTC)", "Lead ID"}


def test_deleted_leads_and_those_of_other_projects_are_left_out(
    workspace: Workspace, project: Project
) -> None:
    Lead.objects.create(workspace=workspace, identity="place:9", business_name="Elsewhere")
    names = {row["Business name"] for row in rows_of(prepare(workspace, project))}
    assert names == {"'=Bright & Sons", "Empty"}


def test_a_workbook_holds_the_same_rows_as_the_csv(
    workspace: Workspace, project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "leads.xlsx"
    assert rendering.write_file(prepare(workspace, project, format="xlsx"), path) == 2
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.header for column in LEAD_COLUMNS]
    assert sheet.max_row == 3


def test_a_file_is_written_as_it_is_streamed(
    workspace: Workspace, project: Project, tmp_path: Path
) -> None:
    export = prepare(workspace, project)
    path = tmp_path / "leads.csv"
    assert rendering.write_file(export, path) == 2
    assert path.read_bytes() == b"".join(rendering.stream(export))


def test_a_streamed_workbook_leaves_no_file_behind(
    workspace: Workspace, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    parts = rendering.stream(prepare(workspace, project, format="xlsx"))
    assert next(parts)[:2] == b"PK"
    parts.close()  # type: ignore[attr-defined]  # as when the browser goes away
    assert list(tmp_path.iterdir()) == []


def test_an_empty_project_is_a_file_with_headers_only(workspace: Workspace) -> None:
    project = Project.objects.create(workspace=workspace, name="Empty")
    export = prepare(workspace, project)
    assert (export.exported, export.skipped) == (0, 0)
    assert rows_of(export) == []
    assert b"".join(rendering.stream(prepare(workspace, project, format="xlsx")))[:2] == b"PK"


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("Dentists in Miami, FL", "dentists-in-miami-fl.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        ('a"\r\nX-Evil: 1', "a-x-evil-1.csv"),
        ("日本", "leads.csv"),
        ("x" * 200, "x" * 80 + ".csv"),
    ],
)
def test_the_name_of_the_file_is_harmless(workspace: Workspace, name: str, file_name: str) -> None:
    project = Project.objects.create(workspace=workspace, name=name)
    assert prepare(workspace, project).name == file_name


@pytest.mark.parametrize("format", ["pdf", "", "CSV", "instantly", "x" * 999])
def test_a_format_that_is_not_made_is_refused(
    workspace: Workspace, project: Project, format: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        prepare(workspace, project, format=format)
    assert refusal.value.param == "format"
    assert len(refusal.value.message) < 200


def test_a_filter_that_makes_no_sense_is_refused(workspace: Workspace, project: Project) -> None:
    with pytest.raises(InvalidInput) as refusal:
        prepare(workspace, project, filters={"has_email": "perhaps"})
    assert refusal.value.param == "has_email"


def test_only_filters_that_applied_are_told(workspace: Workspace, project: Project) -> None:
    asked = {"page": "2", "city": "", "ordering": "city", "has_email": "true"}
    export = prepare(workspace, project, filters=asked)
    assert export.info["Filters"] == "has_email=true"


def test_the_project_cannot_be_exchanged_by_a_filter(
    workspace: Workspace, project: Project
) -> None:
    other = Project.objects.create(workspace=workspace, name="Other")
    export = prepare(workspace, project, filters={"project_id": other.public_id})
    assert export.exported == 2


def test_a_strangers_project_is_not_found(stranger: Workspace, project: Project) -> None:
    with pytest.raises(NotFound):
        prepare(stranger, project)


def test_many_rows_are_read_a_thousand_at_a_time(
    workspace: Workspace, project: Project, django_assert_max_num_queries: Any
) -> None:
    leads = Lead.objects.bulk_create(
        Lead(workspace=workspace, identity=f"many:{n}", business_name=f"B{n}") for n in range(2500)
    )
    ProjectLead.objects.bulk_create(ProjectLead(project=project, lead=lead) for lead in leads)
    export = prepare(workspace, project)
    with django_assert_max_num_queries(3):
        assert len(rows_of(export)) == 2502
