"""The markup that eight kinds of site builder wrap around the same content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page before it is laid out; sections, top bar and footer are finished HTML."""

    host: str
    language: str
    name: str
    title: str
    description: str
    menu: tuple[tuple[str, str], ...]
    head: str
    top: str
    sections: tuple[str, ...]
    footer: str
    cookies: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A site builder: where pages live, how links are written, what stands around a section."""

    path: str
    link: str
    head: str
    section: str
    shell: str
    menu_item: str = '<li class="menu-item"><a href="{href}">{label}</a></li>'


# {head}, {bulk} and so on are put in by lay_out; doubled braces are braces.
_HTML5 = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n{head}\n'
)
_XHTML = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{language}" lang="{language}">\n<head>\n'
    '<meta http-equiv="content-type" content="text/html; charset=utf-8" />\n{head}\n'
)
_HTML4 = (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<HTML LANG={language}>\n'
    "<HEAD>\n{head}\n"
)

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "wordpress": Layout(
            path="/{slug}/",
            link="http://{host}{path}",
            head='<meta name="generator" content="WordPress 6.8.2" />\n'
            '<link rel="https://api.w.org/" href="http://{host}/wp-json/" />',
            section='<section class="elementor-section elementor-top-section" data-id='
            '"{number:07x}" data-element_type="section">'
            '<div class="elementor-container elementor-column-gap-default">'
            '<div class="elementor-column elementor-col-100">'
            '<div class="elementor-widget-wrap elementor-element-populated">'
            '<div class="elementor-element elementor-widget elementor-widget-text-editor">'
            '<div class="elementor-widget-container">\n{content}\n'
            "</div></div></div></div></div></section>",
            shell=_HTML5 + "{bulk}</head>\n"
            '<body class="home wp-singular page-template-default elementor-default">\n'
            '<header id="masthead" class="site-header"><div class="site-branding"><a href="/" '
            'rel="home">{name}</a></div>{top}<nav id="site-navigation"><ul id="primary-menu">{menu}'
            '</ul></nav></header>\n<main id="content" class="site-main">{sections}{filler}</main>\n'
            '<footer id="colophon" class="site-footer"><div class="footer-widgets">{footer}</div>'
            "</footer>\n{cookies}\n</body>\n</html>\n",
        ),
        "joomla": Layout(
            path="/index.php/{slug}",
            link="{relative}",
            head='<base href="http://{host}/" />\n'
            '<meta name="generator" content="Joomla! - Open Source Content Management" />',
            section='<div class="item-page" itemprop="articleBody"><div class="com-content-article'
            '__body">\n{content}\n</div></div>',
            shell=_HTML5 + "{bulk}</head>\n"
            '<body class="site com_content wrapper-static view-article"><header class="header '
            'container-header"><div class="navbar-brand"><a class="brand-logo" href="/">{name}</a>'
            '</div>{top}<div class="container-nav"><ul class="mod-menu mod-list nav">{menu}</ul>'
            '</div></header><div class="site-grid"><main>{sections}{filler}</main></div>\n'
            '<footer class="container-footer footer"><div class="grid-child">{footer}</div>'
            "</footer>\n{cookies}</body></html>\n",
        ),
        "typo3": Layout(
            path="/{slug}",
            link="{path}",
            head='<meta name="generator" content="TYPO3 CMS">\n<!-- This website is powered by '
            "TYPO3 - inspiring people to share! -->",
            section='<div id="c{number}" class="frame frame-default frame-type-textpic"><div class='
            '"ce-textpic ce-left"><div class="ce-bodytext">\n{content}\n</div></div></div>',
            shell=_HTML5 + "{bulk}</head>\n"
            '<body id="p1" class="page-1 pagelevel-0"><div class="page-top">{top}<a href="/">{name}'
            '</a><nav class="main-navigation"><ul>{menu}</ul></nav></div>\n<!--TYPO3SEARCH_begin-->'
            "{sections}{filler}<!--TYPO3SEARCH_end-->\n<footer>{footer}</footer>{cookies}\n"
            "</body></html>\n",
        ),
        "drupal": Layout(
            path="/{slug}",
            link="{path}",
            head='<meta name="Generator" content="Drupal 10 (https://www.drupal.org)" />',
            section='<div class="block block-block-content block-id-{number}"><div class="content">'
            '<div class="clearfix text-formatted field field--name-body field--type-text-with-'
            'summary field__item">\n{content}\n</div></div></div>',
            shell=_HTML5 + '{bulk}</head>\n<body class="path-node page-node-type-page">\n'
            '<div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas>'
            '<header role="banner">{top}<h2>{name}</h2><nav role="navigation"><ul class="clearfix '
            'nav">{menu}</ul></nav></header><main role="main">{sections}{filler}</main>'
            '<footer class="site-footer">{footer}</footer></div>{cookies}</body></html>\n',
        ),
        "wix": Layout(
            path="/{slug}",
            link="http://{host}{path}",
            head='<meta name="generator" content="Wix.com Website Builder"/>',
            section='<section id="comp-{number:06x}" class="wixui-section"><div data-mesh-id="comp-'
            '{number:06x}inlineContent"><div class="wixui-rich-text" data-testid="richTextElement">'
            '<div class="font_8 wixui-rich-text__text"><span class="color_15">'
            "{content}</span></div></div></div></section>",
            shell=_HTML5 + "{bulk}</head><body>"
            '<div id="SITE_CONTAINER"><div id="main_MF"><div id="SCROLL_TO_TOP"></div><header id='
            '"SITE_HEADER">{top}<h1 class="font_0">{name}</h1><nav aria-label="Site"><ul>{menu}'
            '</ul></nav></header><main id="PAGES_CONTAINER"><div id="SITE_PAGES">{sections}{filler}'
            '</div></main><footer id="SITE_FOOTER">{footer}</footer></div></div>{cookies}</body>'
            "</html>",
        ),
        "tables": Layout(
            path="/{slug}.html",
            link="{relative}",
            head='<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8">\n'
            '<META NAME="GENERATOR" CONTENT="Microsoft FrontPage 4.0">',
            section="<TR><TD COLSPAN=2><FONT FACE=Verdana SIZE=2>\n{content}\n</FONT></TD></TR>",
            shell=_HTML4 + "{bulk}</HEAD>\n"
            "<BODY BGCOLOR=#FFFFFF TEXT=#333333><CENTER><TABLE WIDTH=760 BORDER=0 CELLPADDING=4>\n"
            "<TR><TD><B>{name}</B></TD><TD ALIGN=right>{top}</TD></TR>\n<TR><TD COLSPAN=2>{menu}"
            "</TD></TR>\n{sections}<TR><TD COLSPAN=2>{filler}</TD></TR>\n<TR><TD COLSPAN=2>"
            "<HR>{footer}</TD></TR></TABLE></CENTER>{cookies}</BODY></HTML>\n",
            menu_item='<A HREF="{href}">{label}</A> |',
        ),
        "bootstrap": Layout(
            path="/{slug}",
            link="{path}",
            head='<link rel="stylesheet" href="/css/bootstrap.min.css">',
            section='<section class="py-5"><div class="container"><div class="row"><div class="col-'
            'lg-8">\n{content}\n</div></div></div></section>',
            shell=_XHTML + "{bulk}</head>\n<body>\n"
            '<nav class="navbar navbar-expand-lg"><div class="container"><a class="navbar-brand" '
            'href="/">{name}</a>{top}<ul class="navbar-nav ms-auto">{menu}</ul></div></nav>\n'
            '{sections}{filler}\n<footer class="bg-dark py-4"><div class="container">{footer}</div>'
            "</footer>{cookies}\n</body>\n</html>\n",
        ),
        "onepage": Layout(
            path="/{slug}",
            link="{path}",
            head='<meta name="theme-color" content="#223344">',
            section='<section id="part-{number}" class="full-height"><div class="inner">{content}'
            "</div></section>",
            shell=_HTML5 + "{bulk}</head>\n<body>"
            '<header class="sticky"><strong>{name}</strong>{top}<nav><a href="#part-1">1</a>'
            "{menu}</nav></header>{sections}{filler}<footer>{footer}</footer>"
            "{cookies}</body></html>\n",
        ),
    }
)

# Where the shared bulk and the filler go; split out so that pages of one kind share the bytes.
BULK_MARK, FILLER_MARK = "\x00bulk\x00", "\x00filler\x00"


def page_path(layout: Layout, slug: str) -> str:
    """Return the path of a page of this layout; an empty slug is the home page."""
    return layout.path.format(slug=slug) if slug else "/"


def page_link(layout: Layout, host: str, path: str) -> str:
    """Return how the layout writes a link to one of its own pages."""
    return layout.link.format(host=host, path=path, relative=path.lstrip("/") or "./")


def lay_out(layout: Layout, sheet: Sheet) -> str:
    """Return the whole document with marks where bulk and filler belong."""
    head = "\n".join(
        (
            f"<title>{escape(sheet.title)}</title>",
            f'<meta name="description" content="{escape(sheet.description)}">',
            layout.head.format(host=sheet.host),
            sheet.head,
        )
    )
    return layout.shell.format(
        language=sheet.language,
        head=head,
        bulk=BULK_MARK,
        name=escape(sheet.name),
        top=sheet.top,
        menu="\n".join(
            layout.menu_item.format(href=escape(href), label=escape(label))
            for href, label in sheet.menu
        ),
        sections="\n".join(_sections(layout, sheet.sections)),
        filler=FILLER_MARK,
        footer=sheet.footer,
        cookies=sheet.cookies,
    )


def _sections(layout: Layout, contents: Sequence[str]) -> list[str]:
    return [
        layout.section.format(number=number, content=content)
        for number, content in enumerate(contents, start=1)
    ]
