"""The real client against the sandbox's Places server: what a fresh installation does."""

import asyncio
from collections.abc import Iterator
from threading import Thread

import pytest

from freshleads.lib.errors import ProviderError
from freshleads.sandbox.places import PlacesServer
from freshleads.sandbox.world import build_world
from leads.providers.records import PlaceRecord
from tests.providers.conftest import provider_at


@pytest.fixture(scope="module")
def sandbox_port() -> Iterator[int]:
    loop = asyncio.new_event_loop()
    server = PlacesServer(build_world())
    port = loop.run_until_complete(server.start())
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield port
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


def test_finds_the_dentists_of_miami_page_by_page(sandbox_port: int) -> None:
    google = provider_at(sandbox_port, key="sandbox-key")
    area = google.find_area("Miami, FL")
    assert area is not None
    assert area.country == "US"
    token: str | None = None
    places: list[PlaceRecord] = []
    for _ in range(3):
        page = google.search(
            "dentists", low=area.low, high=area.high, page_token=token, region=area.country
        )
        places += page.places
        token = page.next_page_token
    assert token is None
    assert len({place.place_id for place in places}) == google.result_cap
    assert {place.country for place in places} == {"US"}
    assert {place.region for place in places} == {"FL"}
    assert {place.city for place in places} == {"Miami"}
    assert all(place.street and place.postal_code and place.latitude for place in places)
    assert len([place for place in places if place.phone]) > 40
    assert len([place for place in places if place.website]) > 40
    assert len([place for place in places if len(place.opening_hours) == 7]) > 40


@pytest.mark.parametrize(
    ("key", "code", "permanent"),
    [
        ("invalid-1", "invalid_key", True),
        ("denied-1", "access_denied", True),
        ("quota-1", "quota_exceeded", False),
        ("down-1", "provider_unavailable", False),
        ("html-1", "provider_unavailable", False),
        ("broken-1", "bad_answer", False),
    ],
)
def test_each_kind_of_weather_has_its_error(
    sandbox_port: int, key: str, code: str, permanent: bool
) -> None:
    with pytest.raises(ProviderError) as caught:
        provider_at(sandbox_port, key=key).find_area("Miami, FL")
    assert (caught.value.code, caught.value.permanent) == (code, permanent)


def test_a_place_nobody_invented_is_not_found(sandbox_port: int) -> None:
    assert provider_at(sandbox_port, key="sandbox-key").find_area("Atlantis 99") is None


def test_tells_the_details_and_reviews_of_a_place(sandbox_port: int) -> None:
    google = provider_at(sandbox_port, key="sandbox-key")
    area = google.find_area("Miami, FL")
    assert area is not None
    page = google.search("dentists", low=area.low, high=area.high, region=area.country)
    place = page.places[0]
    assert google.details(place.place_id) == place
    reviews = google.reviews(place.place_id)
    assert reviews is not None
    assert len(reviews) == 5
    assert all(1 <= review.rating <= 5 and review.text and review.time for review in reviews)
    assert google.details("ChIJnobody") is None
    assert google.reviews("ChIJnobody") is None
