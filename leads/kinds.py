"""The kinds of questions and who answers each."""

from collections.abc import Mapping
from typing import Any

from leads import addresses, advertising, engines, places, reviews, sites
from leads.found import Kind
from leads.models import Lookup

KINDS: Mapping[Lookup.Kind, Kind[Any]] = {
    Lookup.Kind.SEARCH: engines.KIND,
    Lookup.Kind.CRAWL: sites.KIND,
    Lookup.Kind.ADS: advertising.KIND,
    Lookup.Kind.PLACES: places.KIND,
    Lookup.Kind.REVIEWS: reviews.KIND,
    Lookup.Kind.VERIFY: addresses.KIND,
}
