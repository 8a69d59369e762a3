"""An echoing web server, a TLS server with its own authority and a name server, on loopback."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Thread
from typing import Any

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class PatientServer(ThreadingHTTPServer):
    """Lets many clients knock at once: with the usual queue of five some are turned away."""

    request_queue_size = 128


@dataclass
class WebServer:
    """Answers with what it was asked; the path chooses how.

    `/status/N` gives a status, `/to?URL` redirects with 302, `/307?URL` with 307 and so on.
    """

    tls: ssl.SSLContext | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = PatientServer(("127.0.0.1", 0), self._handler())
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = int(self._server.server_address[1])
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = {
                    "method": self.command,
                    "path": self.path,
                    "headers": {name.lower(): text for name, text in self.headers.items()},
                    "body": self.rfile.read(length).decode(),
                }
                server.requests.append(asked)
                kind, _, location = self.path.lstrip("/").partition("?")
                status = 302 if kind == "to" else int(kind.removeprefix("status/") or 200)
                body = json.dumps(asked).encode()
                self.send_response(status)
                if kind == "to" or (location and 300 <= status < 400):
                    self.send_header("Location", location)
                self.send_header("Content-Type", "application/json")
                self.send_header("Set-Cookie", "session=1")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

            def handle(self) -> None:
                with suppress(OSError):  # the client refused the certificate
                    super().handle()

            def log_message(self, format: str, *arguments: Any) -> None:
                return

        return Handler


@pytest.fixture
def web_server() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests: `ca_file` to trust it, `issue` for certificates."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def ca_file(self) -> str:
        return str(self.folder / "ca.pem")

    def issue(self, name: str) -> str:
        """Return a PEM file with a certificate for a name and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = build_certificate(name, key, self.certificate.subject, self.key, ca=False)
        path = self.folder / f"{name}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return str(path)


def build_certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("authority")
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    certificate = build_certificate("Test authority", key, issuer, key, ca=True)
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, key, certificate)


@dataclass
class TlsServer:
    """A web server under TLS, and the names that clients asked for in the handshake."""

    web: WebServer
    names: list[str | None]


@pytest.fixture
def tls_server(authority: Authority) -> Iterator[Callable[[str], TlsServer]]:
    """Start a TLS server that holds a certificate for one name."""
    with ExitStack() as stack:

        def start(name: str) -> TlsServer:
            names: list[str | None] = []
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority.issue(name))
            context.sni_callback = lambda sock, server_name, context: names.append(server_name)
            web = WebServer(tls=context)
            stack.callback(web.close)
            return TlsServer(web, names)

        yield start


Zone = dict[tuple[str, str], list[str] | int | None]


@dataclass
class NameServer:
    """Answers from `zone`: (name, type) to texts, an rcode, or None for silence."""

    zone: Zone = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = ThreadingUDPServer(("127.0.0.1", 0), self._handler())
        self.address = ("127.0.0.1", int(self._server.server_address[1]))
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(server) -> type[BaseRequestHandler]:
        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                data, connection = self.request
                query = dns.message.from_wire(data)
                reply = server.reply_to(query)
                if reply is not None:
                    connection.sendto(reply.to_wire(), self.client_address)

        return Handler

    def reply_to(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        known = name in {entry for entry, _ in self.zone}
        found = self.zone.get((name, kind), [] if known else int(dns.rcode.NXDOMAIN))
        if found is None:
            return None
        reply = dns.message.make_response(query)
        if isinstance(found, int):
            reply.set_rcode(dns.rcode.Rcode(found))
        elif found:
            reply.answer.append(dns.rrset.from_text(question.name, 0, "IN", kind, *found))
        return reply


@pytest.fixture
def name_server() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.close()
