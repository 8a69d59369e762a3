"""What the tests of the discovery share."""

from collections.abc import Callable

from freshleads.users.models import Workspace
from leads import running
from leads.models import Search
from leads.providers.records import PlaceRecord

Start = Callable[..., Search]
MakePlace = Callable[..., PlaceRecord]
Balance = Callable[[Workspace], tuple[int, int]]


def discover(search: Search, slices: int = 20) -> Search:
    """Do slices until the search is found out; whatever comes after is not begun."""
    for _ in range(slices):
        if search.stage != "discovering" or search.is_finished:
            return search
        running.advance(search.pk)
        search.refresh_from_db()
    return search


def found(search: Search) -> list[str]:
    return list(search.results.values_list("lead__business_name", flat=True))
