"""A search as this dialect shows it."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from freshleads.api.v1.answers import Moment
from freshleads.api.v1.paging import PaginationOutput
from leads import reporting
from leads.models import Search


class EstimateOutput(serializers.Serializer[Any]):
    max_credits = serializers.IntegerField(help_text="The most it can cost.")


class AffordableOutput(EstimateOutput):
    available = serializers.IntegerField(help_text="Credits you can spend now.")
    enough = serializers.BooleanField()


class DryRunOutput(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    query = serializers.CharField()
    location = serializers.CharField()
    limit = serializers.IntegerField()
    estimate = AffordableOutput()


class SearchStarted(serializers.Serializer[Any]):
    search_id = serializers.CharField(source="public_id")
    status = serializers.ChoiceField(Search.Status.choices)
    project_id = serializers.CharField(
        source="project.public_id", allow_null=True, help_text="Null once it is deleted."
    )
    query = serializers.CharField()
    location = serializers.CharField()
    limit = serializers.IntegerField()
    estimate = serializers.SerializerMethodField()
    created_at = Moment()

    @extend_schema_field(EstimateOutput)
    def get_estimate(self, search: Search) -> dict[str, int]:
        return {"max_credits": search.hold.amount if search.hold else 0}


class SearchFailure(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="A stable code in snake_case.")
    message = serializers.CharField()


class SearchSummary(SearchStarted):
    estimate = None  # type: ignore[assignment]
    verify_emails = serializers.BooleanField()
    max_credits = serializers.IntegerField(allow_null=True)
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    error = SearchFailure(allow_null=True)


class SearchesOutput(serializers.Serializer[Any]):
    data = SearchSummary(many=True)  # type: ignore[assignment]
    pagination = PaginationOutput()


class ProgressOutput(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(Search.Stage.choices)
    found = serializers.IntegerField()
    new = serializers.IntegerField(help_text="New to your workspace.")
    already_yours = serializers.IntegerField()
    crawled = serializers.IntegerField(help_text="Websites read.")
    emails_found = serializers.IntegerField()
    verified = serializers.IntegerField()
    total = serializers.IntegerField()


class FreeOutput(serializers.Serializer[Any]):
    reason = serializers.CharField()
    count = serializers.IntegerField()


class CreditsOutput(serializers.Serializer[Any]):
    charged = serializers.IntegerField()
    free = FreeOutput(many=True, help_text="Leads that cost nothing, and why.")
    balance = serializers.IntegerField(help_text="Your credits now.")


class PassedOverOutput(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField(help_text="Why it did not answer, in snake_case.")
    message = serializers.CharField()
    requests = serializers.IntegerField(help_text="What it answered before it failed.")
    results = serializers.IntegerField()


class CoverageOutput(serializers.Serializer[Any]):
    source = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="Who answers."
    )
    passed_over = PassedOverOutput(many=True, help_text="Sources that did not answer.")
    area = serializers.CharField(allow_null=True, help_text="The area the location stands for.")
    cells = serializers.IntegerField(help_text="Parts the area was cut into.")
    asked = serializers.IntegerField()
    split = serializers.IntegerField(help_text="Parts that were cut again, being too full.")
    capped = serializers.IntegerField(help_text="Parts the source told only the beginning of.")
    failed = serializers.IntegerField()
    waiting = serializers.IntegerField()
    requests = serializers.IntegerField()
    results = serializers.IntegerField()
    limit_reached = serializers.BooleanField()
    stopped_by_max_credits = serializers.BooleanField()
    complete = serializers.BooleanField(help_text="Whether the whole area was asked.")


class SearchOutput(SearchSummary):
    progress = serializers.SerializerMethodField()
    credits = serializers.SerializerMethodField()
    coverage = serializers.SerializerMethodField()

    @extend_schema_field(ProgressOutput)
    def get_progress(self, search: Search) -> dict[str, Any]:
        return asdict(reporting.progress_of(search))

    @extend_schema_field(CreditsOutput)
    def get_credits(self, search: Search) -> dict[str, Any]:
        spent = reporting.credits_of(search)
        free = [{"reason": reason, "count": count} for reason, count in spent.free]
        return {"charged": spent.charged, "free": free, "balance": spent.balance}

    @extend_schema_field(CoverageOutput)
    def get_coverage(self, search: Search) -> dict[str, Any]:
        return reporting.coverage_of(search)
