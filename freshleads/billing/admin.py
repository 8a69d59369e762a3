"""Plans, subscriptions and the ledger for operators; credits move only through `charging`."""

from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from freshleads.billing import charging, plans
from freshleads.billing.models import CreditEntry, CreditHold, Plan, Subscription
from freshleads.lib.errors import DomainError
from freshleads.lib.ids import new_id
from freshleads.users.models import User


class AdjustmentForm(forms.Form):
    """How many credits to add or take, and why."""

    amount = forms.IntegerField(
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text="Positive adds credits, negative takes them.",
    )
    reason = forms.CharField(max_length=200, help_text="Stands in the workspace's ledger.")
    once = forms.RegexField(
        r"^adjust_[0-9a-z]{20}\Z",
        widget=forms.HiddenInput,
        initial=partial(new_id, "adjust"),
        error_messages=dict.fromkeys(("required", "invalid"), "Open this form anew."),
        help_text="Makes one opened form one adjustment, however often it is sent.",
    )

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount == 0:
            raise forms.ValidationError("An adjustment of 0 changes nothing.")
        return amount


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    list_display = (
        "name",
        "code",
        "monthly_credits",
        "requests_per_minute",
        "running_searches",
        "api_keys",
        "is_public",
    )
    ordering = ("position",)


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):
    list_display = ("workspace", "plan", "balance", "held", "next_grant_at", "adjust_link")
    list_filter = ("plan",)
    search_fields = ("workspace__name", "workspace__members__email")
    list_select_related = ("workspace", "plan")
    readonly_fields = ("workspace", "balance", "held", "created_at", "next_grant_at", "adjust_link")
    fields = ("workspace", "plan", "balance", "held", "created_at", "next_grant_at", "adjust_link")

    def get_urls(self) -> list[URLPattern]:
        adjust = self.admin_site.admin_view(self.adjust)
        return [
            path("<int:pk>/adjust/", adjust, name="billing_subscription_adjust"),
            *super().get_urls(),
        ]

    @admin.display(description="Credits")
    def adjust_link(self, subscription: Subscription) -> str:
        url = reverse("admin:billing_subscription_adjust", args=[subscription.pk])
        return format_html('<a href="{}">Adjust credits</a>', url)

    def adjust(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add or take credits with a reason; one ledger entry."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        subscription = get_object_or_404(Subscription.objects.select_related("workspace"), pk=pk)
        form = AdjustmentForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            values = form.cleaned_data
            try:
                adjusted = charging.adjust(
                    subscription.workspace,
                    values["amount"],
                    reason=values["reason"],
                    by=cast(User, request.user),
                    reference=values["once"],
                )
            except DomainError as error:
                form.add_error("amount", error.message)
            else:
                self._tell(request, adjusted)
                return HttpResponseRedirect(reverse("admin:billing_subscription_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Adjust the credits of {subscription.workspace}",
            "form": form,
            "subscription": subscription,
            "opts": self.opts,
        }
        return render(request, "admin/billing/adjust.html", context)

    def _tell(self, request: HttpRequest, adjusted: int) -> None:
        if adjusted:
            self.message_user(request, "The credits are adjusted.", messages.SUCCESS)
        else:
            self.message_user(
                request,
                "This form was sent before: the credits are as they were.",
                messages.WARNING,
            )

    def save_model(self, request: Any, obj: Subscription, form: Any, change: bool) -> None:
        if "plan" in form.changed_data:
            plans.change_plan(obj.workspace, obj.plan.code)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LedgerAdmin(admin.ModelAdmin):
    """Rows that nobody edits."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CreditEntry)
class CreditEntryAdmin(LedgerAdmin):
    list_display = ("created_at", "workspace", "kind", "amount", "description", "created_by")
    list_filter = ("kind",)
    search_fields = ("workspace__name", "reference", "description")
    list_select_related = ("workspace", "created_by")
    date_hierarchy = "created_at"
    show_full_result_count = False


@admin.register(CreditHold)
class CreditHoldAdmin(LedgerAdmin):
    list_display = ("created_at", "workspace", "reference", "amount", "captured", "state")
    list_filter = ("state",)
    search_fields = ("workspace__name", "reference")
    list_select_related = ("workspace",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditHold]:
        return CreditHold.objects.select_related("workspace").order_by("-created_at")
