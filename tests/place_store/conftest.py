"""A folder for datasets, and a way to look for somebody in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from leads.place_store.curve import Box
from leads.place_store.searching import Meaning, Question, StoredPlace, find_places
from leads.place_store.words import phrase_of, words_of

WORLD = Box(-90.0, -180.0, 90.0, 180.0)
Find = Callable[..., list[StoredPlace]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "places"


@pytest.fixture
def find(folder: Path) -> Find:
    """Return a search for a category or words of a name; all of it in one page."""

    def search(text: str, box: Box = WORLD, limit: int = 1000) -> list[StoredPlace]:
        question = Question((Meaning(frozenset({phrase_of(text)})),), tuple(words_of(text)))
        return list(find_places(folder, question, box, limit=limit).places)

    return search
