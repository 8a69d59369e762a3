"""A place that is a lead already: which of its values the lead takes over, and what changed.

Pure functions; a value is only ever replaced by the rules of `choosing`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leads import choosing, listings, matching, merging
from leads.choosing import Held, Rule
from leads.models import Lead
from leads.providers.records import PlaceRecord

Changes = dict[str, list[Any]]
# What a changed value is worth telling for; the position and the count of reviews always move.
TOLD = ("business_name", "phone", "website", "address", "opening_hours", "rating")
# Every column that may change here.
MERGED = (
    *(field for rule in choosing.RULES.values() for field in rule.fields),
    "phones",
    "emails",
    "email",
    "email_status",
    "email_reason",
    "social_links",
    "sources",
    "search_text",
    "crawled_at",
    "verified_at",
    "content_expires_at",
    "updated_at",
)


def refresh(
    lead: Lead, place: PlaceRecord, *, origin: merging.Origin, lent_days: Mapping[str, int]
) -> Changes:
    """Take over what a place says anew of a known lead; returns told fields to [before, after].

    What comes back into a lead whose lent values were forgotten is no change.
    """
    was_forgotten = is_forgotten(lead, lent_days)
    origin = listings.origin_of(place, origin)
    fields = listings.place_fields(place, source=origin.source)
    before = {field: getattr(lead, field) for field in TOLD}
    website = lead.domain
    source = origin.of(merging.web_address(place.maps_url), listings.FOUND_BY)
    for rule in choosing.RULES.values():
        _take(lead, rule, fields, source, origin.now)
    listings.add_contacts(lead, place, origin=origin)
    if website and lead.domain != website:
        lead.crawled_at = lead.verified_at = None  # another site: nobody has read it
    lead.search_text = merging.search_text(lead)
    lead.content_expires_at = listings.expiry(lead, lent_days)
    changes = {} if was_forgotten else _changes(before, lead)
    if changes:
        lead.updated_at = origin.now
    return changes


def is_forgotten(lead: Lead, lent_days: Mapping[str, int]) -> bool:
    """Tell whether a source that only lends its content listed the lead, and all of it is gone."""
    listed_by = (lead.sources.get("place_id") or {}).get("source")
    return listed_by in lent_days and lead.content_expires_at is None


def _take(
    lead: Lead, rule: Rule, fields: Mapping[str, Any], source: dict[str, Any], now: datetime
) -> None:
    """Set the fields of one fact where the rules give them to a source."""
    free = [field for field in rule.fields if not choosing.is_given(lead.sources, field)]
    said = {field: fields[field] for field in free if not choosing.is_empty(fields[field])}
    held = _held(lead, free)
    if not choosing.may_replace(rule, held, said, source=source["source"], now=now):
        return
    if held.source not in {"", source["source"]} and said.items() <= held.values.items():
        return  # who said it first stays its source
    for field, value in said.items():
        is_same = getattr(lead, field) == value
        setattr(lead, field, value)
        if field != "domain":
            listings.note_source(lead, field, source, is_same=is_same)


def _held(lead: Lead, fields: list[str]) -> Held:
    values = {field: getattr(lead, field) for field in fields}
    source: dict[str, Any] = next(
        (lead.sources[field] for field in fields if lead.sources.get(field)), {}
    )
    checked = source.get("checked_at")
    return Held(
        values, source.get("source", ""), datetime.fromisoformat(checked) if checked else None
    )


def _changes(before: Mapping[str, Any], lead: Lead) -> Changes:
    changes: Changes = {}
    for field, old in before.items():
        new = getattr(lead, field)
        if _essence(field, old) != _essence(field, new):
            changes[field] = [_plain(old), _plain(new)]
    return changes


def _essence(field: str, value: Any) -> Any:
    """Return a value without what differs from day to day or from one spelling to another."""
    if field == "rating":
        return None if value is None else round(float(value) * 2) / 2
    if field == "website":
        bare = str(value).casefold().partition("://")[2].removeprefix("www.")
        return bare.partition("?")[0].rstrip("/")
    if field in {"business_name", "address"}:
        return frozenset(matching.name_words(str(value)))
    return value or None


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    return float(value) if value is not None and not isinstance(value, str | dict) else value
