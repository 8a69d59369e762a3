"""What a page says about itself: title, description, keywords, picture."""

import re
from dataclasses import dataclass

from leads.crawler.documents import Document

MAX_TEXT = 1000

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, description and keywords as plain text, the picture as an absolute URL; "" if none."""

    title: str = ""
    description: str = ""
    keywords: str = ""
    image: str = ""


def read_metadata(document: Document) -> Metadata:
    """Return the page's own description of itself; Open Graph fills what it lacks."""
    metas: dict[str, str] = {}
    for values in document.metas:
        name = (values.get("name") or values.get("property") or "").strip().lower()
        content = _plain(values.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    image = _first(metas, "og:image", "og:image:url", "og:image:secure_url", "twitter:image")
    return Metadata(
        title=_plain(document.found.title) or _first(metas, "og:title", "twitter:title"),
        description=_first(metas, "description", "og:description", "twitter:description"),
        keywords=_first(metas, "keywords"),
        image=_web_address(document.absolute(image)) if image else "",
    )


def _first(metas: dict[str, str], *names: str) -> str:
    return next((metas[name] for name in names if name in metas), "")


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text[: 4 * MAX_TEXT]).strip()[:MAX_TEXT]


def _web_address(url: str) -> str:
    return url if url.startswith(("http://", "https://")) else ""
