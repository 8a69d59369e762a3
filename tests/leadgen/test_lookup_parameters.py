"""What the endpoints that ask the outside world refuse before any work begins."""

from typing import Any

import pytest

from freshleads.users.models import Workspace
from leads.models import Lookup
from tests.leadgen.clients import NEEDED, Api, error_of


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("/search.php", {"se": "yahoo"}, "se must be one of: google, bing."),
        ("/search.php", {"page": "-1"}, "page must be a whole number from 0 to 99."),
        ("/search.php", {"page": "100"}, "page must be a whole number from 0 to 99."),
        ("/search.php", {"results_per_page": "0"}, "results_per_page must be a whole number"),
        ("/search.php", {"results_per_page": "101"}, "results_per_page must be a whole number"),
        ("/search.php", {"query": "x" * 401}, "query may have at most 400 characters."),
        ("/crawl.php", {"domain": "http://127.0.0.1/"}, "domain must be a website's name"),
        ("/crawl.php", {"domain": "localhost"}, "domain must be"),
        ("/crawl.php", {"domain": "ftp://example.com"}, "domain"),
        ("/crawl.php", {"domain": "javascript:alert(1)"}, "domain"),
        ("/crawl.php", {"domain": "https://me:pw@example.com"}, "domain"),
        ("/crawl.php", {"domain": "https://example.com:22/"}, "domain may name no other port"),
        ("/crawl.php", {"domain": "x" * 2049}, "domain may have at most 2048 characters."),
        ("/ads.php", {"se": "duckduckgo"}, "se must be one of: google, bing."),
        ("/ads.php", {"page": "1.5"}, "page must be a whole number from 0 to 99."),
        ("/ads.php", {"include_history": "yes"}, "include_history must be true or false."),
        ("/places/search.php", {"lat": "25.7"}, "lng: lat and lng belong together"),
        ("/places/search.php", {"lat": "91", "lng": "0"}, "lat must be a number from -90 to 90."),
        ("/places/search.php", {"lat": "nan", "lng": "0"}, "lat must be a number from -90 to 90."),
        ("/places/search.php", {"lat": "0", "lng": "1e2"}, "lng must be a number from -180"),
        ("/places/search.php", {"radius": "10"}, "radius needs lat and lng, or a location."),
        ("/places/search.php", {"radius": "50001"}, "radius must be a number from 1 to 50000."),
        ("/places/search.php", {"page_token": "nothing"}, "page_token: "),
        ("/places/search.php", {"details": "2"}, "details must be true or false."),
        ("/places/search.php", {"location": "x" * 201}, "location may have at most 200"),
        ("/places/reviews.php", {"place_id": "a b"}, "place_id must be an id"),
        ("/places/reviews.php", {"place_id": "x" * 301}, "place_id may have at most 300"),
    ],
)
@pytest.mark.usefixtures("sandbox")
def test_parameters_out_of_their_bounds_are_refused_before_any_work(
    alices_api: Api, alices: Workspace, available: Any, path: str, query: Any, words: str
) -> None:
    before = available(alices)
    refused = alices_api.get(path, **{**NEEDED[path], **query})
    assert error_of(refused) == (400, "invalid_param")
    assert refused.json()["message"].startswith(words)
    assert not Lookup.objects.exists()
    assert available(alices) == before


@pytest.mark.parametrize(
    ("body", "code", "name"),
    [
        ({}, "missing_param", "emails"),
        ({"emails": None}, "missing_param", "emails"),
        ({"emails": []}, "invalid_param", "emails"),
        ({"emails": "a@acme.com"}, "invalid_param", "emails"),
        ({"emails": [5]}, "invalid_param", "emails"),
        ({"emails": [""]}, "invalid_param", "emails"),
        ({"emails": ["a@acme.com"] * 21}, "invalid_param", "emails"),
        ({"emails": ["x" * 255]}, "invalid_param", "emails"),
        ({"emails": ["a\x00@acme.com"]}, "invalid_param", "emails"),
        ({"emails": ["a@acme.com"], "lead_ids": ["1"]}, "invalid_param", "lead_ids"),
        ({"emails": ["a@acme.com"], "lead_ids": [1, 2]}, "invalid_param", "lead_ids"),
        ({"emails": ["a@acme.com"], "lead_ids": [True]}, "invalid_param", "lead_ids"),
        ({"emails": ["a@acme.com"], "lead_ids": [0]}, "invalid_param", "lead_ids"),
    ],
)
@pytest.mark.usefixtures("sandbox")
def test_bodies_that_verify_cannot_read_are_refused(
    alices_api: Api, body: Any, code: str, name: str
) -> None:
    refused = alices_api.post("/verify.php", body)
    assert error_of(refused) == (400, code)
    assert refused.json()["message"].startswith(name)
    assert not Lookup.objects.exists()
