"""Which lead of a workspace a row of a file is about, if it has it already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from freshleads.users.models import Workspace
from leads import merging
from leads.models import Lead, LeadIdentity

# What is read of each candidate; the rest of the row stays where it is.
COLUMNS = ("public_id", "identity", "email", "domain", "phone", "place_id", "deleted_at")
UNKNOWN_ID = "You have no lead with this ID, and the row has nothing else by which it is known."
CANDIDATES = 20_000  # of one kind: a domain may belong to a chain with any number of leads

Alike = dict[int, Lead]  # leads that share something, by primary key where they have one


class KnownLeads:
    """The leads that some rows may be about, by everything a lead is known by.

    In this order: its own id, the place, the e-mail (unless both have places and these differ),
    else domain and phone. A domain or a phone alone tells only where a single lead has it.
    """

    def __init__(self) -> None:
        self.by_public_id: dict[str, Lead] = {}
        self.by_identity: dict[str, Lead] = {}
        self.by_email: dict[str, Alike] = defaultdict(dict)
        self.by_site: dict[tuple[str, str], Alike] = defaultdict(dict)

    @classmethod
    def of(cls, workspace: Workspace, rows: Sequence[Mapping[str, Any]]) -> "KnownLeads":
        """Find the leads that rows (values by field) may be about, in few queries."""
        known = cls()
        wanted = _wanted(rows)
        leads = Lead.objects.ever_owned_by(workspace).only(*COLUMNS)
        for column in ("public_id", "identity", "email", "phone", "domain"):
            if wanted[column]:
                known.add(leads.filter(**{f"{column}__in": wanted[column]})[:CANDIDATES])
        others = LeadIdentity.objects.filter(
            workspace=workspace, identity__in=wanted["identity"]
        ).select_related("lead")
        for other in others:
            known.by_identity.setdefault(other.identity, other.lead)
        return known

    def add(self, leads: Iterable[Lead]) -> None:
        """Know these leads too; of several alike, the first one counts."""
        for lead in leads:
            self.by_public_id.setdefault(lead.public_id, lead)
            self.by_identity.setdefault(lead.identity, lead)
            key = lead.pk or id(lead)
            if lead.email:
                self.by_email[lead.email].setdefault(key, lead)
            for site in {(lead.domain, lead.phone), (lead.domain, ""), ("", lead.phone)}:
                if any(site):
                    self.by_site[site].setdefault(key, lead)

    def find(self, values: Mapping[str, Any]) -> Lead | None:
        """Return the lead that a row is about."""
        place_id, email = values.get("place_id", ""), values.get("email", "")
        if (lead := self.by_public_id.get(values.get("lead_id", ""))) is not None:
            return lead
        if place_id and (lead := self.by_identity.get(merging.identity(place_id=place_id))):
            return lead
        if email:
            alike = [*self.by_email.get(email, {}).values(), *self._added_by(email)]
            fits = [lead for lead in alike if not (place_id and lead.place_id)]
            return min(fits, key=_preference, default=None)
        return None if place_id else self._find_by_site(*site_of(values))

    def _added_by(self, email: str) -> list[Lead]:
        lead = self.by_identity.get(merging.identity(email=email))
        return [lead] if lead is not None else []

    def _find_by_site(self, domain: str, phone: str) -> Lead | None:
        if not (domain or phone):
            return None
        lead = self.by_identity.get(f"site:{domain}|{phone}")
        if lead is not None:
            return lead
        alike = self.by_site.get((domain, phone), {}).values()
        is_certain = bool(domain and phone) or len(alike) == 1
        return min(alike, key=_preference, default=None) if is_certain else None


def identity_of(values: Mapping[str, Any]) -> str:
    """Return the identity of the new lead that a row makes, an empty text where it makes none."""
    return merging.identity(
        place_id=values.get("place_id", ""),
        email=values.get("email", ""),
        website=values.get("website", ""),
        phone=site_of(values)[1],
    )


def site_of(values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the domain and the first phone of a row, empty texts where it has none."""
    phones = values.get("phones") or [""]
    return merging.own_domain(values.get("website", "")), phones[0]


def _wanted(rows: Sequence[Mapping[str, Any]]) -> dict[str, set[str]]:
    """Return the values to look for, by column."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for values in rows:
        place_id, email = values.get("place_id", ""), values.get("email", "")
        wanted["public_id"] |= {values["lead_id"]} if values.get("lead_id") else set()
        wanted["email"] |= {email} if email else set()
        if place_id:
            wanted["identity"].add(merging.identity(place_id=place_id))
        if email:
            wanted["identity"].add(merging.identity(email=email))
        if not (place_id or email):
            domain, phone = site_of(values)
            wanted["identity"].add(f"site:{domain}|{phone}")
            # One index is enough: a phone is rarer than nothing, a domain is what is left.
            wanted["phone" if phone else "domain"].add(phone or domain)
    return wanted


def _preference(lead: Lead) -> tuple[bool, int]:
    """Rank leads that are alike: one that was not deleted, then the oldest."""
    return lead.deleted_at is not None, lead.pk or 0
