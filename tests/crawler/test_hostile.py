"""Pages made to hurt: time and findings stay bounded."""

from time import process_time

import pytest

from bench.pages import hostile_pages
from leads.crawler.extraction import extract

PAGES = dict(hostile_pages())


@pytest.mark.parametrize("name", PAGES)
def test_hostile_pages_take_bounded_time(name: str) -> None:
    body = PAGES[name].encode()
    started = process_time()
    facts = extract(body, "http://bad.test/")
    # The bench holds the real figure (100 ms); here only an explosion must show, on any machine.
    assert process_time() - started < 1.0
    assert len(facts.emails) <= 50
    assert len(facts.phones) <= 30
    assert len(facts.links) <= 400
