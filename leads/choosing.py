"""Which source's value a field of a lead shows; pure functions.

What a person typed or brought stays, and what is empty is filled. A source may always correct
itself. Between sources the table decides; a listing nobody has seen again for half a year gives
way to any other. An address changes its source only for one that is as complete.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

GIVEN = frozenset({"you", "import", "api"})
STALE_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Rule:
    """Sources of one fact, best first, and the lead fields that it fills together."""

    fields: tuple[str, ...]
    sources: tuple[str, ...]
    reason: str


MAPS = ("google", "openstreetmap", "local")
RULES: Mapping[str, Rule] = {
    "name": Rule(
        ("business_name",),
        (*MAPS, "website"),
        "the owner and the neighbours correct a listing; a page's own title is advertising",
    ),
    "category": Rule(("category",), MAPS, "the finer vocabulary first"),
    "address": Rule(
        ("address", "street", "city", "region", "postal_code", "country"),
        (*MAPS, "website"),
        "a website with several branches does not say which of them this is",
    ),
    "phone": Rule(
        ("phone",),
        ("google", "openstreetmap", "website", "local"),
        "a listing's number rings in this branch, a website's perhaps at the head office; open "
        "extracts are the oldest",
    ),
    "website": Rule(
        ("website", "domain"),
        (*MAPS, "website"),
        "that a site was read makes its address known at first hand, not the newest one",
    ),
    "rating": Rule(("rating", "reviews_count"), MAPS, "only where people rate"),
    "hours": Rule(
        ("opening_hours",),
        ("google", "website", "openstreetmap", "local"),
        "visitors correct Google's within days; a site states its own, others copy them",
    ),
    "position": Rule(("latitude", "longitude"), MAPS, "where the owner put the pin"),
    "listing": Rule(("google_maps_url",), ("google",), "the field names its source"),
    "place_id": Rule(("place_id",), MAPS, "Google's is the one that other programs know"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What a lead shows of one fact: values by field, their source and when it last said so."""

    values: Mapping[str, Any]
    source: str = ""
    checked_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return all(map(is_empty, self.values.values()))


def is_empty(value: Any) -> bool:
    return value in ("", None, {}, [])


def is_given(sources: Mapping[str, Any], field: str) -> bool:
    """Tell whether a person typed, emptied or brought the field of a lead with these sources."""
    return (sources.get(field) or {}).get("source") in GIVEN


def may_replace(
    rule: Rule, held: Held, values: Mapping[str, Any], *, source: str, now: datetime
) -> bool:
    """Tell whether what a source says now of a fact takes the place of what the lead shows."""
    if source not in rule.sources or all(map(is_empty, values.values())):
        return False
    if held.is_empty or held.source == source:
        return True
    if rule is RULES["address"]:
        gained = completeness(values) - completeness(held.values)
        if gained:
            return gained > 0
    if held.source not in rule.sources:
        return True
    if held.checked_at is not None and now - held.checked_at > STALE_AFTER:
        return True
    return rule.sources.index(source) < rule.sources.index(held.source)


def completeness(address: Mapping[str, Any]) -> int:
    """Return how much of an address is known: its parts, a house number counting as one."""
    parts = ("street", "city", "postal_code", "region", "country")
    has_number = any(letter.isdigit() for letter in str(address.get("street") or ""))
    return sum(bool(address.get(part)) for part in parts) + has_number
