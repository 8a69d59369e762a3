"""Plans, who is on which, and their monthly credits.

A month begins on the day of the subscription (the 31st becomes the last day of a shorter month).
Credits that are left at its end stay.
"""

import calendar
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry, Plan, Subscription
from freshleads.lib.errors import Conflict, InvalidInput, NotFound
from freshleads.users.models import Workspace

logger = logging.getLogger(__name__)

DEFAULT_PLANS: tuple[dict[str, Any], ...] = (
    {
        "code": "free",
        "name": "Free",
        "monthly_credits": 100,
        "requests_per_minute": 60,
        "running_searches": 1,
        "api_keys": 1,
    },
    {
        "code": "starter",
        "name": "Starter",
        "monthly_credits": 1_000,
        "requests_per_minute": 120,
        "running_searches": 2,
        "api_keys": 3,
    },
    {
        "code": "growth",
        "name": "Growth",
        "monthly_credits": 5_000,
        "requests_per_minute": 300,
        "running_searches": 5,
        "api_keys": 10,
    },
    {
        "code": "agency",
        "name": "Agency",
        "monthly_credits": 25_000,
        "requests_per_minute": 600,
        "running_searches": 20,
        "api_keys": 50,
    },
)


@dataclass(frozen=True, slots=True)
class Usage:
    """Credits that moved in a span of time; all positive but `adjusted`, which has a sign."""

    granted: int
    charged: int
    refunded: int
    adjusted: int


def subscribe(workspace: Workspace, plan_code: str) -> Subscription:
    """Put a new workspace on a plan and grant its first month.

    Raises InvalidInput for an unknown plan and Conflict where there is a subscription already.
    """
    now = timezone.now()
    with transaction.atomic():
        subscription, created = Subscription.objects.get_or_create(
            workspace=workspace,
            defaults={"plan": _plan(plan_code), "created_at": now, "next_grant_at": now},
        )
        if not created:
            raise Conflict("This workspace has a plan already.", code="already_subscribed")
        _grant_month(subscription)
    return Subscription.objects.select_related("plan").get(pk=subscription.pk)


@transaction.atomic
def change_plan(workspace: Workspace, plan_code: str) -> Subscription:
    """Move a workspace to another plan now.

    A larger plan adds what its month has more than was granted in this month; a smaller one takes
    nothing back. Going to and fro adds nothing.
    """
    plan = _plan(plan_code)
    subscription = _locked(Q(workspace=workspace))
    if subscription is None:
        raise NotFound("This workspace has no subscription.")
    Subscription.objects.filter(pk=subscription.pk).update(plan=plan)
    began = _month(subscription, -1)
    granted = CreditEntry.objects.owned_by(workspace).filter(
        kind=CreditEntry.Kind.GRANT,
        reference__startswith="grant:",
        reference__endswith=f":{began:%Y-%m-%d}",
    )
    missing = plan.monthly_credits - granted.aggregate(total=Coalesce(Sum("amount"), 0))["total"]
    if missing > 0:
        _grant(subscription, plan, missing, began)
    return Subscription.objects.select_related("plan").get(pk=subscription.pk)


def grant_due(now: datetime) -> int:
    """Grant every month that has begun by `now` and return how many were granted.

    Any number of processes may do so at once; months missed while nothing ran are granted too.
    """
    due = Subscription.objects.filter(next_grant_at__lte=now).order_by("next_grant_at")
    granted = 0
    for primary_key in list(due.values_list("pk", flat=True)):
        while True:
            with transaction.atomic():
                subscription = _locked(Q(pk=primary_key, next_grant_at__lte=now))
                if subscription is None:
                    break
                granted += _grant_month(subscription)
    return granted


def usage(workspace: Workspace, since: datetime) -> Usage:
    """Return how the credits of a workspace moved since a time."""
    entries = CreditEntry.objects.owned_by(workspace).filter(created_at__gte=since)
    sums = dict(entries.order_by().values_list("kind").annotate(Sum("amount")))
    return Usage(
        granted=sums.get(CreditEntry.Kind.GRANT, 0),
        charged=-sums.get(CreditEntry.Kind.CHARGE, 0),
        refunded=sums.get(CreditEntry.Kind.REFUND, 0),
        adjusted=sums.get(CreditEntry.Kind.ADJUSTMENT, 0),
    )


def _plan(code: str) -> Plan:
    plan = Plan.objects.filter(code=code).first()
    if plan is None:
        known = ", ".join(Plan.objects.values_list("code", flat=True))
        raise InvalidInput(f"There is no such plan. Known: {known}.", param="plan")
    return plan


def _locked(condition: Q) -> Subscription | None:
    """Return the one subscription with its plan, locked until the end of the transaction."""
    rows = Subscription.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("plan").filter(condition).first()


def _grant_month(subscription: Subscription) -> bool:
    """Grant the month that begins at `next_grant_at` and move that on."""
    begins = subscription.next_grant_at
    moved = Subscription.objects.filter(pk=subscription.pk, next_grant_at=begins).update(
        next_grant_at=_month(subscription, 1)
    )
    if moved and subscription.plan.monthly_credits:
        _grant(subscription, subscription.plan, subscription.plan.monthly_credits, begins)
    return bool(moved)


def _grant(subscription: Subscription, plan: Plan, amount: int, begins: datetime) -> None:
    """Grant once for this plan and month; a balance that is full stays as it is."""
    try:
        charging.grant(
            subscription.workspace,
            amount,
            reference=f"grant:{plan.code}:{begins:%Y-%m-%d}",
            description=f"{plan.name} plan, month from {begins:%Y-%m-%d}",
        )
    except InvalidInput:
        logger.warning("workspace %s: its balance is full", subscription.workspace_id)


def _month(subscription: Subscription, offset: int) -> datetime:
    """Return when the month `offset` months after the next grant begins."""
    first, following = subscription.created_at, subscription.next_grant_at
    years, month = divmod(following.year * 12 + following.month - 1 + offset, 12)
    day = min(first.day, calendar.monthrange(years, month + 1)[1])
    return first.replace(year=years, month=month + 1, day=day)
