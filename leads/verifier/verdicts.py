"""From what was found to one verdict: invalid before unknown before risky before valid.

Reasons by status:
invalid  syntax, no_such_domain, null_mx, no_mail_server, mailbox_not_found, mailbox_disabled
unknown  dns_timeout, dns_failure, probe_off, connection_failed, timeout, disconnected, bad_answer,
         greylisted, temporarily_refused, policy_refused, refused, cannot_verify,
         smtputf8_unsupported, mail_server_busy, catch_all_unknown
risky    disposable, mailbox_full, catch_all, role_address
valid    accepted, mailbox_busy
"""

from dataclasses import dataclass
from typing import Any

from leads.verifier.lists import is_disposable, is_free_mail, is_role
from leads.verifier.replies import TEMPORARY_DELAY, Meaning, Outcome
from leads.verifier.results import DomainFacts, Status, Verdict
from leads.verifier.syntax import Address

BUSY_DELAY = 300.0
DNS_DELAY = 600.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """Status and reason of a verdict, with the delay before asking again (seconds)."""

    status: Status
    reason: str
    retry_after: float | None = None


_SETTLED: dict[Meaning, tuple[Status, str]] = {
    Meaning.NOT_FOUND: ("invalid", "mailbox_not_found"),
    Meaning.DISABLED: ("invalid", "mailbox_disabled"),
    Meaning.NO_HOST: ("invalid", "no_mail_server"),
    Meaning.CANNOT_VERIFY: ("unknown", "cannot_verify"),
    Meaning.GREYLISTED: ("unknown", "greylisted"),
    Meaning.TEMPORARY: ("unknown", "temporarily_refused"),
    Meaning.POLICY: ("unknown", "policy_refused"),
    Meaning.BLOCKLISTED: ("unknown", "policy_refused"),
    Meaning.UNCLEAR: ("unknown", "refused"),
    Meaning.NEEDS_SMTPUTF8: ("unknown", "smtputf8_unsupported"),
    Meaning.TIMEOUT: ("unknown", "timeout"),
    Meaning.DISCONNECTED: ("unknown", "disconnected"),
    Meaning.BAD_ANSWER: ("unknown", "bad_answer"),
    Meaning.NOT_CONNECTED: ("unknown", "connection_failed"),
    Meaning.EGRESS_BLOCKED: ("unknown", "connection_failed"),
    Meaning.HOST_LOOKUP_FAILED: ("unknown", "dns_failure"),
    Meaning.BUSY: ("unknown", "mail_server_busy"),
}
_DELAYS = {
    Meaning.TIMEOUT: TEMPORARY_DELAY,
    Meaning.DISCONNECTED: TEMPORARY_DELAY,
    Meaning.BAD_ANSWER: TEMPORARY_DELAY,
    Meaning.NOT_CONNECTED: TEMPORARY_DELAY,
    Meaning.HOST_LOOKUP_FAILED: DNS_DELAY,
    Meaning.BUSY: BUSY_DELAY,
}

_CHECKS = (
    "domain",
    "mx",
    "spf",
    "dkim",
    "dmarc",
    "disposable",
    "role",
    "free",
    "catch_all",
    "smtp",
)


def judge_domain(facts: DomainFacts) -> Judgement | None:
    """Return the judgement that DNS alone allows, None when the domain takes mail somewhere."""
    if facts.error is not None:
        return Judgement("unknown", facts.error, DNS_DELAY)
    if not facts.exists:
        return Judgement("invalid", "no_such_domain")
    if facts.null_mx:
        return Judgement("invalid", "null_mx")
    if not facts.mail_hosts:
        return Judgement("invalid", "no_mail_server")
    return None


def judge_unprobed(address: Address) -> Judgement:
    """Judge an address whose mailbox nobody asked about."""
    if is_disposable(address.domain):
        return Judgement("risky", "disposable")
    return Judgement("unknown", "probe_off")


def judge_mailbox(address: Address, outcome: Outcome, catch_all: bool | None) -> Judgement:
    """Judge what the mail server said; an acceptance counts for as much as the catch-all answer."""
    if outcome.meaning in _SETTLED:
        status, reason = _SETTLED[outcome.meaning]
        delay = outcome.retry_after or _DELAYS.get(outcome.meaning)
        return Judgement(status, reason, delay)
    if outcome.meaning is not Meaning.FULL and catch_all is None:
        return Judgement("unknown", "catch_all_unknown", TEMPORARY_DELAY)
    risk = _risk(address, outcome, catch_all)
    if risk is not None:
        return Judgement("risky", risk)
    busy = outcome.meaning is Meaning.EXISTS
    return Judgement("valid", "mailbox_busy" if busy else "accepted")


def _risk(address: Address, outcome: Outcome, catch_all: bool | None) -> str | None:
    """Return the weightiest reason not to rely on a mailbox that exists."""
    risks = (
        ("disposable", is_disposable(address.domain)),
        ("mailbox_full", outcome.meaning is Meaning.FULL),
        ("catch_all", catch_all),
        ("role_address", is_role(address.local)),
    )
    return next((reason for reason, applies in risks if applies), None)


def refused_syntax(email: str) -> Verdict:
    """Return the verdict on a text that is no address."""
    return Verdict(email, "invalid", "syntax", {"syntax": False} | dict.fromkeys(_CHECKS))


def make_verdict(
    email: str,
    address: Address,
    facts: DomainFacts,
    judgement: Judgement,
    outcome: Outcome | None = None,
) -> Verdict:
    """Put a judgement beside everything that was checked (None: could not be told)."""
    reply = outcome.reply if outcome else None
    checks: dict[str, Any] = {
        "syntax": True,
        "domain": facts.exists,
        "mx": [host for _, host in facts.mx],
        "spf": _presence(facts, "spf"),
        "dkim": _presence(facts, "dkim"),
        "dmarc": _presence(facts, "dmarc"),
        "disposable": is_disposable(address.domain),
        "role": is_role(address.local),
        "free": is_free_mail(address.domain),
        "catch_all": facts.catch_all,
        "smtp": {"code": reply.code, "message": reply.text} if reply else None,
    }
    return Verdict(email, judgement.status, judgement.reason, checks, judgement.retry_after)


def _presence(facts: DomainFacts, record: str) -> bool | None:
    """Say whether a record is there; no key under a common DKIM selector proves nothing."""
    if getattr(facts, record) is not None:
        return True
    unanswered = facts.error is not None or record in facts.unread
    return None if unanswered or record == "dkim" else False
