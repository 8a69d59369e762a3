"""Gathers what the pages of one site hold into one report, best findings first."""

from dataclasses import dataclass, field
from typing import Any

from leads.crawler.emails import rank
from leads.crawler.extraction import PageFacts
from leads.crawler.metadata import Metadata
from leads.crawler.phones import certainty
from leads.crawler.results import Finding, SocialFinding
from leads.crawler.socials import best_first

MAX_EMAILS = 100
MAX_PHONES = 30
MAX_SOCIALS = 40


@dataclass(slots=True)
class SiteFacts:
    """The findings of a site so far; `domain` is its registrable domain."""

    domain: str
    metadata: Metadata | None = None
    business: dict[str, Any] = field(default_factory=dict)
    readable: bool = False  # at least one page showed something
    _emails: dict[str, Finding] = field(default_factory=dict)
    _phones: dict[str, Finding] = field(default_factory=dict)
    _phone_pages: dict[str, int] = field(default_factory=dict)
    _socials: list[tuple[str, str, str, str, int]] = field(default_factory=list)

    def add(self, page: PageFacts) -> None:
        """Add the findings of one page; the first page speaks for the site."""
        self.readable = self.readable or not page.blank
        if self.metadata is None:
            self.metadata = page.metadata
        for key, value in page.business.items():
            self.business.setdefault(key, value)
        for email in page.emails:
            if len(self._emails) < MAX_EMAILS:
                self._emails.setdefault(email.value, email)
        for phone in page.phones:
            known = self._phones.setdefault(phone.value, phone)
            if certainty(phone.method) < certainty(known.method):
                self._phones[phone.value] = phone
            self._phone_pages[phone.value] = self._phone_pages.get(phone.value, 0) + 1
        for one in page.socials:
            self._socials.append((one.network, one.value, one.method, page.url, one.weight))

    @property
    def suffices(self) -> bool:
        """Tell whether an address of the site's own domain and a phone are known."""
        return bool(self._phones) and any(not rank(email, self.domain) for email in self._emails)

    def emails(self) -> tuple[Finding, ...]:
        """Return addresses: own domain, then free mail, then others, each in the order found."""
        return tuple(sorted(self._emails.values(), key=lambda one: rank(one.value, self.domain)))

    def phones(self) -> tuple[Finding, ...]:
        """Return numbers: the most certain first, then those on most pages."""
        numbers = sorted(
            self._phones.values(),
            key=lambda one: (certainty(one.method), -self._phone_pages[one.value]),
        )
        return tuple(numbers[:MAX_PHONES])

    def socials(self) -> tuple[SocialFinding, ...]:
        """Return profiles: the best of each network, then all others."""
        rows = best_first(self._socials)[:MAX_SOCIALS]
        return tuple(SocialFinding(url, page, how, network) for network, url, how, page in rows)
