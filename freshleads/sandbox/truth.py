"""What a crawler can honestly find on each invented website, read off the plan of the site.

Nothing here looks at a page: an extractor that misses or invents something cannot agree with it.
The crawl rules are those of the product: 15 pages, home first, contact-like pages next, three
clicks deep, robots.txt obeyed, 2 MiB a page, no JavaScript.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from freshleads.sandbox.decoys import decoy
from freshleads.sandbox.documents import home_description, home_title
from freshleads.sandbox.entities import Business, Contact, SiteSpec
from freshleads.sandbox.misbehaviour import parked_title
from freshleads.sandbox.obfuscations import NEEDS_JAVASCRIPT, traps

__all__ = ["SiteTruth", "site_truth"]

# No page of these sites can be read, or none may be.
UNREADABLE = frozenset(
    {
        *("redirect_loop", "redirect_private", "redirect_metadata", "fail_500", "fail_404"),
        *("fail_reset", "robots_all", "robots_500", "pdf_home"),
    }
)
# Their contact page cannot be read, or may not be; home pages link on to the others.
CONTACT_PAGE_LOST = frozenset({"robots_contact", "contact_reset"})
# "end" lies megabytes down a page, archive-4 four clicks away.
OUT_OF_REACH = frozenset({"end", "archive-4"})


@dataclass(frozen=True, slots=True)
class SiteTruth:
    """The right answer for one website; addresses in lower case, phones in E.164.

    `emails` can be found, `unfindable_emails` stand on the site beyond the rules of the crawl,
    `decoys` must never be reported. `socials` maps a network to its canonical address. `title`
    and `description` are None where the home page cannot be read (`reachable` is False).
    """

    emails: frozenset[str] = frozenset()
    unfindable_emails: frozenset[str] = frozenset()
    decoys: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    faxes: frozenset[str] = frozenset()
    socials: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    description: str | None = None
    reachable: bool = False


def site_truth(business: Business) -> SiteTruth:
    """Return the truth about a business's website; an empty one where it has none of its own."""
    site = business.site
    if site is None:
        return SiteTruth()
    shown = frozenset(mail for contact in site.contacts for mail in contact.emails)
    if site.behaviour in UNREADABLE:
        return SiteTruth(unfindable_emails=shown, decoys=_decoys(business, site))
    if site.behaviour == "parked":
        return SiteTruth(title=parked_title(business.domain or ""), description="", reachable=True)
    found = frozenset(
        mail for contact in site.contacts if _findable(site, contact) for mail in contact.emails
    )
    reachable_phones = [phone for phone in site.phones if not _lost(site, phone.page)]
    return SiteTruth(
        emails=found,
        unfindable_emails=shown - found,
        decoys=_decoys(business, site),
        phones=frozenset(phone.e164 for phone in reachable_phones if phone.label != "fax"),
        faxes=frozenset(phone.e164 for phone in site.phones if phone.label == "fax"),
        socials=MappingProxyType(dict(site.socials)),
        title=home_title(business),
        description=home_description(business, site),
        reachable=True,
    )


def _findable(site: SiteSpec, contact: Contact) -> bool:
    if contact.technique in NEEDS_JAVASCRIPT or contact.page in OUT_OF_REACH:
        return False
    return not _lost(site, contact.page)


def _lost(site: SiteSpec, page: str) -> bool:
    return page == "contact" and site.behaviour in CONTACT_PAGE_LOST


def _decoys(business: Business, site: SiteSpec) -> frozenset[str]:
    """Return the false addresses of a site, less any that is a real one elsewhere on it."""
    false = {mail for contact in site.contacts for mail in traps(contact)}
    for key in site.decoys:
        false.update(decoy(key, site, business.mail.domain)[1])
    return frozenset(false) - {mail for contact in site.contacts for mail in contact.emails}
