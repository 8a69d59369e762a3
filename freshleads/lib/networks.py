"""Which addresses are part of the public internet, by a list of our own.

`ipaddress.is_private` and `is_global` change between Python releases and let carrier-grade NAT,
multicast, NAT64 and other doors to the inside through, so they are not asked. Sources: the IANA
special-purpose address registries for IPv4 and IPv6, RFC 6890 and its successors.
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

REFUSED_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the host itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's wire server, a public number that is not public
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

# Only 2000::/3 is handed out as global unicast. Leaving the rest out refuses at one stroke
# IPv4-compatible (::/96), mapped (::ffff:0:0/96) and translated (::ffff:0:0:0/96) addresses,
# NAT64 (64:ff9b::/96, 64:ff9b:1::/48), discard-only, segment routing (5f00::/16), unique local
# (fc00::/7), link-local (fe80::/10), site-local (fec0::/10) and multicast (ff00::/8).
GLOBAL_UNICAST_IPV6 = IPv6Network("2000::/3")
REFUSED_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID and its successor, AMT
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, embeds IPv4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
# An ISATAP interface identifier embeds an IPv4 address under any prefix (RFC 5214, 6.1).
_ISATAP_IDENTIFIERS = (0x00005EFE, 0x02005EFE)


def is_public(address: Address) -> bool:
    """Tell whether an address is an ordinary one on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_IPV4)
    if address.scope_id is not None or address not in GLOBAL_UNICAST_IPV6:
        return False
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP_IDENTIFIERS:
        return False
    return not any(address in network for network in REFUSED_IPV6)


def parse_address(text: str) -> Address | None:
    """Return the address a resolver's answer names, or None if it names none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def parse_networks(blocks: tuple[str | Network, ...]) -> tuple[Network, ...]:
    """Return CIDR blocks as networks; raise ValueError where one has host bits or is no block."""
    return tuple(ip_network(block) for block in blocks)
