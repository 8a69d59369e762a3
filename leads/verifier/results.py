"""What verification found out: about a domain (worth caching) and about one address."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Status = Literal["valid", "risky", "invalid", "unknown"]


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """What DNS and the catch-all question say about a mail domain (A-label form).

    `exists` and `catch_all` are None where nobody could tell; `implicit_mx` means no MX but an
    address record (RFC 5321 5.1); `error` is `dns_timeout` or `dns_failure` when the mail hosts
    themselves could not be looked up, and `unread` names the other records that could not.
    """

    domain: str
    exists: bool | None = None
    mx: tuple[tuple[int, str], ...] = ()
    implicit_mx: bool = False
    null_mx: bool = False
    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    catch_all: bool | None = None
    error: str | None = None
    unread: tuple[str, ...] = ()

    @property
    def mail_hosts(self) -> tuple[str, ...]:
        """The hosts to deliver to, best first; the domain itself when it has no MX."""
        if self.implicit_mx:
            return (self.domain,)
        return tuple(host for _, host in self.mx)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types for a cache row."""
        return asdict(self) | {"mx": [list(pair) for pair in self.mx], "unread": list(self.unread)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild what `to_dict` wrote."""
        mx = tuple((int(preference), str(host)) for preference, host in stored["mx"])
        return cls(**{**stored, "mx": mx, "unread": tuple(stored.get("unread", ()))})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one address, as given by the caller.

    `reason` is stable snake_case (`leads.verifier.verdicts` lists them), `checks` holds JSON
    types, `retry_after` is in seconds and None where asking again would not help.
    """

    email: str
    status: Status
    reason: str
    checks: dict[str, Any]
    retry_after: float | None = None
