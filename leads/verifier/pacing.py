"""Manners towards mail servers: few connections at once, and none where we are unwelcome."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from freshleads.lib.domains import registrable_domain
from leads.verifier.replies import Meaning
from leads.verifier.smtp import Deadline, SessionFailed

CONNECTIONS_PER_HOST = 2
FAILED_HOSTS_BEFORE_GIVING_UP = 8
REFUSALS_OF_AN_ANSWERING_PROVIDER = 3
STALLS_BEFORE_GIVING_UP = 2


class HostSlots:
    """Lets at most two threads of this process talk to the same mail host."""

    def __init__(self, limit: int = CONNECTIONS_PER_HOST) -> None:
        self._limit = limit
        self._in_use: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, host: str, deadline: Deadline) -> Iterator[None]:
        """Wait for a place; raise SessionFailed(BUSY) when the deadline comes first."""
        with self._changed:
            free = self._changed.wait_for(
                lambda: self._in_use[host] < self._limit, timeout=deadline.remaining()
            )
            if not free:
                raise SessionFailed(Meaning.BUSY)
            self._in_use[host] += 1
        try:
            yield
        finally:
            with self._changed:
                self._in_use[host] -= 1
                if not self._in_use[host]:
                    del self._in_use[host]
                self._changed.notify_all()


class RunMemory:
    """What one run has learnt about mail servers; shared by its threads, forgotten after it.

    A blocklist answer stops its provider, since each further connection makes a listing worse.
    But where a provider has answered about other domains, one customer's own rule is the likelier
    cause: that domain is left alone, and the provider after three such domains in a row.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered: set[str] = set()
        self._refused_since: defaultdict[str, set[str]] = defaultdict(set)
        self._stopped: set[str] = set()
        self._failed_hosts: set[str] = set()
        self._connected = False
        self._stalls: Counter[str] = Counter()
        self._stalled: dict[str, Meaning] = {}

    def note_answer(self, host: str) -> None:
        """Remember that this provider answers us about mailboxes."""
        with self._lock:
            self._answered.add(_provider(host))
            self._refused_since.pop(_provider(host), None)

    def note_blocklisted(self, host: str, domain: str) -> None:
        """Remember that a host called us blocklisted when asked about a domain."""
        provider = _provider(host)
        with self._lock:
            self._stopped.add(domain)
            self._refused_since[provider].add(domain)
            patience = REFUSALS_OF_AN_ANSWERING_PROVIDER if provider in self._answered else 1
            if len(self._refused_since[provider]) >= patience:
                self._stopped.add(provider)

    def is_stopped(self, host: str, domain: str) -> bool:
        """Return True when that provider, or this domain's, told the run to go away."""
        with self._lock:
            return _provider(host) in self._stopped or domain in self._stopped

    def note_connection(self, host: str, *, succeeded: bool) -> None:
        """Remember whether port 25 of a host could be reached."""
        with self._lock:
            if succeeded:
                self._connected = True
            else:
                self._failed_hosts.add(host)

    def note_visit(self, host: str, meaning: Meaning) -> None:
        """Remember whether a host let us wait in vain, several times in a row."""
        with self._lock:
            if meaning not in {Meaning.TIMEOUT, Meaning.NOT_CONNECTED}:
                self._stalls.pop(host, None)
                return
            self._stalls[host] += 1
            if self._stalls[host] >= STALLS_BEFORE_GIVING_UP:
                self._stalled[host] = meaning

    def stall_of(self, host: str) -> Meaning | None:
        """Return how this host fails every time, None while it is worth waiting for."""
        with self._lock:
            return self._stalled.get(host)

    def egress_is_blocked(self) -> bool:
        """Return True once many hosts and never one could be reached: port 25 is closed to us."""
        with self._lock:
            return not self._connected and len(self._failed_hosts) >= FAILED_HOSTS_BEFORE_GIVING_UP


def _provider(host: str) -> str:
    return registrable_domain(host) or host
