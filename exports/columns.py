"""The columns of the files made for people (xlsx and csv), in order, with the words at their top.

A row is a mapping of column key to a plain value: str, int, float, Decimal, an aware datetime, or
None. Headers and order are a contract with whoever imports the files; a snapshot test holds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from freshleads.lib.errors import InvalidInput


class Kind(StrEnum):
    """What a column holds, and so how a writer formats and links its cells."""

    TEXT = "text"
    CODE = "code"  # digits that are no number: postal codes, ids
    PHONE = "phone"
    URL = "url"
    EMAIL = "email"
    INTEGER = "integer"
    RATING = "rating"
    COORDINATE = "coordinate"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: the row's key, the header people read, the kind of its values."""

    key: str
    header: str
    kind: Kind = Kind.TEXT


SOCIAL_COLUMNS: tuple[Column, ...] = (
    Column("facebook", "Facebook", Kind.URL),
    Column("x", "X", Kind.URL),
    Column("linkedin", "LinkedIn", Kind.URL),
    Column("instagram", "Instagram", Kind.URL),
    Column("youtube", "YouTube", Kind.URL),
    Column("tiktok", "TikTok", Kind.URL),
    Column("pinterest", "Pinterest", Kind.URL),
    Column("snapchat", "Snapchat", Kind.URL),
    Column("telegram", "Telegram", Kind.URL),
    Column("whatsapp", "WhatsApp", Kind.URL),
    Column("spotify", "Spotify", Kind.URL),
)

LEAD_COLUMNS: tuple[Column, ...] = (
    Column("business_name", "Business name"),
    Column("category", "Category"),
    Column("address", "Address"),
    Column("phone", "Phone", Kind.PHONE),
    Column("website", "Website", Kind.URL),
    Column("email", "Email", Kind.EMAIL),
    Column("email_status", "Email status"),
    *SOCIAL_COLUMNS,
    Column("rating", "Rating", Kind.RATING),
    Column("reviews_count", "Reviews", Kind.INTEGER),
    Column("opening_hours", "Opening hours"),
    Column("latitude", "Latitude", Kind.COORDINATE),
    Column("longitude", "Longitude", Kind.COORDINATE),
    Column("google_maps_url", "Google Maps link", Kind.URL),
    Column("place_id", "Google place ID", Kind.CODE),
    Column("emails", "All emails"),
    Column("phones", "All phones", Kind.PHONE),
    Column("first_name", "First name"),
    Column("last_name", "Last name"),
    Column("job_title", "Job title"),
    Column("street", "Street"),
    Column("city", "City"),
    Column("region", "Region"),
    Column("postal_code", "Postal code", Kind.CODE),
    Column("country", "Country"),
    Column("tags", "Tags"),
    Column("source", "Source"),
    Column("created_at", "Created at (UTC)", Kind.DATETIME),
    Column("id", "Lead ID", Kind.CODE),
)

_BY_KEY = {column.key: column for column in LEAD_COLUMNS}


def choose_columns(keys: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of `keys` in the order asked, each once; no keys means all of them.

    Raises InvalidInput (param `columns`) naming the keys that are no column.
    """
    unknown = sorted({key for key in keys if key not in _BY_KEY})
    if unknown:
        raise InvalidInput(f"Unknown export columns: {', '.join(unknown)}.", param="columns")
    return tuple(_BY_KEY[key] for key in dict.fromkeys(keys)) or LEAD_COLUMNS
