"""One strict reading of web addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freshleads.lib.errors import InvalidInput
from freshleads.lib.urls import canonical_host, is_ip_address, parse_web_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://example.com", "http://example.com/"),
        ("HTTPS://EXAMPLE.com:443/A?b=C#d", "https://example.com/A?b=C"),
        ("http://example.com:80", "http://example.com/"),
        ("http://example.com:/", "http://example.com/"),
        ("https://example.com:80/", "https://example.com:80/"),
        ("http://example.com.?a", "http://example.com/?a"),
        (" http://example.com/ \n", "http://example.com/"),
        ("http://Bücher.example/ü?ß", "http://xn--bcher-kva.example/%C3%BC?%C3%9F"),
        ("http://faß.de/", "http://xn--fa-hia.de/"),
        ('http://example.com/a b"<>\\^`{|}', "http://example.com/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("http://example.com/%41%zz", "http://example.com/%41%zz"),
        ("http://example.com/@user:80/\\x", "http://example.com/@user:80/%5Cx"),
        ("http://a_b.example.com/", "http://a_b.example.com/"),
        ("http://[2606:4700:0:0::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("http://0x8.8.0x808/", "http://8.8.8.8/"),
    ],
)
def test_writes_an_address_in_one_way(text: str, expected: str) -> None:
    url = parse_web_url(text)
    assert str(url) == expected
    assert parse_web_url(str(url)) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "//example.com/",
        "ftp://example.com/",
        "javascript:alert(1)",
        "http:example.com",
        "http:/example.com",
        "http:\\\\example.com",
        "http://",
        "http:///path",
        "http://user@example.com/",
        "http://user:pass@example.com/",
        "http://@example.com/",
        "http://example.com\\@evil.com/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:999999/",
        "http://example.com:80a/",
        "http://example.com:-80/",
        "http://exa mple.com/",
        "http://exa\x00mple.com/",
        "http://exa\x7fmple.com/",
        "http://exa%6dple.com/",
        "http://example..com/",
        "http://.example.com/",
        "http://example.com../",
        "http://[::1/",
        "http://::1/",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://[1.2.3.4]/",
        "http://[::g]/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://1.2.3.256/",
        "http://08.8.8.8/",
        "http://4294967296/",
        "http://0xfffffffff/",
        "http://example.0x7f/",
        "http://a.b.1/",
        "http://\u2100.com/",
        "http://xn--\u00fc.com/",
        "http://" + "a" * 64 + ".com/",
        "http://" + "a." * 127 + "com/",
        "http://example.com/" + "a" * 8200,
        "http://\ud800.com/",
        "http://example.com|evil.com/",
        "http://a'b.com/",
    ],
)
def test_refuses_what_parsers_could_argue_about(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_web_url(text)
    assert caught.value.param == "url"


def test_tells_addresses_from_names() -> None:
    hosts = [canonical_host(text) for text in ("127.1", "[::1]", "::1", "1.example.com", "a1")]
    assert hosts == ["127.0.0.1", "::1", "::1", "1.example.com", "a1"]
    assert [is_ip_address(host) for host in hosts] == [True, True, True, False, False]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    try:
        url = parse_web_url("http://" + text)
    except InvalidInput:
        return
    assert url.host.isascii()
    assert str(url).isascii()
    assert parse_web_url(str(url)) == url
    assert not set("@\\% \t\r\n/?#") & set(url.host)
