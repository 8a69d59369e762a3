"""What a row of a file does to a lead, noted so that it can be taken back.

`amend` returns what it changed, `take_back` undoes it where nobody has changed it since. A note is
JSON: `{fields: {name: [before, after]}, status: {name: [before, after]}, social_links: {network:
[before or null, after]}, emails: [added], phones: [added], chosen: {email, phone} as they were left
then, sources: {key: before or null}}`.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field

from leads import merging
from leads.adding import fill_lead
from leads.models import Lead, LeadImport
from leads.recognising import identity_of

SOURCE, METHOD = "import", "file"
# What a search would bring too, so that a lead of a file can be as full.
OWN_FIELDS = (
    "rating",
    "reviews_count",
    "opening_hours",
    "latitude",
    "longitude",
    "google_maps_url",
    "place_id",
)
TEXT_FIELDS = (
    *("business_name", "category", "address", "website", "first_name", "last_name", "job_title"),
    *("description", "street", "city", "region", "postal_code", "country", "tags"),
)
FIELDS = (*TEXT_FIELDS, *OWN_FIELDS, "email", "phone", "deleted_at")
STATUS_FIELDS = ("email_status", "email_reason")
SAVED = (
    *FIELDS,
    *STATUS_FIELDS,
    *("emails", "phones", "social_links", "sources", "domain", "search_text", "updated_at"),
)

Note = dict[str, Any]


@dataclass(frozen=True)
class FileOrigin(merging.Origin):
    """The origin of what a file says, which keeps the file's name."""

    file_name: str

    def of(self, url: str, method: str) -> dict[str, Any]:
        return merging.Origin.of(self, url, method) | {"file": self.file_name}


def origin_of(file_name: str, now: datetime) -> FileOrigin:
    return FileOrigin(source=SOURCE, licence="", now=now, file_name=file_name[:200])


def amend(lead: Lead, values: Mapping[str, Any], *, policy: str, origin: merging.Origin) -> Note:
    """Give a lead the values of a row as the policy says; returns what changed, {} for nothing.

    A lead that was deleted comes back: whoever brings its row along wants it.
    """
    before = _state(lead)
    lead.deleted_at = None
    if policy == LeadImport.Duplicates.REPLACE:
        _make_room(lead, values)
    if policy != LeadImport.Duplicates.SKIP:
        _fill(lead, values, origin)
    note = _difference(before, _state(lead))
    if note:
        lead.updated_at = origin.now
    return note


def fill_new(lead: Lead, values: Mapping[str, Any], *, origin: merging.Origin) -> None:
    """Make a new lead of the values of a row that has an identity."""
    lead.identity = identity_of(values)
    _fill(lead, values, origin)
    lead.created_at = lead.updated_at = origin.now


def take_back(lead: Lead, note: Note, *, now: datetime) -> list[str]:
    """Undo what a note says; returns the fields that stay because they have changed since."""
    chosen = {key: getattr(lead, key) for key in ("email", "phone")}
    kept = [name for name in note.get("fields", {}) if not _restore(lead, name, note)]
    for network, (before, after) in note.get("social_links", {}).items():
        if lead.social_links.get(network) != after:
            kept.append(f"social_links.{network}")
        elif before is None:
            del lead.social_links[network]
        else:
            lead.social_links[network] = before
    for name, key in (("emails", "email"), ("phones", "phone")):
        added = set(note.get(name, ()))
        if chosen[key] != note.get("chosen", {}).get(key):
            added.discard(chosen[key])  # somebody has chosen this one since
        setattr(lead, name, [entry for entry in getattr(lead, name) if entry[key] not in added])
    for key, source in note.get("sources", {}).items():
        if key.partition(".")[0] not in kept and key not in kept:
            _put(lead.sources, key, source)
    if "email" in note.get("fields", {}) and "email" not in kept:
        for name, (before, _) in note.get("status", {}).items():
            setattr(lead, name, before)
        _take_verdict(lead)
    lead.domain = merging.own_domain(lead.website)
    lead.search_text = merging.search_text(lead)
    lead.updated_at = now
    return kept


def _fill(lead: Lead, values: Mapping[str, Any], origin: merging.Origin) -> None:
    """Set what is empty, unless a person emptied it."""
    had = lead.email
    fill_lead(lead, values, origin=origin, method=METHOD)
    source = origin.of("", METHOD)
    for name in OWN_FIELDS:
        is_free = getattr(lead, name) in ("", None, {}) and not merging.is_typed(lead, name)
        if name in values and is_free:
            setattr(lead, name, values[name])
            lead.sources[name] = source
    for network, url in values.get("social_links", {}).items():
        if network not in lead.social_links:
            lead.social_links[network] = url
            lead.sources[f"social_links.{network}"] = source
            lead.sources.setdefault("social_links", source)
    known = {entry["email"] for entry in lead.emails}
    for email in values.get("emails", ()):
        if email not in known and len(lead.emails) < merging.MAX_EMAILS:
            lead.emails.append(_unverified(email))
    if lead.email != had:
        _take_verdict(lead)


def _make_room(lead: Lead, values: Mapping[str, Any]) -> None:
    """Empty what the row says otherwise, typed values too: the person asked for it."""
    for name in (*TEXT_FIELDS, *OWN_FIELDS, "email"):
        if name in values and getattr(lead, name) != values[name]:
            _empty(lead, name)
    if values.get("phones") and lead.phone != values["phones"][0]:
        _empty(lead, "phone")
    for network, url in values.get("social_links", {}).items():
        if lead.social_links.get(network, url) != url:
            del lead.social_links[network]
            lead.sources.pop(f"social_links.{network}", None)


def _empty(lead: Lead, name: str) -> None:
    column = _column(name)
    setattr(lead, name, None if column.null else column.get_default())
    lead.sources.pop(name, None)


def _restore(lead: Lead, name: str, note: Note) -> bool:
    """Give a field its old value, if it still has the one that the file gave it."""
    before, after = note["fields"][name]
    now = _plain(getattr(lead, name))
    if name == "deleted_at" and now:
        return True  # the person has deleted it again
    if now != after:
        return False
    setattr(lead, name, _column(name).to_python(before))
    return True


def _column(name: str) -> "Field[Any, Any]":
    column = Lead._meta.get_field(name)
    assert isinstance(column, Field)
    return column


def _take_verdict(lead: Lead) -> None:
    """Give the lead the verdict that is known of its address."""
    entry = next((e for e in lead.emails if e["email"] == lead.email), None)
    if entry is not None:
        lead.email_status, lead.email_reason = entry["status"], entry.get("reason", "")
    elif not lead.email:
        lead.email_status, lead.email_reason = Lead.EmailStatus.UNVERIFIED, ""


def _state(lead: Lead) -> dict[str, Any]:
    return {
        "fields": {name: _plain(getattr(lead, name)) for name in FIELDS},
        "status": {name: str(getattr(lead, name)) for name in STATUS_FIELDS},
        "social_links": dict(lead.social_links),
        "emails": [entry["email"] for entry in lead.emails],
        "phones": [entry["phone"] for entry in lead.phones],
        "sources": dict(lead.sources),
    }


def _difference(before: dict[str, Any], after: dict[str, Any]) -> Note:
    note: Note = {}
    for part in ("fields", "status", "social_links"):
        changed = {
            name: [before[part].get(name), value]
            for name, value in after[part].items()
            if before[part].get(name) != value
        }
        if changed:
            note[part] = changed
    for part in ("emails", "phones"):
        if added := _added(before[part], after[part]):
            note[part] = added
            note["chosen"] = {key: after["fields"][key] for key in ("email", "phone")}
    if note:
        keys = before["sources"].keys() | after["sources"].keys()
        note["sources"] = {
            key: before["sources"].get(key)
            for key in sorted(keys)
            if before["sources"].get(key) != after["sources"].get(key)
        }
    return note


def _added(before: Iterable[str], after: Iterable[str]) -> list[str]:
    known = set(before)
    return [entry for entry in after if entry not in known]


def _put(sources: dict[str, Any], key: str, source: Any) -> None:
    if source is None:
        sources.pop(key, None)
    else:
        sources[key] = source


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return deepcopy(value) if isinstance(value, list | dict) else value


def _unverified(email: str) -> dict[str, str]:
    status = Lead.EmailStatus.UNVERIFIED.value
    return {"email": email, "status": status, "reason": "", "url": "", "method": METHOD}
