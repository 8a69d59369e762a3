"""The real client of OpenStreetMap against the sandbox: names, trades, pages, weather, manners."""

import asyncio
from collections.abc import Iterator
from threading import Thread

import pytest

from freshleads.lib.addresses import AddressPolicy, Route
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import Client
from freshleads.sandbox.entities import CLOSED_PERMANENTLY
from freshleads.sandbox.vendors import VendorsServer
from freshleads.sandbox.world import build_world
from leads.providers.contracts import PlaceSource
from leads.providers.openstreetmap import OpenStreetMap
from leads.providers.records import AreaRecord, PlaceRecord, PlacesPage

MIAMI = (25.65, -80.37), (25.86, -80.13)
BISTROPOLIS = (38.80, -98.10), (39.00, -97.85)


@pytest.fixture(scope="module")
def running() -> Iterator[VendorsServer]:
    loop = asyncio.new_event_loop()
    server = VendorsServer(build_world())
    loop.run_until_complete(server.start())
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield server
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def vendors(running: VendorsServer) -> VendorsServer:
    running.forget()
    return running


@pytest.fixture
def source(vendors: VendorsServer) -> OpenStreetMap:
    return source_of(vendors, "FreshLeadsBot/1.0 (+https://leads.test)")


def source_of(vendors: VendorsServer, agent: str) -> OpenStreetMap:
    route = Route("127.0.0.1", vendors.port, ("127.0.0.1", vendors.port))
    home = f"http://127.0.0.1:{vendors.port}"
    return OpenStreetMap(
        Client(AddressPolicy(routes=(route,)), user_agent=agent),
        nominatim_url=f"{home}/nominatim",
        overpass_url=f"{home}/overpass",
    )


def search(source: PlaceSource, query: str, **options: object) -> PlacesPage:
    box = options.pop("box", MIAMI)
    assert isinstance(box, tuple)
    page: dict[str, object] = {"page_size": 500, "region": "US", **options}
    return source.search(query, low=box[0], high=box[1], **page)  # type: ignore[arg-type]


def failure(source: PlaceSource) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        search(source, "dentists")
    return caught.value


def names_of(trade: str, *, area: str = "miami", gone: bool = False) -> set[str]:
    return {
        business.name
        for business in build_world().businesses
        if (business.area, business.trade) == (area, trade)
        and (business.status == CLOSED_PERMANENTLY) == gone
    }


def test_it_is_a_source_that_may_be_kept_and_must_be_named() -> None:
    assert OpenStreetMap.licence == "ODbL 1.0"
    assert OpenStreetMap.keep_days is None
    assert OpenStreetMap.attribution == "© OpenStreetMap contributors"


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Miami, FL", "Miami, Florida, United States", "US"),
        ("10115", "10115, Berlin, Germany", "DE"),
        ("bristol", "Bristol, England, United Kingdom", "GB"),
    ],
)
def test_finds_the_area_that_a_text_names(
    source: OpenStreetMap, text: str, name: str, country: str
) -> None:
    area = source.find_area(text)
    assert area is not None
    assert (area.name, area.country) == (name, country)
    assert area.low[0] < area.center[0] < area.high[0]


def test_miami_is_where_the_world_has_it(source: OpenStreetMap) -> None:
    assert source.find_area("Miami") == AreaRecord(
        "Miami, Florida, United States", *MIAMI, (25.7617, -80.1918), "US"
    )


@pytest.mark.parametrize("text", ["Atlantis 99", "Kantstraße", "Kantstraße, Berlin"])
def test_unknown_names_and_streets_are_no_areas(source: OpenStreetMap, text: str) -> None:
    assert source.find_area(text) is None


def test_finds_every_dentist_of_a_city_that_is_still_there(
    source: OpenStreetMap, vendors: VendorsServer
) -> None:
    page = search(source, "dentists")
    found = {place.name for place in page.places}
    assert found == names_of("dentist")
    assert found.isdisjoint(names_of("dentist", gone=True))
    assert (page.next_page_token, page.is_incomplete) == (None, False)
    assert len({place.place_id for place in page.places}) == len(page.places) > 200
    assert {place.country for place in page.places} == {"US"}
    assert {place.category for place in page.places} == {"Dentist"}
    assert vendors.requests_by_vendor["overpass"] == 1


def test_what_it_says_agrees_with_the_world(source: OpenStreetMap) -> None:
    known = {business.name: business for business in build_world().businesses}
    places = search(source, "dentists").places
    for place in places:
        business = known[place.name]
        assert (place.latitude, place.longitude) == (business.latitude, business.longitude)
        assert place.phone in {None, business.phone_e164}
        assert place.city in {None, business.city}
        shown = {
            mail for one in (business.site.contacts if business.site else ()) for mail in one.emails
        }
        assert set(place.emails) <= shown
        own = {
            url.rstrip("/").lower() for _, url in (business.site.socials if business.site else ())
        }
        assert {url.rstrip("/").lower() for _, url in place.socials} <= own
    with_all = [one for one in places if one.phone and one.website and one.opening_hours]
    assert len(with_all) > 60
    assert len([one for one in places if one.emails]) > 30
    assert len([one for one in places if one.socials]) > 60
    assert not [one for one in places if "hours" in one.opening_hours]


def test_a_week_reads_like_the_weekdays_of_the_world(source: OpenStreetMap) -> None:
    open_ones = [one for one in search(source, "dentists").places if one.opening_hours]
    assert {tuple(one.opening_hours) for one in open_ones} == {
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    }
    assert {one.opening_hours["sunday"] for one in open_ones} == {"Closed"}


@pytest.mark.parametrize(
    ("query", "trade"),
    [
        ("Klempner", "plumber"),
        ("hair salons", "hair_salon"),
        ("tax advisors", "accountant"),
        ("Autowerkstatt", "auto_repair"),
        ("gyms", "gym"),
    ],
)
def test_other_trades_are_found_by_their_own_tags(
    source: OpenStreetMap, query: str, trade: str
) -> None:
    assert {place.name for place in search(source, query).places} == names_of(trade)


def test_a_name_is_found_by_its_words(source: OpenStreetMap) -> None:
    name = sorted(names_of("lawyer"))[0]
    assert name in {place.name for place in search(source, name).places}
    assert search(source, "Zyxwv Unheard").places == ()


def test_a_trade_with_an_extra_word_is_narrowed(source: OpenStreetMap) -> None:
    expected = {name for name in names_of("dentist") if "family" in name.lower()}
    found = {place.name for place in search(source, "family dentists").places}
    assert found == expected
    assert 0 < len(expected) < 100


def test_a_cuisine_narrows_restaurants(source: OpenStreetMap) -> None:
    italian = search(source, "italian restaurants").places
    assert 0 < len(italian) < len(search(source, "restaurants").places)


def test_punctuation_finds_nothing_and_asks_nobody(
    source: OpenStreetMap, vendors: VendorsServer
) -> None:
    assert search(source, "?!") == PlacesPage(())
    assert vendors.requests_by_vendor["overpass"] == 0


def test_pages_show_everything_once(source: OpenStreetMap) -> None:
    whole = search(source, "dentists").places
    found: list[PlaceRecord] = []
    token: str | None = None
    for _ in range(20):
        page = search(source, "dentists", page_size=50, page_token=token)
        assert len(page.places) <= 50
        found += page.places
        token = page.next_page_token
        if token is None:
            break
    assert tuple(found) == whole


def test_a_crowded_city_needs_no_dividing(source: OpenStreetMap, vendors: VendorsServer) -> None:
    ids: set[str] = set()
    token: str | None = None
    for _ in range(10):
        page = search(source, "restaurants", box=BISTROPOLIS, page_token=token)
        ids |= {place.place_id for place in page.places}
        token = page.next_page_token
        if token is None:
            break
    assert len(ids) == 1500
    assert vendors.requests_by_vendor["overpass"] == 3


def test_an_answer_cut_short_is_marked_and_a_smaller_area_shows_the_rest(
    source: OpenStreetMap, vendors: VendorsServer
) -> None:
    vendors.conditions.overpass_patience = 100
    page = search(source, "dentists")
    assert (page.is_incomplete, page.next_page_token) == (True, None)
    assert 0 < len(page.places) < len(names_of("dentist"))
    quarter = MIAMI[0], (25.70, -80.31)
    assert not search(source, "dentists", box=quarter).is_incomplete


@pytest.mark.parametrize(
    ("weather", "code", "permanent", "pause"),
    [
        ("quota", "quota_exceeded", False, 40),
        ("busy", "provider_unavailable", False, 15),
        ("down", "provider_unavailable", False, 15),
        ("denied", "access_denied", True, None),
        ("broken", "bad_answer", False, None),
        ("odd", "bad_answer", False, None),
    ],
)
def test_each_kind_of_weather_has_its_error(
    source: OpenStreetMap,
    vendors: VendorsServer,
    weather: str,
    code: str,
    permanent: bool,
    pause: float | None,
) -> None:
    vendors.conditions.weather["overpass"] = weather
    error = failure(source)
    assert (error.code, error.permanent, error.retry_after) == (code, permanent, pause)


@pytest.mark.parametrize(("weather", "has_some"), [("timeout", True), ("memory", False)])
def test_time_and_memory_run_out_in_an_answer(
    source: OpenStreetMap, vendors: VendorsServer, weather: str, has_some: bool
) -> None:
    vendors.conditions.weather["overpass"] = weather
    page = search(source, "dentists")
    assert (page.is_incomplete, bool(page.places)) == (True, has_some)


@pytest.mark.parametrize(
    ("weather", "code", "permanent"),
    [
        ("quota", "quota_exceeded", False),
        ("down", "provider_unavailable", False),
        ("denied", "access_denied", True),
        ("html", "provider_unavailable", False),
        ("broken", "bad_answer", False),
        ("odd", None, False),
        ("empty", None, False),
    ],
)
def test_nominatim_has_its_weather_too(
    source: OpenStreetMap, vendors: VendorsServer, weather: str, code: str | None, permanent: bool
) -> None:
    vendors.conditions.weather["nominatim"] = weather
    if code is None:
        assert source.find_area("Miami") is None
        return
    with pytest.raises(ProviderError) as caught:
        source.find_area("Miami")
    assert (caught.value.code, caught.value.permanent) == (code, permanent)


def test_who_does_not_say_who_asks_is_refused_by_both(vendors: VendorsServer) -> None:
    anonymous = source_of(vendors, "python-requests/2.34")
    assert failure(anonymous).code == "access_denied"
    with pytest.raises(ProviderError) as caught:
        anonymous.find_area("Miami")
    assert caught.value.code == "access_denied"
