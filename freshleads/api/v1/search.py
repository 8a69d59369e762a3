"""POST /search, GET /searches, GET /search/:id, its leads, and stopping it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from freshleads.api.bodies import Body, Flag, Text, Whole, read_body
from freshleads.api.v1.answers import answer
from freshleads.api.v1.base import ApiView
from freshleads.api.v1.lead_output import as_rows
from freshleads.api.v1.leads import LeadsOutput, show_page
from freshleads.api.v1.paging import PAGING, page_asked, page_of_rows
from freshleads.api.v1.search_output import (
    AffordableOutput,
    DryRunOutput,
    SearchesOutput,
    SearchOutput,
    SearchStarted,
    SearchSummary,
)
from freshleads.lib.errors import InvalidInput
from leads import listing, projects, searching
from leads.models import Lead, Search
from leads.searching import DEFAULT_LIMIT, HIGHEST_LIMIT, LOWEST_LIMIT

STATUS = OpenApiParameter(
    "status", {"type": "string", "enum": Search.Status.values}, description="In this state."
)


class SearchInput(Body):
    query = Text(max_length=200, help_text="What to look for, such as `dentists`.")
    location = Text(max_length=200, help_text="A city, a postal code, or `latitude,longitude`.")
    limit = Whole(
        min_value=LOWEST_LIMIT,
        max_value=HIGHEST_LIMIT,
        default=DEFAULT_LIMIT,
        help_text="How many leads to find at most.",
    )
    verify_emails = Flag(default=True)
    project_id = Text(
        required=False,
        allow_null=True,
        max_length=30,
        help_text="Where the leads go; else the project `query in location` is made or reused.",
    )
    max_credits = Whole(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=HIGHEST_LIMIT,
        help_text="Spend no more than this.",
    )
    dry_run = Flag(default=False, help_text="Only tell what it may cost; start nothing.")


class StartSearchView(ApiView):
    @extend_schema(
        operation_id="startSearch",
        tags=["Searches"],
        summary="Start a search",
        request=SearchInput,
        responses={201: SearchStarted, 200: DryRunOutput},
    )
    def post(self, request: Request) -> HttpResponse:
        """A lead that is new to your workspace costs one credit; one you have is free.

        The search goes on in the background: follow it by the address in `Location`. With
        `dry_run` the answer is 200 and nothing is started.
        """
        asked = read_body(request, SearchInput)
        if asked.pop("dry_run"):
            return self._estimate(asked)
        search = searching.start_search(self.caller.workspace, by=self.caller.user, **asked)
        location = reverse("api-v1:search", args=[search.public_id])
        return answer(SearchStarted(search).data, status=201, headers={"Location": location})

    def _estimate(self, asked: dict[str, Any]) -> HttpResponse:
        if asked.get("project_id"):
            projects.find_project(self.caller.workspace, asked["project_id"])
        names = ("query", "location", "limit")
        shown = {name: asked[name] for name in names}
        estimate = searching.estimate_search(
            self.caller.workspace, **shown, max_credits=asked.get("max_credits")
        )
        told = AffordableOutput(estimate).data
        return answer({"dry_run": True, **shown, "estimate": told})


class SearchesView(ApiView):
    query = {"GET": (*PAGING, STATUS)}

    @extend_schema(
        operation_id="listSearches",
        tags=["Searches"],
        summary="List searches",
        responses={200: SearchesOutput},
    )
    def get(self, request: Request) -> HttpResponse:
        """Newest first."""
        rows = Search.objects.owned_by(self.caller.workspace).select_related("project")
        status = self.parameters.get("status")
        if status is not None:
            if status not in Search.Status.values:
                known = ", ".join(Search.Status.values)
                raise InvalidInput(f"status must be one of {known}.", param="status")
            rows = rows.filter(status=status)
        found, pagination = page_of_rows(rows.defer("cells"), self.parameters)
        shown = SearchSummary(found, many=True).data
        return answer({"data": shown, "pagination": pagination})


class SearchView(ApiView):
    @extend_schema(
        operation_id="getSearch",
        tags=["Searches"],
        summary="Get a search",
        responses={200: SearchOutput},
    )
    def get(self, request: Request, search_id: str) -> HttpResponse:
        """How far it is, what it has cost so far and what was asked of the source."""
        search = searching.find_search(self.caller.workspace, search_id)
        return answer(SearchOutput(search).data)


class SearchLeadsView(ApiView):
    query = {"GET": PAGING}

    @extend_schema(
        operation_id="listSearchLeads",
        tags=["Searches"],
        summary="List a search's leads",
        responses={200: LeadsOutput},
    )
    def get(self, request: Request, search_id: str) -> HttpResponse:
        """In the order they were found; the list grows while the search runs."""
        page, per_page = page_asked(self.parameters)
        search = searching.find_search(self.caller.workspace, search_id)
        leads = Lead.objects.owned_by(self.caller.workspace).filter(results__search=search)
        in_order = leads.order_by("results__position", "results__id")
        return answer(show_page(listing.page_of(as_rows(in_order), page=page, per_page=per_page)))


class CancelSearchView(ApiView):
    @extend_schema(
        operation_id="cancelSearch",
        tags=["Searches"],
        summary="Stop a search",
        request=None,
        responses={200: SearchOutput},
    )
    def post(self, request: Request, search_id: str) -> HttpResponse:
        """Once this is answered nothing more is found or charged; an ended search stays as it is.

        The leads found before stay yours.
        """
        read_body(request, Body)
        search = searching.cancel_search(self.caller.workspace, search_id)
        return answer(SearchOutput(search).data)
