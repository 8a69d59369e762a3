"""The query parameters that choose leads, as the schema tells them; `leads.filters` checks them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from leads.filters import DIFFERENCES, SORTABLE
from leads.models import Lead


def _parameter(name: str, words: str, **schema: Any) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", **schema}, description=words)


PROJECT = _parameter("project_id", "Leads in this project.", maxLength=30)
FILTERS = (
    _parameter("search", "Part of the name, the e-mail address or the city.", maxLength=200),
    _parameter("search_id", "Leads that this search found.", maxLength=30),
    _parameter(
        "difference",
        "With `search_id`: only those that were new to it, changed since before, or neither.",
        enum=list(DIFFERENCES),
    ),
    _parameter("has_email", "With, or without, an e-mail address.", type="boolean"),
    _parameter(
        "email_status",
        f"One or several, with commas: {', '.join(Lead.EmailStatus.values)}.",
        example="valid,risky",
    ),
    _parameter("has_phone", "With, or without, a telephone number.", type="boolean"),
    _parameter("has_website", "With, or without, a website.", type="boolean"),
    _parameter("category", "Exactly this category, in any case.", maxLength=120),
    _parameter("city", "Exactly this city, in any case.", maxLength=120),
    _parameter("country", "ISO 3166, two letters.", minLength=2, maxLength=2),
    _parameter("min_rating", "At least this rating.", type="number", minimum=0, maximum=5),
    _parameter("tag", "With this tag.", maxLength=50),
    _parameter("created_after", "Added at this time or later.", format="date-time"),
    _parameter("created_before", "Added before this time.", format="date-time"),
    _parameter(
        "ordering",
        "Newest first unless given; a minus turns it round.",
        enum=[sign + name for name in SORTABLE for sign in ("", "-")],
        default="-created_at",
    ),
)
