"""Mail domains for tests: behaviours rarer than any business of the world should have."""

from collections.abc import Mapping
from types import MappingProxyType

from freshleads.sandbox.entities import MailSpec

ODD_BEHAVIOURS: Mapping[str, str] = MappingProxyType(
    {
        "multi_line": "answers of several lines, with text beyond ASCII, then as reject_unknown",
        "cannot_verify": "252 for every recipient",
        "refuse_banner": "554 5.7.1 as the banner",
        "close_at_connect": "the connection is closed before the banner",
        "busy_banner": "421 4.3.2 as the banner, then closed",
        "plain_550": "550 without an enhanced code for any recipient that has no mailbox",
        "second_refused": "450 4.5.3 from the second recipient of a session on",
        "rate_limited": "450 4.2.1: this mailbox receives mail at too high a rate",
        "dns_timeout": "the name servers never answer",
    }
)


def _odd(behaviour: str) -> MailSpec:
    """Return the domain `<behaviour>.oddmail.test` with the mailboxes info and postmaster."""
    domain = f"{behaviour.replace('_', '-')}.oddmail.test"
    mailboxes = frozenset((f"info@{domain}", f"postmaster@{domain}"))
    return MailSpec(domain, behaviour, mailboxes, mx_host=f"mx.{domain}")


ODD_MAIL: tuple[MailSpec, ...] = tuple(map(_odd, ODD_BEHAVIOURS))
