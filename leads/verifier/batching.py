"""Runs many verifications at once: domains side by side, a mail host's addresses in a narrow lane.

Results come back to the thread that asked, so a caller may write them to a database directly.
"""

import queue
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from leads.verifier.pacing import CONNECTIONS_PER_HOST
from leads.verifier.results import DomainFacts, Verdict
from leads.verifier.syntax import Address

POLL_SECONDS = 0.2

Finding = tuple[Verdict, DomainFacts]


@dataclass(frozen=True, slots=True)
class Job:
    """One address of the batch, as given and as parsed."""

    email: str
    address: Address


@dataclass(frozen=True, slots=True)
class Work:
    """What the batch does in its threads; `judge` answers from DNS alone or returns None."""

    look_up: Callable[[str], DomainFacts]
    judge: Callable[[Job, DomainFacts], Verdict | None]
    probe: Callable[[Job, DomainFacts], Finding]


class Batch:
    """The addresses of one run, grouped by domain, then queued by mail host."""

    def __init__(self, work: Work, known: Mapping[str, DomainFacts], pool: ThreadPoolExecutor):
        self._work = work
        self._facts = dict(known)
        self._pool = pool
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._lanes: defaultdict[str, deque[Job]] = defaultdict(deque)
        self._runners: defaultdict[str, int] = defaultdict(int)
        self._results: queue.Queue[Finding | BaseException] = queue.Queue()

    def start(self, jobs: Iterable[Job]) -> None:
        """Begin with every domain; its addresses follow as soon as DNS has answered."""
        by_domain: defaultdict[str, list[Job]] = defaultdict(list)
        for job in jobs:
            by_domain[job.address.domain].append(job)
        for domain, its_jobs in by_domain.items():
            self._pool.submit(self._guard, self._examine_domain, domain, its_jobs)

    def stop(self) -> None:
        """Begin nothing more; what is under way still ends by its own deadline."""
        self._stopped.set()

    def next_finding(self, timeout: float) -> Finding | None:
        """Return a finished address, None if none ends in time; raise what a thread raised."""
        try:
            result = self._results.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(result, BaseException):
            raise result
        return result

    def _guard(self, task: Callable[..., None], *arguments: object) -> None:
        """Run a task of the pool; a bug in it must reach the caller, not vanish in a future."""
        if self._stopped.is_set():
            return
        try:
            task(*arguments)
        except BaseException as error:
            self._results.put(error)

    def _examine_domain(self, domain: str, jobs: list[Job]) -> None:
        facts = self._facts.get(domain)
        if facts is None or facts.error is not None:
            facts = self._remember(self._work.look_up(domain))
        for job in jobs:
            verdict = self._work.judge(job, facts)
            if verdict is not None:
                self._results.put((verdict, facts))
            else:
                self._queue(facts.mail_hosts[0], job)

    def _queue(self, host: str, job: Job) -> None:
        with self._lock:
            self._lanes[host].append(job)
            if self._runners[host] == CONNECTIONS_PER_HOST:
                return
            self._runners[host] += 1
        self._pool.submit(self._guard, self._run_lane, host)

    def _run_lane(self, host: str) -> None:
        while (job := self._next_job(host)) is not None:
            verdict, facts = self._work.probe(job, self._facts[job.address.domain])
            self._results.put((verdict, self._remember(facts)))

    def _next_job(self, host: str) -> Job | None:
        with self._lock:
            if self._lanes[host] and not self._stopped.is_set():
                return self._lanes[host].popleft()
            self._runners[host] -= 1
            return None

    def _remember(self, facts: DomainFacts) -> DomainFacts:
        """Keep the newest facts, but never forget a catch-all answer that another lane got."""
        with self._lock:
            earlier = self._facts.get(facts.domain)
            if earlier is not None and facts.catch_all is None:
                facts = replace(facts, catch_all=earlier.catch_all)
            self._facts[facts.domain] = facts
            return facts


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Lend a pool that on leaving drops what has not begun and waits for what has."""
    pool = ThreadPoolExecutor(count, thread_name_prefix="verify")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
