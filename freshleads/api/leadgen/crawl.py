"""GET crawl.php: the contacts of a website."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.leadgen.lookups import LookupView
from freshleads.api.leadgen.openapi import Envelope, parameter
from leads.parameters import MAX_URL
from leads.questions import CrawlQuestion

DOMAIN = parameter(
    "domain",
    {"type": "string", "maxLength": MAX_URL},
    "The website, such as `example.com`; without a scheme https:// is put before it.",
    required=True,
)


class MetadataOutput(serializers.Serializer[Any]):
    title = serializers.CharField()
    description = serializers.CharField()
    keywords = serializers.CharField()
    image = serializers.CharField(help_text="The Open Graph image.")


class WebsiteOutput(serializers.Serializer[Any]):
    domain = serializers.CharField(help_text="The address that was crawled.")
    pages_crawled = serializers.IntegerField(min_value=0, max_value=15)
    metadata = MetadataOutput()
    emails = serializers.ListField(
        child=serializers.CharField(), help_text="Those of the website's own domain."
    )
    all_emails = serializers.ListField(child=serializers.CharField())
    phones = serializers.ListField(child=serializers.CharField())
    social_links = serializers.ListField(child=serializers.CharField())


class WebsiteAnswer(Envelope):
    data = WebsiteOutput()  # type: ignore[assignment]


class CrawlView(LookupView):
    query = {"GET": (DOMAIN,)}
    upstream = "crawl_error"

    @extend_schema(
        operation_id="crawl",
        tags=["Sources"],
        summary="Crawl a website",
        responses={200: WebsiteAnswer},
    )
    def get(self, request: Request) -> HttpResponse:
        """At most 15 pages, those first that look like contact pages; robots.txt is obeyed.

        1 credit for each address of the website's own domain, at most 15; at least 1 where any
        address, phone number or profile was found, else 0. Kept for 14 days.
        """
        return self.answered(CrawlQuestion(self.parameters["domain"]))
