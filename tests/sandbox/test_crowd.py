"""Bistropolis: 1,500 restaurants that only sources of places know, 60 of them for one question."""

from datetime import UTC, datetime

from freshleads.sandbox.cities import BISTROPOLIS
from freshleads.sandbox.crowd import CITY_BOX, crowd, crowd_near
from freshleads.sandbox.places_geometry import Circle, Rectangle
from freshleads.sandbox.places_requests import TextSearch, read_text_search
from freshleads.sandbox.places_search import PlacesIndex
from freshleads.sandbox.world import World


def request(text: str, box: Rectangle | None = None) -> TextSearch:
    body: dict[str, object] = {"textQuery": text}
    if box is not None:
        corners = {"low": box.low, "high": box.high}
        body["locationRestriction"] = {
            "rectangle": {
                name: {"latitude": corner[0], "longitude": corner[1]}
                for name, corner in corners.items()
            }
        }
    return read_text_search(body)


def index(world: World) -> PlacesIndex:
    return PlacesIndex(world, lambda: datetime(2026, 10, 12, tzinfo=UTC))


def test_the_crowd_is_large_distinct_and_inside_its_city() -> None:
    restaurants = crowd()
    assert len(restaurants) == 1500
    assert len({one.place_id for one in restaurants}) == 1500
    assert len({one.name for one in restaurants}) == 1500
    assert all(CITY_BOX.contains((one.latitude, one.longitude)) for one in restaurants)
    assert {(one.trade, one.website, one.phone_e164) for one in restaurants} == {
        ("restaurant", None, None)
    }


def test_the_crowd_is_the_same_for_everybody() -> None:
    first, last = crowd()[0], crowd()[-1]
    crowd.cache_clear()
    assert (crowd()[0], crowd()[-1]) == (first, last)


def test_the_world_itself_has_no_crowd(world: World) -> None:
    assert BISTROPOLIS.area not in world.areas
    assert {one.place_id for one in world.businesses}.isdisjoint(one.place_id for one in crowd())


def test_a_question_for_the_whole_city_shows_sixty(world: World) -> None:
    found = index(world).search_text(request("restaurants in Bistropolis"))
    assert len(found) == 60
    assert len(index(world).search_text(request("restaurants", CITY_BOX))) == 60


def test_small_boxes_show_all_who_stand_in_them(world: World) -> None:
    corner = Rectangle(CITY_BOX.low, (CITY_BOX.low[0] + 0.02, CITY_BOX.low[1] + 0.025))
    inside = {one.place_id for one in crowd() if corner.contains((one.latitude, one.longitude))}
    found = index(world).search_text(request("restaurants", corner))
    assert {one.place_id for one in found} == inside
    assert 0 < len(inside) < 60


def test_elsewhere_nobody_meets_the_crowd(world: World) -> None:
    miami = Rectangle((25.65, -80.37), (25.86, -80.13))
    for text, box in (("restaurants", miami), ("restaurants", None), (crowd()[0].name, None)):
        found = index(world).search_text(request(text, box))
        assert not [one for one in found if getattr(one, "area", "") == "bistropolis"]


def test_its_places_are_known_by_name_and_by_id(world: World) -> None:
    one = crowd()[7]
    assert index(world).find(one.place_id) == one
    assert index(world).search_text(request(one.name, CITY_BOX)) == [one]
    assert index(world).find("ChIJnobody") is None


def test_regions_meet_the_city_or_do_not() -> None:
    assert crowd_near(None) == ()
    assert crowd_near(Rectangle((38.0, -99.0), (40.0, -97.0))) == crowd()
    assert crowd_near(Rectangle((38.9, -98.0), (38.91, -97.99))) == crowd()
    assert crowd_near(Rectangle((38.95, -98.2), (39.5, -98.05))) == crowd()
    assert crowd_near(Rectangle((39.01, -98.0), (39.5, -97.9))) == ()
    assert crowd_near(Rectangle((38.0, 170.0), (40.0, -97.9))) == crowd()
    assert crowd_near(Rectangle((38.0, -97.0), (40.0, 170.0))) == ()
    assert crowd_near(Circle((38.9, -97.97), 100.0)) == crowd()
    assert crowd_near(Circle((25.7, -80.2), 50_000.0)) == ()
