"""The sandbox as a whole: start, routes, stop, and the command line in the foreground."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.query
import pytest
import requests

from freshleads.sandbox.__main__ import main
from freshleads.sandbox.server import PortInUse, Sandbox, SandboxPorts, SandboxRefused

ROOT = Path(__file__).parents[2]
SECONDS = 5.0


def refuses_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS).close()
    except ConnectionRefusedError:
        return True
    return False


def listening_ports(sandbox: Sandbox) -> set[int]:
    ports = sandbox.ports
    http = {ports.web, ports.places, ports.vendors}
    return {*http, ports.dns, ports.smtp, *sandbox.smtp.ports.values()} - {
        sandbox.smtp.ports["no_mx"]
    }


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_all_five_servers_answer_with_real_sockets() -> None:
    with Sandbox() as sandbox:
        business = next(b for b in sandbox.world.businesses if b.site and b.domain)
        home = requests.get(
            f"http://127.0.0.1:{sandbox.ports.web}/robots.txt",
            headers={"Host": business.domain},
            timeout=SECONDS,
        )
        assert home.status_code in (200, 404)
        assert requests.get(f"http://127.0.0.1:{sandbox.ports.places}/", timeout=SECONDS).json()
        vendors = f"http://127.0.0.1:{sandbox.ports.vendors}/"
        assert requests.get(vendors, timeout=SECONDS).status_code == 404
        query = dns.message.make_query("gmail.com", "MX")
        answer = dns.query.udp(query, "127.0.0.1", port=sandbox.ports.dns, timeout=SECONDS)
        assert answer.answer
        with socket.create_connection(("127.0.0.1", sandbox.ports.smtp), SECONDS) as mail:
            assert mail.recv(4) == b"220 "


def test_listens_on_every_port_and_frees_them_at_the_end() -> None:
    others = set(threading.enumerate())  # a sandbox of other tests may run beside
    sandbox = Sandbox().start()
    ports = listening_ports(sandbox)
    assert len(ports) == 10
    assert not any(map(refuses_connections, ports))
    sandbox.stop()
    assert all(map(refuses_connections, ports))
    left = set(threading.enumerate()) - others
    assert not [thread for thread in left if thread.name == "freshleads-sandbox"]


def test_stops_at_once_with_connections_open() -> None:
    with Sandbox() as sandbox:
        clients = [
            socket.create_connection(("127.0.0.1", port), SECONDS)
            for port in listening_ports(sandbox)
        ]
        began = time.perf_counter()
    assert time.perf_counter() - began < 8
    for client in clients:
        client.close()


def test_starting_and_stopping_twice_is_harmless() -> None:
    sandbox = Sandbox()
    sandbox.stop()
    ports = sandbox.start().ports
    assert sandbox.start().ports == ports
    sandbox.stop()
    sandbox.stop()
    with sandbox:
        assert sandbox.ports == ports


def test_a_restart_on_the_same_ports_finds_the_same_doors() -> None:
    with Sandbox() as first:
        routes = first.routes()
    with Sandbox(ports=first.ports) as second:
        assert second.routes() == routes


def test_routes_lead_the_test_domain_to_the_sandbox() -> None:
    with Sandbox() as sandbox:
        routes = sandbox.routes()
        assert (".test", 80, sandbox.ports.web) in routes
        assert (".test", 25, sandbox.ports.smtp) in routes
        suffixes = [suffix for suffix, port, _ in routes if port == 25]
        assert suffixes.index("mx-silent.test") < suffixes.index(".test")


def test_names_the_port_that_is_taken(taken_port: int) -> None:
    sandbox = Sandbox(ports=SandboxPorts(smtp=taken_port))
    with pytest.raises(PortInUse, match=f"port {taken_port} for the sandbox's SMTP") as caught:
        sandbox.start()
    assert caught.value.port == taken_port
    assert refuses_connections(sandbox.web.port)


@pytest.mark.parametrize("value", ["1", "true", "Yes", " on "])
def test_refuses_to_start_in_production(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FRESHLEADS_PRODUCTION", value)
    with pytest.raises(SandboxRefused):
        Sandbox().start()


def test_the_same_seed_is_the_same_world() -> None:
    assert Sandbox(seed=3).world is Sandbox(seed=3).world
    assert Sandbox(seed=3).world.businesses != Sandbox(seed=1).world.businesses


class TestCommandLine:
    def run(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "freshleads.sandbox", *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def read_ready_line(self, process: "subprocess.Popen[str]") -> dict[str, object]:
        assert process.stdout is not None
        ready: dict[str, object] = json.loads(process.stdout.readline())
        return ready

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_says_its_ports_in_json_and_stops_at_a_signal(self, number: signal.Signals) -> None:
        process = self.run("--latency-ms", "1")
        ready = self.read_ready_line(process)
        assert ready["places_key"] == "sandbox-key"
        ports = [ready[name] for name in ("web", "places", "dns", "smtp", "vendors")]
        assert all(isinstance(port, int) and port for port in ports)
        process.send_signal(number)
        output, errors = process.communicate(timeout=SECONDS)
        assert (process.returncode, output, errors) == (0, "", "")

    def test_ends_with_its_parent_when_told_to(self) -> None:
        process = self.run("--exit-with-parent")
        self.read_ready_line(process)
        output, errors = process.communicate(timeout=SECONDS)  # closes standard input
        assert (process.returncode, output, errors) == (0, "", "")

    def test_a_taken_port_is_one_clear_line(
        self, taken_port: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--places-port", str(taken_port)]) == 1
        output, errors = capsys.readouterr()
        assert output == ""
        assert f"port {taken_port} for the sandbox's places server is in use" in errors

    def test_refuses_production(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("FRESHLEADS_PRODUCTION", "true")
        assert main([]) == 1
        assert "FRESHLEADS_PRODUCTION" in capsys.readouterr().err

    @pytest.mark.parametrize("arguments", [["--web-port", "70000"], ["--latency-ms", "-1"]])
    def test_refuses_numbers_out_of_range(self, arguments: list[str]) -> None:
        with pytest.raises(SystemExit):
            main(arguments)
