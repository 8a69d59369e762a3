"""Addresses that a script writes into the page; all but Enkoder decode without running it."""

import base64
import codecs
import json
import re

from freshleads.sandbox.sight import Sight

_SHIFTED_RANGES = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))


def joomla_cloak(sight: Sight) -> str:
    """Joomla up to 3, JHtmlEmail::cloak: entities in concatenated literals of addy variables."""
    number = sight.rng.randrange(10_000, 99_999)
    local, domain = sight.parts
    name, _, suffix = domain.rpartition(".")
    address = f"'{_vowels(local)}' + '&#64;'"
    rest = f"'{_vowels(name)}' + '&#46;' + '{_vowels(suffix)}'"
    return (
        f'<span id="cloak{number}">This email address is being protected from spambots. '
        "You need JavaScript enabled to view it.</span><script type='text/javascript'>\n"
        f"document.getElementById('cloak{number}').innerHTML = '';\n"
        "var prefix = '&#109;a' + 'i&#108;' + '&#116;o';\nvar path = 'hr' + 'ef' + '=';\n"
        f"var addy{number} = {address};\naddy{number} = addy{number} + {rest};\n"
        f"document.getElementById('cloak{number}').innerHTML += '<a ' + path + '\\'' + prefix + "
        f"':' + addy{number} + '\\'>'+addy{number}+'<\\/a>';\n</script>"
    )


def typo3_token(sight: Sight) -> str:
    """TYPO3 from 12: EmailLinkBuilder, a shifted mailto in data-mailto-token, shift in vector."""
    vector = sight.rng.choice([*range(-10, 0), *range(1, 11)])
    token = typo3_shift("mailto:" + sight.email, vector)
    local, domain = sight.parts
    return (
        f'<a href="#" data-mailto-token="{_attribute(token)}" data-mailto-vector="{vector}">'
        f"{local}(at){domain}</a>"
    )


def typo3_linkto(sight: Sight) -> str:
    """TYPO3 up to 11: the same shift in a javascript: link, its offset unknown to the page."""
    token = typo3_shift("mailto:" + sight.email, sight.rng.choice((-3, -2, -1, 1, 2, 3)))
    quoted = token.replace("\\", "\\\\").replace("'", "\\'")
    return f"<a href=\"javascript:linkTo_UnCryptMailto('{_attribute(quoted)}');\">{sight.label}</a>"


def typo3_shift(text: str, offset: int) -> str:
    """Shift each character inside its range by the offset, wrapping round (encryptEmail)."""
    return "".join(_shift(ord(letter), offset) for letter in text)


def _shift(code: int, offset: int) -> str:
    for start, end in _SHIFTED_RANGES:
        if start <= code <= end:
            return chr(start + (code - start + offset) % (end - start + 1))
    return chr(code)


def js_write(sight: Sight) -> str:
    """document.write of literals cut into pieces (nadeausoftware.com, 2007/05)."""
    return f"<script>document.write({_pieces(_link(sight).replace('@', '&#64;'), sight)});</script>"


def js_concat(sight: Sight) -> str:
    """User and host in variables that document.write joins (nadeausoftware.com, 2007/05)."""
    local, domain = sight.parts
    return (
        f'<script>\nvar user = "{local}";\nvar host = "{domain}";\n'
        'document.write("<a hr" + "ef=\\"mai" + "lto:" + user + "@" + host + "\\">" + user + "@" '
        '+ host + "<\\/a>");\n</script>'
    )


def js_charcodes(sight: Sight) -> str:
    """document.write of String.fromCharCode with the codes of the whole link."""
    codes = ",".join(str(ord(letter)) for letter in _link(sight))
    return f"<script>document.write(String.fromCharCode({codes}))</script>"


def js_unescape(sight: Sight) -> str:
    """Rails mail_to with :encode => :javascript: eval(unescape('%64%6f...'))."""
    code = f"document.write('{_link(sight)}');"
    escaped = "".join(f"%{ord(letter):02x}" for letter in code)
    return f"<script type=\"text/javascript\">eval(unescape('{escaped}'))</script>"


def js_atob(sight: Sight) -> str:
    """The link as base64 that atob() decodes."""
    encoded = base64.b64encode(_link(sight).encode()).decode()
    return f'<script>document.write(atob("{encoded}"));</script>'


def rot13(sight: Sight) -> str:
    """ROT13 of the link (rnevius/rot13-email-obfuscator), as attribute or inside a script."""
    if sight.rng.random() < 0.5:
        hidden = codecs.encode("mailto:" + sight.email, "rot13")
        return f'<a class="rot13" href="#" data-href="{hidden}">{sight.label}</a>'
    hidden = codecs.encode(_link(sight), "rot13").replace('"', '\\"')
    return (
        f'<script>document.write("{hidden}".replace(/[a-zA-Z]/g,function(c){{return String.'
        'fromCharCode((c<="Z"?90:122)>=(c=c.charCodeAt(0)+13)?c:c-26);}));</script>'
    )


def enkoder(sight: Sight) -> str:
    """Hivelogic Enkoder: code that rebuilds code, twice; only a JavaScript engine reads it."""
    kode = f"document.write({json.dumps(_link(sight))});"
    for round_number in range(2):
        shift = 3 + round_number
        moved = "".join(chr(ord(letter) + shift) for letter in kode)[::-1]
        kode = (
            f"kode={json.dumps(moved)};x='';for(i=kode.length-1;i>=0;i--)"
            f"{{x+=String.fromCharCode(kode.charCodeAt(i)-{shift})}}kode=x;eval(kode);"
        )
    inert = kode.replace("</", "<\\/")
    return f"<script>function hivelogic_enkoder(){{{inert}}}hivelogic_enkoder();</script>"


def _link(sight: Sight) -> str:
    return f'<a href="mailto:{sight.email}">{sight.email}</a>'


def _pieces(text: str, sight: Sight) -> str:
    """Return the text as single-quoted literals of two to five characters joined by plus."""
    pieces, start = [], 0
    while start < len(text):
        end = start + sight.rng.randint(2, 5)
        pieces.append("'" + text[start:end] + "'")
        start = end
    return "+".join(pieces)


def _vowels(text: str) -> str:
    """Write vowels as decimal references, as Joomla's convertEncoding does."""
    return re.sub(r"[aeiou]", lambda match: f"&#{ord(match.group())};", text)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
