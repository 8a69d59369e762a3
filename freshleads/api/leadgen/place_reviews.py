"""GET places/reviews.php: what people say of a place."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.leadgen.lookups import LookupView
from freshleads.api.leadgen.openapi import Envelope, parameter
from leads.questions import ReviewsQuestion

PLACE_ID = parameter(
    "place_id",
    {"type": "string", "maxLength": 300},
    "The id of a place that a places search gave.",
    required=True,
)


class ReviewOutput(serializers.Serializer[Any]):
    author_name = serializers.CharField()
    author_url = serializers.CharField()
    language = serializers.CharField()
    rating = serializers.IntegerField()
    text = serializers.CharField()
    time = serializers.IntegerField(help_text="Seconds since 1970, in UTC.")
    relative_time_description = serializers.CharField()
    profile_photo_url = serializers.CharField()


class ReviewsOutput(serializers.Serializer[Any]):
    place_id = serializers.CharField()
    reviews = ReviewOutput(many=True)
    cached = serializers.BooleanField()


class ReviewsAnswer(Envelope):
    data = ReviewsOutput()  # type: ignore[assignment]


class PlaceReviewsView(LookupView):
    query = {"GET": (PLACE_ID,)}
    further_statuses = ("402", "404", "502")

    @extend_schema(
        operation_id="listReviews",
        tags=["Sources"],
        summary="Get a place's reviews",
        responses={200: ReviewsAnswer},
    )
    def get(self, request: Request) -> HttpResponse:
        """The five most relevant ones. 5 credits, 0 from the cache; kept for 7 days."""
        return self.answered(ReviewsQuestion(self.parameters["place_id"]))
