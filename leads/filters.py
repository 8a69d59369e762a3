"""The filters of leads: one strict set for the table, both APIs and exports."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django_filters.fields import IsoDateTimeField

from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Workspace
from leads.models import Lead, Project, Search

NEWEST_FIRST = "-created_at"
SORTABLE = ("created_at", "updated_at", "business_name", "city", "rating", "reviews_count")
MAY_BE_UNKNOWN = frozenset({"rating", "reviews_count"})
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
# What a search brought, beside what the workspace knew: conditions on its results.
DIFFERENCES = {
    "new": Q(is_new=True),
    "changed": Q(is_new=False) & ~Q(changes={}),
    "unchanged": Q(is_new=False, changes={}),
}
TRUE = frozenset({"true", "1", "yes", "on"})
FALSE = frozenset({"false", "0", "no", "off"})


class HasTag(Func):
    """Whether the list of tags holds a tag, in the words of each database."""

    output_field = BooleanField()
    conditional = True
    arity = 2

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="(%(expressions)s)", arg_joiner=" ? ", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler,
            connection,
            template="EXISTS (SELECT 1 FROM json_each(%(expressions)s)",
            arg_joiner=") WHERE value = ",
            **context,
        )


class YesNoField(forms.Field):
    """Takes true or false in the usual spellings, and refuses everything else."""

    def to_python(self, value: Any) -> bool | None:
        word = str(value or "").strip().lower()
        if not word:
            return None
        if word in TRUE:
            return True
        if word in FALSE:
            return False
        raise ValidationError("must be true or false.")


class YesNoFilter(django_filters.Filter):
    field_class = YesNoField


class MomentField(IsoDateTimeField):
    """Takes an ISO 8601 date or time of this century."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages["invalid"] = (
            "must be a date such as 2026-05-17 or 2026-05-17T08:00:00Z."
        )

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().to_python(value)
        except (OverflowError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"]) from error
        if moment is not None and not EARLIEST <= moment < LATEST:
            raise ValidationError("must be from 2000 to 2099.")
        return moment


class MomentFilter(django_filters.Filter):
    field_class = MomentField


class StatusesFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):
    """One e-mail status, or several with commas between them."""


class LeadFilter(django_filters.FilterSet):
    """Filters over the leads of one workspace; `ordering` is among them."""

    search = django_filters.CharFilter(method="filter_search", max_length=200)
    project_id = django_filters.CharFilter(method="filter_project", max_length=30)
    search_id = django_filters.CharFilter(method="filter_found_by", max_length=30)
    difference = django_filters.ChoiceFilter(
        method="filter_difference", choices=[(name, name) for name in DIFFERENCES]
    )
    has_email = YesNoFilter(method="filter_filled")
    email_status = StatusesFilter(
        field_name="email_status", lookup_expr="in", choices=Lead.EmailStatus.choices
    )
    has_phone = YesNoFilter(method="filter_filled")
    has_website = YesNoFilter(method="filter_filled")
    category = django_filters.CharFilter(lookup_expr="iexact", max_length=120)
    city = django_filters.CharFilter(lookup_expr="iexact", max_length=120)
    country = django_filters.CharFilter(method="filter_country", min_length=2, max_length=2)
    min_rating = django_filters.NumberFilter(
        field_name="rating", lookup_expr="gte", min_value=0, max_value=5
    )
    tag = django_filters.CharFilter(method="filter_tag", max_length=50)
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt")
    ordering = django_filters.ChoiceFilter(
        method="filter_ordering",
        choices=[(prefix + name, name) for name in SORTABLE for prefix in ("", "-")],
    )

    def __init__(self, workspace: Workspace, data: Mapping[str, Any]) -> None:
        self.workspace = workspace
        super().__init__(data, queryset=Lead.objects.owned_by(workspace))

    def filter_search(self, rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        return rows.filter(matching(value.lower()))

    def filter_project(self, rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        project = Project.objects.owned_by(self.workspace).filter(public_id=value).first()
        if project is None:
            raise InvalidInput("project_id: there is no such project.", param=name)
        return rows.filter(entries__project=project)

    def filter_found_by(self, rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        search = Search.objects.owned_by(self.workspace).filter(public_id=value).first()
        if search is None:
            raise InvalidInput("search_id: there is no such search.", param=name)
        difference = self.form.cleaned_data.get("difference")
        if difference:
            results = search.results.filter(DIFFERENCES[difference])
            return rows.filter(pk__in=results.values("lead"))
        return rows.filter(results__search=search)

    def filter_difference(self, rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        if not self.form.cleaned_data.get("search_id"):
            raise InvalidInput("difference: say of which search, by search_id.", param=name)
        return rows  # the search's own filter has done it

    def filter_filled(self, rows: QuerySet[Lead], name: str, value: bool) -> QuerySet[Lead]:
        empty = Q(**{name.removeprefix("has_"): ""})
        return rows.exclude(empty) if value else rows.filter(empty)

    def filter_country(self, rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        return rows.filter(country=value.upper())

    def filter_tag(self, rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        return rows.filter(HasTag(F("tags"), Value(value)))

    def filter_ordering(self, rows: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        return rows.order_by(*order_of(value))


def matching(term: str) -> Q:
    """Return what holds for leads whose text has a lower-case term.

    The index knows three letters and more anywhere, fewer only at the start of a word; what it
    does not know at all (a sign, two letters of a script without spaces) is looked for row by row.
    """
    if len(term) > 2:
        return Q(search_text__contains=term)
    if term.isascii() and term.isalnum():
        behind_a_word = Q(search_text__contains=f" {term}") | Q(search_text__contains=f"\n{term}")
        return Q(search_text__startswith=term) | behind_a_word
    return Q(GreaterThan(StrIndex("search_text", Value(term)), 0))


def order_of(ordering: str) -> list[Any]:
    """Return the full order: what is unknown comes last, ties are broken by age and id."""
    name, descending = ordering.removeprefix("-"), ordering.startswith("-")
    sign = "-" if descending else ""
    if name == "created_at":
        return [f"{sign}created_at", f"{sign}id"]
    if name not in MAY_BE_UNKNOWN:
        return [f"{sign}{name}", "-created_at", "-id"]
    column = F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
    return [column, "-created_at", "-id"]


def filter_leads(workspace: Workspace, params: Mapping[str, Any]) -> QuerySet[Lead]:
    """Return the workspace's leads that meet the parameters, newest first unless ordered.

    Parameters that are no filter are left alone, empty ones are none. Raises InvalidInput, with
    `param`, for a value that makes no sense.
    """
    filters = LeadFilter(workspace, params)
    if not filters.is_valid():
        name, messages = next(iter(filters.errors.items()))
        raise InvalidInput(f"{name}: {_sentence(messages[0])}", param=name)
    rows: QuerySet[Lead] = filters.qs
    return rows


def is_filtered(params: Mapping[str, Any]) -> bool:
    """Tell whether the parameters leave anything out; ordering does not."""
    names = LeadFilter.base_filters.keys() - {"ordering"}
    return any(str(params.get(name) or "").strip() for name in names)


def _sentence(message: str) -> str:
    return message[:1].lower() + message[1:]
