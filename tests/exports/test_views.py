"""The download of a project in the dashboard."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from freshleads.users.models import User, Workspace
from leads.models import Project


@pytest.fixture
def page(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def path(project: Project) -> str:
    return reverse("exports:project", args=[project.public_id])


def test_a_project_is_downloaded_as_a_workbook_unless_told_otherwise(
    page: Client, project: Project
) -> None:
    answer = page.get(path(project))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="zahn-rzte-in-k-ln-2026.xlsx"'
    assert (answer["X-Exported"], answer["X-Skipped"]) == ("2", "0")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue()[:2] == b"PK"


def test_the_filters_of_the_table_apply_to_the_download(page: Client, project: Project) -> None:
    answer = page.get(path(project), {"format": "csv", "has_email": "true"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert (answer["X-Exported"], answer["X-Skipped"]) == ("1", "1")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 2


@pytest.mark.parametrize(
    "asked", [{"format": "pdf"}, {"has_email": "perhaps"}, {"ordering": "<script>"}]
)
def test_what_is_not_understood_is_refused_in_plain_text(
    page: Client, project: Project, asked: dict[str, str]
) -> None:
    answer = page.get(path(project), asked)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_nobody_downloads_what_is_not_theirs(project: Project, stranger: Workspace) -> None:
    client = Client()
    answer = client.get(path(project))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("users:login"))
    client.force_login(User.objects.get(email="eve@example.org"))
    assert client.get(path(project)).status_code == 404


def test_an_operator_without_a_workspace_is_told_so(db: None, project: Project) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.org", "correct horse battery"))
    assert client.get(path(project)).status_code == 403


def test_a_download_is_asked_for_by_get(page: Client, project: Project) -> None:
    assert page.post(path(project)).status_code == 405
