"""Invented web pages to measure with: ordinary business pages of any size, and hostile ones."""

import json
import random
from collections.abc import Iterator

WORDS = (
    "care smile quality local family trusted service appointment modern treatment friendly team "
    "experience community results comfort expert gentle quick honest guarantee repair install"
).split()
HOSTILE_SIZE = 300_000


def business_page(number: int, size: int = 130_000, host: str = "", links: int = 13) -> str:
    """Return one page in the style of a site builder, with contacts in several forms.

    Nested sections, inline styles and scripts, JSON-LD and a data-URI picture make up the size.
    """
    rng = random.Random(number)
    host = host or f"business-{number}.test"
    head = _head(rng, host, size)
    tail = _footer(number, host, links)
    parts = [head]
    written = len(head) + len(tail)
    while written < size:
        section = _section(rng, written)
        parts.append(section)
        written += len(section)
    return "".join([*parts, tail])


def hostile_pages() -> Iterator[tuple[str, str]]:
    """Yield (name, page of about 300 KB) for shapes that make careless readers slow."""
    rows = {
        "nested div": "<div>", "nested b": "<b>", "nested table": "<table><tr><td>",
        "a@a@a": "a@", "aaaa": "a", "1111": "1", "digits": "1 (2) 3-", "open angle": "<",
        "open tag": "<a ", "entities": "&#64;&amp;", "ampersands": "&", "quote": '<a href="',
        "adoption": "<a><div>", "mailto flood": '<a href="mailto:a@b.com">x</a>',
        "brackets": "a [at] ", "at words": "a at b dot ", "plus": "+", "comments": "<!--",
        "select": "<select><option>", "svg": "<svg><g>", "paragraphs": "<b><p>",
        "phone flood": "305-555-0123 ", "hidden": '<i style="display:none">x</i>',
        "links": "<a href=/contact>contact</a>", "braces": "{", "quotes": "'", "spaces": " ",
    }  # fmt: skip
    for name, row in rows.items():
        yield name, (row * (HOSTILE_SIZE // len(row) + 1))[:HOSTILE_SIZE]
    yield "balanced nest", "<div>" * 27_000 + "</div>" * 27_000
    yield "unclosed comment", "<!--" + "x" * HOSTILE_SIZE
    yield "unclosed title", "<title>" + "<p>a@b" * (HOSTILE_SIZE // 6)
    yield "huge attribute", '<p title="' + "x" * HOSTILE_SIZE + '">'
    yield "many attributes", "<p " + "".join(f"a{n}=1 " for n in range(33_000)) + ">"
    yield "formatting", "".join(f"<p><font a={n}>" for n in range(18_000))
    yield "script quotes", "<script>x='@';" + "'\\" * 140_000 + "</script>"
    yield "script nesting", "<script>mailto" + '("a"+' * 58_000 + "</script>"
    yield "json nesting", '<script type="application/ld+json">' + "[" * 290_000 + "</script>"
    yield "style braces", "<style>" + ".a{display:none}" * 18_000 + "</style>"
    yield "base64 attributes", '<i data-x="QUFBQUFBQUFBQUFB">' * 9_000
    yield "deep urls", "".join(f'<a href="/{"a/" * 20}{n}">x</a>' for n in range(5_500))


def _head(rng: random.Random, host: str, size: int) -> str:
    facts = {
        "@context": "https://schema.org", "@type": "LocalBusiness", "name": host,
        "telephone": "+1 305 555 0100",
        "address": {"@type": "PostalAddress", "streetAddress": "1 Main St"},
    }  # fmt: skip
    scale = 250 if size > 100_000 else 80
    css = "".join(
        f".e-{n}{{margin:{n}px;color:#{rng.randrange(16**6):06x};display:flex}}"
        for n in range(scale)
    )
    code = "".join(f"function f{n}(a,b){{return a.b['k{n}']||b+{n};}}" for n in range(scale // 2))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{host}</title>'
        f'<meta name="description" content="The website of {host}">'
        f'<meta property="og:image" content="/cover.jpg"><style>{css}</style>'
        f'<script type="application/ld+json">{json.dumps(facts)}</script><script>{code}</script>'
        '</head><body class="page"><header><div class="logo">Logo</div></header>'
    )


def _section(rng: random.Random, number: int) -> str:
    text = " ".join(rng.choices(WORDS, k=60))
    data = "".join(rng.choices("ABCDEFGHabcdefgh0123456789+/", k=600))
    year = number % 90 + 2010
    items = "".join(
        f'<li class="item"><span>{word}</span> {word} {year}</li>'
        for word in rng.choices(WORDS, k=6)
    )
    return (
        f'<section class="elementor-section" data-id="{number:x}" style="padding:1em">\n'
        '<div class="elementor-container"><div class="elementor-column"><div class="wrap">\n'
        f"<h2>{rng.choice(WORDS).title()}</h2><p>{text} <strong>{rng.choice(WORDS)}</strong></p>\n"
        f'<ul>{items}</ul><img alt="" src="data:image/png;base64,{data}">'
        f'<a class="button" href="#top">More</a></div></div></div></section>\n'
    )


def _footer(number: int, host: str, links: int) -> str:
    pages = "".join(f'<li><a href="/page-{n}">Page {n}</a></li>' for n in range(links))
    cipher = "42" + "".join(f"{ord(letter) ^ 0x42:02x}" for letter in f"desk@{host}")
    return (
        f'<footer><ul>{pages}<li><a href="/contact">Contact</a></li></ul>'
        f"<p>Write to <span>info</span>@<b>{host}</b></p><p>Sales: sales [at] {host}</p>"
        f'<a href="mailto:office@{host}?subject=Hello">Mail</a>'
        f'<a class="__cf_email__" data-cfemail="{cipher}">x</a>'
        f"<p>Call (305) 555-01{number % 100:02d}, Fax: (305) 555-0{number % 100 + 100}</p>"
        f'<a href="https://www.facebook.com/business{number}">f</a>'
        f'<a href="https://twitter.com/business{number}">t</a></footer></body></html>'
    )
