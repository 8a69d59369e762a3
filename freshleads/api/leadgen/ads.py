"""GET ads.php: who advertises for a query, now and before."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.leadgen.crawl import MetadataOutput
from freshleads.api.leadgen.lookups import LookupView
from freshleads.api.leadgen.openapi import Envelope, parameter
from freshleads.api.leadgen.search import ENGINE, PAGE, QUERY
from leads.parameters import ENGINES
from leads.questions import AdsQuestion

HISTORY = parameter(
    "include_history",
    {"type": "boolean", "default": True},
    "Also ads that earlier searches saw.",
)


class ContactOutput(serializers.Serializer[Any]):
    emails = serializers.ListField(child=serializers.CharField())
    phones = serializers.ListField(child=serializers.CharField())
    social_links = serializers.ListField(child=serializers.CharField())
    metadata = MetadataOutput()


class AdOutput(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()
    ad_text = serializers.CharField()
    search_engine = serializers.ChoiceField(ENGINES)
    first_seen = serializers.CharField(help_text="As `2026-02-15 14:30:00`, in UTC.")
    last_seen = serializers.CharField()
    is_active = serializers.BooleanField(help_text="Seen in this search.")
    contact_data = ContactOutput(help_text="What the ad's landing page shows.")


class AdsOutput(serializers.Serializer[Any]):
    query = serializers.CharField()
    search_engine = serializers.ChoiceField(ENGINES)
    page = serializers.IntegerField()
    fresh_count = serializers.IntegerField()
    historical_count = serializers.IntegerField()
    results_count = serializers.IntegerField()
    results = AdOutput(many=True)


class AdsAnswer(Envelope):
    data = AdsOutput()  # type: ignore[assignment]


class AdsView(LookupView):
    query = {"GET": (QUERY, ENGINE, PAGE, HISTORY)}
    upstream = "search_error"

    @extend_schema(
        operation_id="findAds", tags=["Sources"], summary="Spy ads", responses={200: AdsAnswer}
    )
    def get(self, request: Request) -> HttpResponse:
        """Always a fresh search; every ad seen is kept for ever. Up to 15 landing pages are read.

        10 credits for more than 7 fresh ads; else 1 for each fresh ad with an e-mail address; 0
        without fresh ads. Earlier ads and the reading of landing pages are free.
        """
        asked = self.parameters
        return self.answered(
            AdsQuestion(
                asked["query"],
                engine=asked["se"],
                page=asked["page"],
                include_history=asked["include_history"],
            )
        )
