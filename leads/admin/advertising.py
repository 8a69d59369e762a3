"""Ads: who advertised for what, since when and until when."""

from django.contrib import admin

from leads.admin.base import ReadOnlyAdmin
from leads.admin.caches import ENGINES
from leads.models import Ad


@admin.register(Ad)
class AdAdmin(ReadOnlyAdmin):
    list_display = ("title", "query", "search_engine", "url", "first_seen_at", "last_seen_at")
    list_filter = (ENGINES,)
    search_fields = ("query__startswith",)
    search_help_text = "How a query begins, in lower case."
