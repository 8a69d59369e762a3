"""Addresses inside the machine and its network, and the many ways to spell one in a URL.

For every field that takes a URL: `inside_urls(port)` are URLs none of which may lead anywhere.
"""

# ruff: noqa: RUF001 (look-alike characters are the point)

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

# One or more of every special-purpose block, first and last addresses where edges matter.
INSIDE_IPV4 = (
    "0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
    "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "169.254.170.2",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.31.196.1",
    "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "192.175.48.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "233.252.0.1",
    "239.1.1.1", "240.0.0.1", "255.255.255.254", "255.255.255.255",
)  # fmt: skip
INSIDE_IPV6 = (
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:100.64.0.1",
    "::ffff:169.254.169.254", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "100::1", "100:0:0:1::1",
    "2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:1::1", "2001:2::1", "2001:3::1",
    "2001:4:112::1", "2001:10::1", "2001:20::1", "2001:30::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::1", "2620:4f:8000::1", "3fff::1", "3fff:fff:ffff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:a00:1",
)  # fmt: skip
PUBLIC = (
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0",
    "192.0.1.1", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
    "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e", "2003::1", "3ffe:ffff::1",
)  # fmt: skip

NAMES_INSIDE = (
    "localhost",
    "LOCALHOST.",
    "ｌｏｃａｌｈｏｓｔ",
    "a.localhost",
    "metadata.internal",
    "printer.local",
    "shop.test",
)

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
MATHEMATICAL = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")


@dataclass(frozen=True)
class Spelling:
    """A host as it may stand in a URL, and the name of the trick."""

    trick: str
    host: str


def numeric_spellings(ip: str) -> Iterator[Spelling]:
    """Yield spellings of an IPv4 address that the C library or a browser reads as that address."""
    value = int(IPv4Address(ip))
    a, b, c, d = IPv4Address(ip).packed
    yield Spelling("dotted", ip)
    yield Spelling("dotted with the root's dot", f"{ip}.")
    yield Spelling("decimal", f"{value}")
    yield Spelling("hex", f"{value:#x}")
    yield Spelling("upper-case hex", f"0X{value:08X}")
    yield Spelling("octal", f"0{value:o}")
    yield Spelling("dotted hex", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}")
    yield Spelling("dotted octal", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}")
    yield Spelling("padded octal", f"{a:#o}.{b:#o}.{c:#o}.{d:#o}".replace("0o", "0000000"))
    yield Spelling("padded hex", f"0x000000{a:02x}.{b}.{c}.{d}")
    yield Spelling("short, two parts", f"{a}.{value & 0xFFFFFF}")
    yield Spelling("short, three parts", f"{a}.{b}.{value & 0xFFFF}")
    yield Spelling("mixed bases", f"{a:#x}.0{b:o}.{value & 0xFFFF}")
    yield Spelling("full-width digits", ip.translate(FULL_WIDTH))
    yield Spelling("circled digits", ip.translate(CIRCLED))
    yield Spelling("mathematical digits", ip.translate(MATHEMATICAL))
    yield Spelling("ideographic full stops", ip.replace(".", "。"))
    yield Spelling("half-width full stops", ip.replace(".", "｡"))
    yield Spelling("full-width decimal", str(value).translate(FULL_WIDTH))
    yield Spelling("full-width hex", f"{value:#x}".translate(FULL_WIDTH).replace("x", "ｘ"))
    yield Spelling("soft hyphen", ip.replace(".", ".\u00ad", 1))
    yield Spelling("zero-width space", ip.replace(".", "\u200b.", 1))


def embedding_spellings(ip: str) -> Iterator[Spelling]:
    """Yield IPv6 addresses, in brackets, that carry an IPv4 address to a translator or tunnel."""
    value = int(IPv4Address(ip))
    high, low = value >> 16, value & 0xFFFF
    flipped = value ^ 0xFFFFFFFF
    yield Spelling("mapped", f"[::ffff:{ip}]")
    yield Spelling("mapped, hex", f"[::ffff:{high:x}:{low:x}]")
    yield Spelling("mapped, written out", f"[0:0:0:0:0:ffff:{high:04x}:{low:04x}]")
    yield Spelling("mapped, upper case", f"[::FFFF:{high:X}:{low:X}]")
    yield Spelling("compatible", f"[::{ip}]")
    yield Spelling("translated", f"[::ffff:0:{ip}]")
    yield Spelling("NAT64", f"[64:ff9b::{ip}]")
    yield Spelling("local NAT64", f"[64:ff9b:1::{ip}]")
    yield Spelling("6to4", f"[2002:{high:x}:{low:x}::1]")
    yield Spelling("Teredo", f"[{IPv6Address((0x20010000 << 96) | flipped)}]")
    yield Spelling("ISATAP", f"[2606:4700::5efe:{high:x}:{low:x}]")


def malformed_spellings(ip: str) -> Iterator[Spelling]:
    """Yield hosts (or authorities) on which parsers disagree; none is a name to be asked for."""
    a, b, c, d = IPv4Address(ip).packed
    yield Spelling("overflowing parts", f"{a + 256}.{b + 256}.{c + 256}.{d + 256}")
    yield Spelling("overflowing decimal", str(int(IPv4Address(ip)) + 2**32))
    yield Spelling("five parts", f"{ip}.0")
    yield Spelling("percent-encoded", "".join(f"%{ord(letter):02x}" for letter in ip))
    yield Spelling("double dot", ip.replace(".", "..", 1))
    yield Spelling("user name", f"8.8.8.8@{ip}")
    yield Spelling("user name and port", f"8.8.8.8:80@{ip}")
    yield Spelling("two user names", f"a@8.8.8.8@{ip}")
    yield Spelling("backslash", f"8.8.8.8\\@{ip}")
    yield Spelling("backslash behind", f"{ip}\\.example.com")
    yield Spelling("zone", f"[fe80::{ip}%25lo]")
    yield Spelling("mapped with zone", f"[::ffff:{ip}%25lo]")
    yield Spelling("brackets around IPv4", f"[{ip}]")
    yield Spelling("no brackets", f"::ffff:{ip}")
    yield Spelling("tab inside", ip.replace(".", "\t.", 1))
    yield Spelling("line feed inside", ip.replace(".", "\n.", 1))
    yield Spelling("null behind", f"{ip}\x00.example.com")
    yield Spelling("space behind", f"{ip} .example.com")
    yield Spelling("full-width at", f"8.8.8.8＠{ip}")
    yield Spelling("letter that holds a slash", f"{ip}℀.example.com")
    yield Spelling("comma", f"{ip},8.8.8.8")
    yield Spelling("two ports", f"{ip}:80:80")


def all_spellings(ip: str) -> Iterator[Spelling]:
    """Yield every spelling of one address."""
    yield from numeric_spellings(ip)
    yield from embedding_spellings(ip)
    yield from malformed_spellings(ip)


def inside_urls(port: int) -> Iterator[str]:
    """Yield http URLs that all lead inside, or nowhere: addresses of every block, every trick."""
    for ip in INSIDE_IPV4:
        yield f"http://{ip}:{port}/"
    for ip in INSIDE_IPV6:
        yield f"http://[{ip}]:{port}/"
    for ip in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "100.64.0.1"):
        for spelling in all_spellings(ip):
            yield f"http://{spelling.host}:{port}/"
    for name in NAMES_INSIDE:
        yield f"http://{name}:{port}/"
