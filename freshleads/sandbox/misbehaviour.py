"""How odd sites go wrong: each function changes the written pages of one website."""

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from freshleads.sandbox.documents import END_OF_CONTENT, Author
from freshleads.sandbox.page import HTML, Page, not_found, plain_text, redirect

ROBOTS = "/robots.txt"
PRIVATE_TARGETS = {
    "redirect_private": "http://127.0.0.1:1/",
    "redirect_metadata": "http://169.254.169.254/latest/meta-data/",
}
_BLOCK = b"<div class='row'><p>All work and no play makes a very long page.</p></div>\n" * 800
_HUGE_BLOCKS = 5_000_000 // len(_BLOCK) + 1
_BOMB_BYTES = 30_000_000
END_MARK = END_OF_CONTENT.encode()


@dataclass
class Building:
    """A website with its pages by path, still to be changed."""

    author: Author
    pages: dict[str, Page]

    def change(self, page: str, **changes: object) -> None:
        """Replace attributes of the page of a key."""
        path = self.author.path(page)
        self.pages[path] = replace(self.pages[path], **changes)  # type: ignore[arg-type]

    def change_all(self, change: Callable[[Page], Page]) -> None:
        """Rewrite every page, robots.txt and sitemap left alone."""
        for path, page in self.pages.items():
            if page.headers == HTML:
                self.pages[path] = change(page)


def break_markup(behaviour: str, document: str) -> str:
    """Return the document as a careless hand would have left it."""
    if behaviour == "broken_unclosed":
        return re.sub(r"</(?:p|li|div|td|tr|span|section|main)>", "", document)
    if behaviour == "broken_early_end":
        return document.replace("</nav>", "</nav></body></html>", 1)
    if behaviour == "broken_comment":
        return document.replace("</body>", "<!-- statistics\n</body>")
    if behaviour == "broken_nested_links":
        opening = "<a href=# class=outer class=again><div class=contact-line>"
        return document.replace('<div class="contact-line">', opening)
    if behaviour == "broken_deep":
        return document.replace("<body>", "<body>" + "<div>" * 400, 1)
    return document


def misbehave(behaviour: str, building: Building) -> None:
    """Apply a behaviour of casting.SITE_BEHAVIOURS that concerns pages; others change nothing."""
    change = _CHANGES.get(behaviour)
    if change is not None:
        change(building)


def _slow_home(building: Building) -> None:
    building.change("home", slow=True)


def _slow_contact(building: Building) -> None:
    for page in building.author.site.pages[1:]:
        building.change(page, slow=True)


def _redirect_chain(building: Building) -> None:
    building.pages["/start"] = redirect("/", 302)


def _redirect_loop(building: Building) -> None:
    building.pages["/"] = redirect("/welcome", 302)
    building.pages["/welcome"] = redirect("/", 302)


def _redirect_inwards(building: Building) -> None:
    target = PRIVATE_TARGETS[building.author.site.behaviour]
    building.change_all(lambda _: redirect(target, 302))


def _fail_500(building: Building) -> None:
    body = b"<h1>Internal Server Error</h1>"
    building.change_all(lambda page: replace(page, status=500, parts=(body,)))


def _fail_404(building: Building) -> None:
    building.change_all(lambda _: not_found())


def _fail_reset(building: Building) -> None:
    building.pages.update(
        {path: replace(page, ending="reset") for path, page in building.pages.items()}
    )


def _contact_reset(building: Building) -> None:
    building.change("contact", ending="reset")


def _contact_truncated(building: Building) -> None:
    building.change("contact", ending="truncated")


def _grow(building: Building, page: str) -> None:
    """Put 5 MB between the content and the end of the document."""
    body = building.pages[building.author.path(page)].body
    cut = body.rindex(END_MARK) if END_MARK in body else body.rindex(b"</body>")
    building.change(page, parts=(body[:cut], *(_BLOCK,) * _HUGE_BLOCKS, body[cut:]))


def _huge_home(building: Building) -> None:
    _grow(building, "home")


def _huge_about(building: Building) -> None:
    _grow(building, "about")


def _never_end(building: Building, ending: str) -> None:
    body = building.pages[building.author.path("about")].body
    building.change("about", parts=(body[: body.rindex(b"</body>")], _BLOCK), ending=ending)


def _endless_about(building: Building) -> None:
    _never_end(building, "endless")


def _endless_drip(building: Building) -> None:
    _never_end(building, "drip")


def _gzip_all(building: Building) -> None:
    building.change_all(lambda page: _gzipped(page, gzip.compress(page.body, 6, mtime=0)))


def _gzip_bomb(building: Building) -> None:
    path = building.author.path("about")
    building.pages[path] = _gzipped(building.pages[path], _bomb())


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    return gzip.compress(b"<!DOCTYPE html><title>About</title>" + b" " * _BOMB_BYTES, 9, mtime=0)


def _gzipped(page: Page, body: bytes) -> Page:
    return replace(page, headers=(*page.headers, ("Content-Encoding", "gzip")), parts=(body,))


def _recode(building: Building, encoding: str, declared: str, *, keep_meta: bool) -> None:
    def change(page: Page) -> Page:
        text = page.body.decode()
        if not keep_meta:
            text = re.sub(r"<meta[^>]{0,60}charset=[^>]{0,40}>", "", text, count=1)
        headers = (("Content-Type", declared),)
        return replace(page, headers=headers, parts=(text.encode(encoding, "xmlcharrefreplace"),))

    building.change_all(change)


def _latin1(building: Building) -> None:
    _recode(building, "latin-1", "text/html; charset=ISO-8859-1", keep_meta=False)


def _wrong_charset(building: Building) -> None:
    _recode(building, "cp1252", "text/html; charset=utf-8", keep_meta=True)


def _utf16(building: Building) -> None:
    _recode(building, "utf-16", "text/html; charset=utf-16", keep_meta=True)


def _robots(text: str) -> Callable[[Building], None]:
    def change(building: Building) -> None:
        contact = building.author.path("contact")
        building.pages[ROBOTS] = plain_text(text.format(contact=contact))

    return change


def _robots_404(building: Building) -> None:
    building.pages[ROBOTS] = not_found()


def _robots_500(building: Building) -> None:
    building.pages[ROBOTS] = plain_text("Service unavailable", 503)


def _robots_slow(building: Building) -> None:
    building.pages[ROBOTS] = replace(building.pages[ROBOTS], slow=True)


def _pdf_home(building: Building) -> None:
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    building.pages["/"] = Page(headers=(("Content-Type", "application/pdf"),), parts=(body,))


def _parked(building: Building) -> None:
    domain = building.author.business.domain or ""
    title = parked_title(domain)
    body = (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>'
        f'<p>This domain may be for sale.</p><a href="https://www.example.com/buy?d={domain}">Buy '
        "this domain</a></body></html>"
    )
    building.pages["/"] = Page(parts=(body.encode(),))


def parked_title(domain: str) -> str:
    """Return the title of a parking page."""
    return f"{domain} is parked"


_CHANGES: Mapping[str, Callable[[Building], None]] = MappingProxyType(
    {
        "slow_home": _slow_home,
        "slow_contact": _slow_contact,
        "redirect_chain": _redirect_chain,
        "redirect_loop": _redirect_loop,
        "redirect_private": _redirect_inwards,
        "redirect_metadata": _redirect_inwards,
        "fail_500": _fail_500,
        "fail_404": _fail_404,
        "fail_reset": _fail_reset,
        "contact_reset": _contact_reset,
        "contact_truncated": _contact_truncated,
        "huge_home": _huge_home,
        "huge_about": _huge_about,
        "endless_about": _endless_about,
        "endless_drip": _endless_drip,
        "gzip": _gzip_all,
        "gzip_bomb": _gzip_bomb,
        "latin1": _latin1,
        "wrong_charset": _wrong_charset,
        "utf16": _utf16,
        "robots_all": _robots("User-agent: *\nDisallow: /\n"),
        "robots_contact": _robots("User-agent: *\nDisallow: {contact}\n"),
        "robots_other_agent": _robots(
            "User-agent: GreedyBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
        ),
        "robots_delay": _robots("User-agent: *\nCrawl-delay: 2\nDisallow: /cgi-bin/\n"),
        "robots_404": _robots_404,
        "robots_500": _robots_500,
        "robots_slow": _robots_slow,
        "pdf_home": _pdf_home,
        "parked": _parked,
    }
)
