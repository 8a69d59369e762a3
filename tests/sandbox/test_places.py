"""The Places API (New) server: masks, paging, matching and errors as Google's wire contract."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox

MONDAY_NOON_IN_MIAMI = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
MIAMI_LOW = {"latitude": 25.65, "longitude": -80.37}
MIAMI_HIGH = {"latitude": 25.86, "longitude": -80.13}
MIAMI = {"rectangle": {"low": MIAMI_LOW, "high": MIAMI_HIGH}}
IDS = "places.id,nextPageToken"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


class Places:
    """Speaks to the server with requests, as any HTTP client would."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base = f"http://127.0.0.1:{sandbox.ports.places}/v1/places"
        self.session = requests.Session()

    def post(
        self, method: str, body: Any, *, mask: str = IDS, key: str = "sandbox-key"
    ) -> requests.Response:
        headers = {"X-Goog-Api-Key": key, "X-Goog-FieldMask": mask}
        return self.session.post(f"{self.base}:{method}", json=body, headers=headers, timeout=10)

    def search(self, text: str, *, mask: str = IDS, **body: Any) -> dict[str, Any]:
        response = self.post("searchText", {"textQuery": text, **body}, mask=mask)
        assert response.status_code == 200, response.text
        return response.json()

    def ids(self, text: str, **body: Any) -> list[str]:
        return [place["id"] for place in self.search(text, **body).get("places", [])]

    def all_ids(self, text: str, **body: Any) -> list[list[str]]:
        pages, token = [], ""
        while True:
            answer = self.search(text, **body, **({"pageToken": token} if token else {}))
            pages.append([place["id"] for place in answer["places"]])
            token = answer.get("nextPageToken", "")
            if not token:
                return pages

    def refusal(self, body: dict[str, Any], **options: Any) -> str:
        response = self.post("searchText", body, **options)
        error = response.json()["error"]
        assert (response.status_code, error["code"], error["status"]) == (
            400,
            400,
            "INVALID_ARGUMENT",
        )
        return error["message"]

    def details(self, place_id: str, mask: str, **query: str) -> requests.Response:
        headers = {"X-Goog-Api-Key": "sandbox-key", "X-Goog-FieldMask": mask}
        return self.session.get(
            f"{self.base}/{place_id}", params=query, headers=headers, timeout=10
        )


@pytest.fixture(scope="module")
def places(sandbox: Sandbox) -> Iterator[Places]:
    client = Places(sandbox)
    yield client
    client.session.close()


def chosen(sandbox: Sandbox, area: str, trade: str) -> list[Business]:
    return [
        business
        for business in sandbox.world.businesses
        if (business.area, business.trade) == (area, trade)
    ]


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


class TestPlaceMessage:
    def test_a_business_is_told_as_the_world_has_it(self, sandbox: Sandbox, places: Places) -> None:
        business = chosen(sandbox, "miami", "dentist")[0]
        place = places.details(business.place_id, "*").json()
        assert place["name"] == f"places/{business.place_id}"
        assert place["displayName"] == {"text": business.name, "languageCode": "en"}
        assert place["websiteUri"] == business.website
        assert place["nationalPhoneNumber"] == business.phone_national
        assert place["internationalPhoneNumber"].replace(" ", "").replace("-", "") == (
            business.phone_e164
        )
        assert place["formattedAddress"] == business.formatted_address
        assert place["location"] == {
            "latitude": business.latitude,
            "longitude": business.longitude,
        }
        assert place["regularOpeningHours"]["weekdayDescriptions"] == list(business.hours)
        assert place["businessStatus"] == business.status
        assert place["primaryType"] == "dentist"
        assert place["pureServiceAreaBusiness"] is False

    def test_what_is_not_known_is_left_out(self, sandbox: Sandbox, places: Places) -> None:
        nameless = next(b for b in sandbox.world.businesses if b.website is None)
        assert "websiteUri" not in places.details(nameless.place_id, "*").json()
        unrated = next(b for b in sandbox.world.businesses if b.rating is None)
        place = places.details(unrated.place_id, "*").json()
        assert not {"rating", "userRatingCount", "reviews"} & set(place)

    @pytest.mark.parametrize(
        ("area", "town_type", "country"),
        [
            ("miami", "locality", "US"),
            ("bristol", "postal_town", "GB"),
            ("berlin", "locality", "DE"),
        ],
    )
    def test_address_components_hold_the_street_town_and_country(
        self, sandbox: Sandbox, places: Places, area: str, town_type: str, country: str
    ) -> None:
        business = chosen(sandbox, area, "dentist")[0]
        answer = places.details(business.place_id, "addressComponents").json()
        by_type = {part["types"][0]: part for part in answer["addressComponents"]}
        assert by_type[town_type]["longText"] == business.city
        assert by_type["country"]["shortText"] == country
        assert by_type["postal_code"]["longText"] == business.postal_code
        number, route = by_type["street_number"]["longText"], by_type["route"]["longText"]
        assert business.street in (f"{number} {route}", f"{route} {number}")

    def test_texts_follow_the_language(self, sandbox: Sandbox, places: Places) -> None:
        business = chosen(sandbox, "berlin", "dentist")[0]
        mask = "primaryTypeDisplayName,regularOpeningHours.weekdayDescriptions"
        place = places.details(business.place_id, mask, languageCode="de").json()
        assert place["primaryTypeDisplayName"] == {"text": "Zahnarzt", "languageCode": "de"}
        days = place["regularOpeningHours"]["weekdayDescriptions"]
        assert days[0].startswith("Montag: ")
        assert days[0].endswith(" Uhr")
        assert days[6] == "Sonntag: Geschlossen"

    def test_details_refuse_the_prefix_of_a_search_mask(self, places: Places) -> None:
        (place_id,) = places.ids("Berlin")
        assert places.details(place_id, "places.id").status_code == 400

    def test_reviews_come_five_at_most_and_stay_the_same(
        self, sandbox: Sandbox, places: Places
    ) -> None:
        business = next(b for b in sandbox.world.businesses if (b.reviews_count or 0) > 50)
        reviews = places.details(business.place_id, "reviews").json()["reviews"]
        assert len(reviews) == 5
        assert all(1 <= review["rating"] <= 5 for review in reviews)
        assert all(review["text"]["text"] for review in reviews)
        assert reviews == places.details(business.place_id, "reviews").json()["reviews"]

    def test_an_unknown_place_is_not_found(self, places: Places) -> None:
        response = places.details("ChIJnobody", "id")
        assert response.status_code == 404
        assert response.json()["error"]["status"] == "NOT_FOUND"


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


class TestKeys:
    BODY = {"textQuery": "Miami, FL"}

    @pytest.mark.parametrize(
        ("key", "status", "name", "reason"),
        [
            ("invalid-1", 400, "INVALID_ARGUMENT", "API_KEY_INVALID"),
            ("anything", 400, "INVALID_ARGUMENT", "API_KEY_INVALID"),
            ("quota-1", 429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
            ("denied-1", 403, "PERMISSION_DENIED", "API_KEY_SERVICE_BLOCKED"),
            ("down-1", 503, "UNAVAILABLE", ""),
            ("", 403, "PERMISSION_DENIED", ""),
        ],
    )
    def test_a_key_chooses_the_error(
        self, places: Places, key: str, status: int, name: str, reason: str
    ) -> None:
        response = places.post("searchText", self.BODY, key=key)
        error = response.json()["error"]
        assert (response.status_code, error["code"], error["status"]) == (status, status, name)
        reasons = [detail.get("reason") for detail in error.get("details", [])]
        assert (reason in reasons) == bool(reason)

    def test_a_used_up_quota_says_when_to_come_back(self, places: Places) -> None:
        error = places.post("searchText", self.BODY, key="quota").json()["error"]
        delays = [detail["retryDelay"] for detail in error["details"] if "retryDelay" in detail]
        assert delays == ["41s"]

    def test_html_is_a_502_page(self, places: Places) -> None:
        response = places.post("searchText", self.BODY, key="html")
        assert response.status_code == 502
        assert response.headers["Content-Type"].startswith("text/html")

    def test_broken_is_json_cut_in_half(self, places: Places) -> None:
        response = places.post("searchText", self.BODY, key="broken")
        assert response.status_code == 200
        assert response.text.startswith('{"places"')
        with pytest.raises(requests.exceptions.JSONDecodeError):
            response.json()

    def test_slow_answers_rightly_in_the_end(
        self, sandbox: Sandbox, places: Places, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert sandbox.places.slow_seconds == 30.0
        monkeypatch.setattr(sandbox.places, "slow_seconds", 0.2)
        began = time.perf_counter()
        assert places.post("searchText", self.BODY, key="slow").status_code == 200
        assert time.perf_counter() - began >= 0.2

    def test_latency_delays_every_answer(
        self, sandbox: Sandbox, places: Places, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sandbox.places, "latency", 0.1)
        began = time.perf_counter()
        places.post("searchText", self.BODY)
        assert time.perf_counter() - began >= 0.1

    def test_broken_json_in_the_request_is_an_invalid_argument(self, places: Places) -> None:
        response = requests.post(
            f"{places.base}:searchText",
            data=b'{"textQuery": ',
            headers={"X-Goog-Api-Key": "sandbox-key", "X-Goog-FieldMask": IDS},
            timeout=5,
        )
        assert response.status_code == 400
        assert "Invalid JSON payload received" in response.json()["error"]["message"]

    def test_an_unknown_path_is_not_found(self, places: Places) -> None:
        assert places.post("searchEverything", self.BODY).status_code == 404

    def test_counts_what_was_asked_with_each_key(self, sandbox: Sandbox, places: Places) -> None:
        before = sandbox.places.requests_by_key["quota-of-mine"]
        places.post("searchText", self.BODY, key="quota-of-mine")
        assert sandbox.places.requests_by_key["quota-of-mine"] == before + 1
        last = sandbox.places.requests[-1]
        assert (last.method, last.mask) == ("SearchText", IDS)
        assert last.parameters() == self.BODY
