"""What the states and failures of lookups mean, in words for people."""

from typing import Any
from urllib.parse import urlsplit

from django import template

from freshleads.templatetags.words import spelled

register = template.Library()

LOOKUP_STATES = {
    "queued": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "No answer",
}

# What a person can do about a lookup without an answer; the keys are the providers' faults and
# the outcomes of reading a website.
NEXT_STEPS = {
    "unreachable": "Look whether the address is right, or try again later.",
    "forbidden_by_robots": "Its owner does not want it read by programs; that is respected.",
    "refused": "Give the public address of a website.",
    "not_supported": "The operator of this installation has to set up a source for it.",
    "invalid_key": "The operator has to check the key of the source.",
    "permission_denied": "The operator has to allow this for the key of the source.",
    "quota_exceeded": "The quota of the source is used up. Try again when it is renewed.",
    "no_credit": "The operator has to top up the account with the source.",
    "throttled": "The source is asked too often. Try again in a minute.",
}

BUSINESS_STATES = {
    "CLOSED_TEMPORARILY": "closed for now",
    "CLOSED_PERMANENTLY": "closed for good",
}


@register.filter
def lookup_state(status: Any) -> str:
    return LOOKUP_STATES.get(status) or spelled(status)


@register.filter
def lookup_next_step(code: Any) -> str:
    return NEXT_STEPS.get(code, "It may be back in some minutes: try again.")


@register.filter
def business_state(status: Any) -> str:
    return BUSINESS_STATES.get(status) or spelled(str(status or "").lower())


@register.filter
def host(url: Any) -> str:
    """Return the host of a scraped URL as people read it, "" where there is none."""
    try:
        name = urlsplit(str(url or "").strip()).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")
