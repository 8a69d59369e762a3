"""Projects: named lists of a workspace's leads."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from freshleads.lib.errors import InvalidInput, NotFound
from freshleads.users.models import Workspace
from leads.models import Project


def find_project(workspace: Workspace, public_id: str) -> Project:
    """Return one project of the workspace; NotFound for anyone else's."""
    project = Project.objects.owned_by(workspace).filter(public_id=public_id).first()
    if project is None:
        raise NotFound("There is no such project.", param="project_id")
    return project


def project_named(workspace: Workspace, name: str) -> Project:
    """Return the project of that name, made if it is missing."""
    project, _ = Project.objects.get_or_create(workspace=workspace, name=name[:200])
    return project


def create_project(workspace: Workspace, *, name: str) -> Project:
    """Make a project; InvalidInput for an empty or taken name."""
    project = Project(workspace=workspace, name=_checked(name))
    return _saved(project)


def rename_project(workspace: Workspace, public_id: str, *, name: str) -> Project:
    """Give a project another name; InvalidInput for an empty or taken one."""
    project = find_project(workspace, public_id)
    project.name = _checked(name)
    project.updated_at = timezone.now()
    return _saved(project)


def delete_project(workspace: Workspace, public_id: str) -> None:
    """Delete a project; its leads stay in the workspace."""
    find_project(workspace, public_id).delete()


def _checked(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise InvalidInput("name is required.", param="name")
    if len(cleaned) > 200:
        raise InvalidInput("name may have at most 200 characters.", param="name")
    if "\0" in cleaned:
        raise InvalidInput("name must not hold a NUL character.", param="name")
    return cleaned


def _saved(project: Project) -> Project:
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        raise InvalidInput("You already have a project of that name.", param="name") from error
    return project
