"""What states, verdicts and reasons mean, in words for people."""

from typing import Any

import phonenumbers
from django import template

from freshleads.templatetags.pages import bare_url

register = template.Library()

# Why an address got its verdict; the keys are the verifier's stable reasons.
EMAIL_REASONS = {
    "accepted": "The mail server accepts mail for it.",
    "mailbox_busy": "The mailbox exists; its server was busy.",
    "role_address": "A shared address such as info@: it works, but no one person reads it.",
    "catch_all": "The server accepts every address of this domain, so this one may not exist.",
    "disposable": "A throw-away address.",
    "mailbox_full": "The mailbox exists, but is full.",
    "syntax": "It is not a valid e-mail address.",
    "no_such_domain": "Its domain does not exist.",
    "null_mx": "Its domain says that it takes no mail.",
    "no_mail_server": "Its domain has no mail server.",
    "mailbox_not_found": "The mail server says there is no such mailbox.",
    "mailbox_disabled": "The mail server says the mailbox is switched off.",
    "probe_off": "The domain takes mail; asking mail servers is switched off here.",
    "greylisted": "The server asks to try again later; we do.",
    "temporarily_refused": "The server asks to try again later; we do.",
    "mail_server_busy": "The server was busy; we try again.",
    "catch_all_unknown": "The server did not say whether it accepts every address.",
    "policy_refused": "The server does not answer such questions from us.",
    "refused": "The server refused without a clear reason.",
    "cannot_verify": "The server does not say whether a mailbox exists.",
    "smtputf8_unsupported": "Its server cannot take addresses with such letters.",
    "timeout": "The mail server did not answer in time.",
    "disconnected": "The mail server hung up.",
    "bad_answer": "The mail server answered in a way that makes no sense.",
    "connection_failed": "The mail server could not be reached.",
    "dns_timeout": "Its domain could not be looked up in time.",
    "dns_failure": "Its domain could not be looked up.",
}

FREE_REASONS = {
    "already_yours": "Already yours",
    "deleted_by_you": "Deleted by you before",
}

CRAWL_OUTCOMES = {
    "no_website": "no website",
    "social_page": "only a social page",
    "unreachable": "website unreachable",
    "forbidden_by_robots": "website forbids robots",
    "refused": "website refused",
    "failed": "website failed",
    "empty": "website is empty",
}

# How a value was found; the keys are the crawler's and the providers' methods.
METHODS = {
    "places_search": "business listing",
    "google": "Google listing",
    "openstreetmap": "OpenStreetMap listing",
    "local": "listing of open data",
    "visit": "read there",
    "typed": "typed in by you",
    "given": "given by you",
    "in_address": "read out of the address",
    "file": "read from the file",
    "mailto": "mail link",
    "link": "link of the page",
    "text": "text of the page",
    "attribute": "attribute of the page",
    "script": "script of the page, decoded",
    "data": "data of the page, decoded",
    "meta": "description of the page",
    "json_ld": "structured data (JSON-LD)",
    "microdata": "structured data (microdata)",
    "rdfa": "structured data (RDFa)",
    "hcard": "business card of the page (hCard)",
    "tel": "phone link",
    "callto": "phone link",
    "sms": "text message link",
    "skype": "Skype link",
    "whatsapp": "WhatsApp link",
    "rel_me": "profile link of the page",
}

SOURCES = {
    "google": "Google Places",
    "openstreetmap": "OpenStreetMap",
    "local": "Imported open data",
    "website": "Its website",
    "you": "You",
    "api": "Your program",
    "import": "Your file",
}

SEARCH_STATES = {
    "queued": "Waiting",
    "running": "Running",
    "completed": "Done",
    "failed": "Failed",
    "cancelled": "Stopped",
}

# What a person can do about a search that failed or found nothing.
NEXT_STEPS = {
    "unknown_location": "Change the place and search again. Nothing was charged.",
    "invalid_key": "The key of the places source is wrong: the operator sets GOOGLE_PLACES_KEY.",
    "permission_denied": "The operator has to allow “Places API (New)” for the key of the source.",
    "quota_exceeded": "The source's quota is used up. Search again when it is renewed.",
    "provider_unavailable": "The source is down. Search again in some minutes.",
    "interrupted": "Search again; leads you already have are found again for free.",
}

NETWORKS = {
    "facebook": "Facebook",
    "x": "X",
    "linkedin": "LinkedIn",
    "instagram": "Instagram",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "pinterest": "Pinterest",
    "snapchat": "Snapchat",
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "spotify": "Spotify",
}


def spelled(key: Any) -> str:
    """Return a snake_case key as words, for one that has none of its own yet."""
    words = str(key or "").replace("_", " ").replace(".", ": ").strip()
    return words[:1].upper() + words[1:]


@register.filter
def email_reason(reason: Any) -> str:
    return EMAIL_REASONS.get(reason) or spelled(reason)


@register.filter
def phone(number: Any) -> str:
    """Return an E.164 number with its blanks; what is none stays as it is."""
    try:
        parsed = phonenumbers.parse(str(number))
    except phonenumbers.NumberParseException:
        return str(number or "")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.filter
def free_reason(reason: Any) -> str:
    return FREE_REASONS.get(reason) or spelled(reason)


@register.filter
def crawl_outcome(outcome: Any) -> str:
    return CRAWL_OUTCOMES.get(outcome, "")


@register.filter
def method(name: Any) -> str:
    return METHODS.get(name) or spelled(name).lower()


@register.filter
def source(name: Any) -> str:
    return SOURCES.get(name) or spelled(name)


@register.filter
def search_state(status: Any) -> str:
    return SEARCH_STATES.get(status) or spelled(status)


@register.filter
def next_step(code: Any) -> str:
    return NEXT_STEPS.get(code, "Search again; leads you already have are found again for free.")


@register.filter
def change(field: Any, values: Any) -> str:
    """Return what changed about a lead, from what to what where both are still known."""
    if field == "business_status":
        return "Closed for good"
    before, after = values
    name = spelled(field)
    if before is None and after is None:
        return f"{name} changed"
    if isinstance(before, dict) or isinstance(after, dict):
        return f"{name} changed"
    shorten = {"phone": phone, "website": bare_url}.get(field)
    if shorten is not None:
        before, after = shorten(before), shorten(after)
    return f"{name}: {before if before not in ('', None) else 'none'} → {after}"


@register.filter
def network(name: Any) -> str:
    return NETWORKS.get(name) or spelled(name)


@register.filter
def field_name(name: Any) -> str:
    """Return a lead field as a person reads it, such as `social_links.facebook`."""
    first, _, rest = str(name).partition(".")
    part = SOURCES.get(rest) or network(rest)
    return f"{spelled(first)}: {part}" if rest else spelled(first)
