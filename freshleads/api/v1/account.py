"""GET /account, and GET /account/credits: the plan, its limits, and every credit that moved."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from freshleads.api.v1.answers import Moment, answer, stamp
from freshleads.api.v1.base import ApiView
from freshleads.api.v1.paging import PAGING, PaginationOutput, page_of_rows
from freshleads.billing import plans
from freshleads.billing.models import CreditEntry
from freshleads.users import keys
from leads.models import LeadTotal, Search


class BalanceOutput(serializers.Serializer[Any]):
    balance = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Set aside for searches that run.")
    available = serializers.IntegerField(help_text="What can be spent: balance less held.")
    next_grant_at = Moment(help_text="When the month's credits are added next.")


class LimitsOutput(serializers.Serializer[Any]):
    monthly_credits = serializers.IntegerField()
    requests_per_minute = serializers.IntegerField()
    running_searches = serializers.IntegerField()
    api_keys = serializers.IntegerField()


class UsageOutput(serializers.Serializer[Any]):
    since = Moment(help_text="The beginning of this calendar month; credits count from here.")
    credits_charged = serializers.IntegerField()
    credits_granted = serializers.IntegerField()
    credits_refunded = serializers.IntegerField()
    running_searches = serializers.IntegerField()
    api_keys = serializers.IntegerField()
    leads = serializers.IntegerField(help_text="Leads in your workspace.")


class AccountOutput(serializers.Serializer[Any]):
    workspace_id = serializers.CharField()
    workspace_name = serializers.CharField()
    plan = serializers.CharField(help_text="Its code, such as `growth`.")
    plan_name = serializers.CharField()
    credits = BalanceOutput()
    limits = LimitsOutput()
    usage = UsageOutput()


class EntryOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(CreditEntry.Kind.choices)
    amount = serializers.IntegerField(help_text="Negative where credits were spent.")
    description = serializers.CharField()
    reference = serializers.CharField(help_text="What it was for; no reference is charged twice.")
    created_at = Moment()


class EntriesOutput(serializers.Serializer[Any]):
    data = EntryOutput(many=True)  # type: ignore[assignment]
    pagination = PaginationOutput()


class AccountView(ApiView):
    @extend_schema(
        operation_id="getAccount",
        tags=["Account"],
        summary="Get plan, credits, limits and usage",
        responses={200: AccountOutput},
    )
    def get(self, request: Request) -> HttpResponse:
        """What your workspace may use, and what it has used."""
        workspace, subscription = self.caller.workspace, self.caller.subscription
        return answer(
            {
                "workspace_id": workspace.public_id,
                "workspace_name": workspace.name,
                "plan": subscription.plan.code,
                "plan_name": subscription.plan.name,
                "credits": BalanceOutput(subscription).data,
                "limits": LimitsOutput(subscription.plan).data,
                "usage": self._usage(),
            }
        )

    def _usage(self) -> dict[str, Any]:
        workspace = self.caller.workspace
        since = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        moved = plans.usage(workspace, since)
        totals = LeadTotal.objects.filter(workspace=workspace).values_list("leads", flat=True)
        return {
            "since": stamp(since),
            "credits_charged": moved.charged,
            "credits_granted": moved.granted,
            "credits_refunded": moved.refunded,
            "running_searches": Search.objects.owned_by(workspace).unfinished().count(),
            "api_keys": keys.live_keys(workspace).count(),
            "leads": totals.first() or 0,
        }


class CreditsView(ApiView):
    query = {"GET": PAGING}

    @extend_schema(
        operation_id="listCreditEntries",
        tags=["Account"],
        summary="List every credit that moved",
        responses={200: EntriesOutput},
    )
    def get(self, request: Request) -> HttpResponse:
        """The ledger, newest first; the amounts of all entries add up to the balance."""
        rows = CreditEntry.objects.owned_by(self.caller.workspace)
        found, pagination = page_of_rows(rows, self.parameters)
        return answer({"data": EntryOutput(found, many=True).data, "pagination": pagination})
