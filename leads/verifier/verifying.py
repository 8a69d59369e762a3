"""Verifies addresses: syntax, then DNS, then one question to the mail server."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from freshleads.lib.addresses import AddressPolicy
from leads.verifier.batching import POLL_SECONDS, Batch, Finding, Job, Work, threads
from leads.verifier.dns_records import RecordReader
from leads.verifier.pacing import RunMemory
from leads.verifier.probing import Prober, ProbeSettings
from leads.verifier.results import DomainFacts, Verdict
from leads.verifier.syntax import InvalidAddress, parse_address
from leads.verifier.verdicts import (
    judge_domain,
    judge_mailbox,
    judge_unprobed,
    make_verdict,
    refused_syntax,
)

logger = logging.getLogger(__name__)

SMTP_PORT = 25
LONGEST_DNS_WAIT = 5.0

_HELO_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_SENDER = re.compile(r"[^\s<>\x00-\x20\x7f]{0,254}")


def never() -> bool:
    """Say that nobody wants the run to stop."""
    return False


class Verifier:
    """Answers whether addresses take mail; safe to share by threads, blocks while it works.

    `policy` decides which addresses may be connected to (its ports are replaced by the mail
    port), `nameservers` are (ip, port) pairs or None for the system's, `helo_name` should have
    matching reverse DNS, `mail_from` stays empty unless a provider insists. `timeout` is for one
    network step, `deadline` for one address with all its sessions, both in seconds. With `probe`
    off only DNS is asked. `allow_test_names` accepts the sandbox's `.test` addresses.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        nameservers: Sequence[tuple[str, int]] | None = None,
        *,
        helo_name: str,
        mail_from: str = "",
        probe: bool = True,
        timeout: float = 10.0,
        deadline: float = 30.0,
        smtp_port: int = SMTP_PORT,
        allow_test_names: bool = False,
    ) -> None:
        if not _HELO_NAME.fullmatch(helo_name):
            raise ValueError("helo_name must be a host name")
        if not _SENDER.fullmatch(mail_from):
            raise ValueError("mail_from must be a bare address or empty")
        self._probe = probe
        self._allow_test_names = allow_test_names
        self._records = RecordReader(nameservers, timeout=min(timeout, LONGEST_DNS_WAIT))
        self._prober = Prober(
            policy.with_ports(frozenset({smtp_port})),
            ProbeSettings(helo_name, mail_from, timeout, deadline, smtp_port),
        )

    def look_up_domain(self, domain: str) -> DomainFacts:
        """Return what DNS says about a mail domain (A-label form); DNS trouble is in `error`.

        Blocks and runs its own event loop: not for a thread that runs one already.
        """
        return self._records.read(domain.lower())

    def verify(self, email: str, facts: DomainFacts | None = None) -> Finding:
        """Verify one address, with earlier facts about its domain where there are any.

        Returns the verdict and the facts to keep (catch-all included); for a text that is no
        address the facts are those of the empty domain. Servers' misbehaviour is never raised.
        """
        job = self._read(email)
        if job is None:
            return refused_syntax(email), DomainFacts(domain="")
        if facts is None or facts.error is not None:
            facts = self.look_up_domain(job.address.domain)
        verdict = self._judge_without_probe(job, facts)
        if verdict is not None:
            return verdict, facts
        return self._ask_mail_server(job, facts, RunMemory())

    def verify_many(
        self,
        emails: Iterable[str],
        *,
        known: Mapping[str, DomainFacts],
        on_verdict: Callable[[Verdict, DomainFacts], None],
        should_stop: Callable[[], bool] = never,
        concurrency: int = 20,
    ) -> None:
        """Verify each distinct address once, in `concurrency` threads; blocks until all are done.

        `known` maps A-label domains to earlier facts. `on_verdict` is called in the caller's
        thread as each address ends, in no fixed order; what it raises ends the run. Once
        `should_stop` says so no address is begun; those under way still report.
        """
        jobs: list[Job] = []
        for email in dict.fromkeys(emails):
            job = self._read(email)
            if job is None:
                on_verdict(refused_syntax(email), DomainFacts(domain=""))
            else:
                jobs.append(job)
        if jobs:
            self._run(jobs, known, on_verdict, should_stop, min(concurrency, len(jobs)))

    def _run(
        self,
        jobs: Sequence[Job],
        known: Mapping[str, DomainFacts],
        on_verdict: Callable[[Verdict, DomainFacts], None],
        should_stop: Callable[[], bool],
        concurrency: int,
    ) -> None:
        memory = RunMemory()
        work = Work(
            look_up=self.look_up_domain,
            judge=self._judge_without_probe,
            probe=lambda job, facts: self._ask_mail_server(job, facts, memory),
        )
        reported = 0
        with threads(concurrency) as pool:
            batch = Batch(work, known, pool)
            try:
                batch.start(jobs)
                while reported < len(jobs) and not should_stop():
                    finding = batch.next_finding(POLL_SECONDS)
                    if finding is not None:
                        reported += 1
                        on_verdict(*finding)
            finally:
                batch.stop()
        while (finding := batch.next_finding(0)) is not None:
            reported += 1
            on_verdict(*finding)
        logger.info("verified %d of %d addresses", reported, len(jobs))

    def _read(self, email: str) -> Job | None:
        try:
            return Job(email, parse_address(email, allow_test_names=self._allow_test_names))
        except InvalidAddress:
            return None

    def _judge_without_probe(self, job: Job, facts: DomainFacts) -> Verdict | None:
        judgement = judge_domain(facts)
        if judgement is None and not self._probe:
            judgement = judge_unprobed(job.address)
        if judgement is None:
            return None
        return make_verdict(job.email, job.address, facts, judgement)

    def _ask_mail_server(self, job: Job, facts: DomainFacts, memory: RunMemory) -> Finding:
        result = self._prober.probe(job.address, facts.mail_hosts, facts.catch_all, memory)
        facts = replace(facts, catch_all=result.catch_all)
        judgement = judge_mailbox(job.address, result.outcome, result.catch_all)
        verdict = make_verdict(job.email, job.address, facts, judgement, result.outcome)
        return verdict, facts
