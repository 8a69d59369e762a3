"""Every way of writing an address that the crawler reads, and what it must not read."""

import base64
import codecs
from collections.abc import Callable

import pytest

from leads.crawler.emails import addresses_of_mailto, rank
from leads.crawler.extraction import extract

URL = "http://bright.test/"


def emails(markup: str, url: str = URL) -> list[tuple[str, str]]:
    return [(one.value, one.method) for one in extract(markup.encode(), url).emails]


def cloudflare(address: str, key: int = 0x5A) -> str:
    return f"{key:02x}" + "".join(f"{byte ^ key:02x}" for byte in address.encode())


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS: dict[str, tuple[str, str]] = {
    "plain text": ("<p>Write to info@bright.test.</p>", "text"),
    "mailto": ('<a href="mailto:info@bright.test">x</a>', "mailto"),
    "shouted mailto": ('<A HREF="MAILTO:Info@Bright.TEST?subject=Hi">x</A>', "mailto"),
    "percent": ('<a href="mailto:%69nfo%40bright%2Etest">x</a>', "mailto"),
    "entities": ('<a href="&#109;ailto&#58;&#x69;nfo&#64;bright.test">x</a>', "mailto"),
    "entities twice": ('<a href="mailto:&amp;#105;nfo&amp;#64;bright.test">x</a>', "mailto"),
    "text entities twice": ("<p>info&amp;#64;bright.test</p>", "text"),
    "name and brackets": ('<a href="mailto:Bob%20%3Cinfo@bright.test%3E">x</a>', "mailto"),
    "http before it": ('<a href="http://info@bright.test">x</a>', "link"),
    "no scheme": ('<a href="info@bright.test">x</a>', "link"),
    "cloudflare": (f'<a data-cfemail="{cloudflare("info@bright.test")}">x</a>', "cloudflare"),
    "cloudflare link": (
        f'<a href="/cdn-cgi/l/email-protection#{cloudflare("info@bright.test", 7)}">x</a>',
        "cloudflare",
    ),
    "joomla 5": (
        f'<joomla-hidden-mail first="{b64("info")}" last="{b64("bright.test")}">x'
        "</joomla-hidden-mail>",
        "joomla",
    ),
    "joomla 3": (
        "<script>var addy1 = 'in' + 'f&#111;' + '&#64;';\n"
        "addy1 = addy1 + 'bright' + '&#46;' + 'test'; document.write(addy1);</script>",
        "script",
    ),
    "typo3": (
        '<a href="#" data-mailto-token="ocknvq,kphqBdtkijv0vguv" data-mailto-vector="2">x</a>',
        "typo3",
    ),
    "typo3 call": (
        "<a href=\"javascript:linkTo_UnCryptMailto('ocknvq,kphqBdtkijv0vguv');\">x</a>",
        "typo3",
    ),
    "spamspan": (
        '<span class="spamspan"><span class="u">info</span> [at] '
        '<span class="d">bright [dot] test</span></span>',
        "spamspan",
    ),
    "concatenated": ("<script>document.write('in'+'fo@br'+'ight.te'+'st')</script>", "script"),
    "char codes": (
        f"<script>String.fromCharCode({','.join(str(ord(c)) for c in 'info@bright.test')})"
        "</script>",
        "script",
    ),
    "unescape": (
        "<script>eval(unescape('%64ocument.write%28%27info%40bright.test%27%29'))</script>",
        "script",
    ),
    "atob": (f'<script>a.href = atob("{b64("mailto:info@bright.test")}")</script>', "script"),
    "names joined": (
        "<script>const u='info', d=\"bright.test\"; a.textContent = `${u}@${d}`</script>",
        "script",
    ),
    "handler": ("<a onclick=\"location='mai'+'lto:info'+'@bright.test'\">x</a>", "script"),
    "json for scripts": (
        '<script type="application/json">{"mail":"info\\u0040bright.test"}</script>',
        "data",
    ),
    "rot13 link": (f'<a href="{codecs.encode("mailto:info@bright.test", "rot13")}">', "rot13"),
    "rot13 class": (f'<b class="rot13">{codecs.encode("info@bright.test", "rot13")}</b>', "rot13"),
    "reversed": (
        '<b style="unicode-bidi:bidi-override;direction:rtl">tset.thgirb@ofni</b>',
        "text",
    ),
    "reversed by class": (
        "<style>.r{direction:rtl;unicode-bidi:bidi-override}</style>"
        '<b class="r">tset.thgirb@ofni</b>',
        "text",
    ),
    "bdo": ('<bdo dir="rtl">tset.thgirb@ofni</bdo>', "text"),
    "salted with hidden text": (
        'info<i style="display: none">nospam</i>@<!-- x -->bright.test',
        "text",
    ),
    "salted by class": (
        "<style>.s{display:none}</style>info<i class=s>nospam</i>@bright.test",
        "text",
    ),
    "split inline": ("<span>info</span>@<b>bright</b>.<wbr>test", "text"),
    "glued blocks": ("<div>Mail</div><div>info@bright.test</div><div>Phone</div>", "text"),
    "picture of the sign": ('info<img src="a.gif" alt="@">bright.test', "text"),
    "full-width sign": ("info\uff20bright.test", "text"),
    "zero-width spaces": ("info\u200b@\u200bbright.test", "text"),
    "brackets": ("info [at] bright [dot] test", "words"),
    "language of the site": ("info (arobase) bright (point) test", "words"),
    "bare words": ("E-Mail: info at bright dot test", "words"),
    "base64 attribute": (f'<i data-e="{b64("info@bright.test")}">x</i>', "base64"),
    "attribute pair": ('<a data-user="info" data-domain="bright.test">x</a>', "data_attributes"),
    "attribute triple": (
        '<a data-name="info" data-domain="bright" data-tld="test">x</a>',
        "data_attributes",
    ),
    "label for screen readers": ('<a aria-label="Email info@bright.test">x</a>', "attribute"),
    "json-ld": (
        '<script type="application/ld+json">{"@type":"Dentist","email":"info@bright.test"}'
        "</script>",
        "json_ld",
    ),
    "microdata": ('<meta itemprop="email" content="info@bright.test">', "microdata"),
    "rdfa": ('<i property="schema:email" content="info@bright.test"></i>', "rdfa"),
    "hcard": ('<p class="vcard"><a class="email" href="x">info(at)bright.test</a></p>', "words"),
    "noscript": ("<noscript><p>info@bright.test</p></noscript>", "text"),
    "template": ("<template><p>info@bright.test</p></template>", "text"),
    "unclosed title": ("<title>Bright<p>info@bright.test", "text"),
    "unclosed comment": ("<!-- Bright <p>info@bright.test", "text"),
    "unclosed style": ("<style>.a{} <p>info@bright.test</p>", "text"),
}


@pytest.mark.parametrize("form", FORMS)
def test_reads_one_address_and_nothing_else(form: str) -> None:
    markup, method = FORMS[form]
    assert emails(f"<html><body>{markup}</body></html>") == [("info@bright.test", method)]


@pytest.mark.parametrize(
    "markup",
    [
        "found at knowyouroptions.com",
        "Look at the dot com boom",
        "Find us at bright.test, visit our shop at bright.test",
        "<h2>Shop at bright.test</h2>",
        "Follow us @ bright.test",
        "look-at-me.com",
        "jquery@3.1.1 and swiper@8.0.0.min.js",
        '<img srcset="logo@2x.png 2x, hero@3x.webp 3x">',
        "<!-- info@bright.test -->",
        '<p style="display:none">info@bright.test</p>',
        '<p hidden><a href="mailto:info@bright.test">x</a></p>',
        '<input placeholder="info@bright.test">',
        "https://key@o1.ingest.bright.test/2",
        "info@bright.invalidtld",
        "<script>// info@bright.test\n/* info@bright.test */ var a = 1;</script>",
        "<script>document.write(user + '@bright.test')</script>",
        "<script>document.write('info@' + domain)</script>",
        "<script>x = 'info' + unknown + '@bright.test'</script>",
        '<a href="mailto:?subject=Look&body=http://bright.test">share</a>',
        '<a href="https://www.tiktok.com/@bright.test">x</a>',
        "tset.thgirb@ofni",
        "noreply@bright.test, admin@bright.test, test@bright.test",
        "you@example.com, info@yourdomain.com, a1b2c3d4e5f6a7b8c9d0@sentry.io, x@wix.com",
    ],
)
def test_invents_nothing(markup: str) -> None:
    assert emails(f"<html><body><p>Welcome</p>{markup}</body></html>") == []


def test_reads_every_recipient_of_a_link() -> None:
    href = "mailto:a@bright.test,b@bright.test?cc=c@bright.test;d@bright.test&BCC=e%40bright.test"
    assert list(addresses_of_mailto(href)) == [f"{letter}@bright.test" for letter in "abcde"]


@pytest.mark.parametrize(
    "written",
    [
        "info@bright.test.",
        "(info@bright.test)",
        "u003einfo@bright.test",
        "'info@bright.test'",
        "mailto:info@bright.test",
        "info@bright.test,",
        "info@bright.testPhone",
        "info@bright.test.Call us",
    ],
)
def test_takes_off_what_sticks_to_an_address(written: str) -> None:
    assert emails(f"<p>{written}</p>") == [("info@bright.test", "text")]


def test_keeps_the_surest_way_an_address_was_read() -> None:
    markup = '<p>info@bright.test</p><a href="mailto:info@bright.test">x</a>'
    assert emails(markup) == [("info@bright.test", "mailto")]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("a@bright.test", 0), ("a@mail.bright.test", 0), ("a@gmail.com", 1), ("a@notbright.test", 2)],
)
def test_ranks_the_own_domain_before_free_mail_before_others(address: str, expected: int) -> None:
    assert rank(address, "bright.test") == expected


def test_a_page_yields_a_bounded_number_of_addresses() -> None:
    markup = " ".join(f"a{number}@bright.test" for number in range(500))
    assert len(emails(markup)) == 50


def test_reads_the_address_of_a_site_builders_own_website() -> None:
    page: Callable[[str], list[tuple[str, str]]] = lambda url: emails("hello@wix.com", url)  # noqa: E731
    assert page("https://www.wix.com/") == [("hello@wix.com", "text")]
    assert page("https://bright.test/") == []
