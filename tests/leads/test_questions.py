"""Questions: what is wrong is refused by name, what means the same is the same question."""

import json
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from freshleads.lib.errors import InvalidInput
from leads.models import Lookup
from leads.questions import (
    AdsQuestion,
    CrawlQuestion,
    PlacesQuestion,
    Question,
    ReviewsQuestion,
    SearchQuestion,
    VerifyQuestion,
    question_of,
)

ALL = [
    SearchQuestion("dentists", engine="bing", page=2, results_per_page=50, recipe="gmail"),
    CrawlQuestion("example.com"),
    AdsQuestion("dentists", page=1, include_history=False),
    PlacesQuestion("dentists", latitude=1.5, longitude=2.5, radius=100, details=False),
    PlacesQuestion("dentists", location="Miami", page_token="page_1"),
    ReviewsQuestion("ChIJ1"),
    VerifyQuestion(("a@b.test", "c@d.test"), (1, 2)),
]


@pytest.mark.parametrize(
    ("question", "param"),
    [
        (SearchQuestion(" \n "), "query"),
        (SearchQuestion("x" * 401), "query"),
        (SearchQuestion("nul\0"), "query"),
        (SearchQuestion("half \ud83d"), "query"),
        (SearchQuestion("x", engine="yahoo"), "se"),
        (SearchQuestion("x", engine=""), "se"),
        (SearchQuestion("x", page=-1), "page"),
        (SearchQuestion("x", page=100), "page"),
        (SearchQuestion("x", results_per_page=0), "results_per_page"),
        (SearchQuestion("x", results_per_page=101), "results_per_page"),
        (SearchQuestion("x", recipe="a b"), "code"),
        (AdsQuestion(""), "query"),
        (AdsQuestion("x", engine="duck"), "se"),
        (AdsQuestion("x", page=10**9), "page"),
        (PlacesQuestion(""), "query"),
        (PlacesQuestion("x", location="y" * 201), "location"),
        (PlacesQuestion("x", latitude=1.0), "lng"),
        (PlacesQuestion("x", longitude=1.0), "lat"),
        (PlacesQuestion("x", latitude=91, longitude=0), "lat"),
        (PlacesQuestion("x", latitude=0, longitude=float("nan")), "lng"),
        (PlacesQuestion("x", latitude=0, longitude=0, radius=0), "radius"),
        (PlacesQuestion("x", latitude=0, longitude=0, radius=50_001), "radius"),
        (PlacesQuestion("x", radius=100), "radius"),
        (PlacesQuestion("x", page_token="a b"), "page_token"),
        (ReviewsQuestion(""), "place_id"),
        (ReviewsQuestion("a b"), "place_id"),
        (ReviewsQuestion("x" * 301), "place_id"),
    ],
)
def test_a_wrong_parameter_is_named(question: Question, param: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        question.checked()
    assert caught.value.param == param


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "127.0.0.1",
        "8.8.8.8",
        "0x7f.1",
        "2130706433",
        "[::1]",
        "http://[2001:db8::1]/",
        "localhost",
        "intranet",
        "printer.local",
        "metadata.google.internal",
        "x.onion",
        "com",
        "co.uk",
        "file:///etc/passwd",
        "ftp://example.com",
        "javascript:alert(1)",
        "mailto:a@example.com",
        "http://user:pass@example.com/",
        "example.com:22",
        "http://example.com:8080/",
        "exa mple.com",
        "http://",
        "a" * 2049,
        "example.com/" + "ü" * 500,
    ],
)
def test_what_cannot_be_a_public_website_is_refused_without_a_connection(
    domain: str, refused_connections: list[Any]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        CrawlQuestion(domain).checked()
    assert caught.value.param == "domain"
    assert refused_connections == []


def test_sandbox_websites_are_public_in_the_sandbox_only(settings: Settings) -> None:
    assert CrawlQuestion("bright.test").checked().url == "https://bright.test/"
    settings.SANDBOX = False
    with pytest.raises(InvalidInput):
        CrawlQuestion("bright.test").checked()


@pytest.mark.parametrize(
    ("domain", "url"),
    [
        ("example.com", "https://example.com/"),
        (" HTTPS://Example.COM ", "https://example.com/"),
        ("//example.com", "https://example.com/"),
        ("example.com.", "https://example.com/"),
        ("http://example.com:80/#top", "http://example.com/"),
        ("example.com/About?Page=1", "https://example.com/About?Page=1"),
        ("bücher.de", "https://xn--bcher-kva.de/"),
    ],
)
def test_a_website_has_one_spelling_and_keeps_its_path(domain: str, url: str) -> None:
    assert CrawlQuestion(domain).checked().url == url


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SearchQuestion("Dentists  Miami "), SearchQuestion("dentists miami", engine=" Google")),
        (SearchQuestion("x", recipe="GMail"), SearchQuestion("x", recipe="gmail")),
        (CrawlQuestion("Example.com"), CrawlQuestion("https://example.com/")),
        (AdsQuestion("A  b"), AdsQuestion("a B")),
        (PlacesQuestion("A", location="Miami, FL"), PlacesQuestion("a", location=" miami,  fl")),
        (
            PlacesQuestion("a", latitude=1, longitude=2),
            PlacesQuestion("a", latitude=1.0000001, longitude=2.0),
        ),
        (VerifyQuestion((" A@B.test",)), VerifyQuestion(("a@b.test",))),
    ],
)
def test_what_means_the_same_has_the_same_key(one: Question, other: Question) -> None:
    assert one.checked().key == other.checked().key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SearchQuestion("cats OR dogs"), SearchQuestion("cats or dogs")),
        (SearchQuestion("x"), SearchQuestion("x", recipe="gmail")),
        (SearchQuestion("x"), AdsQuestion("x")),
        (CrawlQuestion("http://example.com"), CrawlQuestion("https://example.com")),
        (CrawlQuestion("example.com/a"), CrawlQuestion("example.com/A")),
        (AdsQuestion("x"), AdsQuestion("x", include_history=False)),
        (PlacesQuestion("x in y"), PlacesQuestion("x in y", details=False)),
        (ReviewsQuestion("ChIJa"), ReviewsQuestion("ChIJA")),
        (VerifyQuestion(("a@b.test",)), VerifyQuestion(("a@b.test",), (1,))),
    ],
)
def test_what_means_another_thing_has_another_key(one: Question, other: Question) -> None:
    assert one.checked().key != other.checked().key


@pytest.mark.parametrize("question", ALL)
def test_a_question_survives_its_row(question: Question) -> None:
    checked = question.checked()
    stored = json.loads(json.dumps(checked.parameters()))
    again = question_of(Lookup(kind=checked.kind, parameters=stored)).checked()
    assert (again, again.key, len(again.key)) == (checked, checked.key, 64)


def test_what_is_shown_again_keeps_its_letters() -> None:
    assert SearchQuestion(" Dentists  Miami").checked().query == "Dentists Miami"


def test_each_kind_says_what_it_can_cost_at_most() -> None:
    assert [question.max_credits for question in ALL] == [10, 15, 10, 1, 200, 5, 0]
