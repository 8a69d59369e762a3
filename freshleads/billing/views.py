"""The page that answers for every credit."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.billing import daily, plans
from freshleads.billing.models import CreditEntry

ENTRIES_PER_PAGE = 50


@workspace_required
@require_GET
def usage(request: WorkspaceRequest) -> HttpResponse:
    """Show the plan, the balance, this month day by day, the rules and the ledger."""
    now = timezone.now()
    days = daily.charged_by_day(request.workspace, now)
    entries = CreditEntry.objects.owned_by(request.workspace)
    context = {
        "month": now,
        "totals": plans.usage(request.workspace, daily.month_start(now)),
        "days": [day for day in days if day.charged],
        "bars": daily.bars_of(days),
        "most": max(day.charged for day in days),
        "chart_height": daily.CHART_HEIGHT,
        "chart_width": len(days) * daily.BAR_STEP,
        "page": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "billing/usage.html", context)
