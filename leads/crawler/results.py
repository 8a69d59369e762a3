"""What a crawl of one website found, as immutable values that survive a trip through JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["ok", "unreachable", "forbidden_by_robots", "refused", "failed", "empty"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One value, the page it stands on, and how it was read there (e.g. `mailto`, `cloudflare`)."""

    value: str
    url: str
    method: str


@dataclass(frozen=True, slots=True)
class SocialFinding:
    """A canonical profile URL of one social network, the page that links it, and how."""

    value: str
    url: str
    method: str
    network: str


@dataclass(frozen=True, slots=True)
class PageVisit:
    """One fetch: HTTP status (0 without an answer), decoded bytes, seconds, and how it ended.

    `outcome` is `ok`, `http_error`, `not_html`, or the code of the error that ended it.
    """

    url: str
    status: int
    size: int
    seconds: float
    outcome: str


@dataclass(frozen=True, slots=True)
class SiteReport:
    """Everything one crawl learned about one website; findings stand best first.

    `outcome` is `ok` where at least one page was read; `empty` where the site answered with nothing
    to read; `unreachable`, `forbidden_by_robots`, `refused` (the address policy said no) and
    `failed` (a fault of ours) have no contacts. `error` is a stable code, None when all went well.
    `business` holds schema.org facts: name, type, address, opening_hours, same_as, ...
    """

    start_url: str
    final_url: str
    outcome: Outcome
    error: str | None = None
    pages: tuple[PageVisit, ...] = ()
    emails: tuple[Finding, ...] = ()
    phones: tuple[Finding, ...] = ()
    socials: tuple[SocialFinding, ...] = ()
    title: str = ""
    description: str = ""
    keywords: str = ""
    image: str = ""
    business: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain lists, dicts and strings, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SiteReport":
        """Rebuild a report from `to_dict()`'s answer."""
        values = dict(data)
        for name, kind in _PARTS.items():
            values[name] = tuple(kind(**part) for part in _rows(values.get(name)))
        return cls(**values)


_PARTS: Mapping[str, type[PageVisit] | type[Finding] | type[SocialFinding]] = {
    "pages": PageVisit,
    "emails": Finding,
    "phones": Finding,
    "socials": SocialFinding,
}


def _rows(value: Sequence[Mapping[str, Any]] | None) -> Sequence[Mapping[str, Any]]:
    """Return the stored rows of one field, none where the field is missing."""
    return value or ()
