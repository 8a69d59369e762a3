"""Nominatim: what is asked, which rows are areas, what each refusal means, what is remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freshleads.lib.errors import InvalidInput, ProviderError
from leads.providers import nominatim as nominatim_module
from leads.providers.nominatim import Nominatim, read_area
from leads.providers.openstreetmap import OpenStreetMap
from leads.providers.records import AreaRecord
from leads.providers.sharing import RememberedArea
from tests.providers.scripted import USER_AGENT, ScriptedServer

BERLIN: dict[str, Any] = {
    "place_id": 134_000_001,
    "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
    "osm_type": "relation",
    "osm_id": 62422,
    "lat": "52.5108850",
    "lon": "13.3989367",
    "category": "boundary",
    "type": "administrative",
    "place_rank": 8,
    "importance": 0.85,
    "addresstype": "city",
    "name": "Berlin",
    "display_name": "Berlin, Germany",
    "address": {"city": "Berlin", "country": "Germany", "country_code": "de"},
    "boundingbox": ["52.3382448", "52.6755087", "13.0883450", "13.7611609"],
}
AREA = AreaRecord(
    name="Berlin, Germany",
    low=(52.3382448, 13.088345),
    high=(52.6755087, 13.7611609),
    center=(52.510885, 13.3989367),
    country="DE",
)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def nominatim(server: ScriptedServer) -> Nominatim:
    return Nominatim(server.client(), server.url)


class Memory:
    """Remembers in a dict, and counts."""

    def __init__(self) -> None:
        self.known: dict[str, AreaRecord | None] = {}

    def recall(self, text: str) -> RememberedArea | None:
        return RememberedArea(self.known[text]) if text in self.known else None

    def keep(self, text: str, area: AreaRecord | None) -> None:
        self.known[text] = area


def refused(nominatim: Nominatim) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        nominatim.find_area("Berlin")
    return caught.value


def test_asks_for_few_areas_and_says_who_asks(server: ScriptedServer, nominatim: Nominatim) -> None:
    server.give("/search", [BERLIN])
    assert nominatim.find_area("Berlin, Deutschland") == AREA
    (asked,) = server.requests
    assert (asked.method, asked.path) == ("GET", "/search")
    assert asked.values == {
        "q": "Berlin, Deutschland",
        "format": "jsonv2",
        "limit": "5",
        "layer": "address",
        "addressdetails": "1",
        "accept-language": "en",
    }
    assert asked.headers["user-agent"] == USER_AGENT


def test_an_empty_list_means_that_nobody_knows_the_name(
    server: ScriptedServer, nominatim: Nominatim
) -> None:
    server.give("/search", [])
    assert nominatim.find_area("Atlantis") is None


def test_passes_over_streets_and_houses_of_the_same_name(
    server: ScriptedServer, nominatim: Nominatim
) -> None:
    street = {**BERLIN, "place_rank": 26, "category": "highway", "display_name": "Berlin Street"}
    house = {**BERLIN, "place_rank": 30, "category": "place", "type": "house"}
    server.give("/search", [street, house, BERLIN])
    assert nominatim.find_area("Berlin") == AREA


@pytest.mark.parametrize(
    "change",
    [
        {"boundingbox": None},
        {"boundingbox": ["52.3", "52.6", "13.0"]},
        {"boundingbox": [52.3, 52.6, 13.0, 13.7]},
        {"boundingbox": ["52.6", "52.3", "13.0", "13.7"]},
        {"boundingbox": ["52.3", "52.6", "13.7", "13.7"]},
        {"boundingbox": ["-91", "52.6", "13.0", "13.7"]},
        {"boundingbox": ["52.3", "52.6", "13.0", "1e9"]},
        {"boundingbox": ["nan", "52.6", "13.0", "13.7"]},
        {"place_rank": "8"},
        {"place_rank": True},
        {"place_rank": None},
        {"display_name": None},
        {"display_name": "\x00"},
    ],
)
def test_a_row_without_a_box_a_rank_or_a_name_is_no_area(change: dict[str, Any]) -> None:
    assert read_area({**BERLIN, **change}) is None


@pytest.mark.parametrize("rank", [4, 8, 12, 16, 21, 25])
def test_countries_cities_and_postal_codes_are_areas(rank: int) -> None:
    assert read_area({**BERLIN, "place_rank": rank}) == AREA


def test_what_is_missing_beside_the_box_is_made_up_for() -> None:
    row = {**BERLIN, "lat": "north", "address": ["de"], "display_name": "B\x00erlin\n" + "n" * 900}
    area = read_area(row)
    assert area is not None
    assert area.center == pytest.approx((52.50687675, 13.42475295))
    assert (area.country, area.name[:8], len(area.name)) == (None, "B erlin ", 500)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list(BERLIN)), inner)
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_no_json_at_all_crashes_the_reading(row: Any) -> None:
    area = read_area(row)
    assert area is None or area.name


@pytest.mark.parametrize(
    ("status", "payload", "code", "permanent"),
    [
        (403, b"<html>Access blocked</html>", "access_denied", True),
        (400, {"error": {"code": 400, "message": "Bad parameter."}}, "request_refused", True),
        (404, b"<html>Not found</html>", "request_refused", True),
        (500, b"oops", "provider_unavailable", False),
        (502, b"<html>Bad gateway</html>", "provider_unavailable", False),
        (503, b"", "provider_unavailable", False),
        (302, b"", "bad_answer", False),
        (200, b"", "bad_answer", False),
        (200, b"<html>maintenance</html>", "bad_answer", False),
        (200, b'[{"place_id": 1', "bad_answer", False),
        (200, {"error": "Unable to geocode"}, "bad_answer", False),
        (200, b"[" + b" " * (512 * 1024), "bad_answer", False),
        (200, b"[" * 100_000, "bad_answer", False),
    ],
)
def test_each_refusal_says_whether_a_retry_can_help(
    server: ScriptedServer,
    nominatim: Nominatim,
    status: int,
    payload: Any,
    code: str,
    permanent: bool,
) -> None:
    server.give("/search", payload, status)
    error = refused(nominatim)
    assert (error.code, error.permanent) == (code, permanent)
    assert len(error.message) < 500
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 60), ({"Retry_After": "7"}, 7), ({"Retry_After": "soon"}, 60)],
)
def test_asked_too_often_it_says_how_long_to_wait(
    server: ScriptedServer, nominatim: Nominatim, headers: dict[str, str], seconds: float
) -> None:
    server.give("/search", b"<html>429 Too Many Requests</html>", 429, **headers)
    error = refused(nominatim)
    assert (error.code, error.permanent, error.retry_after) == ("quota_exceeded", False, seconds)


def test_a_block_names_the_settings_that_help(server: ScriptedServer, nominatim: Nominatim) -> None:
    server.give("/search", b"", 403)
    message = refused(nominatim).message
    assert "FRESHLEADS_BOT_CONTACT" in message
    assert "NOMINATIM_URL" in message


def test_nobody_listening_is_an_outage_that_may_pass(
    server: ScriptedServer, nominatim: Nominatim
) -> None:
    server.close()
    error = refused(nominatim)
    assert (error.code, error.permanent) == ("provider_unavailable", False)


def test_a_service_that_does_not_answer_in_time_is_an_outage(
    nominatim: Nominatim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nominatim_module, "DEADLINE_SECONDS", 0.0001)
    assert refused(nominatim).code == "provider_unavailable"


def test_a_name_is_asked_once_also_one_that_nobody_knows(server: ScriptedServer) -> None:
    memory = Memory()
    nominatim = Nominatim(server.client(), server.url, remember=memory)
    server.give("/search", [BERLIN])
    server.give("/search", [])
    for _ in range(2):
        assert nominatim.find_area("Berlin") == AREA
        assert nominatim.find_area("Atlantis") is None
    assert len(server.requests) == 2
    assert memory.known == {"Berlin": AREA, "Atlantis": None}


def test_a_failure_is_not_remembered(server: ScriptedServer) -> None:
    memory = Memory()
    server.give("/search", b"", 503)
    refused(Nominatim(server.client(), server.url, remember=memory))
    assert memory.known == {}


def test_every_request_waits_for_its_turn_and_what_is_remembered_needs_none(
    server: ScriptedServer,
) -> None:
    turns: list[str] = []

    @contextmanager
    def pace(service: str) -> Iterator[None]:
        turns.append(service)
        assert len(server.requests) == len(turns) - 1
        yield

    nominatim = Nominatim(server.client(), server.url, pace=pace, remember=Memory())
    server.give("/search", [BERLIN])
    nominatim.find_area("Berlin")
    nominatim.find_area("Berlin")
    assert turns == ["nominatim"]


def test_without_a_turn_nothing_is_asked(server: ScriptedServer) -> None:
    @contextmanager
    def pace(service: str) -> Iterator[None]:
        raise ProviderError("Not now.", code="quota_exceeded", retry_after=10)
        yield

    error = refused(Nominatim(server.client(), server.url, pace=pace))
    assert (error.code, error.message, error.retry_after) == ("quota_exceeded", "Not now.", 10)
    assert server.requests == []


def test_a_point_makes_a_box_without_a_request(server: ScriptedServer) -> None:
    source = OpenStreetMap(server.client(), nominatim_url=server.url)
    area = source.find_area("52.52, 13.405")
    assert area is not None
    assert (area.name, area.center) == ("52.52000, 13.40500", (52.52, 13.405))
    with pytest.raises(InvalidInput) as caught:
        source.find_area("91,0")
    assert caught.value.param == "location"
    with pytest.raises(InvalidInput):
        source.find_area("  ")
    assert server.requests == []


def test_an_area_survives_its_cache() -> None:
    assert AreaRecord.from_dict({**AREA.to_dict(), "of_a_later_version": 1}) == AREA
