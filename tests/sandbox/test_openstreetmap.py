"""Nominatim and Overpass of the sandbox as their wire contracts, asked by any HTTP client."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from freshleads.sandbox.entities import CLOSED_PERMANENTLY
from freshleads.sandbox.server import Sandbox

AGENT = {"User-Agent": "Tests/1 (+https://tests.test)"}
BOX = "25.65,-80.37,25.86,-80.13"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.vendors.forget()
    return running


def nominatim(
    sandbox: Sandbox, headers: dict[str, str] = AGENT, /, **params: Any
) -> requests.Response:
    url = f"http://127.0.0.1:{sandbox.ports.vendors}/nominatim/search"
    return requests.get(url, params=params, headers=headers, timeout=10)


def overpass(
    sandbox: Sandbox, query: str, headers: dict[str, str] = AGENT, path: str = "interpreter"
) -> requests.Response:
    url = f"http://127.0.0.1:{sandbox.ports.vendors}/overpass/api/{path}"
    return requests.post(url, data={"data": query}, headers=headers, timeout=10)


def elements(sandbox: Sandbox, query: str) -> list[dict[str, Any]]:
    response = overpass(sandbox, f"[out:json];{query}")
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["elements"]
    return found


class TestNominatim:
    def test_a_city_is_a_row_with_numbers_in_strings(self, sandbox: Sandbox) -> None:
        rows = nominatim(sandbox, q="Miami, FL", format="jsonv2", addressdetails=1).json()
        (row,) = rows
        assert row["boundingbox"] == ["25.6500000", "25.8600000", "-80.3700000", "-80.1300000"]
        assert (row["lat"], row["lon"]) == ("25.7617000", "-80.1918000")
        assert (row["category"], row["type"], row["place_rank"]) == (
            "boundary",
            "administrative",
            16,
        )
        assert row["address"] == {
            "city": "Miami",
            "state": "Florida",
            "country": "United States",
            "country_code": "us",
        }
        assert row["licence"].startswith("Data © OpenStreetMap contributors, ODbL 1.0.")

    def test_the_older_format_calls_the_category_a_class(self, sandbox: Sandbox) -> None:
        (row,) = nominatim(sandbox, q="Miami", format="json").json()
        assert row["class"] == "boundary"
        assert not {"category", "address"} & set(row)

    def test_a_postal_code_is_a_smaller_area(self, sandbox: Sandbox) -> None:
        (row,) = nominatim(sandbox, q="10115").json()
        south, north, west, east = map(float, row["boundingbox"])
        assert (row["addresstype"], row["place_rank"]) == ("postcode", 21)
        assert 52.42 <= south < north <= 52.58
        assert 13.25 <= west < east <= 13.52

    def test_a_street_has_the_rank_of_a_street(self, sandbox: Sandbox) -> None:
        (row,) = nominatim(sandbox, q="Kantstraße, Berlin").json()
        assert (row["category"], row["place_rank"]) == ("highway", 26)

    def test_the_crowded_city_is_known(self, sandbox: Sandbox) -> None:
        (row,) = nominatim(sandbox, q="Bistropolis").json()
        assert row["display_name"] == "Bistropolis, Kansas, United States"

    def test_fields_find_what_one_line_finds(self, sandbox: Sandbox) -> None:
        one_line = nominatim(sandbox, q="Bristol").json()
        assert nominatim(sandbox, city="Bristol").json() == one_line

    def test_nothing_found_is_an_empty_list(self, sandbox: Sandbox) -> None:
        response = nominatim(sandbox, q="Atlantis")
        assert (response.status_code, response.json()) == (200, [])

    @pytest.mark.parametrize(
        ("params", "message"),
        [
            ({"q": "Miami", "city": "Miami"}, "cannot be used together with 'q' parameter"),
            ({}, "Nothing to search for."),
            ({"q": "Miami", "format": "csv"}, "Parameter 'format' must be one of"),
            ({"q": "Miami", "limit": "many"}, "Parameter 'limit' must be a number."),
        ],
    )
    def test_wrong_parameters_are_refused(
        self, sandbox: Sandbox, params: dict[str, str], message: str
    ) -> None:
        response = nominatim(sandbox, **params)
        assert response.status_code == 400
        assert message in response.json()["error"]["message"]

    @pytest.mark.parametrize("agent", ["", "python-requests/2.34", "curl/8.5", "Java/21"])
    def test_who_does_not_say_who_asks_is_blocked(self, sandbox: Sandbox, agent: str) -> None:
        response = nominatim(sandbox, {"User-Agent": agent}, q="Miami")
        assert response.status_code == 403
        assert response.headers["Content-Type"].startswith("text/html")


class TestOverpass:
    def test_finds_objects_by_tag_in_a_box(self, sandbox: Sandbox) -> None:
        found = elements(sandbox, f'nwr["craft"="plumber"]({BOX});out center tags;')
        expected = {
            one.name
            for one in sandbox.world.businesses
            if (one.area, one.trade) == ("miami", "plumber") and one.status != CLOSED_PERMANENTLY
        }
        assert {one["tags"]["name"] for one in found} == expected
        order = [("node", "way", "relation").index(one["type"]) for one in found]
        assert order == sorted(order)
        assert len({(one["type"], one["id"]) for one in found}) == len(found)

    def test_nodes_have_a_position_and_others_a_centre(self, sandbox: Sandbox) -> None:
        found = elements(sandbox, f'nwr["amenity"="dentist"]({BOX});out center tags;')
        assert {one["type"] for one in found} == {"node", "way", "relation"}
        for one in found:
            assert ("lat" in one) == (one["type"] == "node")
            assert ("center" in one) == (one["type"] != "node")

    def test_without_center_tags_come_alone(self, sandbox: Sandbox) -> None:
        found = elements(sandbox, f'nwr["shop"="bakery"]({BOX});out tags;')
        assert {frozenset(one) for one in found} == {frozenset({"type", "id", "tags"})}

    def test_unions_sets_limits_and_ids(self, sandbox: Sandbox) -> None:
        union = f'(nwr["amenity"="dentist"]({BOX});nwr["healthcare"="dentist"]({BOX});)->.all;'
        whole = elements(sandbox, f"{union}.all out center tags;")
        assert elements(sandbox, f"{union}.all out center tags 7;") == whole[:7]
        nodes = [one for one in whole if one["type"] == "node"]
        assert elements(sandbox, f"{union}node.all;out center tags;") == nodes
        behind = f"node.all(if:id()>{nodes[4]['id']});out center tags;"
        assert elements(sandbox, union + behind) == nodes[5:]

    @pytest.mark.parametrize(
        ("filters", "same"),
        [
            ('["shop"="bakery"]', "[shop=bakery]"),
            ('["shop"="bakery"]', "['shop'='bakery']"),
            ('["shop"="bakery"]', '["shop"~"^BAKERY$",i]'),
            ('["shop"]["shop"!="bakery"]', '["shop"]["shop"!~"bakery"]'),
        ],
    )
    def test_filters_have_several_spellings(
        self, sandbox: Sandbox, filters: str, same: str
    ) -> None:
        found = elements(sandbox, f"nwr{filters}({BOX});out tags;")
        assert found
        assert elements(sandbox, f"nwr{same}({BOX});out tags;") == found

    def test_a_box_may_stand_in_the_settings(self, sandbox: Sandbox) -> None:
        response = overpass(sandbox, f"[out:json][bbox:{BOX}];nwr[shop=bakery];out tags;")
        assert response.json()["elements"] == elements(
            sandbox, f"nwr[shop=bakery]({BOX});out tags;"
        )

    def test_former_businesses_keep_their_name_and_lose_their_trade(self, sandbox: Sandbox) -> None:
        former = elements(sandbox, 'nwr["disused:amenity"];out tags;')
        assert former
        assert all("amenity" not in one["tags"] and one["tags"]["name"] for one in former)

    def test_hidden_addresses_are_not_tagged(self, sandbox: Sandbox) -> None:
        by_name = {one.name: one for one in sandbox.world.businesses}
        for one in elements(sandbox, 'nwr["email"];out tags;'):
            site = by_name[one["tags"]["name"]].site
            assert site is not None
            shown = {contact.emails: contact.technique for contact in site.contacts}
            technique = shown[tuple(one["tags"]["email"].split(";"))]
            assert technique in {"mailto", "text", "mailto_text"}

    def test_the_crowd_appears_where_somebody_looks(self, sandbox: Sandbox) -> None:
        box = "38.8,-98.1,39.0,-97.85"
        assert len(elements(sandbox, f"nwr[amenity=restaurant]({box});out ids;")) == 1500
        assert len(elements(sandbox, "nwr[amenity=restaurant];out ids;")) < 200

    @pytest.mark.parametrize(
        ("query", "reason"),
        [
            ("node[shop=bakery]", "line 1: parse error: ';' expected - 'end of input' found."),
            ("node\n[shop=bakery;out;", "line 2: parse error: ']' expected - ';' found."),
            ("area[name=Miami];out;", "line 1: parse error: Unknown type"),
            ('node["shop"~"["];out;', "Invalid regular expression"),
            ("node(1,2,3);out;", "a bounding box of four numbers"),
            ("node(95,0,96,1);out;", "a bounding box on earth"),
            ("node[shop];out everything;", "';' expected - 'everything' found."),
            ("(" * 99, "fewer unions"),
        ],
    )
    def test_what_it_cannot_read_is_a_page_with_the_reason(
        self, sandbox: Sandbox, query: str, reason: str
    ) -> None:
        response = overpass(sandbox, f"[out:json];{query}")
        assert response.status_code == 400
        assert response.headers["Content-Type"].startswith("text/html")
        page = response.text.replace("&#x27;", "'").replace("&quot;", '"')
        assert '<strong style="color:#FF0000">Error</strong>: ' in page
        assert reason in page

    def test_time_runs_out_with_a_part_of_the_answer(self, sandbox: Sandbox) -> None:
        sandbox.vendors.conditions.overpass_patience = 10
        answer = overpass(
            sandbox, f"[out:json][timeout:25];nwr[amenity]({BOX});out center tags;"
        ).json()
        assert len(answer["elements"]) == 10
        assert answer["remark"] == (
            'runtime error: Query timed out in "query" at line 1 after 26 seconds.'
        )

    def test_memory_runs_out_without_any(self, sandbox: Sandbox) -> None:
        answer = overpass(
            sandbox, f"[out:json][maxsize:100000];nwr[amenity]({BOX});out center tags;"
        ).json()
        assert answer["elements"] == []
        assert answer["remark"].startswith("runtime error: Query run out of memory")

    def test_used_up_slots_say_when_the_next_is_free(self, sandbox: Sandbox) -> None:
        status = f"http://127.0.0.1:{sandbox.ports.vendors}/overpass/api/status"
        free = requests.get(status, headers=AGENT, timeout=10).text
        assert "2 slots available now." in free.splitlines()
        sandbox.vendors.conditions.weather["overpass"] = "quota"
        assert overpass(sandbox, "[out:json];node[shop];out;").status_code == 429
        busy = requests.get(status, headers=AGENT, timeout=10).text
        assert re.search(r"^Slot available after: \S+Z, in 40 seconds\.$", busy, re.MULTILINE)

    def test_an_overloaded_server_says_so_in_a_page(self, sandbox: Sandbox) -> None:
        sandbox.vendors.conditions.weather["overpass"] = "busy"
        response = overpass(sandbox, "[out:json];node[shop];out;")
        assert response.status_code == 504
        assert "The server is probably too busy to handle your request." in response.text

    @pytest.mark.parametrize("agent", ["", "python-requests/2.34"])
    def test_who_does_not_say_who_asks_is_refused(self, sandbox: Sandbox, agent: str) -> None:
        response = overpass(sandbox, "[out:json];node[shop];out;", {"User-Agent": agent})
        assert response.status_code == 406

    def test_a_bare_body_is_the_query(self, sandbox: Sandbox) -> None:
        url = f"http://127.0.0.1:{sandbox.ports.vendors}/overpass/api/interpreter"
        query = f"[out:json];nwr[shop=bakery]({BOX});out tags;"
        bare = requests.post(url, data=query.encode(), headers=AGENT, timeout=10).json()
        in_address = requests.get(url, params={"data": query}, headers=AGENT, timeout=10).json()
        assert bare["elements"] == in_address["elements"]
        assert bare["elements"]
