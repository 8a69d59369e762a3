"""Writes the HTML documents of one website from its plan, before any misbehaviour."""

import random
from dataclasses import dataclass
from html import escape

from freshleads.sandbox import contact_markup
from freshleads.sandbox.decoys import decoy
from freshleads.sandbox.entities import Business, SiteSpec
from freshleads.sandbox.layouts import LAYOUTS, Sheet, lay_out, page_link, page_path
from freshleads.sandbox.wording import WORDINGS, page_label, page_slug

# In a huge home page the last address stands after this, megabytes below the first.
END_OF_CONTENT = "<!-- end of content -->"
_FOOTER_PAGES = frozenset({"legal", "privacy"})


@dataclass(frozen=True)
class Author:
    """One website being written: a business that has a site, and the paths of its pages."""

    business: Business
    site: SiteSpec

    def path(self, page: str) -> str:
        """Return the path of a page key."""
        return page_path(LAYOUTS[self.site.markup], page_slug(self.site.language, page))

    def link(self, page: str, label: str | None = None) -> str:
        """Return an HTML link to a page key, written as the site builder writes links."""
        text = label or page_label(self.site.language, page)
        return f'<a href="{escape(self.href(page))}">{escape(text)}</a>'

    def href(self, page: str) -> str:
        """Return the address of a page key as the site builder writes it."""
        return page_link(LAYOUTS[self.site.markup], self.site.host, self.path(page))

    def dice(self, page: str) -> random.Random:
        """Return the random source of one page: the same on each run."""
        return random.Random(f"{self.business.place_id}:{page}")


def home_title(business: Business) -> str:
    """Return the title of the home page."""
    return f"{business.name} | {business.trade_label} in {business.city}"


def home_description(business: Business, site: SiteSpec) -> str:
    """Return the meta description of the home page."""
    return f"{business.name}, {business.city}. {WORDINGS[site.language].sentences[0]}"


def write_document(author: Author, page: str) -> str:
    """Return one page as HTML, with marks where bulk and filler belong (see layouts)."""
    business, site = author.business, author.site
    rng = author.dice(page)
    at_home = page == "home"
    title = home_title(business)
    if not at_home:
        title = f"{page_label(site.language, page)} - {business.name}"
    sheet = Sheet(
        host=site.host,
        language=site.language,
        name=business.name,
        title=title,
        description=home_description(business, site) if at_home else title,
        menu=_menu(author),
        head=_head(author, page),
        top=f'<div class="topbar">{contact_markup.opening_hours(site)}</div>',
        sections=tuple(_sections(author, page, rng)),
        footer=_footer(author, rng),
        cookies=_cookie_banner(site),
    )
    return lay_out(LAYOUTS[site.markup], sheet)


def _menu(author: Author) -> tuple[tuple[str, str], ...]:
    return tuple(
        (author.href(page), page_label(author.site.language, page))
        for page in author.site.pages
        if page not in _FOOTER_PAGES and not page.startswith(("archive-", "post-"))
    )


def _head(author: Author, page: str) -> str:
    business, site = author.business, author.site
    lines = [
        f'<meta property="og:title" content="{escape(business.name)}">',
        f'<meta property="og:image" content="http://{site.host}/media/front.jpg">',
        f'<meta name="keywords" content="{escape(business.trade_label)}, {business.city}">',
    ]
    if page == "home" and author.dice("json-ld").random() < 0.45:
        lines.append(contact_markup.json_ld(business, site))
    return "\n".join(lines)


def _sections(author: Author, page: str, rng: random.Random) -> list[str]:
    business, site = author.business, author.site
    words = WORDINGS[site.language]
    heading = page_label(site.language, page)
    if page == "home":
        heading = f"{words.welcome} {business.name}"
    sections = [f"<h1>{escape(heading)}</h1>" + _prose(site, rng)]
    if page == "home":
        sections += _decoys(author)
        sections.append(_post_list(author))
    elif page == "contact":
        sections.append(contact_markup.postal_address(business, site) + _contact_form(site))
    elif page == "team":
        sections += [f"<h3>{escape(person)}</h3><p>{words.staff_role}</p>" for person in site.staff]
    elif page == "legal":
        sections.append(contact_markup.company_particulars(business, site, rng))
        sections.append(contact_markup.postal_address(business, site))
    elif page.startswith(("post-", "blog")):
        sections.append(contact_markup.SHARE_LINKS.format(host=site.host))
    sections.append(contact_markup.contact_lines(business, site, page, rng))
    sections.append(_prose(site, rng) + _older_link(author, page))
    last = contact_markup.contact_lines(business, site, "end", rng) if page == "home" else ""
    sections.append(last and END_OF_CONTENT + last)
    return [section for section in sections if section]


def _prose(site: SiteSpec, rng: random.Random) -> str:
    sentences = WORDINGS[site.language].sentences
    paragraphs = (" ".join(rng.sample(sentences, 3)) for _ in range(rng.randint(1, 4)))
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _decoys(author: Author) -> list[str]:
    site = author.site
    snippets = [decoy(key, site, author.business.mail.domain)[0] for key in site.decoys]
    if author.dice("share").random() < 0.25:
        snippets.append(contact_markup.SHARE_LINKS.format(host=site.host))
    return snippets


def _post_list(author: Author) -> str:
    posts = [page for page in author.site.pages if page.startswith("post-")]
    return "".join(f"<h4>{author.link(post)}</h4>" for post in posts)


def _older_link(author: Author, page: str) -> str:
    """Return the link to the next page of the archive, which no menu shows."""
    chain = {"blog": "archive-2", "archive-2": "archive-3", "archive-3": "archive-4"}
    older = chain.get(page)
    if older not in author.site.pages:
        return ""
    return (
        f'<div class="nav-links">{author.link(older, WORDINGS[author.site.language].older)}</div>'
    )


def _contact_form(site: SiteSpec) -> str:
    words = WORDINGS[site.language]
    return (
        '<form method="post" action="#"><input type="text" name="name">'
        f'<input type="email" name="email" placeholder="{words.email}"><textarea></textarea>'
        '<button type="submit">OK</button></form>'
    )


def _footer(author: Author, rng: random.Random) -> str:
    business, site = author.business, author.site
    legal = " | ".join(author.link(page) for page in site.pages if page in _FOOTER_PAGES)
    return "\n".join(
        (
            f"<div><strong>{escape(business.name)}</strong></div>",
            contact_markup.postal_address(business, site),
            contact_markup.contact_lines(business, site, "footer", rng),
            contact_markup.social_links(site, author.dice("social")) if site.socials else "",
            f'<div class="legal">{legal}</div><div>&copy; 2009-2025 {escape(business.name)}</div>',
        )
    )


def _cookie_banner(site: SiteSpec) -> str:
    words = WORDINGS[site.language]
    return (
        f'<div id="cookie-banner" role="dialog"><p>{words.cookies}</p>'
        f'<button type="button">{words.accept}</button></div>'
    )
