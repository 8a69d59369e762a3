"""What makes two findings the same lead, and which value wins a field; pure functions.

Values arrive as plain records (`PlaceRecord`, `SiteReport`) and leave as field changes for a
`Lead`, each with its source, so that nothing is shown that cannot say where it came from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from freshleads.lib.domains import registrable_domain
from leads.crawler.results import Finding, SiteReport
from leads.models import Lead
from leads.providers.records import PlaceRecord

MAX_EMAILS = 20
MAX_PHONES = 20
# Best first: an address that takes mail beats one that may, which beats one never tried.
EMAIL_RANK = {"valid": 0, "risky": 1, "unknown": 2, "unverified": 3, "invalid": 4}
SOCIAL_HOSTS = frozenset(
    {
        "facebook.com",
        "instagram.com",
        "linkedin.com",
        "twitter.com",
        "x.com",
        "youtube.com",
        "tiktok.com",
        "pinterest.com",
        "snapchat.com",
        "t.me",
        "wa.me",
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from."""

    source: str
    licence: str
    now: datetime

    def of(self, url: str, method: str) -> dict[str, Any]:
        """Return the record kept beside a field."""
        stamp = self.now.isoformat(timespec="seconds")
        return {
            "source": self.source,
            "url": url,
            "method": method,
            "licence": self.licence,
            "first_seen_at": stamp,
            "checked_at": stamp,
        }


def identity(*, place_id: str = "", email: str = "", website: str = "", phone: str = "") -> str:
    """Return what makes a lead the same again: place id, else e-mail, else domain and phone."""
    if place_id:
        return f"place:{place_id}"[:300]
    if email:
        return f"email:{email.lower()}"
    domain = registrable_domain(website) or ""
    return f"site:{domain}|{phone}" if domain or phone else ""


def is_social_page(website: str) -> bool:
    """Tell whether a listing's website is only a page on a social network."""
    return (registrable_domain(website) or "") in SOCIAL_HOSTS


def search_text(lead: Lead) -> str:
    """Return the lower-case text that the search box looks through."""
    return "\n".join(
        part.lower() for part in (lead.business_name, lead.email, lead.city, lead.domain) if part
    )


def web_address(url: str | None) -> str:
    """Return an http(s) URL of at most 2,048 characters, or an empty text."""
    if not url or len(url) > 2048:
        return ""
    return url if urlsplit(url).scheme.lower() in {"http", "https"} else ""


def place_fields(place: PlaceRecord) -> dict[str, Any]:
    """Return the lead fields that a place fills, cut to their columns."""
    website = web_address(place.website)
    return {
        "business_name": place.name[:300],
        "category": (place.category or "")[:120],
        "address": (place.address or "")[:500],
        "phone": (place.phone or "")[:20],
        "website": website,
        "rating": None if place.rating is None else Decimal(str(round(place.rating, 1))),
        "reviews_count": place.reviews_count,
        "opening_hours": place.opening_hours or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "google_maps_url": web_address(place.maps_url),
        "place_id": place.place_id[:300],
        "street": (place.street or "")[:300],
        "city": (place.city or "")[:120],
        "region": (place.region or "")[:120],
        "postal_code": (place.postal_code or "")[:20],
        "country": (place.country or "")[:2],
        "domain": (registrable_domain(website) or "") if website else "",
    }


def lead_from_place(place: PlaceRecord, *, origin: Origin) -> Lead:
    """Return a new, unsaved lead for a place; the caller sets its workspace."""
    fields = place_fields(place)
    lead = Lead(identity=identity(place_id=place.place_id), **fields)
    source = origin.of(fields["google_maps_url"], "places_search")
    lead.sources = {
        name: source
        for name, value in fields.items()
        if value not in ("", None) and name != "domain"
    }
    if lead.phone:
        lead.phones = [{"phone": lead.phone, "url": source["url"], "method": "places_search"}]
    lead.search_text = search_text(lead)
    return lead


def merge_site(lead: Lead, report: SiteReport, *, origin: Origin) -> None:
    """Fill a lead's contacts from its website; what a person typed or a place said stays."""
    lead.crawled_at = origin.now
    _merge_emails(lead, report.emails)
    _merge_phones(lead, report.phones, origin)
    _merge_socials(lead, report, origin)
    if not lead.description and report.description:
        _fill(lead, "description", report.description[:1000], origin.of(report.final_url, "meta"))
    hours = report.business.get("opening_hours")
    if not lead.opening_hours and isinstance(hours, Mapping) and hours:
        _fill(lead, "opening_hours", dict(hours), origin.of(report.final_url, "json_ld"))
    choose_email(lead, origin=origin)


def _fill(lead: Lead, field: str, value: Any, source: dict[str, Any]) -> None:
    setattr(lead, field, value)
    lead.sources[field] = source


def _merge_emails(lead: Lead, findings: Sequence[Finding]) -> None:
    known = {entry["email"] for entry in lead.emails}
    for finding in findings:
        if finding.value in known or len(lead.emails) >= MAX_EMAILS:
            continue
        known.add(finding.value)
        lead.emails.append(
            {
                "email": finding.value,
                "status": "unverified",
                "reason": "",
                "url": finding.url,
                "method": finding.method,
            }
        )


def _merge_phones(lead: Lead, findings: Sequence[Finding], origin: Origin) -> None:
    known = {entry["phone"] for entry in lead.phones}
    for finding in findings:
        if finding.value not in known and len(lead.phones) < MAX_PHONES:
            known.add(finding.value)
            lead.phones.append(
                {"phone": finding.value, "url": finding.url, "method": finding.method}
            )
    if not lead.phone and findings:
        best = findings[0]
        _fill(lead, "phone", best.value[:20], origin.of(best.url, best.method))


def _merge_socials(lead: Lead, report: SiteReport, origin: Origin) -> None:
    found = {social.network: social for social in reversed(report.socials)}
    added = {name: found[name] for name in sorted(found) if name not in lead.social_links}
    for name, social in added.items():
        lead.social_links[name] = social.value
        lead.sources[f"social_links.{name}"] = origin.of(social.url, social.method)
    if added:
        first = next(iter(added.values()))
        lead.sources.setdefault("social_links", origin.of(first.url, first.method))


def apply_verdict(lead: Lead, email: str, *, status: str, reason: str, now: datetime) -> bool:
    """Note the verdict on one of the lead's addresses; tells whether the lead has it."""
    for entry in lead.emails:
        if entry["email"] == email:
            entry.update(status=status, reason=reason, checked_at=now.isoformat(timespec="seconds"))
            lead.verified_at = now
            return True
    return False


def choose_email(lead: Lead, *, origin: Origin) -> None:
    """Make the best of the lead's addresses its e-mail, unless a person chose one."""
    if not lead.emails:
        return
    chosen_by_you = lead.sources.get("email", {}).get("source") == "you"
    best = min(lead.emails, key=lambda entry: EMAIL_RANK.get(entry["status"], 3))
    if chosen_by_you:
        best = next((entry for entry in lead.emails if entry["email"] == lead.email), best)
        if best["email"] != lead.email:
            return
    elif best["email"] != lead.email:
        lead.email = best["email"]
        lead.sources["email"] = origin.of(best["url"], best["method"])
    lead.email_status = best["status"]
    lead.email_reason = best["reason"]
    lead.search_text = search_text(lead)
