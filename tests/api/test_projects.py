"""Projects: made, listed, renamed, deleted."""

from typing import Any

import pytest

from freshleads.users.models import Workspace
from leads.models import Lead, Project, ProjectLead


def test_makes_a_project(alices_api: Any, alices: Workspace) -> None:
    response = alices_api.post("/projects", {"name": "  Dentists   in Miami "})
    project = Project.objects.get()
    body = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/v1/projects/{project.public_id}"
    assert body == {
        "id": project.public_id,
        "name": "Dentists in Miami",
        "leads_count": 0,
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
    }
    assert project.workspace == alices
    assert alices_api.get(f"/projects/{project.public_id}").json() == body


@pytest.mark.parametrize(
    "name", ["", "  ", None, 5, True, ["x"], "x" * 201, "a\x00b", "\ud800", "Taken"]
)
def test_refuses_a_name_it_cannot_take(
    alices_api: Any, alices: Workspace, refused: Any, name: Any
) -> None:
    Project.objects.create(workspace=alices, name="Taken")
    other = Project.objects.create(workspace=alices, name="Other")
    for response in (
        alices_api.post("/projects", {"name": name}),
        alices_api.patch(f"/projects/{other.public_id}", {"name": name}),
    ):
        assert refused(response) == (400, "invalid_parameter", "name")
    assert set(Project.objects.values_list("name", flat=True)) == {"Taken", "Other"}


def test_needs_a_name(alices_api: Any, alices: Workspace, refused: Any) -> None:
    project = Project.objects.create(workspace=alices, name="Mine")
    assert refused(alices_api.post("/projects", {})) == (400, "invalid_parameter", "name")
    assert refused(alices_api.post("/projects")) == (400, "invalid_parameter", "name")
    path = f"/projects/{project.public_id}"
    assert refused(alices_api.patch(path, {})) == (400, "invalid_parameter", "name")


def test_two_workspaces_may_use_the_same_name(alices_api: Any, charlies_api: Any) -> None:
    assert alices_api.post("/projects", {"name": "Dentists"}).status_code == 201
    assert charlies_api.post("/projects", {"name": "Dentists"}).status_code == 201


def test_renames_a_project(alices_api: Any, full_lead: Lead) -> None:
    [project] = full_lead.projects.all()
    body = alices_api.patch(f"/projects/{project.public_id}", {"name": "Teeth"}).json()
    assert (body["id"], body["name"], body["leads_count"]) == (project.public_id, "Teeth", 1)
    assert body["updated_at"] > body["created_at"]


def test_deleting_a_project_keeps_its_leads(alices_api: Any, full_lead: Lead, refused: Any) -> None:
    [project] = full_lead.projects.all()
    path = f"/projects/{project.public_id}"
    assert alices_api.delete(path).json() == {"deleted": True}
    assert refused(alices_api.get(path))[:2] == (404, "not_found")
    assert refused(alices_api.delete(path))[:2] == (404, "not_found")
    assert alices_api.get(f"/leads/{full_lead.public_id}").json()["project_ids"] == []


def test_lists_projects_newest_first_with_their_leads_counted_in_one_query(
    alices_api: Any, alices: Workspace, make_leads: Any, django_assert_num_queries: Any
) -> None:
    alices_api.get("/projects")
    leads = make_leads(alices, 3)
    for number in range(10):
        project = Project.objects.create(workspace=alices, name=f"Project {number}")
        for lead in leads:
            ProjectLead.objects.create(project=project, lead=lead)
    alices_api.delete(f"/leads/{leads[0].public_id}")
    with django_assert_num_queries(4):  # the key, the count, the projects, their leads
        body = alices_api.get("/projects", per_page=8).json()
    assert [row["name"] for row in body["data"]][:2] == ["Project 9", "Project 8"]
    assert {row["leads_count"] for row in body["data"]} == {2}
    assert body["pagination"] == {"page": 1, "per_page": 8, "total": 10, "pages": 2}
