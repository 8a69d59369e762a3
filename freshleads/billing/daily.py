"""Credits spent day by day, and the bars that show them."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Sum
from django.db.models.functions import TruncDate

from freshleads.billing.models import CreditEntry
from freshleads.users.models import Workspace

CHART_HEIGHT = 120
BAR_STEP = 20


@dataclass(frozen=True, slots=True)
class Day:
    """What one day cost, in credits."""

    date: date
    charged: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart, in the units of its view box."""

    day: Day
    x: int
    y: float
    height: float


def month_start(now: datetime) -> datetime:
    return datetime(now.year, now.month, 1, tzinfo=UTC)


def charged_by_day(workspace: Workspace, now: datetime) -> list[Day]:
    """Return each day of the month of `now` (UTC) with the credits charged on it."""
    sums = dict(
        CreditEntry.objects.owned_by(workspace)
        .filter(kind=CreditEntry.Kind.CHARGE, created_at__gte=month_start(now))
        .order_by()
        .values_list(TruncDate("created_at"))
        .annotate(Sum("amount"))
    )
    days = calendar.monthrange(now.year, now.month)[1]
    dates = [date(now.year, now.month, day) for day in range(1, days + 1)]
    return [Day(date=day, charged=-sums.get(day, 0)) for day in dates]


def bars_of(days: list[Day]) -> list[Bar]:
    """Return a bar for each day; the highest fills the chart, and what is not 0 can be seen."""
    top = max((day.charged for day in days), default=0) or 1
    bars = []
    for place, day in enumerate(days):
        height = max(2.0, CHART_HEIGHT * day.charged / top) if day.charged > 0 else 0.0
        y = round(CHART_HEIGHT - height, 1)
        bars.append(Bar(day=day, x=place * BAR_STEP, y=y, height=round(height, 1)))
    return bars
