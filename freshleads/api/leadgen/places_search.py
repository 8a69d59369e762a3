"""GET places/search.php: business listings."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.leadgen.lookups import LookupView
from freshleads.api.leadgen.openapi import Envelope, parameter
from freshleads.api.leadgen.search import QUERY
from leads.questions import MAX_LOCATION, MAX_RADIUS_METRES, PlacesQuestion

PARAMETERS = (
    QUERY,
    parameter(
        "location", {"type": "string", "maxLength": MAX_LOCATION, "default": ""}, "Where to look."
    ),
    parameter(
        "lat", {"type": "number", "minimum": -90, "maximum": 90}, "Around this point: latitude."
    ),
    parameter(
        "lng", {"type": "number", "minimum": -180, "maximum": 180}, "Around this point: longitude."
    ),
    parameter(
        "radius",
        {"type": "number", "minimum": 1, "maximum": int(MAX_RADIUS_METRES)},
        "In metres, around the point or the location.",
    ),
    parameter(
        "page_token",
        {"type": "string", "maxLength": 64, "default": ""},
        "The `next_page_token` of the page before.",
    ),
    parameter(
        "details",
        {"type": "boolean", "default": True},
        "All that is known of each place; false: only what the search itself gives, for free.",
    ),
)


class PointOutput(serializers.Serializer[Any]):
    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)


class PlaceOutput(serializers.Serializer[Any]):
    place_id = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    international_phone = serializers.CharField(allow_null=True)
    website = serializers.CharField(allow_null=True)
    rating = serializers.FloatField(allow_null=True)
    user_ratings_total = serializers.IntegerField(allow_null=True)
    types = serializers.ListField(child=serializers.CharField())
    business_status = serializers.CharField(allow_null=True)
    price_level = serializers.IntegerField(allow_null=True)
    opening_hours = serializers.ListField(child=serializers.CharField())
    location = PointOutput()
    maps_url = serializers.CharField(allow_null=True)
    photos_count = serializers.IntegerField(allow_null=True)
    cached = serializers.BooleanField()
    details = serializers.BooleanField(
        required=False, help_text="false where no credits were left for the details."
    )


class PlacesOutput(serializers.Serializer[Any]):
    query = serializers.CharField()
    results_count = serializers.IntegerField()
    results = PlaceOutput(many=True)
    next_page_token = serializers.CharField(allow_null=True)
    cached_count = serializers.IntegerField()
    fetched_count = serializers.IntegerField()


class PlacesAnswer(Envelope):
    data = PlacesOutput()  # type: ignore[assignment]


class PlacesSearchView(LookupView):
    query = {"GET": PARAMETERS}

    @extend_schema(
        operation_id="searchPlaces",
        tags=["Sources"],
        summary="Search places",
        responses={200: PlacesAnswer},
    )
    def get(self, request: Request) -> HttpResponse:
        """At most 20 places a page.

        10 credits for each place that is fetched, 0 for one that is kept; each is kept for 30
        days. With too few credits, as many are fetched as can be paid.
        """
        asked = self.parameters
        return self.answered(
            PlacesQuestion(
                asked["query"],
                location=asked["location"],
                latitude=asked["lat"],
                longitude=asked["lng"],
                radius=asked["radius"],
                page_token=asked["page_token"],
                details=asked["details"],
            )
        )
