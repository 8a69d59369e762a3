"""GET /leads, and GET, PATCH and DELETE /leads/:id."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.bodies import Body, Text, read_body
from freshleads.api.v1.answers import answer
from freshleads.api.v1.base import ApiView
from freshleads.api.v1.lead_output import LeadOutput, as_rows, show_lead, show_leads
from freshleads.api.v1.lead_query import FILTERS, PROJECT
from freshleads.api.v1.paging import PAGING, PaginationOutput, page_asked
from freshleads.lib.errors import NotFound
from leads import editing, listing
from leads.filters import filter_leads, is_filtered


class LeadsOutput(serializers.Serializer[Any]):
    data = LeadOutput(many=True)  # type: ignore[assignment]
    pagination = PaginationOutput()


class DeletedOutput(serializers.Serializer[Any]):
    deleted = serializers.BooleanField()


def _text(length: int, words: str = "") -> Text:
    """Return a field that may be left out, and emptied by null."""
    return Text(
        required=False, allow_null=True, allow_blank=True, max_length=length, help_text=words
    )


class LeadInput(Body):
    business_name = _text(300)
    category = _text(120)
    address = _text(500)
    phone = _text(20, "E.164")
    website = _text(2048, "With http:// or https://.")
    email = _text(254)
    first_name = _text(100)
    last_name = _text(100)
    job_title = _text(150)
    city = _text(120)
    region = _text(120)
    postal_code = _text(20)
    country = _text(2, "ISO 3166, two letters.")
    tags = serializers.ListField(
        child=Text(max_length=editing.MAX_TAG_LENGTH),
        required=False,
        allow_null=True,
        max_length=editing.MAX_TAGS,
        help_text="All tags of the lead.",
    )


def show_page(page: listing.Page) -> dict[str, Any]:
    """Return a page of lead rows (`as_rows`) as JSON values."""
    rows = cast(Collection[Mapping[str, Any]], page.items)
    pagination = {
        "page": page.page,
        "per_page": page.per_page,
        "total": page.total,
        "pages": page.pages,
    }
    if not page.total_is_exact:
        pagination["total_is_exact"] = False
    return {"data": show_leads(rows), "pagination": pagination}


class LeadsView(ApiView):
    query = {"GET": (*PAGING, PROJECT, *FILTERS)}

    @extend_schema(
        operation_id="listLeads",
        tags=["Leads"],
        summary="List leads",
        responses={200: LeadsOutput},
    )
    def get(self, request: Request) -> HttpResponse:
        """Newest first unless `ordering` is given; all filters given must hold."""
        workspace = self.caller.workspace
        page, per_page = page_asked(self.parameters)
        leads = filter_leads(workspace, self.parameters)
        is_all = not is_filtered(self.parameters)
        found = listing.page_of(
            as_rows(leads), page=page, per_page=per_page, workspace=workspace if is_all else None
        )
        return answer(show_page(found))


class LeadView(ApiView):
    @extend_schema(
        operation_id="getLead", tags=["Leads"], summary="Get a lead", responses={200: LeadOutput}
    )
    def get(self, request: Request, lead_id: str) -> HttpResponse:
        """The 14 data fields are always there, null where they are not known."""
        return answer(show_lead(editing.find_lead(self.caller.workspace, lead_id)))

    @extend_schema(
        operation_id="updateLead",
        tags=["Leads"],
        summary="Change a lead",
        request=LeadInput,
        responses={200: LeadOutput},
    )
    def patch(self, request: Request, lead_id: str) -> HttpResponse:
        """Fields that are left out stay as they are, null empties one; no search overwrites it."""
        given = read_body(request, LeadInput)
        empty: dict[str, Any] = {"tags": []}
        changes = {
            name: empty.get(name, "") if value is None else value for name, value in given.items()
        }
        lead = editing.update_lead(self.caller.workspace, lead_id, changes=changes)
        return answer(show_lead(lead))

    @extend_schema(
        operation_id="deleteLead",
        tags=["Leads"],
        summary="Delete a lead",
        responses={200: DeletedOutput},
    )
    def delete(self, request: Request, lead_id: str) -> HttpResponse:
        """A search that finds it again neither charges for it nor brings it back."""
        if not editing.delete_leads(self.caller.workspace, [lead_id]):
            raise NotFound("There is no such lead.")
        return answer({"deleted": True})
