"""GET and POST projects.php: the lists that leads and campaigns are kept in."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.bodies import Body, Text, read_body
from freshleads.api.leadgen.answers import success
from freshleads.api.leadgen.base import LeadGenView
from freshleads.api.leadgen.openapi import Envelope, parameter
from leads import projects
from leads.models import Project

MOST_LISTED = 10_000
SEARCH = parameter(
    "search", {"type": "string", "maxLength": 200}, "Only projects with this in their name."
)


class ProjectInput(Body):
    name = Text(max_length=200, help_text="Unlike that of your other projects.")


class ProjectCampaignOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    status = serializers.CharField()


class ProjectOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.CharField(help_text="Always empty.")
    campaigns = ProjectCampaignOutput(
        many=True, help_text="Empty: campaigns are not available in this version yet."
    )


class ProjectListOutput(serializers.Serializer[Any]):
    projects_count = serializers.IntegerField()
    projects = ProjectOutput(many=True)


class ProjectListAnswer(Envelope):
    data = ProjectListOutput()  # type: ignore[assignment]


class ProjectAnswer(Envelope):
    data = ProjectOutput()  # type: ignore[assignment]


def show_project(project: Project) -> dict[str, Any]:
    """Return a project as JSON values."""
    return {"id": project.pk, "name": project.name, "type": "", "campaigns": []}


class ProjectsView(LeadGenView):
    query = {"GET": (SEARCH,)}

    @extend_schema(
        operation_id="listProjects",
        tags=["Leads"],
        summary="List projects",
        responses={200: ProjectListAnswer},
    )
    def get(self, request: Request) -> HttpResponse:
        """Newest first, at most 10,000. Free."""
        found = projects.list_projects(self.caller.workspace, name=self.parameters["search"] or "")
        shown = [show_project(project) for project in found[:MOST_LISTED]]
        return success({"projects_count": len(shown), "projects": shown})

    @extend_schema(
        operation_id="createProject",
        tags=["Leads"],
        summary="Make a project",
        request=ProjectInput,
        responses={200: ProjectAnswer},
    )
    def post(self, request: Request) -> HttpResponse:
        """A name that another of your projects has is refused. Free."""
        asked = read_body(request, ProjectInput)
        project = projects.create_project(self.caller.workspace, name=asked["name"])
        return success(show_project(project))
