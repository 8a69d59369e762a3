"""Profiles on eleven social networks, each in one canonical form; share buttons are none."""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborNode

from leads.crawler.documents import Document

MAX_LINKS = 300
MAX_ANCESTORS = 40

_HANDLE = re.compile(r"[\w.\-@+%]{1,100}")
_RESERVED = {
    "facebook": "sharer sharer.php share share.php dialog plugins tr events login login.php help "
    "policies policy.php privacy watch hashtag photo photo.php photos story.php permalink.php "
    "l.php ads business settings home.php video videos marketplace gaming legal terms terms.php "
    "about groups reel reels stories notes media search recover r.php campaign".split(),
    "x": "intent share home hashtag search i login signup tos privacy widgets settings explore "
    "about account download oauth javascripts statuses compose".split(),
    "instagram": "p reel reels explore accounts stories tv about legal direct developer web "
    "embed share privacy terms".split(),
    "youtube": "watch embed shorts playlist results feed t about iframe_api v redirect premium "
    "subscription_center hashtag live gaming attribution_link player_api yt signin upload "
    "howyoutubeworks ads account s".split(),
    "pinterest": "pin search ideas explore categories login _ business about settings today "
    "join privacy".split(),
    "telegram": "share joinchat iv addstickers proxy socks setlanguage addtheme login bg".split(),
}
_NOT_PROFILES = {network: frozenset(words) for network, words in _RESERVED.items()}
_SPOTIFY_KINDS = frozenset({"artist", "show", "user", "playlist", "album"})

Reader = Callable[[list[str], str], str | None]  # (path parts, query) to canonical URL


def canonical_profile(url: str) -> tuple[str, str] | None:
    """Return (network, canonical URL) of a profile link, None for everything else."""
    try:
        parts = urlsplit(url[:500].strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme == "whatsapp":
        host = "api.whatsapp.com"
    reader = _reader_of(host)
    if reader is None or parts.scheme not in {"http", "https", "whatsapp", ""}:
        return None
    path = parts.fragment[1:] if parts.fragment.startswith("!/") else parts.path
    network, read = reader
    steps = [step for step in unquote(path).split("/") if step]
    profile = read(steps, parts.query)
    return (network, profile) if profile and " " not in profile else None


def find_socials(document: Document) -> Iterator[tuple[str, str, str, int]]:
    """Yield (network, canonical URL, method, weight) for links; heavier ones are the site's own."""
    seen = 0
    for anchor in document.anchors:
        href = anchor.href.strip()
        if not _may_be_social(href):
            continue
        profile = canonical_profile(f"https:{href}" if href.startswith("//") else href)
        if profile:
            own = "me" in (anchor.node.attributes.get("rel") or "").lower().split()
            how, weight = ("rel_me", 4) if own else ("link", 3 if _in_frame(anchor.node) else 1)
            yield *profile, how, weight
            seen += 1
            if seen >= MAX_LINKS:
                return
    for href in document.found.own_profiles[:50]:
        profile = canonical_profile(href)
        if profile:
            yield *profile, "rel_me", 4


def best_first(found: Iterable[tuple[str, str, str, str, int]]) -> list[tuple[str, str, str, str]]:
    """Order (network, URL, method, page, weight): the best of each network, then all others."""
    weights: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for network, url, method, page, weight in found:
        key = (network, url.lower())
        weights[key] = weights.get(key, 0) + weight
        first.setdefault(key, (network, url, method, page))
    ranked = sorted(first, key=lambda key: -weights[key])
    leading = {network: key for key in reversed(ranked) for network in [key[0]]}
    chosen = [key for key in ranked if leading[key[0]] == key]
    return [first[key] for key in (*chosen, *(key for key in ranked if key not in chosen))]


def _may_be_social(href: str) -> bool:
    """Tell cheaply whether a link can lead to one of the networks."""
    head = href[:80].lower()
    outside = head.startswith(("http:", "https:", "//", "whatsapp:"))
    return outside and any(word in head for word in _HOST_WORDS)


def _reader_of(host: str) -> tuple[str, Reader] | None:
    """Find the network of a host, which may have a language or mobile prefix."""
    for ending, network, reader in _NETWORKS:
        if host == ending or host.endswith("." + ending):
            return network, reader
    return (
        ("pinterest", _pinterest) if re.search(r"(?:^|\.)pinterest\.[a-z.]{2,6}$", host) else None
    )


def _in_frame(node: LexborNode) -> bool:
    """Tell whether a link stands in the header, footer or navigation of its page."""
    parent = node.parent
    for _ in range(MAX_ANCESTORS):
        if parent is None:
            return False
        if parent.tag in {"header", "footer", "nav", "aside"}:
            return True
        values = parent.attributes
        names = f"{values.get('class') or ''} {values.get('id') or ''}".lower()
        if "footer" in names or "header" in names or "social" in names:
            return True
        parent = parent.parent
    return False


def _handle(steps: list[str], network: str) -> str | None:
    """Return the first step of a path where it can be somebody's name."""
    name = steps[0].removeprefix("@") if steps else ""
    taken = _NOT_PROFILES.get(network, frozenset())
    return name if name and name.lower() not in taken and _HANDLE.fullmatch(name) else None


def _facebook(steps: list[str], query: str) -> str | None:
    base = "https://www.facebook.com"
    if not steps:
        return None
    head = steps[0].lower()
    if head == "profile.php":
        number = parse_qs(query).get("id", [""])[0]
        return f"{base}/{number}" if number.isdigit() else None
    if head in {"pages", "people", "p"} and len(steps) >= 2:
        return f"{base}/{'/'.join(steps[: 2 if head == 'p' else 3])}"
    if head == "pg" and len(steps) >= 2:
        steps = steps[1:]
    name = _handle(steps, "facebook")
    return f"{base}/{name}" if name and not name.endswith(".php") else None


def _x(steps: list[str], query: str) -> str | None:
    name = _handle(steps, "x")
    return f"https://x.com/{name}" if name and re.fullmatch(r"\w{1,20}", name) else None


def _linkedin(steps: list[str], query: str) -> str | None:
    if len(steps) >= 2 and steps[0].lower() in {"company", "in", "school", "showcase", "pub"}:
        return f"https://www.linkedin.com/{steps[0].lower()}/{steps[1]}"
    return None


def _instagram(steps: list[str], query: str) -> str | None:
    name = _handle(steps, "instagram")
    return f"https://www.instagram.com/{name}" if name else None


def _youtube(steps: list[str], query: str) -> str | None:
    base = "https://www.youtube.com"
    if not steps:
        return None
    if steps[0].lower() in {"channel", "c", "user"}:
        return f"{base}/{steps[0].lower()}/{steps[1]}" if len(steps) >= 2 else None
    if steps[0].startswith("@"):
        return f"{base}/{steps[0]}" if len(steps[0]) > 1 else None
    name = _handle(steps, "youtube")
    return f"{base}/{name}" if name and "." not in name else None


def _tiktok(steps: list[str], query: str) -> str | None:
    if steps and steps[0].startswith("@") and len(steps[0]) > 1:
        return f"https://www.tiktok.com/{steps[0]}"
    return None


def _pinterest(steps: list[str], query: str) -> str | None:
    name = _handle(steps, "pinterest")
    return f"https://www.pinterest.com/{name}" if name else None


def _snapchat(steps: list[str], query: str) -> str | None:
    if len(steps) >= 2 and steps[0].lower() == "add":
        return f"https://www.snapchat.com/add/{steps[1]}"
    if steps and steps[0].startswith("@") and len(steps[0]) > 1:
        return f"https://www.snapchat.com/{steps[0]}"
    return None


def _telegram(steps: list[str], query: str) -> str | None:
    name = _handle(steps[1:] if steps[:1] == ["s"] else steps, "telegram")
    return f"https://t.me/{name}" if name else None


def _whatsapp(steps: list[str], query: str) -> str | None:
    number = re.sub(r"\D", "", parse_qs(query).get("phone", [""])[0])
    if 7 <= len(number) <= 15:
        return f"https://wa.me/{number}"
    return None


def _wa_me(steps: list[str], query: str) -> str | None:
    if len(steps) >= 2 and steps[0] == "message":
        return f"https://wa.me/message/{steps[1]}"
    number = re.sub(r"\D", "", steps[0]) if steps else ""
    return f"https://wa.me/{number}" if 7 <= len(number) <= 15 else None


def _spotify(steps: list[str], query: str) -> str | None:
    if steps and steps[0].startswith("intl-"):
        steps = steps[1:]
    if len(steps) >= 2 and steps[0].lower() in _SPOTIFY_KINDS:
        return f"https://open.spotify.com/{steps[0].lower()}/{steps[1]}"
    return None


_NETWORKS: tuple[tuple[str, str, Reader], ...] = (
    ("facebook.com", "facebook", _facebook),
    ("fb.com", "facebook", _facebook),
    ("twitter.com", "x", _x),
    ("x.com", "x", _x),
    ("linkedin.com", "linkedin", _linkedin),
    ("instagram.com", "instagram", _instagram),
    ("instagr.am", "instagram", _instagram),
    ("youtube.com", "youtube", _youtube),
    ("tiktok.com", "tiktok", _tiktok),
    ("snapchat.com", "snapchat", _snapchat),
    ("t.me", "telegram", _telegram),
    ("telegram.me", "telegram", _telegram),
    ("telegram.dog", "telegram", _telegram),
    ("api.whatsapp.com", "whatsapp", _whatsapp),
    ("web.whatsapp.com", "whatsapp", _whatsapp),
    ("wa.me", "whatsapp", _wa_me),
    ("open.spotify.com", "spotify", _spotify),
)
_HOST_WORDS = (
    "facebook", "fb.com", "twitter.", "x.com", "linkedin", "instagr", "youtube", "tiktok",
    "pinterest", "snapchat", "t.me/", "telegram", "whatsapp", "wa.me", "spotify",
)  # fmt: skip
