"""What no column takes is left out of what the web said."""

import pytest

from leads.cleaning import clean
from leads.models import SiteCrawl


def test_nuls_and_halves_of_surrogate_pairs_vanish_wherever_they_are() -> None:
    hostile = {"na\0me": ["a\0b", ("\ud800c", {"deep": "d\udfff"})], "n": float("nan"), "ok": 1.5}
    assert clean(hostile) == {"name": ["ab", ["c", {"deep": "d"}]], "n": None, "ok": 1.5}


def test_what_can_be_stored_is_left_alone() -> None:
    fine = {"text": "Zoë 😀 \t\n", "none": None, "flag": True, "count": 3}
    assert clean(fine) == fine


@pytest.mark.django_db
def test_the_database_takes_what_was_cleaned() -> None:
    hostile = {"title": "a\0\ud83d", "numbers": [float("inf")]}
    now = "2026-01-01T00:00:00Z"
    SiteCrawl.objects.create(url="http://a.test/", report=clean(hostile), fetched_at=now)
    assert SiteCrawl.objects.get().report == {"title": "a", "numbers": [None]}
