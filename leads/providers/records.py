"""What every provider gives back, whatever its own wire format."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

Position = tuple[float, float]  # latitude, longitude in degrees


@dataclass(frozen=True)
class PlaceRecord:
    """One business as a provider describes it; None where it says nothing.

    `phone` is E.164, `country` ISO 3166 alpha-2, `rating` 0 to 5, `price_level` 0 (free) to 4,
    `opening_hours` lower-case English weekday to text, `business_status` OPERATIONAL,
    CLOSED_TEMPORARILY or CLOSED_PERMANENTLY. `emails` are in lower case, `socials` pairs of
    network ("facebook", "x", ...) and URL. `licence` is the place's own, where it differs from
    that of the source as a whole.
    """

    place_id: str
    name: str
    category: str | None = None
    types: tuple[str, ...] = ()
    address: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None
    phone_national: str | None = None
    website: str | None = None
    rating: float | None = None
    reviews_count: int | None = None
    opening_hours: dict[str, str] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    maps_url: str | None = None
    business_status: str | None = None
    price_level: int | None = None
    photos_count: int | None = None
    emails: tuple[str, ...] = ()
    socials: tuple[tuple[str, str], ...] = ()
    licence: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON can hold it."""
        return {
            **asdict(self),
            "types": list(self.types),
            "emails": list(self.emails),
            "socials": [list(pair) for pair in self.socials],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "PlaceRecord":
        """Read back what `to_dict` gave; members of other versions are left out."""
        known = {entry.name for entry in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        lists = {
            "types": tuple(values.get("types", ())),
            "emails": tuple(values.get("emails", ())),
            "socials": tuple((network, url) for network, url in values.get("socials", ())),
        }
        return cls(**{**values, **lists})


@dataclass(frozen=True)
class AreaRecord:
    """A named piece of the earth: its south-western and north-eastern corners and its middle.

    Where the box crosses the 180th meridian, the longitude of `low` is greater than that of `high`.
    """

    name: str
    low: Position
    high: Position
    center: Position
    country: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "AreaRecord":
        """Read back what `to_dict` gave; members of other versions are left out."""
        known = {entry.name for entry in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        corners = {name: tuple(values[name]) for name in ("low", "high", "center")}
        return cls(**{**values, **corners})


@dataclass(frozen=True)
class PlacesPage:
    """One page of a search; `next_page_token` is None on the last one.

    `is_incomplete` says that the source gave up before it had shown everything: a smaller area
    may show the rest.
    """

    places: tuple[PlaceRecord, ...]
    next_page_token: str | None = None
    is_incomplete: bool = False


@dataclass(frozen=True)
class ReviewRecord:
    """One review of a place; `time` is in Unix seconds, `rating` 1 to 5."""

    author_name: str
    rating: int
    text: str
    time: int
    author_url: str = ""
    language: str = ""
    relative_time_description: str = ""
    profile_photo_url: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True)
class SearchResult:
    """One organic result of a search engine, as its result page shows it."""

    position: int
    title: str
    url: str
    description: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True)
class AdRecord:
    """One ad of a result page; `url` is the landing page, never the engine's click counter."""

    position: int
    title: str
    url: str
    ad_text: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON can hold it."""
        return asdict(self)
