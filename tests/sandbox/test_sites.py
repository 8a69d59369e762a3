"""The pages of invented sites: the same bytes, real sizes, what the plan says and nothing else."""

import base64
import codecs
import random
import re
import statistics
from collections import Counter
from html import unescape
from urllib.parse import unquote

import phonenumbers
import pytest

from freshleads.sandbox import obfuscated_markup, obfuscated_scripts
from freshleads.sandbox.casting import ORDINARY
from freshleads.sandbox.decoys import DECOYS
from freshleads.sandbox.entities import Business, Contact
from freshleads.sandbox.obfuscations import show
from freshleads.sandbox.sight import Sight
from freshleads.sandbox.sites import answer, site_pages
from freshleads.sandbox.truth import site_truth
from freshleads.sandbox.world import World, build_world

ADDRESS = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")


def _playing(world: World, behaviour: str) -> list[Business]:
    return [b for b in world.businesses if b.site and b.site.behaviour == behaviour]


def _html(business: Business) -> str:
    """Return all HTML pages of an ordinary site as one text."""
    return "\n".join(
        page.body.decode()
        for page in site_pages(business).values()
        if page.headers[0][1].startswith("text/html")
    )


def _shown(technique: str, *emails: str, seed: int = 1) -> str:
    contact = Contact(emails or ("info@bright-smiles.test",), technique, "home")
    return show(contact, "Bright Smiles", "en", random.Random(seed))


def test_the_same_seed_gives_the_same_bytes(world: World) -> None:
    site_pages.cache_clear()
    again = build_world.__wrapped__(1)
    for one, two in list(zip(world.businesses, again.businesses, strict=True))[::40]:
        first = {path: page.body for path, page in site_pages(one).items()}
        site_pages.cache_clear()
        assert {path: page.body for path, page in site_pages(two).items()} == first


def test_ordinary_pages_have_the_sizes_of_real_ones(world: World) -> None:
    sizes = [
        len(page.body)
        for business in _playing(world, ORDINARY)[::4]
        for path, page in site_pages(business).items()
        if not path.endswith((".txt", ".xml"))
    ]

    assert 30_000 < statistics.median(sizes) < 50_000
    assert min(sizes) > 2_000
    assert 150_000 < max(sizes) < 300_000


def test_sites_have_one_to_twenty_five_pages(world: World) -> None:
    counts = Counter(len(b.site.pages) for b in world.businesses if b.site)

    assert min(counts) == 1
    assert 20 <= max(counts) <= 25


def test_every_menu_link_leads_to_a_page(world: World) -> None:
    for business in _playing(world, ORDINARY)[::9]:
        assert business.site
        pages = site_pages(business)
        text = pages["/"].body.decode()
        links = re.findall(r'<a href="([^"#:]{1,200})"', text, re.IGNORECASE)
        links += re.findall(rf'href="http://{business.site.host}(/[^"]{{0,100}})"', text)
        for link in links:
            path = "/" + link.lstrip("./")
            assert path in pages or path.startswith(("/wp-json", "/cdn-cgi")), (
                business.site.host,
                link,
            )


def test_an_impressum_stands_on_every_german_site_of_several_pages(world: World) -> None:
    german = [b for b in _playing(world, ORDINARY) if b.site and b.site.language == "de"]
    several = [b for b in german if b.site and len(b.site.pages) > 1]

    assert len(several) > 30
    assert all(any("impressum" in path for path in site_pages(b)) for b in several)


@pytest.mark.parametrize("key", DECOYS)
def test_each_decoy_occurs_on_several_sites(world: World, key: str) -> None:
    assert sum(key in b.site.decoys for b in world.businesses if b.site) >= 5


def test_no_page_shows_an_address_that_the_plan_does_not_know(world: World) -> None:
    for business in _playing(world, ORDINARY)[::5]:
        truth = site_truth(business)
        known = truth.emails | truth.unfindable_emails | truth.decoys
        found = {mail.lower().rstrip(".") for mail in ADDRESS.findall(unescape(_html(business)))}
        assert found - known == set(), business.website


def test_no_page_shows_a_number_that_the_plan_does_not_know(world: World) -> None:
    for business in _playing(world, ORDINARY)[::8]:
        truth = site_truth(business)
        text = re.sub(r"<(script|style)\b.*?</\1>", " ", _html(business), flags=re.DOTALL)
        visible = unescape(re.sub(r"<[^>]{1,2000}>", " ", text))
        found = {
            phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            for match in phonenumbers.PhoneNumberMatcher(visible, business.country)
        }
        assert found - truth.phones - truth.faxes == set(), business.website


def test_cloudflare_code_is_a_key_and_the_address_xored_with_it() -> None:
    code = bytes.fromhex(re.findall(r'data-cfemail="(\w+)"', _shown("cloudflare_span"))[0])

    assert bytes(byte ^ code[0] for byte in code[1:]) == b"info@bright-smiles.test"
    assert b"info" not in code


@pytest.mark.parametrize("vector", range(-10, 11))
def test_typo3_shift_is_undone_by_the_opposite_shift(vector: int) -> None:
    link = "mailto:info@bright-smiles.test"
    shifted = obfuscated_scripts.typo3_shift(link, vector)

    assert obfuscated_scripts.typo3_shift(shifted, -vector) == link


def test_typo3_shift_agrees_with_the_links_that_typo3_writes() -> None:
    # TYPO3 pages with offset 2 are known by their "ocknvq,": the colon wraps round to a comma.
    assert obfuscated_scripts.typo3_shift("mailto:", 2) == "ocknvq,"


def test_entities_hide_the_address_from_a_plain_search_and_unescape_to_it() -> None:
    for technique in ("entities_decimal", "entities_hex", "entities_mixed"):
        html = _shown(technique)
        assert "info@bright-smiles.test" not in html
        assert "mailto:info@bright-smiles.test" in unquote(unescape(html))


def test_scripts_do_not_show_the_address_literally() -> None:
    hidden = (
        *("joomla_cloak", "typo3_linkto", "js_write", "js_concat", "js_charcodes", "js_unescape"),
        *("js_atob", "rot13", "enkoder", "joomla_hidden", "reversed", "hidden_decoy"),
        *("hidden_comment", "split_inline", "words_bracketed", "words_local", "words_bare"),
        *("base64_attribute", "data_user_domain", "data_name_domain_tld", "fullwidth_at"),
        *("spamspan", "spamspan_dot", "mailto_percent", "cloudflare_href"),
    )
    for technique in hidden:
        for seed in range(6):
            assert "info@bright-smiles.test" not in _shown(technique, seed=seed), technique


def test_joomla_cloak_concatenates_to_the_address() -> None:
    lines = [line for line in _shown("joomla_cloak").split("\n") if "addy" in line[:10]]
    literals = [literal for line in lines for literal in re.findall(r"'([^']*)'", line)]
    text = unescape("".join(literals))

    assert text == "info@bright-smiles.test"


def test_base64_and_rot13_decode_to_the_address() -> None:
    encoded = re.findall(r'data-\w+="([\w+/=]+)"', _shown("base64_attribute"))[0]
    rotated = {codecs.decode(_shown("rot13", seed=seed), "rot13") for seed in range(6)}

    assert base64.b64decode(encoded) == b"info@bright-smiles.test"
    assert all("mailto:info@bright-smiles.test" in text for text in rotated)


def test_mailto_of_many_has_further_recipients_and_a_copy() -> None:
    html = _shown("mailto_many", "a@x.test", "b@x.test", "c@x.test")

    assert 'href="mailto:a@x.test,%20b@x.test?cc=c@x.test"' in html


def test_cloudflare_keys_differ_from_page_to_page() -> None:
    codes = {
        obfuscated_markup.cloudflare_code(Sight(("a@b.test",), "", "", "en", random.Random(seed)))
        for seed in range(9)
    }

    assert len(codes) > 5


def test_broken_sites_are_broken_as_announced(world: World) -> None:
    for business in _playing(world, "broken_unclosed"):
        assert b"</div>" not in b"".join(site_pages(business)["/"].parts[::2])
    for business in _playing(world, "broken_comment"):
        body = site_pages(business)["/"].body
        assert body.rindex(b"<!--") > body.rindex(b"-->") if b"-->" in body else b"<!--" in body
    for business in _playing(world, "broken_early_end"):
        body = site_pages(business)["/"].body
        assert body.index(b"</html>") < body.index(b"<h1>")
    for business in _playing(world, "broken_deep"):
        assert b"<div>" * 400 in site_pages(business)["/"].body


def test_huge_pages_are_five_megabytes_that_sites_share(world: World) -> None:
    homes = [site_pages(b)["/"] for b in _playing(world, "huge_home")]

    assert all(len(page.body) > 5_000_000 for page in homes)
    assert len({id(page.parts[1]) for page in homes}) == 1


def test_another_host_of_the_business_redirects_to_the_serving_one(world: World) -> None:
    for business in _playing(world, "redirect_other"):
        assert business.site and business.domain
        page = answer(business, business.domain, "/")
        assert page.status == 301
        assert dict(page.headers)["Location"] == f"http://{business.site.host}/"


def test_a_chain_has_three_redirects_and_ends_at_the_home_page(world: World) -> None:
    business = _playing(world, "redirect_chain")[0]
    assert business.site and business.domain
    host, path, hops = business.domain, "/", 0
    while (page := answer(business, host, path)).status in {301, 302}:
        hops += 1
        location = dict(page.headers)["Location"].removeprefix(f"http://{business.site.host}")
        if len(location) < len(dict(page.headers)["Location"]):
            host = business.site.host
        path = location

    assert (hops, host, path, page.status) == (3, business.site.host, "/", 200)


def test_a_business_without_a_site_has_no_pages(world: World) -> None:
    business = next(b for b in world.businesses if b.site is None)

    assert dict(site_pages(business)) == {}
    assert answer(business, "any.test", "/").status == 404
