"""Projects: named lists of a workspace's own leads."""

import pytest

from freshleads.lib.errors import InvalidInput, NotFound
from freshleads.users.models import Workspace
from leads import projects
from leads.models import Lead, Project, ProjectLead

pytestmark = pytest.mark.django_db


def test_a_project_has_a_clean_name(workspace: Workspace) -> None:
    project = projects.create_project(workspace, name="  My \n list ")
    assert project.name == "My list"
    assert projects.find_project(workspace, project.public_id) == project


@pytest.mark.parametrize("name", ["", " \n", "x" * 201, "a\0b", "\ud800"])
def test_a_name_that_cannot_be_kept_is_refused(workspace: Workspace, name: str) -> None:
    project = projects.create_project(workspace, name="Mine")
    with pytest.raises(InvalidInput) as refusal:
        projects.create_project(workspace, name=name)
    assert refusal.value.param == "name"
    with pytest.raises(InvalidInput):
        projects.rename_project(workspace, project.public_id, name=name)
    assert Project.objects.get().name == "Mine"


def test_a_name_is_taken_once_in_a_workspace_and_free_in_another(
    workspace: Workspace, stranger: Workspace
) -> None:
    projects.create_project(workspace, name="Mine")
    projects.create_project(stranger, name="Mine")
    other = projects.create_project(workspace, name="Other")
    for refused in (
        lambda: projects.create_project(workspace, name="Mine"),
        lambda: projects.rename_project(workspace, other.public_id, name="Mine"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            refused()
        assert refusal.value.param == "name"
    other.refresh_from_db()
    assert other.name == "Other"


def test_a_project_can_be_renamed_also_to_its_own_name(workspace: Workspace) -> None:
    project = projects.create_project(workspace, name="Mine")
    assert projects.rename_project(workspace, project.public_id, name="Mine").name == "Mine"
    projects.rename_project(workspace, project.public_id, name="Better")
    assert Project.objects.get().name == "Better"


def test_a_project_deleted_while_it_is_renamed_stays_deleted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = projects.create_project(workspace, name="Mine")
    find = projects.find_project

    def delete_after_finding(*args: object) -> Project:
        found = find(workspace, project.public_id)
        Project.objects.all().delete()
        return found

    monkeypatch.setattr(projects, "find_project", delete_after_finding)
    with pytest.raises(NotFound):
        projects.rename_project(workspace, project.public_id, name="Back again")
    assert not Project.objects.exists()


def test_a_deleted_project_leaves_its_leads(workspace: Workspace) -> None:
    project = projects.create_project(workspace, name="Mine")
    lead = Lead.objects.create(workspace=workspace, identity="place:1")
    ProjectLead.objects.create(project=project, lead=lead)
    projects.delete_project(workspace, project.public_id)
    assert Lead.objects.get() == lead
    assert not ProjectLead.objects.exists()


@pytest.mark.parametrize("public_id", ["proj_unknown", "", "nul\0", "\udfff"])
def test_what_is_not_there_is_not_found(workspace: Workspace, public_id: str) -> None:
    for missing in (
        lambda: projects.find_project(workspace, public_id),
        lambda: projects.rename_project(workspace, public_id, name="x"),
        lambda: projects.delete_project(workspace, public_id),
    ):
        with pytest.raises(NotFound):
            missing()


def test_a_strangers_project_is_not_found(workspace: Workspace, stranger: Workspace) -> None:
    project = projects.create_project(workspace, name="Mine")
    with pytest.raises(NotFound):
        projects.delete_project(stranger, project.public_id)
    assert Project.objects.get() == project
