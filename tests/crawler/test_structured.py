"""Facts from JSON-LD, microdata and meta tags, however broken."""

import json
from typing import Any

import pytest

from leads.crawler.extraction import PageFacts, extract
from leads.crawler.structured import read_json_ld

BUSINESS: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Dentist",
    "name": "Bright &amp; Co",
    "email": ["mailto:info@bright.test"],
    "telephone": "(305) 555-0123",
    "faxNumber": "(305) 555-0124",
    "priceRange": "$$",
    "address": {
        "@type": "PostalAddress",
        "streetAddress": "1 Main St",
        "addressLocality": "Miami",
        "postalCode": 33101,
        "addressCountry": {"@type": "Country", "name": "US"},
    },
    "geo": {"latitude": "25.7", "longitude": -80.2},
    "openingHours": ["Mo-Fr 09:00-17:00"],
    "openingHoursSpecification": [
        {"dayOfWeek": ["https://schema.org/Saturday"], "opens": "10:00", "closes": "12:00"}
    ],
    "aggregateRating": {"ratingValue": 4.8, "reviewCount": 31},
    "sameAs": ["https://www.facebook.com/bright"],
}


def page(head: str, body: str = "<p>Hi") -> PageFacts:
    return extract(f"<head>{head}</head><body>{body}".encode(), "http://bright.test/a/b")


def json_ld(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def test_reads_a_business() -> None:
    facts = page(json_ld({"@graph": [{"@type": "WebSite", "name": "W"}, BUSINESS]}))
    assert facts.business == {
        "type": "Dentist",
        "name": "Bright & Co",
        "price_range": "$$",
        "address": {
            "street": "1 Main St",
            "city": "Miami",
            "postal_code": "33101",
            "country": "US",
        },
        "geo": {"latitude": 25.7, "longitude": -80.2},
        "opening_hours": ["Mo-Fr 09:00-17:00", "Saturday 10:00-12:00"],
        "rating": {"value": "4.8", "count": "31"},
        "same_as": ["https://www.facebook.com/bright"],
    }
    assert [one.value for one in facts.emails] == ["info@bright.test"]
    assert [one.value for one in facts.phones] == ["+13055550123"]
    json.dumps(facts.business)


@pytest.mark.parametrize(
    "text",
    [
        '<!-- {"email":"info@bright.test"} -->',
        '//<![CDATA[\n{"email":"info@bright.test"}\n//]]>',
        '{"email":"info@bright.test",}',
        '{"email":"info@bright.test","x":"line\nbreak"}',
        "{&quot;email&quot;:&quot;info@bright.test&quot;}",
        '[[{"a":{"b":[{"email":"info@bright.test"}]}}]]',
    ],
)
def test_reads_broken_json(text: str) -> None:
    assert read_json_ld([text]).emails == ["info@bright.test"]


@pytest.mark.parametrize("text", ["", "{", "null", "[1, true]", "[" * 100_000, '{"email": {}}'])
def test_what_is_no_json_object_says_nothing(text: str) -> None:
    facts = read_json_ld([text])
    assert (facts.emails, facts.phones, facts.business) == ([], [], {})


def test_people_and_articles_are_no_businesses() -> None:
    person = {"@type": "Person", "name": "Ann", "telephone": "305 555 0123"}
    assert page(json_ld(person)).business == {}


def test_microdata_gives_address_and_hours() -> None:
    facts = page(
        "",
        '<div itemscope itemtype="https://schema.org/Dentist"><i itemprop="streetAddress">1 Main'
        '</i><i itemprop="addressLocality">Miami</i><time itemprop="openingHours" '
        'datetime="Mo-Fr 9-17">weekdays</time></div>',
    )
    assert facts.business == {
        "address": {"street": "1 Main", "city": "Miami"},
        "opening_hours": ["Mo-Fr 9-17"],
    }


def test_reads_what_a_page_says_about_itself() -> None:
    metadata = page(
        "<title> Bright\n Smiles </title><meta name=Description content=' We  smile '>"
        "<meta name=keywords content='a, b'><meta property='og:image' content='../i.png'>"
        "<meta property='og:title' content='Other'>"
    ).metadata
    assert metadata.title == "Bright Smiles"
    assert metadata.description == "We smile"
    assert metadata.keywords == "a, b"
    assert metadata.image == "http://bright.test/i.png"


def test_open_graph_fills_what_is_missing() -> None:
    metadata = page(
        "<meta property='og:title' content='Bright'><meta property='og:description' content='D'>"
        "<meta property='og:image' content='javascript:alert(1)'>"
    ).metadata
    assert (metadata.title, metadata.description, metadata.image) == ("Bright", "D", "")
