"""What a listing of a places source says, in the words of a lead; pure functions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leads import merging
from leads.merging import Origin
from leads.models import Lead
from leads.providers.records import PlaceRecord

FOUND_BY = "places_search"
GOOGLE = "google"
KEPT = frozenset({"place_id"})  # what a source that lends its content lets one keep


def place_identity(place: PlaceRecord) -> str:
    """Return what makes a place the same lead again, an empty text where nothing does."""
    return merging.identity(
        place_id=place.place_id, website=merging.web_address(place.website), phone=place.phone or ""
    )


def place_fields(place: PlaceRecord, *, source: str) -> dict[str, Any]:
    """Return the lead fields that a place fills, cut to their columns."""
    website = merging.web_address(place.website)
    return {
        "business_name": place.name[:300],
        "category": (place.category or "")[:120],
        "address": (place.address or "")[:500],
        "phone": _whole(place.phone, merging.MAX_PHONE_LENGTH),
        "website": website,
        "rating": None if place.rating is None else Decimal(str(round(place.rating, 1))),
        "reviews_count": place.reviews_count,
        "opening_hours": place.opening_hours or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "google_maps_url": merging.web_address(place.maps_url) if source == GOOGLE else "",
        "place_id": _whole(place.place_id, 300),
        "street": (place.street or "")[:300],
        "city": (place.city or "")[:120],
        "region": (place.region or "")[:120],
        "postal_code": (place.postal_code or "")[:20],
        "country": _whole(place.country, 2),
        "domain": merging.own_domain(website),
    }


def origin_of(place: PlaceRecord, origin: Origin) -> Origin:
    """Return the origin of a place's values: some sources gather places of several licences."""
    return replace(origin, licence=place.licence[:200]) if place.licence else origin


def lead_from_place(
    place: PlaceRecord, *, origin: Origin, lent_days: Mapping[str, int] | None = None
) -> Lead:
    """Return a new, unsaved lead for a place; the caller sets its workspace.

    `lent_days` says after how many days the content of which source must go.
    """
    fields = place_fields(place, source=origin.source)
    origin = origin_of(place, origin)
    lead = Lead(identity=place_identity(place), **fields)
    source = origin.of(merging.web_address(place.maps_url), FOUND_BY)
    lead.sources = {
        name: dict(source)
        for name, value in fields.items()
        if value not in ("", None) and name != "domain"
    }
    add_contacts(lead, place, origin=origin)
    lead.search_text = merging.search_text(lead)
    lead.content_expires_at = expiry(lead, lent_days or {})
    return lead


def add_contacts(lead: Lead, place: PlaceRecord, *, origin: Origin) -> None:
    """Add the number, the addresses and the profiles of a listing to those of the lead."""
    url = merging.web_address(place.maps_url)
    source = origin.of(url, FOUND_BY)
    phone = _whole(place.phone, merging.MAX_PHONE_LENGTH)
    known = {entry["phone"] for entry in lead.phones}
    if phone and phone not in known and len(lead.phones) < merging.MAX_PHONES:
        lead.phones.append({"phone": phone, "url": url, "method": origin.source})
    _note_list(lead, "phones", "phone", source)
    _add_emails(lead, place, url, origin)
    _note_list(lead, "emails", "email", source)
    for network, profile in place.socials:
        address = merging.web_address(profile)
        if address and network not in lead.social_links:
            lead.social_links[network] = address
            lead.sources[f"social_links.{network}"] = dict(source)
            lead.sources.setdefault("social_links", dict(source))


def _add_emails(lead: Lead, place: PlaceRecord, url: str, origin: Origin) -> None:
    known = {entry["email"] for entry in lead.emails}
    for email in place.emails:
        if email in known or len(email) > merging.MAX_EMAIL_LENGTH:
            continue
        if len(lead.emails) >= merging.MAX_EMAILS:
            return
        known.add(email)
        entry = {"email": email, "status": "unverified", "reason": "", "url": url}
        lead.emails.append({**entry, "method": origin.source})
        lead.verified_at = None


def _note_list(lead: Lead, name: str, member: str, source: dict[str, Any]) -> None:
    """Note the source of the entries of a list that a listing alone gave."""
    listed = source["source"]
    if any(entry["method"] == listed for entry in getattr(lead, name)):
        note_source(lead, f"{name}.{listed}", source, is_same=True)


def note_source(lead: Lead, field: str, source: dict[str, Any], *, is_same: bool) -> None:
    """Keep where a value is from; the same value of the same source was first seen before."""
    held = lead.sources.get(field) or {}
    if is_same and held.get("source") == source["source"] and held.get("first_seen_at"):
        source = {**source, "first_seen_at": held["first_seen_at"]}
    lead.sources[field] = dict(source)


def expiry(lead: Lead, lent_days: Mapping[str, int]) -> datetime | None:
    """Return when the first value of the lead must go that its source only lends, or None."""
    ends = [
        datetime.fromisoformat(source["checked_at"]) + timedelta(days=lent_days[source["source"]])
        for field, source in lead.sources.items()
        if source.get("source") in lent_days and field not in KEPT and source.get("checked_at")
    ]
    return min(ends, default=None)


def _whole(text: str | None, longest: int) -> str:
    """Return the text if it fits; half a number or code would say something else."""
    return text if text and len(text) <= longest else ""
