"""The Places server: what it says of a place, and its errors, which keys choose."""

import time

import pytest
import requests

from freshleads.sandbox.server import Sandbox
from tests.sandbox.places import IDS, Places, chosen


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
