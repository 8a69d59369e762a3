"""What the sandbox's name server knows: records of the world's hosts and mail domains.

Names under .test belong to the sandbox, and so do the mail domains of the world (free mail among
them); any other name is refused, for this server resolves nothing on behalf of others.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from freshleads.sandbox.entities import MailSpec, World
from freshleads.sandbox.mail_oddities import ODD_MAIL

ADDRESS = "127.0.0.1"
TTL_SECONDS = 60
DKIM_KEY = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL0lJ1cVQkY0Y2J8n0rPq2xkVYb0o2n3m0C7d6mJg1l0mZzQ2v5cX9sB"
    "1k4tq8w7e6r5t4y3u2i1o0p9a8s7d6cCAwEAAQ=="
)
REPORT_ADDRESS = "dmarc@hostedmail.test"


class Outcome(Enum):
    """How a question ends, beside records."""

    ANSWERED = "answered"
    NO_DOMAIN = "NXDOMAIN"
    FAILED = "SERVFAIL"
    REFUSED = "REFUSED"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: record texts in zone-file form and their TTL; no records means NODATA."""

    outcome: Outcome
    records: tuple[str, ...] = ()
    ttl: int = TTL_SECONDS


NO_DATA = Reply(Outcome.ANSWERED)
Answer = str | tuple[str, ...] | Outcome


class Zone:
    """Records by name and type, names that fail, and scripts that answer differently in turn."""

    def __init__(self, world: World) -> None:
        self._records: dict[tuple[str, str], tuple[tuple[str, ...], int]] = {}
        self._failing: dict[str, Outcome] = {}
        self._scripts: dict[tuple[str, str], deque[Reply]] = {}
        self._names: set[str] = {"test"}
        for host in world.by_host:
            self.add_record(host, "A", ADDRESS)
        specs = {**world.mail_domains, **{spec.domain: spec for spec in ODD_MAIL}}
        for spec in specs.values():
            self._add_mail_domain(spec)
        self.add_record("hostedmail.test", "TXT", f'"v=spf1 ip4:{ADDRESS} -all"')

    def add_record(self, name: str, kind: str, *texts: str, ttl: int = TTL_SECONDS) -> None:
        """Set the records of one type of a name, such as ("a.test", "MX", "10 mx.a.test.")."""
        name = normalise(name)
        self._records[name, kind.upper()] = (texts, ttl)
        self._know(name)

    def fail(self, name: str, outcome: Outcome) -> None:
        """Make every question about a name and the names below it end in `outcome`."""
        self._failing[normalise(name)] = outcome

    def script(self, name: str, *answers: Answer, kind: str = "A") -> None:
        """Make a name answer each question in turn, with TTL 0; the last answer stays.

        An answer is a record text, a tuple of them (empty for NODATA) or an Outcome.
        """
        name = normalise(name)
        self._scripts[name, kind.upper()] = deque(_as_reply(answer) for answer in answers)
        self._know(name)

    def look_up(self, name: str, kind: str) -> Reply:
        """Return the reply to one question."""
        name = normalise(name)
        script = self._scripts.get((name, kind))
        if script:
            return script.popleft() if len(script) > 1 else script[0]
        for ancestor in _with_ancestors(name):
            if ancestor in self._failing:
                return Reply(self._failing[ancestor])
        texts, ttl = self._records.get((name, kind), ((), TTL_SECONDS))
        if texts:
            return Reply(Outcome.ANSWERED, texts, ttl)
        if name in self._names:
            return NO_DATA
        ours = any(ancestor in self._names for ancestor in _with_ancestors(name))
        return Reply(Outcome.NO_DOMAIN if ours else Outcome.REFUSED)

    def _know(self, name: str) -> None:
        """Note that a name exists, and with it all names above it but the top-level ones."""
        for ancestor in _with_ancestors(name):
            if "." in ancestor:
                self._names.add(ancestor)

    def _add_mail_domain(self, spec: MailSpec) -> None:
        """Add the records of one mail domain: MX, SPF, DKIM and DMARC, or its failure."""
        domain = spec.domain
        if spec.behaviour == "no_domain":
            if domain not in self._names:
                self.fail(domain, Outcome.NO_DOMAIN)
            return
        if spec.behaviour in ("servfail", "dns_timeout"):
            self.fail(domain, Outcome.FAILED if spec.behaviour == "servfail" else Outcome.DROPPED)
            return
        if domain.endswith(".test"):
            self.add_record(domain, "A", ADDRESS)
        if spec.behaviour == "null_mx":
            self.add_record(domain, "MX", "0 .")
        elif spec.behaviour != "no_mx":
            self.add_record(domain, "MX", f"10 {spec.mx_host}.")
            self.add_record(spec.mx_host, "A", ADDRESS)
        self._add_policies(spec)

    def _add_policies(self, spec: MailSpec) -> None:
        """Add the TXT records of a mail domain; a site verification stands beside the SPF."""
        texts = ['"site-verification=5b1f0c"']
        if spec.spf:
            rules = "-all" if spec.behaviour == "null_mx" else "mx include:hostedmail.test ~all"
            texts.append(f'"v=spf1 {rules}"')
        self.add_record(spec.domain, "TXT", *texts)
        if spec.dkim_selector:
            self.add_record(
                f"{spec.dkim_selector}._domainkey.{spec.domain}",
                "TXT",
                f'"v=DKIM1; k=rsa; " "p={DKIM_KEY}"',
            )
        if spec.dmarc:
            policy = f'"v=DMARC1; p=quarantine; rua=mailto:{REPORT_ADDRESS}"'
            self.add_record(f"_dmarc.{spec.domain}", "TXT", policy)


def normalise(name: str) -> str:
    """Return a name in lower case without its final dot."""
    return name.lower().rstrip(".")


def _with_ancestors(name: str) -> Iterable[str]:
    """Yield a name and every name above it."""
    while name:
        yield name
        name = name.partition(".")[2]


def _as_reply(answer: Answer) -> Reply:
    """Return a scripted answer as a reply that no cache may keep."""
    if isinstance(answer, Outcome):
        return Reply(answer, ttl=0)
    return Reply(Outcome.ANSWERED, (answer,) if isinstance(answer, str) else answer, ttl=0)
