"""The pages of invented websites: written from the plan, misbehaving where the plan says so."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from freshleads.sandbox.bulk import shared_bulk, shared_filler
from freshleads.sandbox.documents import Author, write_document
from freshleads.sandbox.entities import Business, SiteSpec
from freshleads.sandbox.layouts import BULK_MARK, FILLER_MARK
from freshleads.sandbox.misbehaviour import ROBOTS, Building, break_markup, misbehave
from freshleads.sandbox.page import Page, not_found, plain_text, redirect

__all__ = ["Page", "answer", "site_pages"]

# The share of a page's weight that is style and script, the rest being cards in its body.
_HEAD_SHARE = 0.65


@lru_cache(maxsize=4096)
def site_pages(business: Business) -> Mapping[str, Page]:
    """Return every page of a business's website by path, robots.txt and sitemap.xml included.

    Empty for a business without a site of its own. Built at the first call and kept.
    """
    site = business.site
    if site is None:
        return MappingProxyType({})
    author = Author(business, site)
    pages = {author.path(page): _write(author, page) for page in site.pages}
    pages[ROBOTS] = plain_text(_robots(author))
    if site.sitemap:
        pages["/sitemap.xml"] = _sitemap(author)
    misbehave(site.behaviour, Building(author, pages))
    return MappingProxyType(pages)


def answer(business: Business, host: str, path: str) -> Page:
    """Return what a host of this business answers for a path without its query."""
    site = business.site
    if site is None:
        return not_found()
    if host != site.host:
        return _towards(site, path)
    return site_pages(business).get(path) or not_found()


def _towards(site: SiteSpec, path: str) -> Page:
    """Return the redirect from another host of the business to the one that serves."""
    if path == ROBOTS:
        return not_found()
    if site.behaviour == "redirect_chain" and path in {"/", "/home"}:
        return redirect("/home", 302) if path == "/" else redirect(f"http://{site.host}/start", 302)
    return redirect(f"http://{site.host}{path}")


def _write(author: Author, page: str) -> Page:
    site = author.site
    document = break_markup(site.behaviour, write_document(author, page))
    before, _, rest = document.partition(BULK_MARK)
    middle, _, after = rest.partition(FILLER_MARK)
    wanted = site.weight if page == "home" else site.weight * 3 // 4
    missing = wanted - len(document.encode())
    parts = (
        before.encode(),
        shared_bulk(site.markup, int(missing * _HEAD_SHARE)),
        middle.encode(),
        shared_filler(site.language, int(missing * (1 - _HEAD_SHARE))),
        after.encode(),
    )
    return Page(parts=parts)


def _robots(author: Author) -> str:
    lines = ["User-agent: *", "Disallow: /wp-admin/", "Disallow: /administrator/"]
    if author.site.sitemap:
        lines.append(f"Sitemap: http://{author.site.host}/sitemap.xml")
    return "\n".join(lines) + "\n"


def _sitemap(author: Author) -> Page:
    """Return the sitemap; the archive stays out, so that its depth means something."""
    urls = "".join(
        f"<url><loc>http://{author.site.host}{author.path(page)}</loc></url>"
        for page in author.site.pages
        if not page.startswith("archive-")
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'
    )
    headers = (("Content-Type", "application/xml; charset=utf-8"),)
    return Page(headers=headers, parts=(text.encode(),))
