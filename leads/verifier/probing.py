"""Asks a domain's mail servers about one mailbox, then about one that cannot exist."""

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass

from freshleads.lib.addresses import AddressPolicy, HostNotFound, Target
from freshleads.lib.errors import ProviderError
from leads.verifier.pacing import HostSlots, RunMemory
from leads.verifier.replies import (
    Meaning,
    Outcome,
    Reply,
    read_recipient_reply,
    read_session_reply,
)
from leads.verifier.smtp import Deadline, SessionFailed, SmtpSession
from leads.verifier.syntax import Address

MAX_HOSTS_TRIED = 3
MAX_ADDRESSES_TRIED = 2
RANDOM_LENGTH = 18

_MAILBOX_IS_THERE = {Meaning.ACCEPTED, Meaning.EXISTS}
_NOT_A_CATCH_ALL = {Meaning.NOT_FOUND, Meaning.DISABLED}
_ABOUT_MAILBOX = _MAILBOX_IS_THERE | _NOT_A_CATCH_ALL | {Meaning.FULL}
_SPOILT_BY_SESSION = {
    Meaning.TEMPORARY,
    Meaning.TIMEOUT,
    Meaning.DISCONNECTED,
    Meaning.BAD_ANSWER,
}
# Another mail host of the domain may do better than these.
_WORTH_ANOTHER_HOST = {
    Meaning.NOT_CONNECTED,
    Meaning.NO_HOST,
    Meaning.HOST_LOOKUP_FAILED,
    Meaning.TIMEOUT,
    Meaning.DISCONNECTED,
    Meaning.BAD_ANSWER,
    Meaning.TEMPORARY,
    Meaning.BUSY,
}
# Of several hosts that failed, the one that came closest to an answer speaks for all.
_LEAST_TELLING = (Meaning.NO_HOST, Meaning.HOST_LOOKUP_FAILED, Meaning.NOT_CONNECTED, Meaning.BUSY)


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """How we introduce ourselves and how long we wait (seconds a step, seconds an address)."""

    helo_name: str
    mail_from: str
    timeout: float
    deadline: float
    port: int


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What the mail server said of the mailbox, and of a random one (None: not told)."""

    outcome: Outcome
    catch_all: bool | None


class Prober:
    """Speaks to mail servers on behalf of one Verifier; safe to share by threads.

    `policy` must already allow the mail port and nothing else.
    """

    def __init__(self, policy: AddressPolicy, settings: ProbeSettings) -> None:
        self._policy = policy
        self._settings = settings
        self._slots = HostSlots()

    def probe(
        self, address: Address, hosts: Sequence[str], catch_all: bool | None, memory: RunMemory
    ) -> ProbeResult:
        """Ask the hosts in turn until one answers for the mailbox.

        A known `catch_all` is kept and not asked again. Never raises for what servers do.
        """
        deadline = Deadline(self._settings.deadline)
        best = ProbeResult(Outcome(Meaning.NO_HOST), catch_all)
        tried = 0
        for host in hosts:
            result = self._ask_host(address, host, catch_all, memory, deadline)
            if result.outcome.meaning not in _WORTH_ANOTHER_HOST:
                return result
            if _closeness(result.outcome) > _closeness(best.outcome):
                best = result
            # Names without an address do not count: "no host" must be true of all of them.
            tried += result.outcome.meaning is not Meaning.NO_HOST
            if tried == MAX_HOSTS_TRIED:
                break
        return best

    def _ask_host(
        self,
        address: Address,
        host: str,
        catch_all: bool | None,
        memory: RunMemory,
        deadline: Deadline,
    ) -> ProbeResult:
        try:
            with self._slots.hold(host, deadline):
                self._check_memory(host, address, memory)
                targets = self._targets(host, deadline)
                visit = _Visit(self._settings, host, targets, memory, deadline)
                result = visit.examine(address, catch_all)
        except SessionFailed as failure:
            result = ProbeResult(Outcome(failure.meaning), catch_all)
        memory.note_visit(host, result.outcome.meaning)
        return result

    def _check_memory(self, host: str, address: Address, memory: RunMemory) -> None:
        """Raise SessionFailed for a host that this run has learnt not to ask."""
        if memory.is_stopped(host, address.domain):
            raise SessionFailed(Meaning.BLOCKLISTED)
        if memory.egress_is_blocked():
            raise SessionFailed(Meaning.EGRESS_BLOCKED)
        stall = memory.stall_of(host)
        if stall is not None:
            raise SessionFailed(stall)

    def _targets(self, host: str, deadline: Deadline) -> list[Target]:
        """Resolve once; what was checked here is what gets connected to."""
        seconds = deadline.within(self._settings.timeout).remaining()
        try:
            return self._policy.resolve(host, self._settings.port, timeout=seconds)
        except HostNotFound as error:
            raise SessionFailed(Meaning.NO_HOST) from error
        except ProviderError as error:
            # A refused address looks like an unreachable one: no oracle for inside networks.
            refused = error.permanent
            meaning = Meaning.NOT_CONNECTED if refused else Meaning.HOST_LOOKUP_FAILED
            raise SessionFailed(meaning) from error


class _Visit:
    """One or two sessions with one mail host about one mailbox."""

    def __init__(
        self,
        settings: ProbeSettings,
        host: str,
        targets: Sequence[Target],
        memory: RunMemory,
        deadline: Deadline,
    ) -> None:
        self._settings = settings
        self._host = host
        self._targets = targets
        self._memory = memory
        self._deadline = deadline

    def examine(self, address: Address, catch_all: bool | None) -> ProbeResult:
        """Ask about the mailbox, and where it is taken and nobody knows, about a random one."""
        random_outcome: Outcome | None = None
        with self._connect() as session:
            outcome = self._ask_first(session, address)
            wants_random = outcome.meaning in _MAILBOX_IS_THERE and catch_all is None
            if wants_random:
                random_outcome = self._ask(session, _random_neighbour(address))
            if (random_outcome or outcome).reply is not None:
                session.leave()
        if random_outcome is None:
            return ProbeResult(outcome, catch_all)
        if random_outcome.meaning in _SPOILT_BY_SESSION:
            random_outcome = self._ask_in_new_session(_random_neighbour(address))
        return ProbeResult(outcome, _catch_all_of(random_outcome))

    def _ask_in_new_session(self, address: Address) -> Outcome:
        try:
            with self._connect() as session:
                outcome = self._ask_first(session, address)
                session.leave()
        except SessionFailed as failure:
            return Outcome(failure.meaning)
        return outcome

    def _connect(self) -> SmtpSession:
        failure = SessionFailed(Meaning.NOT_CONNECTED)
        for target in self._targets[:MAX_ADDRESSES_TRIED]:
            try:
                session = SmtpSession.connect(
                    target, timeout=self._settings.timeout, deadline=self._deadline
                )
            except SessionFailed as error:
                failure = error
                continue
            self._memory.note_connection(self._host, succeeded=True)
            return session
        self._memory.note_connection(self._host, succeeded=False)
        raise failure

    def _ask_first(self, session: SmtpSession, address: Address) -> Outcome:
        """Open the session and ask about an address in it."""
        try:
            refusal = self._introduce(session, address)
        except SessionFailed as failure:
            return Outcome(failure.meaning)
        if refusal is not None:
            return self._noted(refusal, address)
        return self._ask(session, address)

    def _introduce(self, session: SmtpSession, address: Address) -> Outcome | None:
        """Go as far as MAIL FROM; return what stopped us, None when nothing did."""
        banner = session.greeting()
        if banner.code != 220:
            return read_session_reply(banner)
        hello = session.command(f"EHLO {self._settings.helo_name}")
        features = hello.text.upper().split() if hello.code == 250 else []
        if hello.code in {500, 502, 504}:
            hello = session.command(f"HELO {self._settings.helo_name}")
        if hello.code != 250:
            return read_session_reply(hello)
        option = " SMTPUTF8" if address.needs_smtputf8 else ""
        if option and "SMTPUTF8" not in features:
            return Outcome(Meaning.NEEDS_SMTPUTF8, hello)
        sender = session.command(f"MAIL FROM:<{self._settings.mail_from}>{option}")
        return None if sender.code == 250 else read_session_reply(sender)

    def _ask(self, session: SmtpSession, address: Address) -> Outcome:
        try:
            reply: Reply = session.command(f"RCPT TO:<{address}>")
        except SessionFailed as failure:
            return Outcome(failure.meaning)
        return self._noted(read_recipient_reply(reply, address=str(address)), address)

    def _noted(self, outcome: Outcome, address: Address) -> Outcome:
        if outcome.meaning is Meaning.BLOCKLISTED:
            self._memory.note_blocklisted(self._host, address.domain)
        elif outcome.meaning in _ABOUT_MAILBOX:
            self._memory.note_answer(self._host)
        return outcome


def _closeness(outcome: Outcome) -> int:
    if outcome.meaning in _LEAST_TELLING:
        return _LEAST_TELLING.index(outcome.meaning)
    return len(_LEAST_TELLING) + (outcome.reply is not None)


def _catch_all_of(outcome: Outcome) -> bool | None:
    """Read the answer about a random mailbox; what is not a plain answer stays unknown."""
    if outcome.meaning is Meaning.ACCEPTED:
        return True
    return False if outcome.meaning in _NOT_A_CATCH_ALL else None


def _random_neighbour(address: Address) -> Address:
    """Return an address of the same domain that nobody can have."""
    letters = string.ascii_lowercase + string.digits
    name = "".join(secrets.choice(letters) for _ in range(RANDOM_LENGTH))
    return Address(local=f"x{name}", domain=address.domain)
