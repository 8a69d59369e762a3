"""Entries of the ledger as a person reads them: with links to what was paid for."""

import re

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from freshleads.billing.models import CreditEntry

register = template.Library()

# What the ledger itself says of a new lead, of a hold's search, and of a lookup.
_NEW_LEAD = re.compile(r"New lead (lead_[0-9a-z]{1,30}): (.*)", re.DOTALL)
_SEARCH = re.compile(r"search:(srch_[0-9a-z]{1,30})(?::.*)?")
_LOOKUP = re.compile(r"lookup:([0-9a-z_]{1,30})")


@register.filter
def what_for(entry: CreditEntry) -> SafeString:
    """Return an entry's description; a new lead, its search and a lookup are links."""
    text = entry.description
    if found := _NEW_LEAD.fullmatch(text):
        lead = _link("leads:lead", found[1], "New lead")
        search = _SEARCH.fullmatch(entry.hold.reference) if entry.hold else None
        asked = _link("leads:search", search[1], found[2]) if search else found[2]
        return format_html("{}: {}", lead, asked)
    if lookup := _LOOKUP.fullmatch(entry.reference):
        return _link("leads:lookup", lookup[1], text)
    return format_html("{}", text)


def _link(name: str, public_id: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(name, args=[public_id]), text)
