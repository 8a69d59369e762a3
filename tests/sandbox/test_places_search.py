"""The Places API (New) server: masks, paging and matching as Google's wire contract."""

from typing import Any

import pytest

from freshleads.sandbox.server import Sandbox
from tests.sandbox.places import IDS, MIAMI_LOW, Places, chosen


class TestFieldMask:
    def test_returns_only_the_fields_that_were_asked_for(self, places: Places) -> None:
        mask = "places.id,places.displayName.text,places.location.latitude"
        answer = places.search("dentists in Miami, FL", mask=mask)
        assert list(answer) == ["places"]
        assert len(answer["places"]) == 20
        for place in answer["places"]:
            assert set(place) == {"id", "displayName", "location"}
            assert set(place["displayName"]) == {"text"}
            assert set(place["location"]) == {"latitude"}

    def test_gives_no_token_unless_the_mask_asks_for_it(self, places: Places) -> None:
        assert "nextPageToken" not in places.search("dentists in Miami, FL", mask="places.id")
        assert places.search("dentists in Miami, FL", mask=IDS)["nextPageToken"]

    def test_looks_into_lists(self, places: Places) -> None:
        mask = "places.addressComponents.shortText"
        place = places.search("dentists in Miami, FL", mask=mask)["places"][0]
        assert {name for part in place["addressComponents"] for name in part} == {"shortText"}

    def test_a_whole_message_wins_over_a_part_of_it(self, places: Places) -> None:
        mask = "places.displayName,places.displayName.text"
        place = places.search("Miami, FL", mask=mask)["places"][0]
        assert place == {"displayName": {"text": "Miami", "languageCode": "en"}}

    def test_a_star_means_everything_but_reviews_are_still_capped(self, places: Places) -> None:
        answer = places.search("dentists in Miami, FL", mask="*")
        assert answer["nextPageToken"]
        place = answer["places"][0]
        assert {"id", "websiteUri", "regularOpeningHours", "addressComponents"} <= set(place)
        assert len(place["reviews"]) == 5

    @pytest.mark.parametrize(
        "mask", ["places.email", "displayName", "places.id, places.name", "places.location.lat"]
    )
    def test_refuses_a_path_that_does_not_exist(self, places: Places, mask: str) -> None:
        response = places.post("searchText", {"textQuery": "Miami, FL"}, mask=mask)
        assert response.status_code == 400
        (detail,) = response.json()["error"]["details"]
        (violation,) = detail["fieldViolations"]
        assert "Cannot find matching fields for path" in violation["description"]

    def test_a_missing_mask_is_an_invalid_argument(self, places: Places) -> None:
        message = places.refusal({"textQuery": "Miami, FL"}, mask="")
        assert message.startswith("FieldMask is a required parameter. See https://cloud.google.com")


class TestPaging:
    def test_sixty_of_the_240_dentists_come_in_three_pages(self, places: Places) -> None:
        pages = places.all_ids("dentists in Miami, FL")
        assert [len(page) for page in pages] == [20, 20, 20]
        assert len({place_id for page in pages for place_id in page}) == 60

    def test_the_order_is_the_same_every_time(self, places: Places) -> None:
        assert places.all_ids("dentist Miami") == places.all_ids("dentist Miami")

    def test_page_size_may_be_chosen_and_may_change(self, places: Places) -> None:
        whole = [i for page in places.all_ids("dentists in Miami, FL") for i in page]
        first = places.search("dentists in Miami, FL", pageSize=7)
        second = places.search(
            "dentists in Miami, FL", pageSize=5, pageToken=first["nextPageToken"]
        )
        assert [place["id"] for place in first["places"]] == whole[:7]
        assert [place["id"] for place in second["places"]] == whole[7:12]

    @pytest.mark.parametrize("size", [0, 20, 21, 1000])
    def test_a_page_holds_twenty_at_most(self, places: Places, size: int) -> None:
        assert len(places.ids("dentists in Miami, FL", pageSize=size)) == 20

    def test_refuses_a_negative_page_size(self, places: Places) -> None:
        assert "page_size" in places.refusal({"textQuery": "Miami", "pageSize": -1})

    def test_the_last_page_has_no_token(self, places: Places) -> None:
        assert "nextPageToken" not in places.search("plumbers in Bristol")

    @pytest.mark.parametrize(
        "change", [{"textQuery": "plumbers"}, {"languageCode": "de"}, {"minRating": 4}]
    )
    def test_a_token_needs_the_other_parameters_unchanged(
        self, places: Places, change: dict[str, Any]
    ) -> None:
        token = places.search("dentists in Miami, FL")["nextPageToken"]
        body = {"textQuery": "dentists in Miami, FL", "pageToken": token, **change}
        assert places.refusal(body) == (
            "Request parameters for paging requests must match the initial SearchText request."
        )

    @pytest.mark.parametrize("token", ["x", "%%%", "MjAuYWJj", "é"])
    def test_refuses_a_token_it_never_gave(self, places: Places, token: str) -> None:
        assert places.refusal({"textQuery": "dentists", "pageToken": token}) == (
            "Invalid page_token."
        )


class TestMatching:
    @pytest.mark.parametrize(
        ("text", "area", "trade"),
        [
            ("dentists in Miami, FL", "miami", "dentist"),
            ("Dentist near Miami, Florida", "miami", "dentist"),
            ("best dentists Miami", "miami", "dentist"),
            ("Zahnärzte in Berlin", "berlin", "dentist"),
            ("ZAHNARZT Berlin", "berlin", "dentist"),
            ("dentistes à Lyon", "lyon", "dentist"),
            ("plombiers Lyon", "lyon", "plumber"),
            ("estate agents in Bristol, UK", "bristol", "real_estate"),
            ("Bäckereien in Berlin", "berlin", "bakery"),
            ("Berlin Friseure", "berlin", "hair_salon"),
            ("boulangeries in Lyon, France", "lyon", "bakery"),
        ],
    )
    def test_understands_a_trade_in_a_place(
        self, sandbox: Sandbox, places: Places, text: str, area: str, trade: str
    ) -> None:
        found = {place_id for page in places.all_ids(text) for place_id in page}
        expected = {business.place_id for business in chosen(sandbox, area, trade)}
        assert found <= expected
        assert len(found) == min(60, len(expected))

    def test_every_trade_label_finds_its_trade_in_every_language(
        self, sandbox: Sandbox, places: Places
    ) -> None:
        trades = {business.trade: business.trade_label for business in sandbox.world.businesses}
        assert len(trades) == 12
        for trade, label in trades.items():
            found = set(places.ids(f"{label} in Bristol"))
            expected = {business.place_id for business in chosen(sandbox, "bristol", trade)}
            assert found
            assert found <= expected

    def test_a_rectangle_alone_places_a_trade(self, sandbox: Sandbox, places: Places) -> None:
        high = {"latitude": 25.70, "longitude": -80.30}
        box = {"rectangle": {"low": MIAMI_LOW, "high": high}}
        found = places.all_ids("dentists", locationRestriction=box)
        expected = {
            business.place_id
            for business in chosen(sandbox, "miami", "dentist")
            if business.latitude <= 25.70 and business.longitude <= -80.30
        }
        assert 0 < len(expected) < 60
        assert {place_id for page in found for place_id in page} == expected

    def test_four_quarters_together_show_more_than_the_cap(self, places: Places) -> None:
        south, west, north, east = 25.65, -80.37, 25.86, -80.13
        middle = (south + north) / 2, (west + east) / 2
        found: set[str] = set()
        for low_lat, high_lat in ((south, middle[0]), (middle[0], north)):
            for low_lng, high_lng in ((west, middle[1]), (middle[1], east)):
                box = {
                    "low": {"latitude": low_lat, "longitude": low_lng},
                    "high": {"latitude": high_lat, "longitude": high_lng},
                }
                pages = places.all_ids("dentists", locationRestriction={"rectangle": box})
                found |= {place_id for page in pages for place_id in page}
        assert len(found) > 200

    def test_finds_a_business_by_its_name(self, sandbox: Sandbox, places: Places) -> None:
        for business in sandbox.world.businesses[::40]:
            assert business.place_id in places.ids(business.name)

    def test_nothing_found_is_an_empty_object(self, places: Places) -> None:
        assert places.search("unicorns in Miami, FL", mask="*") == {}
        assert places.search("dentists in Atlantis", mask="*") == {}
        assert places.search("???", mask="*") == {}

    @pytest.mark.parametrize(
        ("text", "name", "address"),
        [
            ("Miami, FL", "Miami", "Miami, FL, USA"),
            ("miami", "Miami", "Miami, FL, USA"),
            ("Berlin", "Berlin", "Berlin, Germany"),
            ("Bristol, UK", "Bristol", "Bristol, UK"),
            ("Lyon, France", "Lyon", "Lyon, France"),
        ],
    )
    def test_an_area_is_a_locality_with_a_viewport(
        self, places: Places, text: str, name: str, address: str
    ) -> None:
        mask = "places.displayName,places.types,places.viewport,places.formattedAddress"
        (place,) = places.search(text, mask=mask)["places"]
        assert place["displayName"]["text"] == name
        assert place["types"] == ["locality", "political"]
        assert place["formattedAddress"] == address
        low, high = place["viewport"]["low"], place["viewport"]["high"]
        assert low["latitude"] < high["latitude"]
        assert low["longitude"] < high["longitude"]

    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("33101", "Miami, FL 33101, USA"),
            ("33133", "Miami, FL 33133, USA"),
            ("10115", "10115 Berlin, Germany"),
            ("BS8", "BS8 Bristol, UK"),
        ],
    )
    def test_a_postal_code_is_a_place_of_its_own(
        self, places: Places, text: str, address: str
    ) -> None:
        (place,) = places.search(text, mask="places.types,places.formattedAddress")["places"]
        assert place == {"types": ["postal_code"], "formattedAddress": address}

    def test_an_area_can_be_fetched_by_its_id(self, places: Places) -> None:
        (place_id,) = places.ids("Berlin")
        assert places.details(place_id, "displayName.text").json() == {
            "displayName": {"text": "Berlin"}
        }
