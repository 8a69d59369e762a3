"""Downloads of a project's leads."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from exports import rendering
from exports.columns import LEAD_COLUMNS
from freshleads.users.models import Workspace
from leads.models import Lead, Project, ProjectLead

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADERS = [column.header for column in LEAD_COLUMNS]


@pytest.fixture
def project(alices: Workspace, full_lead: Lead, make_leads: Any) -> Project:
    """Alice's project of three leads, one with an e-mail address."""
    [project] = full_lead.projects.all()
    for lead in make_leads(alices, 2):
        ProjectLead.objects.create(project=project, lead=lead)
    return project


def test_streams_a_workbook_unless_told_otherwise(alices_api: Any, project: Project) -> None:
    response = alices_api.get(f"/export/{project.public_id}")
    assert response.streaming
    assert response.headers["Content-Type"] == XLSX
    assert response.headers["Content-Disposition"] == 'attachment; filename="dentists.xlsx"'
    assert (response.headers["X-Exported"], response.headers["X-Skipped"]) == ("3", "0")
    assert response.headers["Cache-Control"] == "no-store"
    sheet = openpyxl.load_workbook(io.BytesIO(response.streamed)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == HEADERS
    assert sheet.max_row == 4


def test_streams_csv_with_the_filters_of_the_leads(
    alices_api: Any, project: Project, full_lead: Lead
) -> None:
    response = alices_api.get(f"/export/{project.public_id}", format="csv", has_email="true")
    assert (response.headers["X-Exported"], response.headers["X-Skipped"]) == ("1", "2")
    rows = list(csv.reader(io.StringIO(response.streamed.decode("utf-8-sig"))))
    assert rows[0] == HEADERS
    assert [row[HEADERS.index("Lead ID")] for row in rows[1:]] == [full_lead.public_id]


def test_head_tells_the_counts_and_makes_no_file(
    alices_api: Any, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*arguments: Any, **options: Any) -> None:
        raise AssertionError("a file was made")

    monkeypatch.setattr(rendering, "write_file", never)
    response = alices_api.call("HEAD", f"/export/{project.public_id}")
    assert (response.headers["X-Exported"], response.streamed) == ("3", b"")


def test_an_unknown_format_is_told_the_five(
    alices_api: Any, project: Project, refused: Any
) -> None:
    response = alices_api.get(f"/export/{project.public_id}", format="pdf")
    assert refused(response) == (400, "invalid_parameter", "format")
    message = response.json()["error"]["message"]
    assert all(name in message for name in ("xlsx", "csv", "instantly", "lemlist", "smartlead"))


@pytest.mark.parametrize("format", ["instantly", "lemlist", "smartlead"])
def test_a_format_of_a_later_version_is_said_to_be_missing(
    alices_api: Any, project: Project, refused: Any, format: str
) -> None:
    response = alices_api.get(f"/export/{project.public_id}", format=format)
    assert refused(response) == (400, "invalid_parameter", "format")
    assert "not made yet" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "1"),
        ("has_email", "perhaps"),
        ("columns", "email"),
        ("project_id", "proj_1"),
        ("format", ""),
    ],
)
def test_refuses_parameters_it_cannot_follow(
    alices_api: Any, project: Project, refused: Any, name: str, value: str
) -> None:
    response = alices_api.get(f"/export/{project.public_id}", **{name: value})
    assert refused(response) == (400, "invalid_parameter", name)


def test_a_file_that_cannot_be_begun_is_an_error_and_not_half_a_file(
    alices_api: Any, project: Project, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise OSError("no space left on /dev/sda1")

    monkeypatch.setattr(rendering, "write_file", fail)
    response = alices_api.get(f"/export/{project.public_id}")
    assert refused(response) == (500, "server_error", None)
    assert "Content-Disposition" not in response.headers
