"""What the outside world said, kept for everybody: to look at, and to forget."""

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from freshleads.checks import KNOWN_PROVIDERS
from leads.admin.base import ReadOnlyAdmin, filter_by
from leads.forgetting import forget
from leads.models import (
    DomainCheck,
    EmailCheck,
    NamedArea,
    Place,
    PlaceReviews,
    PlacesQuery,
    SerpPage,
    SiteCrawl,
)

PLACES = filter_by("provider", "provider", KNOWN_PROVIDERS["PLACES"])
ENGINES = filter_by("search_engine", "search engine", ("google", "bing"))
OUTCOMES = ("ok", "empty", "unreachable", "forbidden_by_robots", "refused", "failed")


class CacheAdmin(ReadOnlyAdmin):
    """Cached rows; who forgets one makes the next question ask again."""

    actions = ("forget",)

    def has_forget_permission(self, request: HttpRequest) -> bool:
        """Tell whether an operator may empty the cache."""
        return admin.ModelAdmin.has_delete_permission(self, request)

    @admin.action(
        description="Forget the chosen rows: they are asked again", permissions=["forget"]
    )
    def forget(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        count = forget(self.model, queryset.values_list("pk", flat=True))
        self.message_user(request, f"{count} forgotten.", messages.SUCCESS)


@admin.register(Place)
class PlaceAdmin(CacheAdmin):
    list_display = ("place_id", "name", "provider", "fetched_at")
    listed_json = frozenset(("record",))
    list_filter = (PLACES,)
    search_fields = ("place_id__startswith",)
    search_help_text = "How an id begins."

    @admin.display(description="name")
    def name(self, place: Place) -> str:
        return str(place.record.get("name", ""))[:100]


@admin.register(PlacesQuery)
class PlacesQueryAdmin(CacheAdmin):
    list_display = ("query", "provider", "places", "fetched_at")
    listed_json = frozenset(("parameters", "rows"))
    list_filter = (PLACES,)
    search_fields = ("key", "token")
    search_help_text = "A key or a page token, whole."

    @admin.display(description="query")
    def query(self, page: PlacesQuery) -> str:
        return str(page.parameters.get("query", ""))[:100]

    @admin.display(description="places")
    def places(self, page: PlacesQuery) -> int:
        return len(page.rows)


@admin.register(PlaceReviews)
class PlaceReviewsAdmin(CacheAdmin):
    list_display = ("place_id", "provider", "fetched_at")
    list_filter = (PLACES,)
    search_fields = ("place_id__startswith",)
    search_help_text = "How an id begins."


@admin.register(NamedArea)
class NamedAreaAdmin(CacheAdmin):
    list_display = ("text", "provider", "is_known", "fetched_at")
    listed_json = frozenset(("area",))
    list_filter = (PLACES,)
    search_fields = ("text__startswith",)
    search_help_text = "How a name begins, in lower case."

    @admin.display(description="known", boolean=True)
    def is_known(self, area: NamedArea) -> bool:
        return area.area is not None


@admin.register(SerpPage)
class SerpPageAdmin(CacheAdmin):
    list_display = ("query", "search_engine", "page", "results_per_page", "provider", "fetched_at")
    list_filter = (ENGINES, filter_by("provider", "provider", KNOWN_PROVIDERS["SEARCH"]))
    search_fields = ("query__startswith",)
    search_help_text = "How a query begins."


@admin.register(SiteCrawl)
class SiteCrawlAdmin(CacheAdmin):
    list_display = ("url", "outcome", "pages_crawled", "is_full", "fetched_at")
    list_filter = (filter_by("outcome", "outcome", OUTCOMES),)
    search_fields = ("url__startswith",)
    search_help_text = "How an address begins, with http:// or https://."


@admin.register(DomainCheck)
class DomainCheckAdmin(CacheAdmin):
    list_display = ("domain", "checked_at")
    search_fields = ("domain__startswith",)
    search_help_text = "How a domain begins."


@admin.register(EmailCheck)
class EmailCheckAdmin(CacheAdmin):
    list_display = ("email", "status", "reason", "attempts", "checked_at", "retry_at")
    list_filter = (filter_by("status", "status", ("valid", "invalid", "risky", "unknown")),)
    search_fields = ("email__startswith",)
    search_help_text = "How an address begins."
