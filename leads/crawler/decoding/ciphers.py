"""The small ciphers that publishing tools write addresses with; None where a text is no such."""

import base64
import binascii
import codecs
import re
from urllib.parse import unquote

MAX_CIPHER = 2000
TYPO3_OFFSETS = tuple(range(-10, 11))
_TYPO3_RANGES = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,1000}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{3,2000}={0,2}")


def cloudflare(cipher: str) -> str | None:
    """Decode Cloudflare's hex form: the first byte is the key of all others."""
    if not _HEX.fullmatch(cipher):
        return None
    data = bytes.fromhex(cipher)
    plain = bytes(byte ^ data[0] for byte in data[1:])
    return unquote(plain.decode("utf-8", "replace"))


def rot13(cipher: str) -> str:
    """Turn each Latin letter by half the alphabet."""
    return codecs.decode(cipher[:MAX_CIPHER], "rot13")


def typo3(cipher: str, offset: int) -> str:
    """Shift each character inside its range, as TYPO3's encryptEmail does with `offset`."""
    return "".join(_shift(ord(character), offset) for character in cipher[:MAX_CIPHER])


def typo3_any(cipher: str) -> str | None:
    """Find the offset under which a cipher begins with "mailto:"."""
    for offset in TYPO3_OFFSETS:
        plain = typo3(cipher, offset)
        if plain.startswith("mailto:"):
            return plain
    return None


def base64_text(cipher: str) -> str | None:
    """Decode base64 (also the URL-safe form, also unpadded) that is printable UTF-8 text."""
    cipher = cipher.strip()
    if len(cipher) > MAX_CIPHER or not _BASE64.fullmatch(cipher):
        return None
    body = cipher.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        plain = base64.b64decode(body + "=" * (-len(body) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return plain if plain.isprintable() or "<" in plain else None


def _shift(code: int, offset: int) -> str:
    for start, end in _TYPO3_RANGES:
        if start <= code <= end:
            return chr(start + (code - start + offset) % (end - start + 1))
    return chr(code)
