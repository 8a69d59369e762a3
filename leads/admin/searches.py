"""Searches with stop and retry, and saved ones with their schedule."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from leads import repeating, searching
from leads.admin.base import ReadOnlyAdmin
from leads.models import SavedSearch, Search


@admin.register(Search)
class SearchAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "workspace",
        "query",
        "location",
        "limit",
        "status",
        "stage",
        "attempts",
        "error_code",
        "next_attempt_at",
    )
    list_filter = ("status", "stage")
    search_fields = ("public_id", "query", "location", "workspace__name")
    list_select_related = ("workspace",)
    actions = ("stop", "retry")

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Tell whether an operator may stop and retry searches."""
        return admin.ModelAdmin.has_change_permission(self, request)

    @admin.action(description="Stop the chosen searches", permissions=["steer"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Search]) -> None:
        self.each(request, queryset, lambda row: searching.stop_search(row.public_id), "stopped")

    @admin.action(description="Retry the chosen searches", permissions=["steer"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Search]) -> None:
        self.each(
            request, queryset, lambda row: searching.retry_search(row.public_id), "queued again"
        )


@admin.register(SavedSearch)
class SavedSearchAdmin(ReadOnlyAdmin):
    list_display = (
        "query",
        "location",
        "workspace",
        "limit",
        "every",
        "next_run_at",
        "last_problem",
        "created_at",
    )
    list_filter = ("every",)
    search_fields = ("public_id", "query", "location", "workspace__name")
    list_select_related = ("workspace",)
    actions = ("pause",)

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Tell whether an operator may pause schedules."""
        return admin.ModelAdmin.has_change_permission(self, request)

    @admin.action(description="Pause the chosen saved searches", permissions=["steer"])
    def pause(self, request: HttpRequest, queryset: QuerySet[SavedSearch]) -> None:
        def pause_one(row: SavedSearch) -> object:
            return repeating.set_paused(row.workspace, row.public_id, paused=True)

        self.each(request, queryset.select_related("workspace"), pause_one, "paused")
