"""Phone numbers from links, marked data and text; faxes, dates, prices and ids are none."""

import pytest

from leads.crawler.extraction import extract
from leads.crawler.phones import number_of_link, to_e164


def phones(markup: str, region: str = "US") -> list[tuple[str, str]]:
    found = extract(markup.encode(), "http://bright.test/", region=region).phones
    return [(one.value, one.method) for one in found]


@pytest.mark.parametrize(
    ("markup", "region", "number"),
    [
        ("Call (305) 555-0123 now", "US", "+13055550123"),
        ("Call 305.555.0123.", "US", "+13055550123"),
        ("<b>(305)</b> 555-0123", "US", "+13055550123"),
        ("<p>Suite 400</p><p>305-555-0123</p>", "US", "+13055550123"),
        ("(305)\n   555-0123", "US", "+13055550123"),
        ("Tel: 0117 496 0123", "GB", "+441174960123"),
        ("Telefon 030 / 23 12 51 23", "DE", "+493023125123"),
        ("+49 (0)30 23125 123", "US", "+493023125123"),
        ("Tél. : 04 65 71 00 12", "FR", "+33465710012"),
        ("Phone/Fax: 305-555-0123", "US", "+13055550123"),
        ("Tel/305-555-0123/Mo", "US", "+13055550123"),
    ],
)
def test_reads_numbers_in_text(markup: str, region: str, number: str) -> None:
    assert phones(markup, region) == [(number, "text")]


@pytest.mark.parametrize(
    ("href", "method"),
    [
        ("tel:+1-305-555-0123", "tel"),
        ("TEL:3055550123", "tel"),
        ("tel://305%20555%200123", "tel"),
        ("callto:+13055550123", "tel"),
        ("sms:+13055550123?body=Hi", "tel"),
        ("https://wa.me/13055550123?text=Hi", "whatsapp"),
        ("https://api.whatsapp.com/send?phone=%2B13055550123&text=Hi", "whatsapp"),
        ("whatsapp://send?phone=13055550123", "whatsapp"),
    ],
)
def test_reads_numbers_in_links(href: str, method: str) -> None:
    assert number_of_link(href, "US") == ("+13055550123", method)
    assert phones(f'<a href="{href}">x</a>') == [("+13055550123", method)]


@pytest.mark.parametrize(
    "markup",
    [
        "Fax: 305-555-0123",
        "Telefax: 305-555-0123",
        "<td>Fax</td><td>305-555-0123</td>",
        "305-555-0123 (fax)",
        'Fax: <a href="tel:3055550123">305-555-0123</a>',
        '<a href="fax:+13055550123">x</a>',
        '<span itemprop="faxNumber">305-555-0123</span>',
        '<script type="application/ld+json">{"faxNumber":"305-555-0123"}</script>305-555-0123',
        "12.05.2024 and 2019-2024 and 2024-05-12 10:30",
        "$3,055,550,123 or 3055550123 EUR€",
        "VAT 3055550123, Order 305-555-0123",
        "part 30555501234567890123",
        '<a href="tel:12">x</a>',
        "a3055550123 3055550123b",
    ],
)
def test_takes_no_fax_date_price_or_id(markup: str) -> None:
    assert [value for value, _ in phones(f"<div>{markup}</div>") if "0123" in value] == []


def test_a_phone_and_its_fax_are_told_apart_on_one_line() -> None:
    assert phones("Phone 305-555-0150 Fax: 305-555-0151") == [("+13055550150", "text")]
    assert phones("F: 305-555-0147 T: 305-555-0148") == [("+13055550148", "text")]


def test_links_come_before_text_and_each_number_once() -> None:
    markup = (
        'Call 305-555-0101 or 305-555-0102 <a href="tel:3055550102">x</a>'
        '<span itemprop="telephone">305-555-0103</span>'
    )
    assert phones(markup) == [
        ("+13055550102", "tel"),
        ("+13055550103", "microdata"),
        ("+13055550101", "text"),
    ]


def test_the_region_decides_what_a_national_number_means() -> None:
    assert to_e164("030 23125123", "DE") == "+493023125123"
    assert to_e164("0049 30 23125123", "DE") == "+493023125123"
    assert to_e164("030 23125123", "US") is None
    assert to_e164("+49 30 23125123", "") == "+493023125123"
