"""One strict reading of web addresses, so that what is checked is what is connected to."""

import ipaddress
import re
from dataclasses import dataclass

import idna

from freshleads.lib.errors import InvalidInput

MAX_URL_LENGTH = 8192
MAX_HOST_LENGTH = 253
MAX_LABEL_LENGTH = 63
DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::([0-9]{0,5}))?")
# Control characters, spaces and all that another parser might read as the end of the host.
_FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20\x7f-\xa0\\%/?#@<>\[\]^|\"'`{}]")
_ASCII_HOST = re.compile(r"[a-z0-9._-]+")
_LAST_LABEL_IS_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
_IPV4_PARTS = (
    (16, re.compile(r"0x([0-9a-f]{0,63})")),
    (8, re.compile(r"0([0-7]{1,63})")),
    (10, re.compile(r"(0|[1-9][0-9]{0,62})")),
)
_UNSAFE_IN_TARGET = re.compile(r"[^\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]")


@dataclass(frozen=True)
class WebUrl:
    """A checked http(s) URL: `host` is canonical, `target` is path and query, ready to send."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def netloc(self) -> str:
        """The host as a Host header carries it: IPv6 in brackets, the usual port left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What browsers compare to tell one site's secrets from another's."""
        return self.scheme, self.host, self.port

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"


def parse_web_url(text: str) -> WebUrl:
    """Read an absolute http(s) URL; raise InvalidInput for anything a parser could argue about."""
    text = text.strip("\t\n\r\f ")
    if len(text) > MAX_URL_LENGTH:
        raise InvalidInput("The address is too long.", param="url")
    split = _URL.match(text)
    if split is None:
        raise InvalidInput("The address must start with http:// or https://.", param="url")
    scheme, authority, target = split[1].lower(), split[2], split[3]
    if "@" in authority:
        raise InvalidInput("The address must not carry a user name.", param="url")
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise InvalidInput("The address has no readable host.", param="url")
    port = int(parts[2]) if parts[2] else DEFAULT_PORTS[scheme]
    if not 1 <= port <= 65535:
        raise InvalidInput("The port must be from 1 to 65535.", param="url")
    if not target.startswith("/"):
        target = "/" + target
    return WebUrl(scheme, canonical_host(parts[1]), port, _percent_encoded(target))


def canonical_host(text: str) -> str:
    """Return a host name in lower-case ASCII, or an IP address as it is normally written.

    Every spelling of an IPv4 address that a resolver would accept (decimal, octal, hexadecimal,
    short, full-width digits) comes out as four decimal numbers. Raises InvalidInput.
    """
    if text.startswith("[") and text.endswith("]"):
        return _ipv6(text[1:-1])
    if len(text) > MAX_HOST_LENGTH + 1:
        raise InvalidInput("The host name is too long.", param="url")
    if not text.isascii():
        text = _mapped(text)
    if not text or _FORBIDDEN_IN_HOST.search(text):
        raise InvalidInput("The host name has characters that no host name has.", param="url")
    if ":" in text:
        return _ipv6(text)
    host = text.lower().removesuffix(".")
    if _LAST_LABEL_IS_NUMBER.search(host):
        return _ipv4(host)
    return _ascii_name(host)


def is_ip_address(host: str) -> bool:
    """Tell whether a canonical host is an IP address rather than a name."""
    return ":" in host or host.rpartition(".")[2].isdigit()


def _mapped(text: str) -> str:
    """Apply the character mapping that browsers and resolvers apply to international names."""
    try:
        return idna.uts46_remap(text, std3_rules=False, transitional=False)
    except idna.IDNAError:
        message = "The host name is not a valid international name."
        raise InvalidInput(message, param="url") from None


def _ascii_name(host: str) -> str:
    if not host.isascii():
        try:
            host = idna.encode(host).decode("ascii")
        except idna.IDNAError:
            message = "The host name is not a valid international name."
            raise InvalidInput(message, param="url") from None
    labels = host.split(".")
    if (
        not _ASCII_HOST.fullmatch(host)
        or len(host) > MAX_HOST_LENGTH
        or not all(0 < len(label) <= MAX_LABEL_LENGTH for label in labels)
    ):
        raise InvalidInput("The host name is not valid.", param="url")
    return host


def _ipv6(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise InvalidInput("The host is not a valid IPv6 address.", param="url") from None
    if address.scope_id is not None:
        raise InvalidInput("An address with a zone cannot be reached from here.", param="url")
    return str(address)


def _ipv4(host: str) -> str:
    """Read an IPv4 address as the C library and browsers do (`0x7f.1` is 127.0.0.1)."""
    labels = host.split(".")
    numbers = [_ipv4_number(label) for label in labels]
    room = 256 ** (5 - len(numbers))
    if len(numbers) > 4 or any(number > 255 for number in numbers[:-1]) or numbers[-1] >= room:
        raise InvalidInput("The host is not a valid IPv4 address.", param="url")
    value = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        value += number << (8 * (3 - place))
    return str(ipaddress.IPv4Address(value))


def _ipv4_number(label: str) -> int:
    for base, pattern in _IPV4_PARTS:
        digits = pattern.fullmatch(label)
        if digits:
            return int(digits[1] or "0", base)
    raise InvalidInput("The host is not a valid IPv4 address.", param="url")


def _percent_encoded(target: str) -> str:
    """Encode what may not stand in a request line; `%` stays, so nothing is encoded twice."""
    return _UNSAFE_IN_TARGET.sub(
        lambda character: "".join(
            f"%{byte:02X}" for byte in character[0].encode("utf-8", "replace")
        ),
        target,
    )
