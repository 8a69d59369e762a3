"""Contacts as the LeadGen API gives them: out of a few lines of text, and in their wire form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import phonenumbers

from leads.crawler.extraction import extract
from leads.crawler.results import Finding, SiteReport, SocialFinding
from leads.crawler.socials import canonical_profile

DEFAULT_REGION = "US"
MAX_TEXT = 5000

# Country codes that companies everywhere take for their websites.
_EVERYBODYS = frozenset("ai am cc co fm gg io la ly me to tv vc ws".split())
_REGIONS = {"uk": "GB"}
_ADDRESS_ON_WEB = re.compile(
    r"(?<![\w@.])(?:https?://)?((?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,12}/[^\s<>\"'()]{1,200})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contacts:
    """E-mail addresses, phones in national form and profile URLs, each once."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    social_links: tuple[str, ...] = ()


def read_contacts(texts: Iterable[str], *, url: str) -> Contacts:
    """Return what stands literally in some lines that tell of a web page, e.g. "x [at] y.com".

    The page's own address counts where it is a profile. Nothing is guessed.
    """
    lines = [text[:MAX_TEXT] for text in texts]
    page = "".join(f"<p>{escape(line)}</p>" for line in lines).encode("utf-8", "replace")
    facts = extract(page, url, "text/html; charset=utf-8", region_of(url))
    found = [url, *(f"https://{one[1]}" for line in lines for one in _linked(line))]
    profiles = filter(None, map(canonical_profile, found))
    return Contacts(
        emails=values(facts.emails),
        phones=national_forms(facts.phones),
        social_links=tuple(dict.fromkeys(profile for _, profile in profiles)),
    )


def values(findings: Iterable[Finding | SocialFinding]) -> tuple[str, ...]:
    """Return what was found, each value once."""
    return tuple(dict.fromkeys(finding.value for finding in findings))


def national_forms(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return numbers as their own country writes them: `(555) 123-4567`, `020 7946 0958`."""
    return tuple(dict.fromkeys(national_form(finding.value) for finding in findings))


@lru_cache(maxsize=8192)
def national_form(e164: str) -> str:
    """Return an E.164 number as its own country writes it, unchanged where it is none."""
    return _formatted(e164, phonenumbers.PhoneNumberFormat.NATIONAL)


@lru_cache(maxsize=8192)
def international_form(e164: str) -> str:
    """Return an E.164 number with its country code and spaces: `+44 20 7946 0958`."""
    return _formatted(e164, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def region_of(url: str) -> str:
    """Return the country whose phone numbers a site writes without a country code.

    Its top-level domain tells, where it is a country's own; otherwise the United States.
    """
    host = url.partition("://")[2].partition("/")[0].partition(":")[0]
    ending = host.rpartition(".")[2].lower()
    region = _REGIONS.get(ending, ending.upper())
    is_known = ending not in _EVERYBODYS and region in phonenumbers.SUPPORTED_REGIONS
    return region if is_known else DEFAULT_REGION


def metadata_of(report: SiteReport) -> dict[str, str]:
    """Return what a website says about itself."""
    return {
        "title": report.title,
        "description": report.description,
        "keywords": report.keywords,
        "image": report.image,
    }


def _linked(line: str) -> Iterable[re.Match[str]]:
    return _ADDRESS_ON_WEB.finditer(line)


def _formatted(e164: str, form: int) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), form)
    except phonenumbers.NumberParseException:
        return e164
