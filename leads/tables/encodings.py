"""In which encoding a text file was written.

The tries, each with its reason: a byte order mark is a statement. Zeros on every other byte are
UTF-16. What is UTF-8 nearly throughout is nothing else: no other encoding looks like it by chance.
Of the rest, a text whose letters are mostly beyond ASCII is no Latin script, and of those a guess
by frequencies is right (charset-normalizer; for Latin ones it takes Spanish for Polish). Latin text
is windows-1252, which is what a Western Excel writes, unless signs of Polish stand in its words.
The preview shows the outcome, and the person may choose another.
"""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

UTF8 = "utf-8-sig"  # reads a file without the mark as well
WESTERN = "cp1252"
CHOICES = (
    (UTF8, "Unicode (UTF-8)"),
    ("utf-16", "Unicode (UTF-16)"),
    ("utf-16-le", "Unicode (UTF-16, low byte first)"),
    ("utf-16-be", "Unicode (UTF-16, high byte first)"),
    (WESTERN, "Western European (Windows)"),
    ("latin-1", "Western European (ISO)"),
    ("mac_roman", "Western European (Mac)"),
    ("cp1250", "Central European"),
    ("cp1251", "Cyrillic (Windows)"),
    ("koi8_r", "Cyrillic (KOI8)"),
    ("cp1253", "Greek"),
    ("cp1254", "Turkish"),
    ("cp1255", "Hebrew"),
    ("cp1256", "Arabic"),
    ("cp1257", "Baltic"),
    ("cp932", "Japanese"),
    ("gb18030", "Chinese (simplified)"),
    ("big5", "Chinese (traditional)"),
    ("cp949", "Korean"),
)
NAMES = dict(CHOICES)

_MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_LATIN = [
    "cp1251",
    "cp1253",
    "cp932",
    "gb18030",
    "big5",
    "euc_kr",
    "koi8_r",
    "cp1255",
    "cp1256",
]
_SAME = {"euc_kr": "cp949"}
_SAMPLE_BYTES = 64 * 1024
_BLOCK_BYTES = 1024 * 1024
_ASCII_LETTERS = re.compile(rb"[A-Za-z]")
_ABOVE_ASCII = re.compile(rb"[\x80-\xff]")
_UNASSIGNED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_POLISH_IN_WESTERN = re.compile(
    r"[a-z][\u00b3\u00b9\u00bf\u00a5\u00a3](?=[a-z\s,;]|$)|\b\u00a3[a-z\u00f3]"
)


def detect_encoding(path: Path) -> str:
    """Return the Python codec that a text file is most likely written in, one of `CHOICES`."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE_BYTES)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if (wide := _wide(head)) is not None:
        return wide
    return UTF8 if _is_utf8(path) else _older(_telling_lines(path))


def _wide(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zeros."""
    low, high = head[1::2].count(0), head[::2].count(0)
    if max(low, high) <= len(head) // 8:
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _is_utf8(path: Path) -> bool:
    """Tell whether the whole file is UTF-8, or so nearly that a few bytes must be damage."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            text = decoder.decode(block)
            if text.isascii():
                continue
            broken = text.count("\ufffd")
            bad += broken
            good += len(text) - len(text.encode("ascii", "ignore")) - broken
            if bad > 1000 and bad > good:
                return False
    bad += len(decoder.decode(b"", final=True))
    return bad * 50 <= good


def _telling_lines(path: Path) -> bytes:
    """Return a sample of the lines that are not plain ASCII, which tell encodings apart."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                found.append(line[:2000])
                size += len(found[-1])
                if size > _SAMPLE_BYTES:
                    break
    return b"".join(found)


def _older(sample: bytes) -> str:
    """Choose among the encodings of before Unicode."""
    above, ascii_letters = len(_ABOVE_ASCII.findall(sample)), len(_ASCII_LETTERS.findall(sample))
    if above > ascii_letters // 2:
        best = from_bytes(sample, cp_isolation=_NOT_LATIN).best()
        if best is not None:
            return _SAME.get(best.encoding, best.encoding)
    if _UNASSIGNED.search(sample):
        return "latin-1"
    if len(_POLISH_IN_WESTERN.findall(sample.decode(WESTERN))) >= 2:
        return "cp1250"
    return WESTERN
