"""POST verify.php: whether addresses take mail."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.bodies import Body, Text, Whole, read_body
from freshleads.api.leadgen.leads import LARGEST_ID
from freshleads.api.leadgen.lookups import LookupView
from freshleads.api.leadgen.openapi import Envelope
from leads.questions import MAX_ADDRESS, MOST_ADDRESSES, VerifyQuestion


class VerifyInput(Body):
    emails = serializers.ListField(
        child=Text(max_length=MAX_ADDRESS), min_length=1, max_length=MOST_ADDRESSES
    )
    lead_ids = serializers.ListField(
        child=Whole(min_value=1, max_value=LARGEST_ID),
        required=False,
        max_length=MOST_ADDRESSES,
        help_text="The leads with these addresses, in the same order: valid sets their "
        "`verified` to 1, invalid to -1.",
    )


class ReplyOutput(serializers.Serializer[Any]):
    code = serializers.IntegerField(allow_null=True, help_text="Null: no server was asked.")
    message = serializers.CharField(allow_null=True)


class ChecksOutput(serializers.Serializer[Any]):
    """Null: it could not be told, or nothing depends on it any more."""

    syntax = serializers.BooleanField()
    domain = serializers.BooleanField(allow_null=True)
    mx = serializers.ListField(child=serializers.CharField())
    spf = serializers.BooleanField(allow_null=True)
    dkim = serializers.BooleanField(allow_null=True)
    dmarc = serializers.BooleanField(allow_null=True)
    disposable = serializers.BooleanField(allow_null=True)
    role = serializers.BooleanField(allow_null=True)
    free = serializers.BooleanField(allow_null=True)
    catch_all = serializers.BooleanField(allow_null=True)
    smtp = ReplyOutput()


class VerdictOutput(serializers.Serializer[Any]):
    email = serializers.CharField()
    status = serializers.ChoiceField(["valid", "invalid", "risky", "unknown"])
    reason = serializers.CharField()
    checks = ChecksOutput()
    lead_id = serializers.IntegerField(allow_null=True, help_text="Null where you gave none.")
    lead_verified = serializers.ChoiceField([1, 0, -1], allow_null=True)


class VerdictsOutput(serializers.Serializer[Any]):
    verified_count = serializers.IntegerField()
    results = VerdictOutput(many=True)


class VerdictsAnswer(Envelope):
    data = VerdictsOutput()  # type: ignore[assignment]


class VerifyView(LookupView):
    further_statuses = ("404", "502")

    @extend_schema(
        operation_id="verifyEmails",
        tags=["Leads"],
        summary="Verify e-mail addresses",
        request=VerifyInput,
        responses={200: VerdictsAnswer},
    )
    def post(self, request: Request) -> HttpResponse:
        """Syntax, DNS, lists, and one polite question to the mail server. Free."""
        asked = read_body(request, VerifyInput)
        lead_ids = tuple(asked.get("lead_ids", ()))
        return self.answered(VerifyQuestion(tuple(asked["emails"]), lead_ids=lead_ids))
