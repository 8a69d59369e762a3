"""What the lists of operators share: nothing is edited by hand, nothing counts millions of rows."""

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import JSONField, Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from freshleads.lib.errors import DomainError

COUNTED_AT_MOST = 10_000
SHOWN_AT_MOST = 50_000  # characters of one JSON value


class BoundedPaginator(Paginator):
    """Counts only as many rows as anybody would page through; beyond them one searches."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows[:COUNTED_AT_MOST].count()
        return len(rows)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that operators look at and do not edit; JSON is shown indented."""

    show_full_result_count = False
    paginator = BoundedPaginator
    # The newest first, by the index that every table has.
    ordering: ClassVar[tuple[str, ...]] = ("-id",)
    sortable_by: ClassVar[tuple[str, ...]] = ()
    hidden: ClassVar[frozenset[str]] = frozenset(("lease_token",))
    listed_json: ClassVar[frozenset[str]] = frozenset()  # what columns of the list are made of

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        self._heavy = [
            field.name
            for field in model._meta.fields
            if isinstance(field, JSONField) and field.name not in self.listed_json
        ]
        self._shown = [
            self._show_json(field.name) if isinstance(field, JSONField) else field.name
            for field in model._meta.fields
            if field.name not in self.hidden
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the large values out until a row is opened."""
        return super().get_queryset(request).defer(*self._heavy)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # credits are held by searches, totals count leads: only the domain removes

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self._shown

    def each(
        self,
        request: HttpRequest,
        rows: Iterable[Model],
        action: Callable[[Any], object],
        done: str,
    ) -> None:
        """Do something to each row by the domain, and say of each how it went."""
        for row in rows:
            try:
                action(row)
            except DomainError as error:
                self.message_user(request, f"{row}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, f"{row}: {done}.", messages.SUCCESS)

    def _show_json(self, name: str) -> str:
        """Add a column that shows a JSON field indented; returns the name of the column."""

        @admin.display(description=name.replace("_", " "))
        def show(row: Model) -> SafeString:
            return pretty(getattr(row, name))

        column = f"{name}_indented"
        setattr(self, column, show)
        return column


def pretty(value: Any) -> SafeString:
    """Return a JSON value indented and escaped, the beginning of an endless one."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    cut = "\n…" if len(text) > SHOWN_AT_MOST else ""
    return format_html('<pre class="json">{}{}</pre>', text[:SHOWN_AT_MOST], cut)


def filter_by(field: str, title_: str, values: Iterable[str]) -> type[admin.SimpleListFilter]:
    """Return a filter of known values: Django's own would read the whole table for them."""

    class KnownValues(admin.SimpleListFilter):
        title = title_
        parameter_name = field

        def lookups(
            self, request: HttpRequest, model_admin: admin.ModelAdmin
        ) -> list[tuple[str, str]]:
            return [(value, value) for value in values]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return KnownValues
