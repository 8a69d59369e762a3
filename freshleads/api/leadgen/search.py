"""GET search.php: one result page of a search engine, with the contacts it shows."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.leadgen.lookups import LookupView
from freshleads.api.leadgen.openapi import Envelope, parameter
from leads.parameters import ENGINES
from leads.questions import LAST_PAGE, MAX_QUERY, MOST_RESULTS, SearchQuestion

QUERY = parameter(
    "query", {"type": "string", "maxLength": MAX_QUERY}, "What to search for.", required=True
)
ENGINE = parameter(
    "se", {"type": "string", "enum": list(ENGINES), "default": "google"}, "The search engine."
)
PAGE = parameter(
    "page",
    {"type": "integer", "minimum": 0, "maximum": LAST_PAGE, "default": 0},
    "The page of results, from 0.",
)
PER_PAGE = parameter(
    "results_per_page",
    {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": 10},
    "How many results a page has.",
)
CODE = parameter(
    "code",
    {"type": "string", "maxLength": MAX_QUERY, "default": ""},
    "The code of a recipe, a query template that your query is put into.",
)


class ResultOutput(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()
    description = serializers.CharField()
    emails = serializers.ListField(child=serializers.CharField())
    phones = serializers.ListField(child=serializers.CharField())
    social_links = serializers.ListField(child=serializers.CharField())


class ResultPageOutput(serializers.Serializer[Any]):
    query = serializers.CharField()
    search_engine = serializers.ChoiceField(ENGINES)
    page = serializers.IntegerField()
    results_per_page = serializers.IntegerField()
    results_count = serializers.IntegerField()
    emails_found = serializers.IntegerField(help_text="Different addresses in all results.")
    results = ResultOutput(many=True)
    cached = serializers.BooleanField()
    answered_by = serializers.CharField(
        required=False, help_text="There only where an engine with its own index stood in."
    )


class SearchAnswer(Envelope):
    data = ResultPageOutput()  # type: ignore[assignment]


class SearchView(LookupView):
    query = {"GET": (QUERY, ENGINE, PAGE, PER_PAGE, CODE)}
    upstream = "search_error"

    @extend_schema(
        operation_id="search",
        tags=["Sources"],
        summary="Search for leads",
        responses={200: SearchAnswer},
    )
    def get(self, request: Request) -> HttpResponse:
        """The contacts are those that a result's own title and description show.

        10 credits for more than 7 results; else 1 for each e-mail address found; 0 without
        results. Kept for 7 days.
        """
        asked = self.parameters
        return self.answered(
            SearchQuestion(
                asked["query"],
                engine=asked["se"],
                page=asked["page"],
                results_per_page=asked["results_per_page"],
                recipe=asked["code"],
            )
        )
