"""Who plays what: deals site behaviours, mail behaviours and obfuscations over the world.

Dealing from decks in place of rolling dice makes sure that each oddity occurs several times.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

ORDINARY = "ordinary"

SITE_BEHAVIOURS: Mapping[str, str] = MappingProxyType(
    {
        ORDINARY: "answers at once with well-formed pages",
        "broken_unclosed": "p, li, td and div are never closed",
        "broken_early_end": "</body></html> stands before the contacts",
        "broken_comment": "a comment is opened after the contacts and never closed",
        "broken_nested_links": "a inside a, attributes without quotes, duplicate attributes",
        "broken_deep": "contacts lie under 400 nested elements",
        "slow_home": "the home page takes WebServer.slow_seconds",
        "slow_contact": "every page but home takes WebServer.slow_seconds",
        "redirect_www": "the listed host redirects to its www host",
        "redirect_chain": "three redirects before the home page",
        "redirect_loop": "the home page redirects to itself by way of another path",
        "redirect_other": "the listed host redirects to another .test domain",
        "redirect_private": "redirects to http://127.0.0.1:1/",
        "redirect_metadata": "redirects to http://169.254.169.254/",
        "fail_500": "every page is a 500",
        "fail_404": "every page is a 404",
        "fail_reset": "the connection is reset without an answer",
        "contact_reset": "the contact page resets; its addresses stand nowhere else",
        "contact_truncated": "the contact page ends before its Content-Length",
        "huge_home": "5 MB home page: contacts in the first kilobytes, one more at the end",
        "huge_about": "5 MB about page",
        "endless_about": "the about page never ends",
        "endless_drip": "the about page trickles for ever",
        "gzip": "every answer is gzip-encoded, whatever was asked for",
        "gzip_bomb": "the about page inflates a thousandfold to 30 MB",
        "latin1": "ISO-8859-1, declared in the header only",
        "wrong_charset": "the header says utf-8, the bytes are windows-1252",
        "utf16": "UTF-16 with a byte order mark",
        "robots_all": "robots.txt forbids everything",
        "robots_contact": "robots.txt forbids the contact page, where the addresses are",
        "robots_other_agent": "robots.txt forbids another robot and allows this one",
        "robots_delay": "robots.txt asks for a Crawl-delay of 2 seconds",
        "robots_404": "no robots.txt: everything is allowed",
        "robots_500": "robots.txt is a 500: RFC 9309 reads that as all forbidden",
        "robots_slow": "robots.txt takes WebServer.slow_seconds",
        "pdf_home": "the home page is a PDF",
        "parked": "a parking page without any contact",
    }
)

# The five slow or endless ones and the failures stay few, so that 80 % is ordinary.
SITES_PER_BEHAVIOUR = 3

# Out of 100 websites. Behaviours of mail domains, see entities.MAIL_BEHAVIOURS.
MAIL_SHARES: Mapping[str, int] = MappingProxyType(
    {
        **{"reject_unknown": 70, "catch_all": 8, "greylist": 4, "accept": 3, "full": 2},
        **{"policy": 2, "no_mx": 2, "no_domain": 2, "disabled": 1, "tarpit": 1},
        **{"temporary": 1, "null_mx": 1, "servfail": 1, "silent": 1, "drop": 1},
    }
)

MARKUP_SHARES: Mapping[str, int] = MappingProxyType(
    {
        **{"wordpress": 34, "bootstrap": 18, "wix": 12, "joomla": 9, "typo3": 7, "drupal": 7},
        **{"tables": 7, "onepage": 6},
    }
)

PLAIN_TECHNIQUES = ("mailto", "text", "mailto_text")

OWN_TECHNIQUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "joomla": ("joomla_hidden", "joomla_cloak"),
        "typo3": ("typo3_token", "typo3_linkto"),
        "drupal": ("spamspan", "spamspan_dot"),
        "wordpress": ("entities_mixed", "cloudflare_span", "cloudflare_href"),
    }
)

SHARED_TECHNIQUES = (
    *("mailto_subject", "mailto_many", "mailto_upper", "mailto_percent", "entities_decimal"),
    *("entities_hex", "entities_mixed", "cloudflare_span", "cloudflare_href", "js_write"),
    *("js_concat", "js_charcodes", "js_unescape", "js_atob", "rot13", "reversed"),
    *("hidden_decoy", "hidden_comment", "words_bracketed", "words_local", "words_bare"),
    *("base64_attribute", "data_user_domain", "data_name_domain_tld", "json_ld", "microdata"),
    *("hcard", "rdfa", "split_inline", "glued_blocks", "fullwidth_at", "enkoder"),
)

DECOYS = (
    *("retina_image", "sentry_key", "wixpress", "example_com", "yourdomain", "npm_package"),
    *("escaped_json", "noreply", "admin", "test_account", "prose_at", "prose_at_site"),
)

NETWORKS = (
    *("facebook", "instagram", "x", "linkedin", "youtube", "tiktok", "pinterest", "snapchat"),
    *("telegram", "whatsapp", "spotify"),
)


def deal(shares: Mapping[str, int], rng: random.Random) -> Iterator[str]:
    """Yield for ever from shuffled decks that hold each key as often as its share says."""
    deck = [key for key, share in shares.items() for _ in range(share)]
    while True:
        rng.shuffle(deck)
        yield from deck


def cycle(keys: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Yield every key once in random order, then all again in another order."""
    return deal(dict.fromkeys(keys, 1), rng)


def cast_sites(odd: Sequence[bool], rng: random.Random) -> list[str]:
    """Return a site behaviour for each website; only those marked `odd` may misbehave."""
    cast = [ORDINARY] * len(odd)
    candidates = [index for index, may_be_odd in enumerate(odd) if may_be_odd]
    roles = [key for key in SITE_BEHAVIOURS if key != ORDINARY] * SITES_PER_BEHAVIOUR
    for index, role in zip(rng.sample(candidates, len(roles)), roles, strict=True):
        cast[index] = role
    return cast
