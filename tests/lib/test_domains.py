"""Hosts, registrable domains and websites as they are kept."""

import pytest

from freshleads.lib.domains import host_of, normalise_url, registrable_domain, same_site
from freshleads.lib.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com", "example.com"),
        ("www.shop.Example.CO.UK", "example.co.uk"),
        ("https://www.shop.example.co.uk:8080/a?b", "example.co.uk"),
        ("shop.example.com/path", "example.com"),
        ("example.com:8080", "example.com"),
        ("example.com.", "example.com"),
        ("a.b.bright-smiles.test", "bright-smiles.test"),
        ("bright-smiles.test", "bright-smiles.test"),
        ("www.bücher.de", "xn--bcher-kva.de"),
        ("www.xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("www.city.kawasaki.jp", "city.kawasaki.jp"),
        ("joe.github.io", "joe.github.io"),
        ("a.joe.github.io", "joe.github.io"),
        ("co.uk", None),
        ("test", None),
        ("localhost", None),
        ("127.0.0.1", None),
        ("http://2130706433/", None),
        ("http://[::1]/", None),
        ("mailto:joe@example.com", None),
        ("joe@example.com", None),
        ("", None),
        ("..", None),
        ("exa mple.com", None),
    ],
)
def test_finds_the_domain_somebody_registered(text: str, expected: str | None) -> None:
    assert registrable_domain(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://WWW.Example.com:81/", "www.example.com"),
        ("https://bücher.de/", "xn--bcher-kva.de"),
        ("http://[::1]/", "::1"),
        ("www.example.com", None),
        ("/contact", None),
        ("tel:+123", None),
        ("http://user@example.com/", None),
    ],
)
def test_finds_the_host_of_a_url(url: str, expected: str | None) -> None:
    assert host_of(url) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("https://www.example.com/a", "example.com", True),
        ("a.example.co.uk", "http://b.example.co.uk/", True),
        ("a.github.io", "b.github.io", False),
        ("example.com", "example.org", False),
        ("http://127.0.0.1/a", "http://127.0.0.1/b", True),
        ("http://127.0.0.1/", "http://127.0.0.2/", False),
        ("http://127.0.0.1/", "example.com", False),
        ("", "", False),
        ("not a host", "not a host", False),
    ],
)
def test_tells_whether_two_belong_to_one_site(a: str, b: str, expected: bool) -> None:
    assert same_site(a, b) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com", "https://example.com/"),
        ("  Example.COM/Contact#top ", "https://example.com/Contact"),
        ("example.com:8080/x", "https://example.com:8080/x"),
        ("//example.com", "https://example.com/"),
        ("http://example.com:80", "http://example.com/"),
        ("bücher.de", "https://xn--bcher-kva.de/"),
        ("192.168.0.1", "https://192.168.0.1/"),
        ("[::1]:8443", "https://[::1]:8443/"),
        ("example.com?a=1", "https://example.com/?a=1"),
    ],
)
def test_keeps_a_website_in_one_form(text: str, expected: str) -> None:
    assert normalise_url(text) == expected
    assert normalise_url(normalise_url(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ftp://example.com",
        "mailto:joe@example.com",
        "tel:123",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "joe@example.com",
        "http://joe:pw@example.com/",
        "two words.com",
        "example.com:99999",
        "https://",
    ],
)
def test_refuses_what_is_no_website(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        normalise_url(text)
    assert caught.value.param == "url"
