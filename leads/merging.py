"""What makes two findings the same lead, and which value wins a field; pure functions.

Values arrive as plain records (a `SiteReport` here, a `PlaceRecord` in `listings`) and leave as
field changes for a `Lead`, each with its source, so that nothing is shown that cannot say where it
came from.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from freshleads.lib.domains import registrable_domain
from leads import choosing, matching
from leads.crawler.results import Finding, SiteReport
from leads.models import Lead

MAX_EMAILS = 20
MAX_PHONES = 20
MAX_EMAIL_LENGTH = 254
MAX_PHONE_LENGTH = 20
MAX_IDENTITY_LENGTH = 300
MAX_URL_BYTES = 2048  # an index entry of PostgreSQL ends at 2,704
WEBSITE_LICENCE = "Published by the business on its own website"
YOU = "you"
LISTED = frozenset(
    (*choosing.MAPS, "places_search")
)  # how a number or address of a listing was found
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


def website_origin(now: datetime) -> Origin:
    """Return the origin of what a business published on its own website."""
    return Origin(source="website", licence=WEBSITE_LICENCE, now=now)


def identity(*, place_id: str = "", email: str = "", website: str = "", phone: str = "") -> str:
    """Return what makes a lead the same again: place id, else e-mail, else domain and phone.

    An empty text where nothing does; a page on a social network says nothing of whose it is.
    """
    if place_id:
        return _fitting(f"place:{place_id}")
    if email:
        return _fitting(f"email:{email.lower()}")
    domain = own_domain(website)
    return f"site:{domain}|{phone}" if domain or phone else ""


def own_domain(website: str) -> str:
    """Return the registrable domain of a business's own website, else an empty text."""
    domain = registrable_domain(website) or ""
    return "" if domain in SOCIAL_HOSTS else domain[:253]


def _fitting(text: str) -> str:
    """Return the text, or its digest where a cut one could meet another."""
    if len(text) <= MAX_IDENTITY_LENGTH:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def is_social_page(website: str) -> bool:
    """Tell whether a listing's website is only a page on a social network."""
    return (registrable_domain(website) or "") in SOCIAL_HOSTS


def search_text(lead: Lead) -> str:
    """Return the lower-case text that the search box looks through."""
    return "\n".join(
        part.lower() for part in (lead.business_name, lead.email, lead.city, lead.domain) if part
    )


def web_address(url: str | None) -> str:
    """Return an http(s) URL of at most 2,048 bytes, or an empty text."""
    if not url or len(url.encode("utf-8", "replace")) > MAX_URL_BYTES:
        return ""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return ""
    return url if scheme in {"http", "https"} else ""


def merge_site(lead: Lead, report: SiteReport, *, now: datetime) -> None:
    """Fill a lead's contacts from its website; what a person typed or a listing says stays.

    What the website says too is known from the business itself, whoever said it first.
    """
    origin = website_origin(now)
    lead.crawled_at = now
    _confirm_identity(lead, report, origin)
    _merge_emails(lead, report.emails)
    _merge_phones(lead, report.phones, origin)
    _merge_socials(lead, report, origin)
    _fill(lead, "description", report.description[:1000], origin.of(report.final_url, "meta"))
    hours = report.business.get("opening_hours")
    if isinstance(hours, Mapping):
        _fill(lead, "opening_hours", dict(hours), origin.of(report.final_url, "json_ld"))
    choose_email(lead, now=now)


def _confirm_identity(lead: Lead, report: SiteReport, origin: Origin) -> None:
    """Note what the site shows first-hand: that its address is right, and the name it states."""
    if report.outcome != "ok":
        return
    if own_domain(report.final_url) == lead.domain != "":
        _confirm(lead, "website", origin.of(report.final_url, "visit"))
    name = report.business.get("name")
    if isinstance(name, str) and name.strip():
        source = origin.of(report.final_url, "json_ld")
        _fill(lead, "business_name", name.strip()[:300], source)
        if matching.name_words(name) == matching.name_words(lead.business_name):
            _confirm(lead, "business_name", source)


def _confirm(lead: Lead, field: str, source: dict[str, Any]) -> None:
    """Make the website the source of a value that a listing gave."""
    if lead.sources.get(field, {}).get("source") in choosing.MAPS:
        lead.sources[field] = source


def _fill(lead: Lead, field: str, value: Any, source: dict[str, Any]) -> None:
    """Set a field that is empty, unless a person emptied it."""
    if value and not getattr(lead, field) and not is_typed(lead, field):
        setattr(lead, field, value)
        lead.sources[field] = source


def is_typed(lead: Lead, field: str) -> bool:
    """Tell whether a person set the field."""
    return bool(lead.sources.get(field, {}).get("source") == YOU)


def _merge_emails(lead: Lead, findings: Sequence[Finding]) -> None:
    known = {entry["email"] for entry in lead.emails}
    for finding in findings:
        if finding.value in known or len(finding.value) > MAX_EMAIL_LENGTH:
            continue
        if len(lead.emails) >= MAX_EMAILS:
            return
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
    known = {entry["phone"]: entry for entry in lead.phones}
    for finding in findings:
        if finding.value in known:
            _confirm_phone(lead, known[finding.value], finding, origin)
            continue
        if len(finding.value) > MAX_PHONE_LENGTH:
            continue
        if len(lead.phones) >= MAX_PHONES:
            return
        known[finding.value] = {
            "phone": finding.value,
            "url": finding.url,
            "method": finding.method,
        }
        lead.phones.append(known[finding.value])
        _fill(lead, "phone", finding.value, origin.of(finding.url, finding.method))


def _confirm_phone(lead: Lead, entry: dict[str, Any], finding: Finding, origin: Origin) -> None:
    if entry["method"] in LISTED:
        entry.update(url=finding.url, method=finding.method)
        if entry["phone"] == lead.phone:
            _confirm(lead, "phone", origin.of(finding.url, finding.method))


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


def choose_email(lead: Lead, *, now: datetime) -> None:
    """Make the best of the lead's addresses its e-mail, unless a person chose one.

    Of equals, one of its own website comes before one of a listing, whose age nobody knows.
    """
    typed = is_typed(lead, "email")
    choice = [entry for entry in lead.emails if not typed or entry["email"] == lead.email]
    if choice:
        best = min(
            choice,
            key=lambda entry: (EMAIL_RANK.get(entry["status"], 3), entry["method"] in LISTED),
        )
        if best["email"] != lead.email:
            lead.email = best["email"]
            seen = website_origin(lead.crawled_at or now)
            lead.sources["email"] = lead.sources.get(f"emails.{best['method']}") or seen.of(
                best["url"], best["method"]
            )
        lead.email_status = best["status"]
        lead.email_reason = best["reason"]
    lead.search_text = search_text(lead)
