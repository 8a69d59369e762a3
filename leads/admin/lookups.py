"""Lookups: what was asked, by whom, and how it ended."""

import json

from django.contrib import admin
from django.utils.safestring import SafeString

from leads.admin.base import ReadOnlyAdmin, pretty
from leads.models import Lookup


@admin.register(Lookup)
class LookupAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "workspace",
        "kind",
        "status",
        "attempts",
        "credits_used",
        "error_code",
        "endpoint",
        "finished_at",
    )
    list_filter = ("kind", "status")
    search_fields = ("public_id", "request_id", "workspace__name")
    list_select_related = ("workspace",)

    @admin.display(description="answer")
    def answer_indented(self, lookup: Lookup) -> SafeString:
        """Show the answer, which is kept as text because its members have an order."""
        answer = dict(lookup.answer)
        if isinstance(answer.get("data"), str):
            answer["data"] = json.loads(answer["data"])
        return pretty(answer)
