"""Projects: named lists of a workspace's leads."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from freshleads.lib.errors import InvalidInput, NotFound
from freshleads.users.models import Workspace
from leads.cleaning import clean
from leads.models import LeadImport, Project, Search


def find_project(workspace: Workspace, public_id: str) -> Project:
    """Return one project of the workspace; NotFound for anyone else's."""
    project = Project.objects.owned_by(workspace).filter(public_id=clean(public_id)).first()
    if project is None:
        raise NotFound("There is no such project.", param="project_id")
    return project


def project_numbered(workspace: Workspace, number: int) -> Project:
    """Return one project of the workspace by its primary key; NotFound for anyone else's."""
    project = Project.objects.owned_by(workspace).filter(pk=number).first()
    if project is None:
        raise NotFound("There is no such project.", param="project_id")
    return project


def list_projects(workspace: Workspace, *, name: str = "") -> QuerySet[Project]:
    """Return the workspace's projects, newest first; those with a text in their name."""
    projects = Project.objects.owned_by(workspace)
    return projects.filter(name__icontains=name) if name else projects


def project_named(workspace: Workspace, name: str) -> Project:
    """Return the project of that name, made if it is missing."""
    project, _ = Project.objects.get_or_create(workspace=workspace, name=name[:200].strip())
    return project


def create_project(workspace: Workspace, *, name: str) -> Project:
    """Make a project; InvalidInput for an empty or taken name."""
    with _unique_name():
        return Project.objects.create(workspace=workspace, name=_checked(name))


def rename_project(workspace: Workspace, public_id: str, *, name: str) -> Project:
    """Give a project another name; InvalidInput for an empty or taken one."""
    project = find_project(workspace, public_id)
    project.name, project.updated_at = _checked(name), timezone.now()
    with _unique_name():
        # An UPDATE alone: saving the row would bring back a project deleted meanwhile.
        renamed = Project.objects.filter(pk=project.pk).update(
            name=project.name, updated_at=project.updated_at
        )
    if not renamed:
        raise NotFound("There is no such project.", param="project_id")
    return project


@transaction.atomic
def delete_project(workspace: Workspace, public_id: str) -> None:
    """Delete a project; its leads stay in the workspace, and its searches go on without it."""
    project = find_project(workspace, public_id)
    # What is just linking leads to the project ends its page or batch first.
    for model in (Search, LeadImport):
        list(model.objects.select_for_update().filter(project=project).order_by("pk").values("pk"))
    list(Project.objects.select_for_update().filter(pk=project.pk).values("pk"))
    project.delete()


def _checked(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise InvalidInput("name is required.", param="name")
    if len(cleaned) > 200:
        raise InvalidInput("name may have at most 200 characters.", param="name")
    if clean(cleaned) != cleaned:
        raise InvalidInput("name holds a character that no text can hold.", param="name")
    return cleaned


@contextmanager
def _unique_name() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidInput("You already have a project of that name.", param="name") from error
