"""Which links of a page are worth following, contact-like ones first (ten languages)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from freshleads.lib.domains import same_site
from freshleads.lib.errors import InvalidInput
from freshleads.lib.urls import parse_web_url
from leads.crawler.documents import Document

MAX_LINKS = 400  # per page
MAX_URL = 1000
MAX_QUERY = 100
MAX_STEPS = 8
CONTACT_LIKE = 40  # links of at least this score lead to pages that carry contacts

# en de fr es it pt nl pl sv ja: the page that has the contacts, then those that often have.
_CONTACT = (
    r"contact(?!-?lens)|kontakt|contatt|contato|contacto|contactez|nous-?contacter|"
    r"get-?in-?touch|reach-?us|write-?to-?us|ansprechpartner|skriv-till-oss|napisz|bereikbaar|"
    r"neem-contact|fale-conosco|お問い?合わ?せ|問い?合わ?せ|連絡先|ご相談|toiawase|otoiawase|inquiry"
)
_LEGAL_NOTICE = (
    r"impressum|imprint|mentions-?legales|aviso-?legal|note-?legali|legal-?notice|"
    r"site-?notice|colofon|特定商取引|運営会社|tokutei|tokushoho"
)
_ABOUT = (
    r"about|a-?propos|qui-?sommes|notre-?equipe|equipe|uber-?uns|ueber-?uns|wir-?uber|team|"
    r"mannschaft|praxisteam|quienes-?somos|sobre|nosotros|equipo|chi-?siamo|quem-?somos|"
    r"over-?ons|wie-?zijn|o-?nas|o-?firmie|zespol|om-?oss|omoss|personal(?![a-z])|medarbetare|"
    r"staff|people(?![a-z])|our-?story|who-?we-?are|meet-|azienda|empresa|entreprise|unternehmen|"
    r"会社概要|会社案内|企業情報|私たち|スタッフ|gaiyou|company(?![a-z])"
)
_PLACES = (
    r"find-?us|location|anfahrt|standort|directions|visit(?:-us)?(?![a-z])|dove-?siamo|"
    r"donde-?estamos|ou-?nous-?trouver|acces(?![a-z])|hitta-?(?:till-)?(?:hit|oss)|dojazd|"
    r"onde-?estamos|アクセス|店舗"
)
_LEGAL = (
    r"privacy|datenschutz|privacidad|privacidade|confidentialite|privacybeleid|polityka|"
    r"integritet|legal|terms|disclaimer|agb(?![a-z])|cgv(?![a-z])|個人情報|プライバシー|"
    r"cookie|gdpr|rgpd"
)
_SCORES = tuple(
    (score, re.compile(rf"(?<![a-z])(?:{words})"))
    for score, words in (
        (100, _CONTACT),
        (90, _LEGAL_NOTICE),
        (70, _ABOUT),
        (50, _PLACES),
        (CONTACT_LIKE, _LEGAL),
    )
)
_POOR = re.compile(
    r"(?<![a-z])(?:blog|news|post|tag|category|author|archive|product|shop|cart|basket|checkout|"
    r"login|log-in|signin|account|register|wishlist|gallery|calendar|event|feed|search|wp-json|"
    r"comment|compare|filter)|/(?:19|20)\d\d(?:/|-|$)"
)
_FOLDS = str.maketrans(
    "àáâäãåæçèéêëìíîïñòóôöõøùúûüýÿłśżźćńąęß", "aaaaaaaceeeeiiiinoooooouuuuyylszzcnaes"
)
_DASHES = re.compile(r"[\s_+.'\u2019-]+")
_BINARY = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|bmp|ico|tiff?|pdf|docx?|xlsx?|pptx?|odt|zip|rar|7z|gz|tar|"
    r"exe|dmg|apk|mp3|mp4|m4a|avi|mov|wmv|webm|ogg|wav|css|js|mjs|json|xml|rss|atom|ics|vcf|woff2?|"
    r"ttf|eot|csv|txt)$",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"(?:^|[?&;])(?:phpsessid|jsessionid|sid|sessionid|session_id|cfid|cftoken|aspsessionid\w{0,20})=",
    re.IGNORECASE,
)
_TRACKING = re.compile(
    r"(?:^|&)(?:utm_\w{1,20}|fbclid|gclid|mc_cid|mc_eid|_ga)=[^&]{0,300}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Link:
    """One address to visit; higher scores first, `contact_like` from CONTACT_LIKE on."""

    url: str
    score: int

    @property
    def contact_like(self) -> bool:
        return self.score >= CONTACT_LIKE


def find_links(document: Document) -> list[Link]:
    """Return the links of a page to pages of the same site, best first, each address once."""
    best: dict[str, int] = {}
    own = plain_url(document.url)
    for href, text in _written_links(document):
        url = plain_url(document.absolute(href))
        if url is None or url == own or not _same_site(url, document.host):
            continue
        score = score_link(url, text)
        if url in best or len(best) < MAX_LINKS:
            best[url] = max(score, best.get(url, score))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    return [Link(url, score) for url, score in ranked]


def score_link(url: str, text: str) -> int:
    """Score a link by its path and its text: 100 contact page, 40 privacy, 10 any, 1 poor."""
    path = "/" + url.split("/", 3)[3] if url.count("/") >= 3 else "/"
    return _score(path, text[:80])


@lru_cache(maxsize=16384)
def _score(path: str, text: str) -> int:
    plain_path = _folded(unquote(path))
    words = f"{plain_path} | {_folded(text)}"
    poor = _POOR.search(words)
    for score, pattern in _SCORES:
        if pattern.search(words):
            # Deep pages only mention such words ("/blog/2020/contact-lenses-and-you").
            return 12 if poor or path.count("/") > 3 else score
    return 1 if poor else 10


@lru_cache(maxsize=16384)
def plain_url(url: str) -> str | None:
    """Return a web address in the one form it is visited in, None if it should not be."""
    try:
        parsed = parse_web_url(url.partition("#")[0][: MAX_URL + 1])
    except InvalidInput:
        return None
    path, _, query = parsed.target.partition("?")
    if len(parsed.target) > MAX_URL or _BINARY.search(path) or path.count("/") > MAX_STEPS:
        return None
    if _repeats(path) or ";jsessionid=" in path.lower():
        return None
    query = _TRACKING.sub("", query).strip("&")
    if len(query) > MAX_QUERY or _SESSION.search(query):
        return None
    return f"{parsed.scheme}://{parsed.netloc}{path}{'?' + query if query else ''}"


def _written_links(document: Document) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for anchor in document.anchors:
        href = anchor.href.strip()
        if href and href[0] != "#" and href not in seen and not _other_scheme(href):
            seen.add(href)
            text = anchor.node.text()[:200].strip() or anchor.node.attributes.get("title") or ""
            yield href, text
    for source in document.found.frames[:20]:
        yield source, ""


def _other_scheme(href: str) -> bool:
    head = href[:12].lower()
    return ":" in head and not head.startswith(("http://", "https://"))


def _same_site(url: str, host: str) -> bool:
    other = url.split("/", 3)[2].partition(":")[0]
    return other == host or same_site(other, host)


def _folded(text: str) -> str:
    """Return words without accents or case, joined by single hyphens."""
    return _DASHES.sub("-", text.lower().translate(_FOLDS))


def _repeats(path: str) -> bool:
    """Tell a trap such as /a/b/a/b/a/b from a path."""
    steps = [step for step in path.split("/") if step]
    return len(steps) > 3 and len(set(steps)) <= len(steps) // 2
