"""A name server on loopback: real DNS packets over UDP and TCP, answered from a zone."""

import asyncio
from collections import deque

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from freshleads.sandbox.dns_zone import Outcome, Reply, Zone
from freshleads.sandbox.doors import bind_tcp_and_udp
from freshleads.sandbox.entities import World

HEADER_BYTES = 12
MAX_TCP_QUERIES = 100
TCP_IDLE_SECONDS = 10.0
REMEMBERED_QUERIES = 10_000
SOA_TEXT = "ns.hostedmail.test. hostmaster.hostedmail.test. 1 3600 600 86400 60"
RCODES = {
    Outcome.ANSWERED: dns.rcode.NOERROR,
    Outcome.NO_DOMAIN: dns.rcode.NXDOMAIN,
    Outcome.FAILED: dns.rcode.SERVFAIL,
    Outcome.REFUSED: dns.rcode.REFUSED,
}


class DnsServer:
    """Serves the zone of a world on one UDP and TCP port; `queries` lists (name, type) asked."""

    def __init__(self, world: World, *, latency: float = 0.0, port: int = 0) -> None:
        self.zone = Zone(world)
        self.latency = latency
        self.port = port
        self.queries: deque[tuple[str, str]] = deque(maxlen=REMEMBERED_QUERIES)
        self._tcp: asyncio.Server | None = None
        self._udp: asyncio.DatagramTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on 127.0.0.1 and return the port; raises OSError where it is taken."""
        tcp_socket, udp_socket = bind_tcp_and_udp(self.port)
        self.port = int(tcp_socket.getsockname()[1])
        self._tcp = await asyncio.start_server(self._serve_tcp, sock=tcp_socket)
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(
            lambda: _UdpProtocol(self), sock=udp_socket
        )
        return self.port

    async def stop(self) -> None:
        """Close both listeners and drop what is still being answered."""
        for task in list(self._tasks):
            task.cancel()
        if self._udp is not None:
            self._udp.close()
            self._udp = None
        if self._tcp is not None:
            self._tcp.close()
            self._tcp = None

    def serve_datagram(self, packet: bytes, client: tuple[str, int]) -> None:
        """Answer one UDP packet in a task of its own."""

        async def serve() -> None:
            wire = await self._answer(packet, over_tcp=False)
            if wire and self._udp is not None:
                self._udp.sendto(wire, client)

        self._keep(asyncio.get_running_loop().create_task(serve()))

    def _keep(self, task: asyncio.Task[None]) -> None:
        """Hold a task until it is done, so that it is neither lost nor left behind."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the queries of one TCP connection, each after its length in two bytes."""
        task = asyncio.current_task()
        assert task is not None
        self._keep(task)
        try:
            for _ in range(MAX_TCP_QUERIES):
                async with asyncio.timeout(TCP_IDLE_SECONDS):
                    length = int.from_bytes(await reader.readexactly(2), "big")
                    packet = await reader.readexactly(length)
                wire = await self._answer(packet, over_tcp=True)
                if wire:
                    writer.write(len(wire).to_bytes(2, "big") + wire)
                    await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the client went away or fell silent
        finally:
            writer.close()

    async def _answer(self, packet: bytes, *, over_tcp: bool) -> bytes | None:
        """Return the reply to one packet, or None where none is to be sent."""
        try:
            query = dns.message.from_wire(packet)
        except (dns.exception.DNSException, ValueError):
            return _format_error(packet)
        if query.flags & dns.flags.QR:
            return None
        await asyncio.sleep(self.latency)
        response = self._respond(query)
        if response is None:
            return None
        if over_tcp:
            return response.to_wire(max_size=65535)
        size = query.payload if query.edns >= 0 else 512
        return response.to_wire(max_size=max(512, size), prefer_truncation=True)

    def _respond(self, query: dns.message.Message) -> dns.message.Message | None:
        """Return the response to a query, or None where the zone drops it."""
        response = dns.message.make_response(query)
        if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
            response.set_rcode(dns.rcode.NOTIMP)
            return response
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        kind = dns.rdatatype.to_text(question.rdtype)
        self.queries.append((name.lower(), kind))
        reply = self.zone.look_up(name, kind)
        if reply.outcome is Outcome.DROPPED:
            return None
        _fill(response, question, reply)
        return response


class _UdpProtocol(asyncio.DatagramProtocol):
    """Hands every packet to the server."""

    def __init__(self, server: DnsServer) -> None:
        self.server = server

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a packet."""
        self.server.serve_datagram(data, addr)


def _fill(response: dns.message.Message, question: dns.rrset.RRset, reply: Reply) -> None:
    """Put a reply into a response; a negative one carries the SOA that says how long it holds."""
    response.flags |= dns.flags.AA
    response.set_rcode(RCODES[reply.outcome])
    if reply.records:
        response.answer.append(
            dns.rrset.from_text_list(
                question.name, reply.ttl, "IN", question.rdtype, list(reply.records)
            )
        )
    elif reply.outcome in (Outcome.ANSWERED, Outcome.NO_DOMAIN):
        zone = question.name.split(min(2, len(question.name)))[1]
        response.authority.append(dns.rrset.from_text(zone, reply.ttl, "IN", "SOA", SOA_TEXT))


def _format_error(packet: bytes) -> bytes | None:
    """Return a FORMERR for a packet whose header can be read, else None."""
    if len(packet) < HEADER_BYTES or packet[2] & 0x80:
        return None
    flags = (0x8000 | dns.rcode.FORMERR).to_bytes(2, "big")
    return packet[:2] + flags + bytes(8)
