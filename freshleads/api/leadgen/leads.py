"""GET and POST leads.php: the leads of a project."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.bodies import NAME_SHOWN, Body, Whole, read_body
from freshleads.api.leadgen.answers import success
from freshleads.api.leadgen.base import LeadGenView
from freshleads.api.leadgen.lead_output import (
    FIELDS,
    AddedAnswer,
    LeadsAnswer,
    show_added,
    show_lead,
)
from freshleads.api.leadgen.openapi import parameter
from leads import projects
from leads.adding import RefusedRow, add_leads
from leads.merging import MAX_EMAIL_LENGTH
from leads.models import Lead

LARGEST_ID = 2**63 - 1
MOST_LISTED = 500
MOST_ADDED = 500
PARAMETERS = (
    parameter(
        "project_id",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
        "The project whose leads to list.",
        required=True,
    ),
    parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": 100},
        "How many leads at most.",
    ),
    parameter(
        "offset",
        {"type": "integer", "minimum": 0, "maximum": 10_000_000, "default": 0},
        "How many leads to skip.",
    ),
)


@extend_schema_field(
    {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_ADDED,
        "items": {
            "type": "object",
            "required": ["email"],
            "additionalProperties": False,
            "properties": {name: {"type": ["string", "null"]} for name in FIELDS},
        },
    }
)
class Entries(serializers.ListField):
    """A list of anything: each entry is judged by itself, so that one does not spoil the rest."""

    child = serializers.JSONField(allow_null=True)


class LeadsInput(Body):
    project_id = Whole(min_value=1, max_value=LARGEST_ID, help_text="Where the leads go.")
    leads = Entries(min_length=1, max_length=MOST_ADDED)


class LeadsView(LeadGenView):
    query = {"GET": PARAMETERS}
    further_statuses = ("404",)

    @extend_schema(
        operation_id="listLeads",
        tags=["Leads"],
        summary="List a project's leads",
        responses={200: LeadsAnswer},
    )
    def get(self, request: Request) -> HttpResponse:
        """In the order your workspace got them. Free."""
        limit, offset = self.parameters["limit"], self.parameters["offset"]
        project = projects.project_numbered(self.caller.workspace, self.parameters["project_id"])
        leads = Lead.objects.owned_by(self.caller.workspace).filter(projects=project)
        shown = [show_lead(lead) for lead in leads.order_by("pk")[offset : offset + limit]]
        return success(
            {
                "project_id": project.pk,
                "leads_count": len(shown),
                "total": leads.count(),
                "limit": limit,
                "offset": offset,
                "leads": shown,
            }
        )

    @extend_schema(
        operation_id="addLeads",
        tags=["Leads"],
        summary="Add leads to a project",
        request=LeadsInput,
        responses={200: AddedAnswer},
    )
    def post(self, request: Request) -> HttpResponse:
        """An address that the project has is skipped; a lead you have elsewhere is linked. Free.

        Names are read out of addresses of the form first.last@ where none are given. What a lead
        cannot hold is refused with the reason, and the other leads are added.
        """
        asked = read_body(request, LeadsInput)
        workspace = self.caller.workspace
        project = projects.project_numbered(workspace, asked["project_id"])
        rows, refused = read_entries(asked["leads"])
        added = add_leads(workspace, project=project, rows=list(rows.values()), source="api")
        return success(show_added(added, list(rows), refused))


def read_entries(
    entries: Sequence[Any],
) -> tuple[dict[int, dict[str, Any]], list[RefusedRow]]:
    """Return the leads in the domain's words by their place, and the entries that are none."""
    rows: dict[int, dict[str, Any]] = {}
    refused: list[RefusedRow] = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            refused.append(RefusedRow(index, "", "lead", "must be an object with an email."))
            continue
        unknown = next((name for name in entry if name not in FIELDS), None)
        if unknown is None:
            rows[index] = {FIELDS[name]: value for name, value in entry.items()}
            continue
        email = str(entry.get("email") or "")[:MAX_EMAIL_LENGTH]
        reason = f"is unknown; known: {', '.join(FIELDS)}."
        refused.append(RefusedRow(index, email, unknown[:NAME_SHOWN], reason))
    return rows, refused
