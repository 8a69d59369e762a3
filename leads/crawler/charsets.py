"""Turns the bytes of a page into text: byte-order mark, header, meta tag, then a guess."""

import re

UTF8, LATIN = "utf-8", "cp1252"  # browsers read every "latin-1" page as windows-1252

_BOMS = ((b"\xef\xbb\xbf", UTF8), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEADER = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,4}=\s{0,4}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s{0,16}<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{2,40})", re.IGNORECASE)
_META_REACH = 4096

# Labels the WHATWG names, to Python codecs; anything else (utf-7, base64, idna ...) is ignored.
_CODECS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), UTF8),
    **dict.fromkeys(("utf-16", "utf-16le"), "utf-16-le"),
    "utf-16be": "utf-16-be",
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "l1"), LATIN),
    **dict.fromkeys(("windows-1252", "cp1252", "x-cp1252"), LATIN),
    **{f"windows-125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "iso-8859-9": "cp1254",
    "windows-874": "cp874",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "macintosh": "mac-roman",
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    "euc-jp": "euc-jp",
    "iso-2022-jp": "iso2022-jp",
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
}


def decode_page(body: bytes, content_type: str = "") -> str:
    """Return the text of `body`; undecodable bytes become U+FFFD, nothing ever raises."""
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, "replace")
    declared = _declared_codec(body, content_type)
    if declared is not None and declared != UTF8:
        return body.decode(declared, "replace")
    if (wide := _wide_codec(body)) is not None:
        return body.decode(wide, "replace")
    try:
        return body.decode(UTF8)
    except UnicodeDecodeError:
        return body.decode(declared or LATIN, "replace")


def _declared_codec(body: bytes, content_type: str) -> str | None:
    """Return the Python codec that the header, the meta tag or the XML declaration names."""
    header = _HEADER.search(content_type[:200])
    if header and (codec := _CODECS.get(header[1].lower())):
        return codec
    head = body[:_META_REACH]
    inside = _META.search(head) or _XML.search(head)
    if inside is None:
        return None
    codec = _CODECS.get(inside[1].decode("ascii", "replace").lower())
    # A meta tag that could be read as ASCII cannot be UTF-16, whatever it says.
    return UTF8 if codec in {"utf-16-le", "utf-16-be"} else codec


def _wide_codec(body: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zero bytes."""
    sample = body[:_META_REACH]
    if sample.count(0) <= len(sample) // 4:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
