"""Canonical profiles of eleven networks; share links and other websites are none."""

import pytest

from leads.crawler.extraction import extract
from leads.crawler.socials import best_first, canonical_profile

PROFILES = {
    "https://www.facebook.com/bright/?ref=x#top": ("facebook", "https://www.facebook.com/bright"),
    "http://m.facebook.com/bright/about": ("facebook", "https://www.facebook.com/bright"),
    "https://fb.com/bright": ("facebook", "https://www.facebook.com/bright"),
    "https://www.facebook.com/profile.php?id=123": ("facebook", "https://www.facebook.com/123"),
    "https://facebook.com/pages/Bright/12": (
        "facebook",
        "https://www.facebook.com/pages/Bright/12",
    ),
    "https://twitter.com/bright?lang=en": ("x", "https://x.com/bright"),
    "https://twitter.com/#!/bright": ("x", "https://x.com/bright"),
    "//x.com/bright/": ("x", "https://x.com/bright"),
    "https://de.linkedin.com/company/bright/about/": (
        "linkedin",
        "https://www.linkedin.com/company/bright",
    ),
    "https://instagram.com/bright.smiles/": (
        "instagram",
        "https://www.instagram.com/bright.smiles",
    ),
    "https://youtube.com/@bright/videos": ("youtube", "https://www.youtube.com/@bright"),
    "https://www.youtube.com/channel/UC1": ("youtube", "https://www.youtube.com/channel/UC1"),
    "https://www.tiktok.com/@bright?x": ("tiktok", "https://www.tiktok.com/@bright"),
    "https://www.pinterest.co.uk/bright/": ("pinterest", "https://www.pinterest.com/bright"),
    "https://snapchat.com/add/bright": ("snapchat", "https://www.snapchat.com/add/bright"),
    "https://telegram.me/bright": ("telegram", "https://t.me/bright"),
    "https://wa.me/13055550111?text=Hi": ("whatsapp", "https://wa.me/13055550111"),
    "https://api.whatsapp.com/send?phone=%2B13055550111": (
        "whatsapp",
        "https://wa.me/13055550111",
    ),
    "https://open.spotify.com/intl-de/artist/a1?si=x": (
        "spotify",
        "https://open.spotify.com/artist/a1",
    ),
}


@pytest.mark.parametrize("url", PROFILES)
def test_gives_a_profile_its_canonical_form(url: str) -> None:
    assert canonical_profile(url) == PROFILES[url]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://www.facebook.com/dialog/share",
        "https://www.facebook.com/",
        "https://facebook.com.evil.test/bright",
        "https://notfacebook.com/bright",
        "https://netflix.com/bright",
        "https://twitter.com/intent/tweet?text=x",
        "https://x.com/share",
        "https://www.linkedin.com/shareArticle?url=x",
        "https://www.instagram.com/p/Cx1/",
        "https://www.youtube.com/watch?v=1",
        "https://www.youtube.com/embed/1",
        "https://pinterest.com/pin/create/button/?url=x",
        "https://t.me/share/url?url=x",
        "https://api.whatsapp.com/send?text=x",
        "https://open.spotify.com/embed/track/1",
        "https://www.tiktok.com/tag/x",
        "javascript:alert('facebook.com/bright')",
        "https://[facebook.com/bright",
        "",
    ],
)
def test_what_is_no_profile_is_dropped(url: str) -> None:
    assert canonical_profile(url) is None


def test_a_profile_linked_from_the_footer_comes_before_one_in_the_text() -> None:
    markup = (
        '<p><a href="https://facebook.com/partner">p</a></p>'
        '<footer><a href="https://facebook.com/bright">f</a></footer>'
    )
    links = extract(markup.encode(), "http://bright.test/").socials
    rows = [(one.network, one.value, one.method, "u", one.weight) for one in links]
    assert [row[1] for row in best_first(rows)] == [
        "https://www.facebook.com/bright",
        "https://www.facebook.com/partner",
    ]


def test_the_best_of_each_network_come_first() -> None:
    rows = [
        ("x", "https://x.com/a", "link", "u", 1),
        ("facebook", "https://www.facebook.com/a", "link", "u", 3),
        ("facebook", "https://www.facebook.com/b", "link", "u", 2),
    ]
    assert [row[1] for row in best_first(rows)] == [
        "https://www.facebook.com/a",
        "https://x.com/a",
        "https://www.facebook.com/b",
    ]


def test_reads_same_as_and_rel_me() -> None:
    markup = (
        '<link rel="me" href="https://t.me/bright">'
        '<script type="application/ld+json">{"@type":"Dentist","name":"B",'
        '"sameAs":["https://www.instagram.com/bright"]}</script>'
    )
    found = extract(markup.encode(), "http://bright.test/").socials
    assert {(one.value, one.method) for one in found} == {
        ("https://t.me/bright", "rel_me"),
        ("https://www.instagram.com/bright", "json_ld"),
    }
