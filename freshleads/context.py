"""What every page shows: the workspace, its credits, the sandbox banner."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from freshleads.billing.models import Subscription


def dashboard(request: HttpRequest) -> dict[str, Any]:
    """Return the values of the page frame."""
    workspace = getattr(request, "workspace", None)
    subscription = (
        Subscription.objects.select_related("plan").filter(workspace=workspace).first()
        if workspace
        else None
    )
    return {"workspace": workspace, "subscription": subscription, "sandbox": settings.SANDBOX}
