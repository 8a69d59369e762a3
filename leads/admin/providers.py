"""How the sources do, and the order to try one again at once."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from leads import provider_health
from leads.admin.base import ReadOnlyAdmin
from leads.models import ProviderHealth


@admin.register(ProviderHealth)
class ProviderHealthAdmin(ReadOnlyAdmin):
    list_display = (
        "provider",
        "ability",
        "is_resting",
        "failures",
        "error_code",
        "error_message",
        "last_success_at",
        "last_failure_at",
        "resting_until",
    )
    ordering = ("ability", "provider")
    actions = ("end_rest",)

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Tell whether an operator may end a rest."""
        return admin.ModelAdmin.has_change_permission(self, request)

    @admin.display(description="resting", boolean=True)
    def is_resting(self, row: ProviderHealth) -> bool:
        return row.resting_until is not None and row.resting_until > timezone.now()

    @admin.action(description="Ask the chosen sources again from now on", permissions=["steer"])
    def end_rest(self, request: HttpRequest, queryset: QuerySet[ProviderHealth]) -> None:
        def end(row: ProviderHealth) -> None:
            provider_health.end_rest(row.provider, row.ability)

        self.each(request, queryset, end, "rests no more")
