"""Celery's doorbell for billing."""

from celery import shared_task
from django.utils import timezone

from freshleads.billing import plans


@shared_task(name="billing.grant_credits")
def grant_credits() -> None:
    """Grant the monthly credits that are due; a grant has a unique reference, so once."""
    plans.grant_due(timezone.now())
