"""What the invented world is made of: areas, businesses, their websites and their mail domains."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

OPERATIONAL = "OPERATIONAL"
CLOSED_TEMPORARILY = "CLOSED_TEMPORARILY"
CLOSED_PERMANENTLY = "CLOSED_PERMANENTLY"

MAIL_BEHAVIOURS: Mapping[str, str] = MappingProxyType(
    {
        "reject_unknown": "listed mailboxes are accepted, any other gets 550 5.1.1",
        "accept": "any recipient gets 250; mail to an unlisted mailbox bounces later",
        "catch_all": "any recipient gets 250 and is delivered",
        "greylist": "451 4.7.1 at first; after a short time as reject_unknown",
        "tarpit": "answers each command very slowly, then as reject_unknown",
        "full": "452 4.2.2 for listed mailboxes, 550 5.1.1 for others",
        "disabled": "550 5.2.1 for listed mailboxes, 550 5.1.1 for others",
        "policy": "550 5.7.1: the client address is blocked, whoever the recipient",
        "temporary": "421/451: come back later, always",
        "null_mx": "MX 0 . (RFC 7505): this domain takes no mail",
        "no_mx": "the name has an A record and no MX; nothing listens for mail",
        "no_domain": "NXDOMAIN",
        "servfail": "the name servers answer SERVFAIL",
        "silent": "the connection opens and the banner never comes",
        "drop": "the connection is dropped after the first RCPT",
    }
)


@dataclass(frozen=True, slots=True)
class Area:
    """A city that a search can name; corners and centre are (latitude, longitude) in degrees."""

    key: str
    name: str
    aliases: tuple[str, ...]
    country: str
    region: str
    language: str
    low: tuple[float, float]
    high: tuple[float, float]
    center: tuple[float, float]


@dataclass(frozen=True, slots=True)
class MailSpec:
    """How one mail domain behaves; `behaviour` is a key of MAIL_BEHAVIOURS.

    `mailboxes` holds full addresses in lower case. `dkim_selector` is None without DKIM.
    """

    domain: str
    behaviour: str
    mailboxes: frozenset[str]
    mx_host: str
    spf: bool = True
    dkim_selector: str | None = "s1"
    dmarc: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """One or more addresses shown in one place of a site by one technique (see obfuscations)."""

    emails: tuple[str, ...]
    technique: str
    page: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class ShownPhone:
    """A number on a site: `label` is phone, mobile, whatsapp or fax; `form` text, link or both."""

    e164: str
    national: str
    label: str
    form: str
    page: str


@dataclass(frozen=True, slots=True)
class SiteSpec:
    """The plan of one website, from which both its pages and the truth about it are made.

    `host` serves the pages; it differs from the host of `Business.website` where the site
    redirects. `behaviour` is a key of casting.SITE_BEHAVIOURS; `pages` are page keys of the
    layout in menu order, "home" first; `weight` is the size of a page in bytes to aim at.
    """

    host: str
    behaviour: str
    markup: str
    language: str
    pages: tuple[str, ...]
    weight: int
    contacts: tuple[Contact, ...]
    phones: tuple[ShownPhone, ...]
    socials: tuple[tuple[str, str], ...]
    decoys: tuple[str, ...]
    staff: tuple[str, ...]
    sitemap: bool = False
    microdata: bool = False


@dataclass(frozen=True, slots=True)
class Business:
    """One invented business as a places provider lists it, with its site and mail behind it."""

    place_id: str
    name: str
    trade: str
    trade_label: str
    types: tuple[str, ...]
    area: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    formatted_address: str
    latitude: float
    longitude: float
    phone_e164: str | None
    phone_national: str | None
    website: str | None
    domain: str | None
    rating: float | None
    reviews_count: int | None
    hours: tuple[str, ...]
    status: str
    google_maps_url: str
    site: SiteSpec | None
    mail: MailSpec


@dataclass(frozen=True)
class World:
    """All areas, businesses and mail domains of one seed, with the look-ups servers need."""

    seed: int
    areas: tuple[Area, ...]
    businesses: tuple[Business, ...]
    shared_mail: tuple[MailSpec, ...] = field(repr=False, default=())

    @cached_property
    def by_host(self) -> Mapping[str, Business]:
        """Every host that answers HTTP, with and without www, to the business behind it."""
        hosts: dict[str, Business] = {}
        for business in self.businesses:
            if business.site is None or business.domain is None:
                continue
            served = business.site.host.removeprefix("www.")
            for name in (business.domain, served):
                hosts[name] = business
                hosts["www." + name] = business
        return MappingProxyType(hosts)

    @cached_property
    def mail_domains(self) -> Mapping[str, MailSpec]:
        """Every mail domain addresses are shown in: businesses', free mail and agencies'."""
        specs = [business.mail for business in self.businesses]
        return MappingProxyType({spec.domain: spec for spec in (*specs, *self.shared_mail)})
