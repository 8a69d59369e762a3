"""The page that opens a workspace, and the page that answers for every credit."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.billing import daily, plans, signing_up
from freshleads.billing.models import CreditEntry
from freshleads.forms import refuse
from freshleads.lib.errors import DomainError
from freshleads.users.forms import SignUpForm
from freshleads.users.views import status_of

ENTRIES_PER_PAGE = 50


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Create a person's login and workspace, and sign in."""
    if not settings.SIGN_UP_OPEN:
        return render(request, "users/sign_up_closed.html", status=403)
    form = SignUpForm(request.POST or None)
    if form.is_valid():
        try:
            user = signing_up.sign_up(**form.cleaned_data, address=request.META["REMOTE_ADDR"])
        except DomainError as error:
            refuse(form, error)
        else:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            messages.success(request, "Welcome. Your first credits are in: search for something.")
            return redirect("leads:new_search")
    return render(request, "users/sign_up.html", {"form": form}, status=status_of(form))


@workspace_required
@require_safe
def usage(request: WorkspaceRequest) -> HttpResponse:
    """Show the plan, the balance, this month day by day, the rules and the ledger."""
    now = timezone.now()
    days = daily.charged_by_day(request.workspace, now)
    entries = CreditEntry.objects.owned_by(request.workspace).select_related("hold")
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
