"""Searches with stop and retry, leads, projects and the caches for operators."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from freshleads.lib.errors import DomainError
from leads import searching
from leads.models import DomainCheck, EmailCheck, Lead, Place, Project, Search, SiteCrawl


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that operators look at and do not edit."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # credits are held by searches, totals count leads: only the domain removes


class CacheAdmin(ReadOnlyAdmin):
    """Cached rows; deleting one makes the next search look again."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


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
        self._each(request, queryset, searching.stop_search, "stopped")

    @admin.action(description="Retry the chosen searches", permissions=["steer"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Search]) -> None:
        self._each(request, queryset, searching.retry_search, "queued again")

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Search],
        action: Callable[[str], Search],
        done: str,
    ) -> None:
        for search in queryset:
            try:
                action(search.public_id)
            except DomainError as error:
                self.message_user(request, f"{search}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, f"{search}: {done}.", messages.SUCCESS)


@admin.register(Lead)
class LeadAdmin(ReadOnlyAdmin):
    list_display = (
        "business_name",
        "workspace",
        "city",
        "country",
        "email",
        "email_status",
        "phone",
        "created_at",
        "deleted_at",
    )
    list_filter = ("email_status", "country")
    search_fields = ("public_id", "business_name", "email")
    list_select_related = ("workspace",)


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    list_display = ("name", "workspace", "created_at")
    search_fields = ("public_id", "name", "workspace__name")
    list_select_related = ("workspace",)


@admin.register(Place)
class PlaceAdmin(CacheAdmin):
    list_display = ("place_id", "provider", "fetched_at")
    list_filter = ("provider",)
    search_fields = ("place_id",)


@admin.register(SiteCrawl)
class SiteCrawlAdmin(CacheAdmin):
    list_display = ("url", "outcome", "pages_crawled", "fetched_at")
    list_filter = ("outcome",)
    search_fields = ("url",)


@admin.register(DomainCheck)
class DomainCheckAdmin(CacheAdmin):
    list_display = ("domain", "checked_at")
    search_fields = ("domain",)


@admin.register(EmailCheck)
class EmailCheckAdmin(CacheAdmin):
    list_display = ("email", "status", "reason", "attempts", "checked_at", "retry_at")
    list_filter = ("status", "reason")
    search_fields = ("email",)
