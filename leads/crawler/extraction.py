"""Reads one page: contacts, profiles, links and what the page says about itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leads.crawler.documents import Document, read_document
from leads.crawler.emails import find_emails
from leads.crawler.links import Link, find_links
from leads.crawler.markup import read_business, read_markup
from leads.crawler.metadata import Metadata, read_metadata
from leads.crawler.phones import find_phones, in_order, to_e164
from leads.crawler.results import Finding
from leads.crawler.socials import canonical_profile, find_socials
from leads.crawler.structured import Facts, read_json_ld

Marked = list[tuple[str, str, str]]  # (kind, value, method)


@dataclass(frozen=True, slots=True)
class SocialLink:
    """A profile one page links; `weight` is higher where the page shows it as its own."""

    network: str
    value: str
    method: str
    weight: int


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Everything one page holds; `blank` pages show no text and lead nowhere."""

    url: str
    emails: tuple[Finding, ...]
    phones: tuple[Finding, ...]
    socials: tuple[SocialLink, ...]
    links: tuple[Link, ...]
    metadata: Metadata
    business: dict[str, Any]
    blank: bool


def extract(body: bytes, url: str, content_type: str = "", region: str = "US") -> PageFacts:
    """Read the decoded body of a page that stands at `url`.

    `region` is the ISO country whose phone numbers are written without a country code. Work is
    linear in the page's size; hostile markup costs no more than its bytes.
    """
    document = read_document(body, url, content_type)
    facts = read_json_ld(document.json_ld)
    marked = list(read_markup(document))
    emails = find_emails(document, _marked_emails(facts, marked))
    phones = _phones(document, facts, marked, region)
    return PageFacts(
        url=url,
        emails=tuple(Finding(value, url, method) for value, method in emails),
        phones=tuple(Finding(value, url, method) for value, method in phones),
        socials=tuple(_socials(document, facts, marked)),
        links=tuple(find_links(document)),
        metadata=read_metadata(document),
        business=read_business(document) | facts.business,
        blank=not document.text.strip() and not document.anchors,
    )


def _marked_emails(facts: Facts, marked: Marked) -> Iterator[tuple[str, str]]:
    yield from ((text, "json_ld") for text in facts.emails)
    yield from ((text, method) for kind, text, method in marked if kind == "email")


def _phones(document: Document, facts: Facts, marked: Marked, region: str) -> list[tuple[str, str]]:
    """Return numbers from links, marked data and text; those marked as faxes are left out."""
    stated = [(text, "json_ld") for text in facts.phones]
    stated += [(text, method) for kind, text, method in marked if kind == "phone"]
    numbers = [(number, how) for text, how in stated if (number := to_e164(text, region))]
    fax_texts = facts.faxes + [text for kind, text, _ in marked if kind == "fax"]
    faxes = {to_e164(text, region) for text in fax_texts} - {number for number, _ in numbers}
    found = in_order((*find_phones(document, region), *numbers))
    return [(number, method) for number, method in found if number not in faxes]


def _socials(document: Document, facts: Facts, marked: Marked) -> Iterator[SocialLink]:
    for network, url, method, weight in find_socials(document):
        yield SocialLink(network, url, method, weight)
    stated = [(text, "json_ld") for text in facts.profiles]
    stated += [(text, method) for kind, text, method in marked if kind == "profile"]
    for text, method in stated:
        if profile := canonical_profile(text):
            yield SocialLink(*profile, method, 4)
