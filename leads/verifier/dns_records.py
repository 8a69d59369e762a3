"""Mail records of a domain, telling "no such thing" from "could not find out"."""

import asyncio
import re
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.rdata
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.TXT
import dns.resolver

from freshleads.lib.domains import registrable_domain
from leads.verifier.results import DomainFacts

MAX_HOSTS = 20
MAX_RECORD = 2048
QUERIES_AT_ONCE = 6
EDNS_PAYLOAD = 1232

# DKIM keys cannot be listed, only asked for by name: the selectors of large senders, in groups
# of which the next is asked only when the one before has no key.
DKIM_SELECTORS = (
    ("default", "google", "selector1", "s1"),
    ("selector2", "k1", "dkim", "mail"),
    ("fm1", "protonmail", "zoho", "smtp"),
)

Answer = TypeVar("Answer")

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9])?")
_DKIM_KEY = re.compile(r"(?:^|;)\s{0,9}p\s{0,9}=\s{0,9}[A-Za-z0-9+/]")


class LookupFailed(Exception):
    """DNS did not answer the question; `reason` is `dns_timeout` or `dns_failure`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoSuchName(Exception):
    """The name does not exist (NXDOMAIN)."""


class RecordReader:
    """Asks the given name servers, or the system's, about mail domains; safe to share by threads.

    `timeout` is the longest wait for one question in seconds; a domain whose servers fall silent
    takes at most about three of them.
    """

    def __init__(self, nameservers: Sequence[tuple[str, int]] | None, *, timeout: float) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=nameservers is None)
        if nameservers is not None:
            self._resolver.nameservers = [
                dns.nameserver.Do53Nameserver(ip, port) for ip, port in nameservers
            ]
        self._resolver.timeout = timeout / 2
        self._resolver.lifetime = timeout
        self._resolver.use_edns(0, 0, EDNS_PAYLOAD)

    def read(self, domain: str) -> DomainFacts:
        """Look up an A-label domain; blocks, and never raises for what DNS may answer."""
        return asyncio.run(self._read(domain))

    async def _read(self, domain: str) -> DomainFacts:
        facts = DomainFacts(domain=domain, exists=True)
        try:
            records = await self._mx_records(domain)
            if records:
                facts = _with_mail_hosts(facts, records)
            else:
                facts = replace(facts, implicit_mx=await self._has_address(domain))
        except NoSuchName:
            return replace(facts, exists=False)
        except LookupFailed as error:
            return replace(facts, exists=None, error=error.reason)
        return await self._with_policies(facts)

    async def _with_policies(self, facts: DomainFacts) -> DomainFacts:
        """Add SPF, DMARC and DKIM, none of which decides alone whether mail is taken."""
        gate = asyncio.Semaphore(QUERIES_AT_ONCE)
        unread: list[str] = []

        async def attempt(name: str, lookup: Awaitable[str | None]) -> str | None:
            try:
                return await lookup
            except LookupFailed:
                unread.append(name)
                return None

        spf, dmarc, dkim = await asyncio.gather(
            attempt("spf", self._spf(facts.domain, gate)),
            attempt("dmarc", self._dmarc(facts.domain, gate)),
            attempt("dkim", self._dkim(facts.domain, gate)),
        )
        return replace(facts, spf=spf, dmarc=dmarc, dkim=dkim, unread=tuple(sorted(unread)))

    async def _spf(self, domain: str, gate: asyncio.Semaphore) -> str | None:
        texts = await self._texts(domain, gate)
        return _only(text for text in texts if _has_version(text, "v=spf1", " "))

    async def _dmarc(self, domain: str, gate: asyncio.Semaphore) -> str | None:
        """Return the record of the domain, else of its organisational domain (RFC 7489 6.6.3)."""
        names = dict.fromkeys([domain, registrable_domain(domain) or domain])
        answers = await asyncio.gather(*(self._texts(f"_dmarc.{name}", gate) for name in names))
        records = (
            _only(text for text in texts if _has_version(text, "v=dmarc1", " ;"))
            for texts in answers
        )
        return next((record for record in records if record is not None), None)

    async def _dkim(self, domain: str, gate: asyncio.Semaphore) -> str | None:
        """Return a key under one of the common selectors; None proves nothing."""
        parent = f"_domainkey.{domain}"
        if not await self._may_have_names_below(parent, gate):
            return None
        for selectors in DKIM_SELECTORS:
            key = await _first_found(self._key(f"{name}.{parent}", gate) for name in selectors)
            if key is not None:
                return key
        return None

    async def _may_have_names_below(self, name: str, gate: asyncio.Semaphore) -> bool:
        """Return False where the name itself does not exist, thus nothing below it (RFC 8020)."""
        try:
            async with gate:
                await self._ask(name, "TXT")
        except NoSuchName:
            return False
        except LookupFailed:
            return True
        return True

    async def _key(self, name: str, gate: asyncio.Semaphore) -> str | None:
        texts = await self._texts(name, gate)
        return next((text for text in texts if _DKIM_KEY.search(text)), None)

    async def _mx_records(self, domain: str) -> list[tuple[int, dns.name.Name]]:
        return [
            (rdata.preference, rdata.exchange)
            for rdata in await self._ask(domain, "MX")
            if isinstance(rdata, dns.rdtypes.ANY.MX.MX)
        ]

    async def _has_address(self, domain: str) -> bool:
        found = await _first_found(self._ask(domain, kind) for kind in ("A", "AAAA"))
        return bool(found)

    async def _texts(self, name: str, gate: asyncio.Semaphore) -> list[str]:
        try:
            async with gate:
                records = await self._ask(name, "TXT")
        except NoSuchName:
            return []
        return [
            b"".join(rdata.strings)[:MAX_RECORD].decode("utf-8", errors="replace")
            for rdata in records
            if isinstance(rdata, dns.rdtypes.ANY.TXT.TXT)
        ]

    async def _ask(self, name: str, kind: str) -> list[dns.rdata.Rdata]:
        try:
            answer = await self._resolver.resolve(
                f"{name}.", kind, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN as error:
            raise NoSuchName from error
        except dns.exception.Timeout as error:
            raise LookupFailed("dns_timeout") from error
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise LookupFailed("dns_failure") from error
        return list(answer.rrset or ())


def _with_mail_hosts(facts: DomainFacts, records: list[tuple[int, dns.name.Name]]) -> DomainFacts:
    """Sort the MX hosts; one record that names the root means "no mail" (RFC 7505)."""
    if len(records) == 1 and records[0][1] == dns.name.root:
        return replace(facts, null_mx=True)
    hosts = sorted(
        (preference, exchange.to_text(omit_final_dot=True).lower())
        for preference, exchange in records
    )
    usable = [(preference, host) for preference, host in hosts if _HOST.fullmatch(host)]
    return replace(facts, mx=tuple(usable[:MAX_HOSTS]))


async def _first_found(lookups: Iterable[Awaitable[Answer | None]]) -> Answer | None:
    """Return the first answer that holds something; a failure counts only when none does."""
    answers = await asyncio.gather(*lookups, return_exceptions=True)
    failure: BaseException | None = None
    for answer in answers:
        if isinstance(answer, BaseException):
            failure = failure or answer
        elif answer:
            return answer
    if failure is not None:
        raise failure
    return None


def _has_version(text: str, version: str, ends: str) -> bool:
    lowered = text.lower()
    rest = lowered.removeprefix(version)
    return lowered.startswith(version) and (not rest or rest[0] in ends)


def _only(texts: Iterable[str]) -> str | None:
    """Return the record if there is one; several count as none (RFC 7208 4.5, RFC 7489 6.6.3)."""
    found = list(texts)
    return found[0] if len(found) == 1 else None
