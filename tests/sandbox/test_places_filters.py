"""The Places server: what narrows a search down, and searches near a point."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from freshleads.sandbox.server import Sandbox
from tests.sandbox.places import IDS, MIAMI, MIAMI_HIGH, MIAMI_LOW, Places, chosen

MONDAY_NOON_IN_MIAMI = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)


class TestFilters:
    def test_bias_and_restriction_exclude_each_other(self, places: Places) -> None:
        body = {"textQuery": "dentists", "locationBias": MIAMI, "locationRestriction": MIAMI}
        assert "location_bias" in places.refusal(body)

    def test_a_bias_prefers_and_does_not_exclude(self, sandbox: Sandbox, places: Places) -> None:
        circle = {"center": {"latitude": 45.764, "longitude": 4.8357}, "radius": 50_000}
        found = [
            place_id
            for page in places.all_ids("dentists", locationBias={"circle": circle})
            for place_id in page
        ]
        lyon = {business.place_id for business in chosen(sandbox, "lyon", "dentist")}
        assert set(found[: len(lyon)]) == lyon
        assert len(found) == 60

    @pytest.mark.parametrize(
        ("box", "complaint"),
        [
            ({"low": MIAMI_HIGH, "high": MIAMI_LOW}, "low.latitude cannot be greater"),
            ({"low": MIAMI_LOW}, "high must be set"),
            (
                {
                    "low": {"latitude": 0, "longitude": -170},
                    "high": {"latitude": 1, "longitude": 60},
                },
                "wider than 180 degrees",
            ),
            (
                {
                    "low": {"latitude": -91, "longitude": 0},
                    "high": {"latitude": 1, "longitude": 60},
                },
                "between -90 and 90",
            ),
        ],
    )
    def test_refuses_an_impossible_rectangle(
        self, places: Places, box: dict[str, Any], complaint: str
    ) -> None:
        body = {"textQuery": "dentists", "locationRestriction": {"rectangle": box}}
        assert complaint in places.refusal(body)

    def test_a_restriction_cannot_be_a_circle(self, places: Places) -> None:
        circle = {"center": MIAMI_LOW, "radius": 5}
        body = {"textQuery": "dentists", "locationRestriction": {"circle": circle}}
        assert 'Unknown name "circle"' in places.refusal(body)

    def test_min_rating_is_rounded_up_to_a_half(self, sandbox: Sandbox, places: Places) -> None:
        found = places.all_ids("lawyers in Miami, FL", minRating=3.6)
        expected = {
            business.place_id
            for business in chosen(sandbox, "miami", "lawyer")
            if (business.rating or 0) >= 4.0
        }
        assert {place_id for page in found for place_id in page} == expected

    @pytest.mark.parametrize("rating", [-0.5, 5.1])
    def test_refuses_a_rating_out_of_range(self, places: Places, rating: float) -> None:
        assert "min_rating" in places.refusal({"textQuery": "dentists", "minRating": rating})

    def test_open_now_means_open_where_the_business_is(
        self, sandbox: Sandbox, places: Places, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sandbox.places.index, "clock", lambda: MONDAY_NOON_IN_MIAMI)
        operational = {
            business.place_id
            for business in chosen(sandbox, "miami", "plumber")
            if business.status == "OPERATIONAL"
        }
        assert set(places.ids("plumbers in Miami, FL", openNow=True)) == operational
        sunday = datetime(2026, 11, 15, 17, 0, tzinfo=UTC)
        monkeypatch.setattr(sandbox.places.index, "clock", lambda: sunday)
        assert places.ids("plumbers in Miami, FL", openNow=True) == []

    def test_included_type_filters_a_category(self, places: Places) -> None:
        assert places.ids("dentists in Lyon", includedType="plumber") == []
        assert len(places.ids("dentists in Lyon", includedType="dental_clinic")) == 12

    def test_a_type_binds_a_name_only_when_strict(self, sandbox: Sandbox, places: Places) -> None:
        business = chosen(sandbox, "bristol", "dentist")[0]
        options = {"includedType": "plumber"}
        assert business.place_id in places.ids(business.name, **options)
        assert places.ids(business.name, strictTypeFiltering=True, **options) == []

    def test_ranks_by_distance_from_the_middle_of_the_box(
        self, sandbox: Sandbox, places: Places
    ) -> None:
        found = places.ids("dentists", locationRestriction=MIAMI, rankPreference="DISTANCE")
        by_id = {business.place_id: business for business in sandbox.world.businesses}

        def offset(place_id: str) -> float:
            business = by_id[place_id]
            return max(abs(business.latitude - 25.755), abs(business.longitude + 80.25))

        assert max(map(offset, found)) < 0.05

    def test_only_places_to_eat_have_a_price(self, places: Places) -> None:
        mask = "places.priceLevel"
        level = {"priceLevels": ["PRICE_LEVEL_EXPENSIVE"]}
        found = places.search("restaurants in Bristol", mask=mask, **level)["places"]
        assert {place["priceLevel"] for place in found} == {"PRICE_LEVEL_EXPENSIVE"}
        assert places.search("dentists in Bristol", mask=mask, **level) == {}

    @pytest.mark.parametrize(
        ("field", "value", "complaint"),
        [
            ("textquery", "x", 'Unknown name "textquery"'),
            ("pageSize", "many", "Invalid value at 'page_size' (TYPE_INT32), \"many\""),
            ("openNow", 1, "Invalid value at 'open_now' (TYPE_BOOL), 1"),
            ("textQuery", 5, "Invalid value at 'text_query' (TYPE_STRING), 5"),
            ("rankPreference", "BEST", "Invalid value at 'rank_preference'"),
            ("regionCode", "USA", "region_code"),
            ("includedType", "Not A Type", "Unsupported types: Not A Type."),
            ("textQuery", "  ", "Empty text_query."),
        ],
    )
    def test_refuses_what_does_not_fit_the_message(
        self, places: Places, field: str, value: Any, complaint: str
    ) -> None:
        assert complaint in places.refusal({"textQuery": "dentists", field: value})

    def test_proto_names_are_as_good_as_json_names(self, places: Places) -> None:
        response = places.post("searchText", {"text_query": "Miami, FL", "page_size": 1})
        assert len(response.json()["places"]) == 1


class TestNearby:
    CIRCLE = {"circle": {"center": {"latitude": 25.7617, "longitude": -80.1918}, "radius": 9000}}

    def near(self, places: Places, **body: Any) -> requests.Response:
        body = {"locationRestriction": self.CIRCLE, **body}
        return places.post("searchNearby", body, mask="places.id,places.types")

    def test_gives_twenty_of_the_types_and_no_token(self, places: Places) -> None:
        answer = self.near(places, includedTypes=["dentist"]).json()
        assert list(answer) == ["places"]
        assert len(answer["places"]) == 20
        assert all("dentist" in place["types"] for place in answer["places"])

    def test_leaves_out_excluded_types(self, places: Places) -> None:
        answer = self.near(places, includedTypes=["food"], excludedTypes=["bakery"]).json()
        assert answer["places"]
        assert not [place for place in answer["places"] if "bakery" in place["types"]]

    @pytest.mark.parametrize(
        "body",
        [
            {"locationRestriction": None},
            {"maxResultCount": 21},
            {"maxResultCount": -1},
            {"pageToken": "x"},
            {"includedTypes": ["bakery"], "excludedTypes": ["bakery"]},
            {"locationRestriction": {"circle": {"center": {}, "radius": 50_001}}},
        ],
    )
    def test_refuses_what_the_contract_forbids(self, places: Places, body: dict[str, Any]) -> None:
        assert self.near(places, **body).status_code == 400

    def test_has_no_token_to_ask_for(self, places: Places) -> None:
        body = {"locationRestriction": self.CIRCLE}
        assert places.post("searchNearby", body, mask=IDS).status_code == 400
