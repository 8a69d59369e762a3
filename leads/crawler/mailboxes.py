"""The form of an e-mail address: cut out of text at its "@", cleaned, its domain checked."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from publicsuffixlist import PublicSuffixList

MAX_LOCAL = 64
MAX_DOMAIN = 190
MAX_CANDIDATES = 500  # "@" signs looked at in one text

_LOCAL_CHARACTERS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+'&-"  # of text, not RFC 5321
)
_LOCAL = re.compile(r"[a-z0-9_](?:[a-z0-9._%+'&-]{0,62}[a-z0-9_+-])?")
_MAILTO_LOCAL = re.compile(r"[a-z0-9!#$&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN_TEXT = re.compile(r"[A-Za-z0-9.\u00c0-\u024f-]{3,190}")
_LABEL = re.compile(r"[a-z0-9\u00c0-\u024f](?:[a-z0-9\u00c0-\u024f-]{0,61}[a-z0-9\u00c0-\u024f])?")
_GLUED_TLD = re.compile(r"([a-z]{2,12})[A-Z][A-Za-z]{0,40}")
_ESCAPE_REMNANT = re.compile(r"^(?:mailto:|u00[0-9a-f]{2}){1,4}", re.IGNORECASE)
_OUTER = " \t\r\n\f\v<>()[]{}\"'`,;:!?/\\|*=«»„“”\u2018\u2019"
_suffixes = PublicSuffixList(accept_unknown=False)

FREE_MAIL = frozenset(
    "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.es yahoo.it ymail.com "
    "outlook.com outlook.fr outlook.de hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.es "
    "hotmail.it live.com live.co.uk live.fr msn.com aol.com icloud.com me.com mac.com "
    "protonmail.com proton.me pm.me gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de "
    "freenet.de mail.com mail.ru yandex.ru yandex.com zoho.com fastmail.com orange.fr wanadoo.fr "
    "free.fr laposte.net sfr.fr bbox.fr libero.it virgilio.it tiscali.it alice.it terra.es "
    "telefonica.net uol.com.br bol.com.br wp.pl o2.pl onet.pl interia.pl ziggo.nl kpnmail.nl "
    "planet.nl telia.com btinternet.com sky.com talktalk.net virginmedia.com comcast.net "
    "att.net verizon.net sbcglobal.net bellsouth.net cox.net charter.net qq.com 163.com "
    "yahoo.co.jp docomo.ne.jp ezweb.ne.jp hushmail.com tutanota.com".split()
)


@lru_cache(maxsize=8192)
def is_mail_domain(domain: str) -> bool:
    """Tell whether a lower-case domain has good labels and ends in a suffix that exists."""
    labels = domain.split(".")
    if len(domain) > MAX_DOMAIN or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        return False
    if labels[-1] == "test":
        return True
    try:
        ascii_domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return False
    return _suffixes.privatesuffix(ascii_domain) is not None


def addresses_in(text: str) -> Iterator[tuple[str, int]]:
    """Yield (address, index of its "@") for each address literally in `text`, lower-cased."""
    at = text.find("@")
    for _ in range(MAX_CANDIDATES):
        if at < 0:
            return
        address = _address_around(text, at)
        if address:
            yield address, at
        at = text.find("@", at + 1)


def clean_address(raw: str) -> str | None:
    """Return one address out of a link or an attribute: unescaped, decoded, lower-case; or None."""
    text = raw[:400]
    for _ in range(3):
        plain = unquote(html.unescape(text))
        if plain == text:
            break
        text = plain
    text = _ESCAPE_REMNANT.sub("", text.strip(_OUTER)).strip(_OUTER + ".").lower()
    local, _, domain = text.rpartition("@")
    if "<" in local:  # "Name <info@example.com>"
        local = local.rpartition("<")[2]
    local, domain = local.strip(), domain.strip()
    if not is_local_part(local) or not is_mail_domain(domain):
        return None
    return f"{local}@{domain}"


def is_local_part(local: str) -> bool:
    """Tell whether a lower-case text may stand before the "@" of a link's address."""
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return not dots and _MAILTO_LOCAL.fullmatch(local) is not None


def read_domain(text: str) -> str | None:
    """Return the mail domain that `text` begins with, cutting off what is glued to its end."""
    found = _DOMAIN_TEXT.match(text)
    if found is None:
        return None
    labels = found[0].rstrip(".-").split(".")
    while len(labels) >= 2:
        domain = ".".join(labels).lower()
        started_sentence = labels[-1][:1].isupper() and labels[-2].islower()
        if not started_sentence and is_mail_domain(domain):
            return domain
        glued = _GLUED_TLD.fullmatch(labels[-1])
        if glued and is_mail_domain(cut := ".".join([*labels[:-1], glued[1]]).lower()):
            return cut
        if not started_sentence:
            return None
        labels.pop()
    return None


def read_local(text: str) -> str | None:
    """Return the local part that `text` ends with."""
    tail = text[-MAX_LOCAL - 1 :]
    local = tail[len(tail.rstrip(_LOCAL_CHARACTERS)) :]
    if len(local) > MAX_LOCAL:
        return None
    local = _ESCAPE_REMNANT.sub("", local).strip("'&%.-+").lower()
    return local if _LOCAL.fullmatch(local) and ".." not in local else None


def _address_around(text: str, at: int) -> str | None:
    """Return the address whose "@" stands at an index."""
    local = read_local(text[max(at - MAX_LOCAL - 1, 0) : at])
    if local is None or _is_user_of_url(text, at, local):
        return None
    domain = read_domain(text[at + 1 : at + 1 + MAX_DOMAIN])
    return f"{local}@{domain}" if domain else None


def _is_user_of_url(text: str, at: int, local: str) -> bool:
    """Tell `https://key@host/` and `https://user:key@host/` from addresses."""
    before = text[max(at - MAX_LOCAL - 80, 0) : at - len(local)]
    word = re.split(r"[\s\"'<>]", before)[-1]
    return "://" in word and word[-1] in "/:"
