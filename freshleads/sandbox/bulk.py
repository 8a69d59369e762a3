"""Weight for pages: inline styles, scripts, icons and cards, shared by all sites of one kind.

No address, number or link to a contact stands in it, so it never changes what can be found.
"""

import random
from functools import lru_cache

from freshleads.sandbox.wording import WORDINGS

_STEPS = (
    *(0, 2_000, 5_000, 8_000, 11_000, 15_000, 20_000, 25_000, 31_000, 38_000, 46_000, 56_000),
    *(70_000, 95_000, 130_000, 180_000),
)
_PROPERTIES = (
    *("display:flex", "padding:1.25rem", "margin:0 auto", "color:#2b2d42", "border-radius:4px"),
    *("grid-gap:2rem", "max-width:72rem", "font-weight:600", "line-height:1.6", "opacity:.85"),
)
_BLOCKS = ("hero", "card", "widget", "grid", "button", "menu", "footer", "slide", "quote", "form")


def shared_bulk(markup: str, size: int) -> bytes:
    """Return head weight of about `size` bytes: style, configuration script and icon sprite."""
    return _head_bulk(markup, _step(size))


def shared_filler(language: str, size: int) -> bytes:
    """Return body weight of about `size` bytes: cards with texts and images in the language."""
    return _body_filler(language, _step(size))


def _step(size: int) -> int:
    return max(step for step in _STEPS if step <= max(0, size))


@lru_cache(maxsize=256)
def _head_bulk(markup: str, size: int) -> bytes:
    if not size:
        return b""
    rng = random.Random(f"bulk:{markup}:{size}")
    style = _style(markup, size * 6 // 10, rng)
    script = _script(markup, size * 3 // 10, rng)
    return f"<style>{style}</style>\n<script>{script}</script>\n".encode()


def _style(markup: str, size: int, rng: random.Random) -> str:
    rules: list[str] = []
    length = 0
    while length < size:
        block, part = rng.choice(_BLOCKS), rng.choice(_BLOCKS)
        body = ";".join(rng.sample(_PROPERTIES, 4))
        rules.append(f".{markup}-{block}__{part}--{rng.randrange(99)}{{{body}}}")
        length += len(rules[-1]) + 1
    return "\n".join(rules)


def _script(markup: str, size: int, rng: random.Random) -> str:
    entries: list[str] = []
    length = 0
    while length < size:
        block = rng.choice(_BLOCKS)
        entries.append(
            f'"{block}{rng.randrange(9999)}":{{"lazy":true,"delay":{rng.randrange(900)},'
            f'"target":"#{markup}-{block}","ease":"in-out"}}'
        )
        length += len(entries[-1]) + 1
    return f"window.{markup}Settings={{{','.join(entries)}}};"


@lru_cache(maxsize=256)
def _body_filler(language: str, size: int) -> bytes:
    rng = random.Random(f"filler:{language}:{size}")
    sentences = WORDINGS[language].sentences
    cards: list[str] = []
    length = 0
    while length < size:
        words = " ".join(rng.sample(sentences, 2))
        shape = " ".join(f"{rng.randrange(24)}.{rng.randrange(9)}" for _ in range(24))
        cards.append(
            f'<div class="card"><svg viewBox="0 0 24 24"><path d="M{shape}z"/></svg>'
            f'<img src="/media/card-{rng.randrange(40)}.jpg" alt="" loading="lazy">'
            f'<div class="card-body"><h3>{sentences[0][:24]}</h3><p>{words}</p></div></div>'
        )
        length += len(cards[-1].encode())
    return "\n".join(cards).encode()
