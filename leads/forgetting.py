"""Forgetting what the outside world said, so that the next question asks it again."""

from collections.abc import Iterable

from django.db.models import Model

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

CACHES: frozenset[type[Model]] = frozenset(
    (DomainCheck, EmailCheck, NamedArea, Place, PlaceReviews, PlacesQuery, SerpPage, SiteCrawl)
)


def forget(cache: type[Model], pks: Iterable[int]) -> int:
    """Forget rows of one cache and return how many there were; ValueError for any other table.

    No lead loses anything: what was found is kept with the lead itself.
    """
    if cache not in CACHES:
        raise ValueError(f"{cache.__name__} is no cache")
    return cache._default_manager.filter(pk__in=list(pks)).delete()[0]
