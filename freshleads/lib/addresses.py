"""Where the program may connect to: names are resolved first, every answer is checked after."""

import asyncio
import os
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Protocol

import dns.exception
import dns.resolver

from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.lib.networks import Network, is_public, parse_address, parse_networks
from freshleads.lib.urls import canonical_host, is_ip_address

WEB_PORTS = frozenset({80, 443})
LOOKUP_THREADS = 64

# Names that no public resolver answers honestly (RFC 6761, 6762, 7686, 8375, 9476 and ICANN's
# .internal): only a route leads to one.
UNRESOLVED_SUFFIXES = (
    ".test",
    ".localhost",
    ".invalid",
    ".local",
    ".internal",
    ".onion",
    ".alt",
    ".home.arpa",
)


class AddressRefused(ProviderError):
    """The address is not on the public internet, or its port or spelling is not allowed."""

    def __init__(self, message: str = "The address is not allowed.") -> None:
        super().__init__(message, code="address_refused", permanent=True)


class HostNotFound(ProviderError):
    """The name has no address."""

    def __init__(self, message: str = "The host was not found.") -> None:
        super().__init__(message, code="host_not_found", permanent=True)


class ResolutionFailed(ProviderError):
    """The name servers gave no usable answer in time; asking again later may help."""

    def __init__(self, message: str = "The name could not be looked up.") -> None:
        super().__init__(message, code="resolution_failed")


@dataclass(frozen=True)
class Target:
    """One checked address to connect to."""

    ip: str
    port: int


@dataclass(frozen=True)
class Route:
    """Sends connections for a name and port elsewhere; the operator's own door to inside addresses.

    `suffix` is an exact name ("mx.test", "127.0.0.1"), or begins with a dot and matches every name
    that ends so (".test"). `target` is the (IP address, port) to connect to instead.
    """

    suffix: str
    port: int
    target: tuple[str, int]

    def __post_init__(self) -> None:
        if parse_address(self.target[0]) is None:
            raise ValueError("the target of a route must be an IP address")

    def matches(self, host: str, port: int) -> bool:
        """Tell whether this route is for a canonical host and a port."""
        if port != self.port:
            return False
        return host == self.suffix or (self.suffix.startswith(".") and host.endswith(self.suffix))


class Resolver(Protocol):
    """Turns a host name into addresses."""

    def lookup(self, host: str, timeout: float) -> list[str]:
        """Return A and AAAA addresses, [] if there is no such name; ProviderError if unknown."""
        ...


class SystemResolver:
    """The machine's own resolver; `timeout` is left to the caller, getaddrinfo has none."""

    def lookup(self, host: str, timeout: float) -> list[str]:
        """Ask getaddrinfo for all addresses of an absolute name."""
        try:
            # The last dot keeps the search domains of the machine out of it.
            answers = socket.getaddrinfo(host + ".", None, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
                return []
            raise ResolutionFailed from None
        except (OSError, UnicodeError):
            raise ResolutionFailed from None
        return [str(answer[4][0]) for answer in answers]


class NameserverResolver:
    """One name server asked directly, without the machine's configuration or a cache."""

    def __init__(self, nameserver: tuple[str, int]) -> None:
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = [nameserver[0]]
        self._resolver.port = nameserver[1]

    def lookup(self, host: str, timeout: float) -> list[str]:
        """Ask for A and AAAA records within `timeout` seconds in all."""
        ends_at = monotonic() + timeout
        found: list[str] = []
        failed = False
        for kind in ("A", "AAAA"):
            remaining = max(ends_at - monotonic(), 0.01)
            try:
                answer = self._resolver.resolve(host + ".", kind, lifetime=remaining)
            except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
                continue
            except (dns.exception.DNSException, OSError):
                failed = True
                continue
            found.extend(record.to_text() for record in answer)
        if failed and not found:
            raise ResolutionFailed
        return found


class _LookupThreads:
    """The threads that wait for resolvers, made anew in a forked child, where none would run."""

    def __init__(self) -> None:
        self.renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        """Start with threads of this process."""
        self.pool = ThreadPoolExecutor(LOOKUP_THREADS, thread_name_prefix="lookup")


_threads = _LookupThreads()


@dataclass(frozen=True)
class AddressPolicy:
    """Decides which addresses a host and port may be connected to.

    Every address a name resolves to must be public or in `allowed_networks` (CIDR blocks), and the
    port one of `ports`; a name with one bad answer is refused whole. `routes` are looked at first
    and are the only other way to loopback or private addresses.
    """

    resolver: Resolver = field(default_factory=SystemResolver)
    routes: Sequence[Route] = ()
    allowed_networks: Sequence[str | Network] = ()
    ports: frozenset[int] = WEB_PORTS
    _allowed: tuple[Network, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_allowed", parse_networks(tuple(self.allowed_networks)))

    def with_ports(self, ports: frozenset[int]) -> "AddressPolicy":
        """Return the same policy for other ports, such as {25} for mail servers."""
        return replace(self, ports=ports)

    def with_routes(self, *routes: Route) -> "AddressPolicy":
        """Return the same policy with more routes, such as one vendor's address on loopback."""
        return replace(self, routes=(*self.routes, *routes))

    def resolve(self, host: str, port: int, *, timeout: float = 5.0) -> list[Target]:
        """Return the checked addresses of a host, at least one, in the resolver's order.

        Raises AddressRefused, HostNotFound or ResolutionFailed, the last after `timeout` seconds.
        """
        name, targets = self._without_lookup(host, port)
        if targets:
            return targets
        lookup = _threads.pool.submit(self.resolver.lookup, name, timeout)
        try:
            answers = lookup.result(timeout)
        except TimeoutError:
            lookup.cancel()
            raise ResolutionFailed from None
        return self._checked(answers, port)

    async def resolve_async(self, host: str, port: int, *, timeout: float = 5.0) -> list[Target]:
        """Do as `resolve` does without blocking the running event loop."""
        name, targets = self._without_lookup(host, port)
        if targets:
            return targets
        loop = asyncio.get_running_loop()
        lookup = loop.run_in_executor(_threads.pool, self.resolver.lookup, name, timeout)
        try:
            answers = await asyncio.wait_for(lookup, timeout)
        except TimeoutError:
            raise ResolutionFailed from None
        return self._checked(answers, port)

    def _without_lookup(self, host: str, port: int) -> tuple[str, list[Target]]:
        """Return the canonical name, and its targets where no resolver needs to be asked."""
        try:
            name = canonical_host(host)
        except InvalidInput:
            raise AddressRefused from None
        route = self._route_for(name, port)
        if route is not None:
            return name, [Target(*route.target)]
        if port not in self.ports:
            raise AddressRefused("The port is not allowed.")
        if is_ip_address(name):
            return name, self._checked([name], port)
        if f".{name}".endswith(UNRESOLVED_SUFFIXES):
            raise HostNotFound
        return name, []

    def _route_for(self, name: str, port: int) -> Route | None:
        routes = [route for route in self.routes if route.matches(name, port)]
        exact = [route for route in routes if route.suffix == name]
        return max(exact or routes, key=lambda route: len(route.suffix), default=None)

    def _checked(self, answers: Sequence[str], port: int) -> list[Target]:
        """Return the answers as targets; one that may not be reached refuses them all."""
        if not answers:
            raise HostNotFound
        addresses = [parse_address(answer) for answer in answers]
        for address in addresses:
            if address is None:
                raise AddressRefused
            allowed = any(address in network for network in self._allowed)
            if not allowed and not is_public(address):
                raise AddressRefused
        return [Target(ip, port) for ip in dict.fromkeys(map(str, addresses))]
