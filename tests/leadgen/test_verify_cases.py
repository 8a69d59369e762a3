"""verify.php against scripted name and mail servers: what each case is called, and why."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from freshleads.lib.addresses import AddressPolicy, Route
from freshleads.users.models import Workspace
from leads import registry, verifying
from leads.models import EmailCheck
from leads.verifier.verifying import Verifier
from tests.leadgen.clients import Api, error_of, succeeded
from tests.verifier.conftest import ACCEPTED, NO_SUCH_USER, Script, ScriptedDns, ScriptedMx

Exchange = Callable[..., dict[str, ScriptedMx]]

BLOCKED = "550 5.7.1 Service unavailable, client host blocked using zen.dnsbl.test"
GREYLISTED = "451 4.7.1 Greylisting in action, please come back in 300 seconds"
TOO_FAST = "450 4.2.1 The user is receiving mail at too high a rate"
DISABLED = "550 5.2.1 The email account is disabled"
LATER = "451 4.3.0 Temporary lookup failure"
CLOSING = "421 4.3.2 Service not available, closing transmission channel"
REFUSED = "554 5.7.1 You may not connect"
UMLAUTS = "250-2.1.5 Empfänger geprüft\r\n250 2.1.5 boîte trouvée"


@dataclass(frozen=True)
class Case:
    """One address, its verdict and reason, the code of the reply, and its mail server's script.

    `says` is the reply to its RCPT TO; other addresses are unknown there. No script: no mail host.
    """

    address: str
    status: str
    reason: str
    code: int | None = None
    script: dict[str, Any] | None = field(default=None, hash=False)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].encode("idna").decode()

    def start(self) -> ScriptedMx:
        """Return the mail server of the domain."""
        script = dict(self.script or {})
        local = self.address.rpartition("@")[0]
        heard = {f"{local}@{self.domain}": script.pop("says")} if "says" in script else {}
        return ScriptedMx(Script(rcpt=heard, **script))


CASES = [
    Case("jane@accepts.test", "valid", "accepted", 250, {"says": ACCEPTED}),
    Case(
        "jane@forwards.test", "valid", "accepted", 251, {"says": "251 User not local; will forward"}
    ),
    Case("jane@lines.test", "valid", "accepted", 250, {"says": UMLAUTS}),
    Case("jane+news@tags.test", "valid", "accepted", 250, {"says": ACCEPTED}),
    Case("jane@busy.test", "valid", "mailbox_busy", 450, {"says": TOO_FAST}),
    Case("gone@rejects.test", "invalid", "mailbox_not_found", 550, {"says": NO_SUCH_USER}),
    Case("gone@plain.test", "invalid", "mailbox_not_found", 550, {"says": "550 No such user here"}),
    Case("jane@disabled.test", "invalid", "mailbox_disabled", 550, {"says": DISABLED}),
    Case("jane@full.test", "risky", "mailbox_full", 452, {"says": "452 4.2.2 Over quota"}),
    Case("jane@anybody.test", "risky", "catch_all", 250, {"otherwise": ACCEPTED}),
    Case("info@role.test", "risky", "role_address", 250, {"says": ACCEPTED}),
    Case("info@deadrole.test", "invalid", "mailbox_not_found", 550, {"says": NO_SUCH_USER}),
    Case("jane@mailinator.com", "risky", "disposable", 250, {"says": ACCEPTED}),
    Case("jane@gmail.com", "valid", "accepted", 250, {"says": ACCEPTED}),
    Case("jane@bücher.test", "valid", "accepted", 250, {"says": ACCEPTED}),
    Case("jürgen@ascii.test", "unknown", "smtputf8_unsupported", 250, {"ehlo": "250 mx.test"}),
    Case("jane@blocks.test", "unknown", "policy_refused", 550, {"says": BLOCKED}),
    Case("jane@unclear.test", "unknown", "refused", 550, {"says": "550 5.4.1 Address rejected"}),
    Case("jane@cannot.test", "unknown", "cannot_verify", 252, {"says": "252 2.1.5 Cannot VRFY"}),
    Case("jane@grey.test", "unknown", "greylisted", 451, {"says": GREYLISTED}),
    Case("jane@later.test", "unknown", "temporarily_refused", 451, {"says": LATER}),
    Case("jane@closing.test", "unknown", "temporarily_refused", 421, {"banner": CLOSING}),
    Case("jane@refuses.test", "unknown", "policy_refused", 554, {"banner": REFUSED}),
    Case("jane@drops.test", "unknown", "disconnected", None, {"says": "drop"}),
    Case("jane@silent.test", "unknown", "timeout", None, {"says": "silence"}),
    Case("jane@tarpit.test", "unknown", "timeout", None, {"banner": "drip"}),
    Case("jane@odd.test", "unknown", "bad_answer", None, {"says": "what?"}),
    Case("jane@nullmx.test", "invalid", "null_mx"),
    Case("jane@nomx.test", "invalid", "no_mail_server"),
    Case("jane@nowhere.test", "invalid", "no_such_domain"),
    Case("jane@dnsfails.test", "unknown", "dns_failure"),
    Case("jane@dnsquiet.test", "unknown", "dns_timeout"),
    Case("jane.example.test", "invalid", "syntax"),
    Case("jane@two@signs.test", "invalid", "syntax"),
    Case("jane..doe@dots.test", "invalid", "syntax"),
    Case("jane@[127.0.0.1]", "invalid", "syntax"),
]


@pytest.fixture
def serve() -> Iterator[Callable[[socketserver.BaseServer], Any]]:
    """Return a function that runs a server in a thread until the test ends."""
    servers: list[socketserver.BaseServer] = []

    def start(server: socketserver.BaseServer) -> Any:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def name_server(serve: Callable[..., Any]) -> ScriptedDns:
    """A name server that knows the domains of the cases."""
    server: ScriptedDns = serve(ScriptedDns())
    for case in CASES:
        if case.script is not None:
            server.add(case.domain, "MX", f"10 mx.{case.domain}.")
    server.add("gmail.com", "TXT", '"v=spf1 redirect=_spf.gmail.com"')
    server.add("nullmx.test", "MX", "0 .")
    server.add("nomx.test", "TXT", '"no mail here"')
    server.refusing.add("dnsfails.test")
    server.silent.add("dnsquiet.test")
    return server


@pytest.fixture
def exchange(
    serve: Callable[..., Any],
    name_server: ScriptedDns,
    monkeypatch: pytest.MonkeyPatch,
    worker: None,
) -> Callable[..., dict[str, ScriptedMx]]:
    """Return a function that starts the mail servers of cases and lets the product ask them."""

    def start(*cases: Case) -> dict[str, ScriptedMx]:
        servers = {case.domain: serve(case.start()) for case in cases if case.script is not None}
        verifier = Verifier(
            AddressPolicy(
                routes=[
                    Route(f"mx.{domain}", 25, ("127.0.0.1", mx.port))
                    for domain, mx in servers.items()
                ]
            ),
            [name_server.nameserver],
            helo_name="probe.test",
            timeout=0.4,
            deadline=1.5,
            allow_test_names=True,
        )
        monkeypatch.setattr(registry, "verifier", lambda: verifier)
        return servers

    return start


def verify(api: Api, *emails: str) -> list[dict[str, Any]]:
    """Return the results for addresses, which must have been free."""
    used, data = succeeded(api.post("/verify.php", {"emails": list(emails)}))
    assert (used, data["verified_count"]) == (0, len(emails))
    results: list[dict[str, Any]] = data["results"]
    return results


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.address)
def test_every_case_has_its_verdict_and_its_reason(
    alices_api: Api, alices: Workspace, exchange: Exchange, available: Any, case: Case
) -> None:
    before = available(alices)
    servers = exchange(case)
    [result] = verify(alices_api, case.address)
    assert (
        result["email"],
        result["status"],
        result["reason"],
        result["checks"]["smtp"]["code"],
    ) == (
        case.address,
        case.status,
        case.reason,
        case.code,
    )
    assert available(alices) == before
    commands = [command for mx in servers.values() for command in mx.commands]
    assert not any(command.startswith(("DATA", "VRFY", "EXPN")) for command in commands)


def test_twenty_at_once_come_in_the_order_in_which_they_were_asked(
    alices_api: Api, exchange: Exchange
) -> None:
    asked = CASES[:20]
    exchange(*asked)
    results = verify(alices_api, *(case.address for case in asked))
    assert [(row["email"], row["status"], row["reason"]) for row in results] == [
        (case.address, case.status, case.reason) for case in asked
    ]


def test_a_greylisting_server_is_asked_again_when_it_is_due(
    alices_api: Api, exchange: Exchange
) -> None:
    grey = Case("jane@grey.test", "unknown", "greylisted", 451, {"says": [GREYLISTED, ACCEPTED]})
    mx = exchange(grey)["grey.test"]
    assert verify(alices_api, "jane@grey.test")[0]["reason"] == "greylisted"
    assert verifying.recheck_due() == 0, "it asked for five minutes"
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert verifying.recheck_due() == 1
        [result] = verify(alices_api, "jane@grey.test")
    assert (result["status"], result["reason"]) == ("valid", "accepted")
    assert mx.recipients.count("jane@grey.test") == 2
    assert EmailCheck.objects.get().retry_at is None


def test_a_verdict_that_holds_asks_nobody_again(
    alices_api: Api, charlies_api: Api, exchange: Exchange, name_server: ScriptedDns
) -> None:
    mx = exchange(CASES[0])["accepts.test"]
    first = verify(alices_api, "jane@accepts.test")
    sessions, questions = len(mx.sessions), len(name_server.questions)
    assert verify(charlies_api, "Jane@Accepts.test") == first
    assert (len(mx.sessions), len(name_server.questions)) == (sessions, questions)


def test_checks_tell_what_is_known_beside_the_verdict(alices_api: Api, exchange: Exchange) -> None:
    addresses = ("jane@gmail.com", "info@role.test", "jane@mailinator.com", "jane@anybody.test")
    exchange(*(case for case in CASES if case.address in addresses))
    free, role, disposable, catch_all = (row["checks"] for row in verify(alices_api, *addresses))
    assert (free["free"], free["spf"], free["mx"]) == (True, True, ["mx.gmail.com"])
    assert (role["role"], role["free"], role["spf"], role["dmarc"]) == (True, False, False, False)
    assert (disposable["disposable"], catch_all["disposable"]) == (True, False)
    assert [row["catch_all"] for row in (free, role, disposable, catch_all)] == [
        False,
        False,
        False,
        True,
    ]


def test_more_than_twenty_and_none_at_all_are_refused(alices_api: Api, exchange: Exchange) -> None:
    exchange()
    for emails in ([], ["jane@accepts.test"] * 21):
        assert error_of(alices_api.post("/verify.php", {"emails": emails})) == (
            400,
            "invalid_param",
        )
    assert not EmailCheck.objects.exists()
