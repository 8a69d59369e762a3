"""Pages of leads: counted only as far as it is cheap, and found by key where they are deep."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Workspace
from leads.models import Lead, LeadTotal

COUNTED_AT_MOST = 10_000  # a full count of 600,000 rows takes 40 ms and more, this one less than 1
DEEP = 1_000  # rows skipped from where on finding the first row by its key is faster
MAX_PER_PAGE = 200
MAX_PAGE = 1_000_000
NEWEST_FIRST = ("-created_at", "-id")
OLDEST_FIRST = ("created_at", "id")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of leads; `total` is a lower bound where it is not exact."""

    items: Sequence[Lead]
    page: int
    per_page: int
    total: int
    pages: int
    total_is_exact: bool
    has_next: bool

    @property
    def first_row(self) -> int:
        """The place of the first row among all, counted from 1; 0 on an empty page."""
        return (self.page - 1) * self.per_page + 1 if self.items else 0

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.items) - 1 if self.items else 0

    @property
    def cursor(self) -> str:
        """What `after` takes to show the rows behind this page."""
        return self.items[-1].public_id if self.items else ""


def page_of(
    queryset: QuerySet[Lead],
    *,
    page: int = 1,
    per_page: int = 50,
    workspace: Workspace | None = None,
    after: Lead | None = None,
) -> Page:
    """Return a page of leads.

    `workspace` says that the queryset is all its leads, so that its kept total stands for a count.
    `after` is the last row of the page before (`row_of` its cursor): the rows are then found by
    key, at any depth, and `page` only numbers them. Raises InvalidInput for numbers out of range.
    """
    if not 1 <= page <= MAX_PAGE:
        raise InvalidInput(f"page must be from 1 to {MAX_PAGE}.", param="page")
    if not 1 <= per_page <= MAX_PER_PAGE:
        raise InvalidInput(f"per_page must be from 1 to {MAX_PER_PAGE}.", param="per_page")
    total, is_exact = _count(queryset, workspace)
    if after is not None and is_by_age(queryset):
        rows = queryset.filter(_behind(queryset, after.created_at, after.pk))[: per_page + 1]
    else:
        rows = _rows_from(queryset, (page - 1) * per_page, per_page + 1)
    found = list(rows)
    if not is_exact:
        total = max(total, (page - 1) * per_page + len(found)) if found else total
    return Page(
        items=found[:per_page],
        page=page,
        per_page=per_page,
        total=total,
        pages=max(1, -(-total // per_page)),
        total_is_exact=is_exact,
        has_next=len(found) > per_page,
    )


def row_of(workspace: Workspace, cursor: str) -> Lead:
    """Return the row a cursor stands for, also where it was deleted since; else InvalidInput."""
    row = Lead.objects.ever_owned_by(workspace).filter(public_id=cursor).first()
    if row is None:
        raise InvalidInput("after: there is no such lead.", param="after")
    return row


def _count(queryset: QuerySet[Lead], workspace: Workspace | None) -> tuple[int, bool]:
    if workspace is not None:
        kept = LeadTotal.objects.filter(workspace=workspace).values_list("leads", flat=True)
        return kept.first() or 0, True
    counted = queryset.order_by()[: COUNTED_AT_MOST + 1].count()
    return min(counted, COUNTED_AT_MOST), counted <= COUNTED_AT_MOST


def _rows_from(queryset: QuerySet[Lead], offset: int, size: int) -> QuerySet[Lead]:
    """Skip `offset` rows; deep down only keys are read on the way, from the index alone."""
    if offset < DEEP or not is_by_age(queryset):
        return queryset[offset : offset + size]
    before = queryset.values_list("created_at", "id")[offset - 1 : offset].first()
    if before is None:
        return queryset.none()
    return queryset.filter(_behind(queryset, *before))[:size]


def is_by_age(queryset: QuerySet[Lead]) -> bool:
    """Tell whether a queryset is in an order whose rows can be found by key."""
    return _order(queryset) in {NEWEST_FIRST, OLDEST_FIRST}


def _order(queryset: QuerySet[Lead]) -> tuple[object, ...]:
    return tuple(queryset.query.order_by) or NEWEST_FIRST


def _behind(queryset: QuerySet[Lead], created_at: object, row_id: object) -> Q:
    """Return what holds for the rows behind a key.

    The first condition bounds the walk along the index; the plain OR form would scan it all.
    """
    if _order(queryset) == OLDEST_FIRST:
        return Q(created_at__gte=created_at) & (Q(created_at__gt=created_at) | Q(id__gt=row_id))
    return Q(created_at__lte=created_at) & (Q(created_at__lt=created_at) | Q(id__lt=row_id))
