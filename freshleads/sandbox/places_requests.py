"""The two search requests of the Places API, checked field by field."""

import base64
import binascii
import hashlib
import json
import math
import re
from dataclasses import dataclass
from typing import Any

from freshleads.sandbox.places_errors import invalid_argument
from freshleads.sandbox.places_geometry import Circle, Rectangle, Region
from freshleads.sandbox.places_payload import Message, read_circle, read_rectangle

MAX_PAGE_SIZE = 20
PRICE_LEVELS = (
    "PRICE_LEVEL_FREE",
    "PRICE_LEVEL_INEXPENSIVE",
    "PRICE_LEVEL_MODERATE",
    "PRICE_LEVEL_EXPENSIVE",
    "PRICE_LEVEL_VERY_EXPENSIVE",
)
TEXT_SEARCH_NAMES = (
    "textQuery pageSize maxResultCount pageToken languageCode regionCode includedType "
    "strictTypeFiltering openNow minRating priceLevels rankPreference locationBias "
    "locationRestriction includePureServiceAreaBusinesses evOptions routingParameters "
    "searchAlongRouteParameters"
)
NEARBY_SEARCH_NAMES = (
    "languageCode regionCode includedTypes excludedTypes includedPrimaryTypes "
    "excludedPrimaryTypes maxResultCount locationRestriction rankPreference routingParameters"
)
TEXT_SEARCH_FIELDS = frozenset(TEXT_SEARCH_NAMES.split())
NEARBY_SEARCH_FIELDS = frozenset(NEARBY_SEARCH_NAMES.split())
PAGING_FIELDS = frozenset(
    ("pageToken", "page_token", "pageSize", "page_size", "maxResultCount", "max_result_count")
)


@dataclass(frozen=True, slots=True)
class TextSearch:
    """A places:searchText request; `offset` is where its page begins among the results."""

    text: str
    page_size: int
    offset: int
    language: str
    region: str
    included_type: str
    strict_type: bool
    open_now: bool
    min_rating: float
    price_levels: tuple[str, ...]
    by_distance: bool
    bias: Region | None
    restriction: Rectangle | None
    digest: str


@dataclass(frozen=True, slots=True)
class NearbySearch:
    """A places:searchNearby request: one page of at most 20, no token."""

    circle: Circle
    count: int
    language: str
    included_types: frozenset[str]
    excluded_types: frozenset[str]
    included_primary_types: frozenset[str]
    excluded_primary_types: frozenset[str]
    by_distance: bool


def read_text_search(data: dict[str, Any]) -> TextSearch:
    """Check the body of places:searchText; raises PlacesError as the API words it."""
    message = Message(data, TEXT_SEARCH_FIELDS)
    text = message.text("textQuery")
    if not text.strip():
        raise invalid_argument("Empty text_query.")
    bias = _read_bias(message)
    restriction = _read_restriction(message)
    if bias and restriction:
        raise invalid_argument("Only one of location_bias and location_restriction can be set.")
    digest = digest_of(data)
    ranking = message.choice(
        "rankPreference",
        ("RANK_PREFERENCE_UNSPECIFIED", "DISTANCE", "RELEVANCE"),
        "SearchTextRequest.RankPreference",
    )
    message.flag("includePureServiceAreaBusinesses")  # no such business in this world
    return TextSearch(
        text=text,
        page_size=_read_page_size(message),
        offset=_read_offset(message.text("pageToken"), digest),
        language=message.text("languageCode"),
        region=_read_region(message),
        included_type=_read_type(message.text("includedType")),
        strict_type=message.flag("strictTypeFiltering"),
        open_now=message.flag("openNow"),
        min_rating=_read_rating(message),
        price_levels=_read_price_levels(message),
        by_distance=ranking == "DISTANCE",
        bias=bias,
        restriction=restriction,
        digest=digest,
    )


def _read_page_size(message: Message) -> int:
    """Return the page size: 0 means 20, more than 20 is cut to 20, a negative one is refused."""
    size = message.integer("pageSize")
    older_size = message.integer("maxResultCount")
    if size < 0 or older_size < 0:
        raise invalid_argument("Invalid page_size: must not be negative.")
    return min(size or older_size or MAX_PAGE_SIZE, MAX_PAGE_SIZE)


def _read_rating(message: Message) -> float:
    """Return the lowest rating asked for, rounded up to a half."""
    rating = message.number("minRating")
    if not 0 <= rating <= 5:
        raise invalid_argument("Invalid min_rating: must be between 0.0 and 5.0.")
    return math.ceil(rating * 2) / 2


def _read_region(message: Message) -> str:
    """Return the two-letter region code in upper case, or an empty text."""
    region = message.text("regionCode")
    if region and not re.fullmatch(r"[A-Za-z]{2}", region):
        raise invalid_argument("Invalid region_code: must be a two-letter CLDR region code.")
    return region.upper()


def _read_type(name: str) -> str:
    """Return a place type, refusing what cannot be one."""
    if name and not re.fullmatch(r"[a-z][a-z0-9_]{1,60}", name):
        raise invalid_argument(f"Unsupported types: {name}.")
    return name


def _read_price_levels(message: Message) -> tuple[str, ...]:
    """Return the price levels asked for; free places cannot be asked for."""
    levels = message.texts("priceLevels")
    for level in levels:
        if level not in PRICE_LEVELS[1:]:
            raise invalid_argument(f"Invalid price_levels: {level}.")
    return levels


def _read_bias(message: Message) -> Region | None:
    """Return the region around which results are preferred."""
    bias = message.message("locationBias", ("rectangle", "circle"))
    if bias is None:
        return None
    rectangle = bias.message("rectangle", ("low", "high"))
    circle = bias.message("circle", ("center", "radius"))
    if rectangle and circle:
        raise invalid_argument("Invalid location_bias: only one of rectangle and circle.")
    if rectangle:
        return read_rectangle(rectangle)
    return read_circle(circle) if circle else None


def _read_restriction(message: Message) -> Rectangle | None:
    """Return the box outside which nothing is returned."""
    restriction = message.message("locationRestriction", ("rectangle",))
    if restriction is None:
        return None
    rectangle = restriction.message("rectangle", ("low", "high"))
    if rectangle is None:
        raise invalid_argument("Invalid location_restriction: rectangle must be set.")
    return read_rectangle(rectangle)


def digest_of(data: dict[str, Any]) -> str:
    """Return a digest of all parameters that the requests of one paging must share."""
    shared = {name: value for name, value in data.items() if name not in PAGING_FIELDS}
    return hashlib.sha256(json.dumps(shared, sort_keys=True).encode()).hexdigest()[:24]


def make_page_token(offset: int, digest: str) -> str:
    """Return an opaque token for the page that begins at `offset`."""
    return base64.urlsafe_b64encode(f"{offset}.{digest}".encode()).decode().rstrip("=")


def _read_offset(token: str, digest: str) -> int:
    """Return where the page of a token begins; its other parameters must be the first page's."""
    if not token:
        return 0
    try:
        padded = token + "=" * (-len(token) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise invalid_argument("Invalid page_token.") from None
    match = re.fullmatch(r"(\d{1,3})\.([0-9a-f]{24})", text)
    if match is None:
        raise invalid_argument("Invalid page_token.")
    if match.group(2) != digest:
        raise invalid_argument(
            "Request parameters for paging requests must match the initial SearchText request."
        )
    return int(match.group(1))


def read_nearby_search(data: dict[str, Any]) -> NearbySearch:
    """Check the body of places:searchNearby; raises PlacesError as the API words it."""
    message = Message(data, NEARBY_SEARCH_FIELDS)
    restriction = message.message("locationRestriction", ("circle",))
    circle = restriction.message("circle", ("center", "radius")) if restriction else None
    if circle is None:
        raise invalid_argument("Invalid location_restriction: circle must be set.")
    _read_region(message)
    count = message.integer("maxResultCount")
    if not 0 <= count <= MAX_PAGE_SIZE:
        raise invalid_argument("Invalid max_result_count: must be between 1 and 20.")
    ranking = message.choice(
        "rankPreference",
        ("RANK_PREFERENCE_UNSPECIFIED", "DISTANCE", "POPULARITY"),
        "SearchNearbyRequest.RankPreference",
    )
    types = {
        field: frozenset(_read_type(name) for name in message.texts(field))
        for field in NEARBY_SEARCH_FIELDS
        if field.endswith("Types")
    }
    for suffix in ("Types", "PrimaryTypes"):
        both = types["included" + suffix] & types["excluded" + suffix]
        if both:
            raise invalid_argument(f"Conflicting types: {', '.join(sorted(both))}.")
    return NearbySearch(
        circle=read_circle(circle),
        count=count or MAX_PAGE_SIZE,
        language=message.text("languageCode"),
        included_types=types["includedTypes"],
        excluded_types=types["excludedTypes"],
        included_primary_types=types["includedPrimaryTypes"],
        excluded_primary_types=types["excludedPrimaryTypes"],
        by_distance=ranking == "DISTANCE",
    )
