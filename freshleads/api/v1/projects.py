"""GET and POST /projects, and GET, PATCH and DELETE /projects/:id."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.bodies import Body, Text, read_body
from freshleads.api.v1.answers import Moment, answer, stamp
from freshleads.api.v1.base import ApiView
from freshleads.api.v1.leads import DeletedOutput
from freshleads.api.v1.paging import PAGING, PaginationOutput, page_of_rows
from leads import projects
from leads.models import Project, ProjectLead


class ProjectInput(Body):
    name = Text(max_length=200, help_text="Unlike that of your other projects.")


class ProjectOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    leads_count = serializers.IntegerField()
    created_at = Moment()
    updated_at = Moment()


class ProjectsOutput(serializers.Serializer[Any]):
    data = ProjectOutput(many=True)  # type: ignore[assignment]
    pagination = PaginationOutput()


def show_projects(found: Sequence[Project]) -> list[dict[str, Any]]:
    """Return projects as JSON values, counting their leads in one query."""
    entries = ProjectLead.objects.filter(project__in=found, lead__deleted_at=None)
    counts = dict(entries.values_list("project_id").annotate(Count("pk")))
    return [
        {
            "id": project.public_id,
            "name": project.name,
            "leads_count": counts.get(project.pk, 0),
            "created_at": stamp(project.created_at),
            "updated_at": stamp(project.updated_at),
        }
        for project in found
    ]


def show_project(project: Project) -> dict[str, Any]:
    """Return one project as JSON values."""
    return show_projects([project])[0]


class ProjectsView(ApiView):
    query = {"GET": PAGING}

    @extend_schema(
        operation_id="listProjects",
        tags=["Projects"],
        summary="List projects",
        responses={200: ProjectsOutput},
    )
    def get(self, request: Request) -> HttpResponse:
        """Newest first."""
        rows = Project.objects.owned_by(self.caller.workspace)
        found, pagination = page_of_rows(rows, self.parameters)
        return answer({"data": show_projects(found), "pagination": pagination})

    @extend_schema(
        operation_id="createProject",
        tags=["Projects"],
        summary="Make a project",
        request=ProjectInput,
        responses={201: ProjectOutput},
    )
    def post(self, request: Request) -> HttpResponse:
        """A project is a named list of leads; a lead may be in many."""
        asked = read_body(request, ProjectInput)
        project = projects.create_project(self.caller.workspace, name=asked["name"])
        location = reverse("api-v1:project", args=[project.public_id])
        return answer(show_project(project), status=201, headers={"Location": location})


class ProjectView(ApiView):
    @extend_schema(
        operation_id="getProject",
        tags=["Projects"],
        summary="Get a project",
        responses={200: ProjectOutput},
    )
    def get(self, request: Request, project_id: str) -> HttpResponse:
        """With the number of its leads; `GET /leads?project_id=` lists them."""
        return answer(show_project(projects.find_project(self.caller.workspace, project_id)))

    @extend_schema(
        operation_id="renameProject",
        tags=["Projects"],
        summary="Rename a project",
        request=ProjectInput,
        responses={200: ProjectOutput},
    )
    def patch(self, request: Request, project_id: str) -> HttpResponse:
        """Its id and leads stay as they are."""
        asked = read_body(request, ProjectInput)
        workspace = self.caller.workspace
        return answer(show_project(projects.rename_project(workspace, project_id, **asked)))

    @extend_schema(
        operation_id="deleteProject",
        tags=["Projects"],
        summary="Delete a project",
        responses={200: DeletedOutput},
    )
    def delete(self, request: Request, project_id: str) -> HttpResponse:
        """Its leads stay in your workspace."""
        projects.delete_project(self.caller.workspace, project_id)
        return answer({"deleted": True})
