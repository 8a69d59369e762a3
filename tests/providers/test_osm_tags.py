"""Objects of OpenStreetMap as records: every habit of mappers, and every kind of mischief."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.providers.osm_tags import read_element
from leads.providers.records import PlaceRecord


def node(**tags: Any) -> dict[str, Any]:
    """Return a node with tags; `__` in a name is a colon."""
    named = {name.replace("__", ":"): value for name, value in tags.items()}
    return {"type": "node", "id": 123, "lat": 52.5, "lon": 13.4, "tags": {"name": "X", **named}}


def read(region: str | None = "DE", /, **tags: Any) -> PlaceRecord:
    record = read_element(node(**tags), region)
    assert record is not None
    return record


def test_reads_everything_a_lead_needs() -> None:
    element = {
        "type": "way",
        "id": 4711,
        "center": {"lat": 52.5301, "lon": 13.4012},
        "tags": {
            "amenity": "dentist",
            "healthcare": "dentist",
            "name": "Zahnarztpraxis Dr. Weiß",
            "addr:street": "Torstraße",
            "addr:housenumber": "12",
            "addr:postcode": "10119",
            "addr:city": "Berlin",
            "addr:country": "DE",
            "contact:phone": "030 23125012",
            "contact:website": "www.zahnarzt-weiss.test",
            "contact:email": "Praxis@Zahnarzt-Weiss.test",
            "contact:facebook": "zahnarztweiss",
            "opening_hours": "24/7",
        },
    }
    assert read_element(element, "DE") == PlaceRecord(
        place_id="osm:way/4711",
        name="Zahnarztpraxis Dr. Weiß",
        category="Dentist",
        types=("dentist",),
        address="Torstraße 12, 10119 Berlin, DE",
        street="Torstraße 12",
        city="Berlin",
        postal_code="10119",
        country="DE",
        phone="+493023125012",
        phone_national="030 23125012",
        website="https://www.zahnarzt-weiss.test/",
        opening_hours=dict.fromkeys(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            "Open 24 hours",
        ),
        latitude=52.5301,
        longitude=13.4012,
        maps_url="https://www.openstreetmap.org/way/4711",
        business_status="OPERATIONAL",
        emails=("praxis@zahnarzt-weiss.test",),
        socials=(("facebook", "https://www.facebook.com/zahnarztweiss"),),
    )


def test_a_record_survives_its_cache() -> None:
    record = read(email="a@b.test", contact__instagram="x", shop="bakery")
    assert PlaceRecord.from_dict({**record.to_dict(), "of_a_later_version": 1}) == record


@pytest.mark.parametrize(
    "element",
    [
        None,
        7,
        [],
        {},
        {"type": "node", "id": 1},
        {"type": "node", "id": 1, "tags": {}},
        {"type": "node", "id": 1, "tags": {"name": "\x00 \n"}},
        {"type": "node", "id": 1, "tags": {"name": 5}},
        {"type": "node", "id": 1, "tags": ["name", "X"]},
        {"type": "area", "id": 1, "tags": {"name": "X"}},
        {"type": ["node"], "id": 1, "tags": {"name": "X"}},
        {"type": "node", "id": "1", "tags": {"name": "X"}},
        {"type": "node", "id": True, "tags": {"name": "X"}},
        {"type": "node", "id": -1, "tags": {"name": "X"}},
        {"type": "node", "id": 2**53, "tags": {"name": "X"}},
        {"type": "node", "id": 1, "tags": {f"k{number}": "v" for number in range(300)}},
    ],
)
def test_what_has_no_id_or_no_name_is_no_business(element: Any) -> None:
    assert read_element(element, "DE") is None


def test_a_branch_without_a_name_goes_by_its_brand() -> None:
    element = {"type": "node", "id": 1, "tags": {"brand": "Big Bread", "operator": "Inc."}}
    record = read_element(element, None)
    assert record is not None
    assert record.name == "Big Bread"


@pytest.mark.parametrize(
    ("element", "position"),
    [
        ({"lat": 0, "lon": 0.0}, (0.0, 0.0)),
        ({"center": {"lat": 1, "lon": 2}, "lat": 9, "lon": 9}, (1.0, 2.0)),
        ({"lat": 91, "lon": 0}, (None, None)),
        ({"lat": "52", "lon": "13"}, (None, None)),
        ({"lat": 10**400, "lon": 1}, (None, None)),
        ({"lat": float("nan"), "lon": 1}, (None, None)),
        ({"center": [1, 2]}, (None, None)),
    ],
)
def test_a_place_lies_where_its_node_or_its_middle_lies(element: Any, position: Any) -> None:
    record = read_element({"type": "way", "id": 1, "tags": {"name": "X"}, **element}, None)
    assert record is not None
    assert (record.latitude, record.longitude) == position


@pytest.mark.parametrize(
    ("region", "tags", "phone"),
    [
        ("DE", {"phone": "+49 30 23125012"}, "+493023125012"),
        ("DE", {"phone": "030/23125-012"}, "+493023125012"),
        (None, {"phone": "030 23125012"}, None),
        ("FR", {"phone": "04 65 71 01 02", "addr__country": "FR"}, "+33465710102"),
        ("FR", {"phone": "030 23125012", "addr__country": "de"}, "+493023125012"),
        ("DE", {"phone": "call us; 030 23125012; 030 23125013"}, "+493023125012"),
        ("US", {"phone": "+1-305-555-0134\\;ext=12"}, "+13055550134"),
        ("US", {"phone": "+1-305-555-0134\\;ext=12;+1-305-555-0135"}, "+13055550134"),
        ("DE", {"contact__mobile": "0171 1234567"}, "+491711234567"),
        ("DE", {"phone": "yes", "contact__phone": "030 23125012"}, "+493023125012"),
        ("XX", {"phone": "030 23125012"}, None),
        ("DE", {"phone": "https://evil.test/03023125012"}, None),
        ("DE", {"phone": "tel:030-23125012"}, "+493023125012"),
        ("DE", {"phone": "1" * 5000}, None),
        ("DE", {"phone": "+49\x00 30 23125012"}, "+493023125012"),
        ("DE", {"phone": 4930}, None),
    ],
)
def test_a_phone_number_is_e164_or_nothing(
    region: str | None, tags: dict[str, Any], phone: str | None
) -> None:
    assert read(region, **tags).phone == phone


@pytest.mark.parametrize(
    ("tags", "website"),
    [
        ({"website": "http://Shop.test/a b"}, "http://shop.test/a%20b"),
        ({"website": "shop.test"}, "https://shop.test/"),
        ({"contact__website": "//shop.test/x"}, "https://shop.test/x"),
        ({"url": "https://shop.test"}, "https://shop.test/"),
        ({"website": "http://a.test;http://b.test"}, "http://a.test/"),
        ({"website": "yes", "contact__website": "shop.test"}, "https://shop.test/"),
        ({"website": "javascript:alert(1)"}, None),
        ({"website": "ftp://shop.test"}, None),
        ({"website": "https://user:secret@shop.test/"}, None),
        ({"website": "http://127.0.0.1/"}, None),
        ({"website": "http://[::1]/"}, None),
        ({"website": "http://localhost/"}, None),
        ({"website": "\x00"}, None),
    ],
)
def test_a_website_is_an_address_of_the_web_or_nothing(
    tags: dict[str, Any], website: str | None
) -> None:
    assert read(**tags).website == website


@pytest.mark.parametrize(
    ("tags", "emails"),
    [
        ({"email": "Info@Shop.test"}, ("info@shop.test",)),
        ({"email": "mailto:info@shop.test"}, ("info@shop.test",)),
        ({"email": "a@shop.test;b@shop.test; a@shop.test"}, ("a@shop.test", "b@shop.test")),
        (
            {"email": "a@shop.test", "contact__email": "b@bücher.test"},
            ("a@shop.test", "b@xn--bcher-kva.test"),
        ),
        ({"email": "info(at)shop.test"}, ()),
        ({"email": "info@shop"}, ()),
        ({"email": "@shop.test"}, ()),
        ({"email": ".a@shop.test"}, ()),
        ({"email": "a b@shop.test"}, ()),
        ({"email": "a@127.0.0.1"}, ()),
        ({"email": "a@shop.test\x00"}, ("a@shop.test",)),
        ({"email": "x" * 65 + "@shop.test"}, ()),
        ({"email": ";".join(f"m{n}@shop.test" for n in range(99))}, None),
    ],
)
def test_an_address_looks_like_one_or_is_left_out(
    tags: dict[str, Any], emails: tuple[str, ...] | None
) -> None:
    found = read(**tags).emails
    assert len(found) == 10 if emails is None else found == emails


@pytest.mark.parametrize(
    ("tags", "socials"),
    [
        ({"contact__facebook": "joes.pizza"}, [("facebook", "https://www.facebook.com/joes.pizza")]),
        (
            {"facebook": "https://www.facebook.com/joes.pizza"},
            [("facebook", "https://www.facebook.com/joes.pizza")],
        ),
        ({"contact__facebook": "fb.com/joes"}, [("facebook", "https://fb.com/joes")]),
        ({"contact__instagram": "@joes_pizza"}, [("instagram", "https://www.instagram.com/joes_pizza")]),
        ({"contact__twitter": "joes"}, [("x", "https://x.com/joes")]),
        ({"twitter": "https://twitter.com/joes"}, [("x", "https://twitter.com/joes")]),
        ({"contact__linkedin": "joes"}, [("linkedin", "https://www.linkedin.com/company/joes")]),
        ({"contact__youtube": "@joes"}, [("youtube", "https://www.youtube.com/@joes")]),
        ({"contact__tiktok": "joes"}, [("tiktok", "https://www.tiktok.com/@joes")]),
        ({"contact__telegram": "joes"}, [("telegram", "https://t.me/joes")]),
        ({"contact__whatsapp": "030 23125012"}, [("whatsapp", "https://wa.me/493023125012")]),
        ({"contact__whatsapp": "https://wa.me/49301"}, [("whatsapp", "https://wa.me/49301")]),
        ({"contact__facebook": "https://joes.test/facebook"}, []),
        ({"contact__facebook": "https://www.facebook.com/"}, []),
        ({"contact__facebook": "Joe's Pizza"}, []),
        ({"contact__facebook": "javascript:alert(1)"}, []),
        ({"contact__instagram": "../../x"}, []),
        ({"contact__instagram": "x" * 400}, []),
        ({"contact__whatsapp": "https://evil.test/49301"}, []),
        ({"contact__facebook": "yes;joes"}, [("facebook", "https://www.facebook.com/joes")]),
    ],
)  # fmt: skip
def test_a_handle_or_a_link_becomes_a_profile(
    tags: dict[str, Any], socials: list[tuple[str, str]]
) -> None:
    assert list(read(**tags).socials) == socials


@pytest.mark.parametrize(
    ("region", "tags", "street", "address"),
    [
        (
            "US",
            {
                "addr__housenumber": "120",
                "addr__street": "SW 8th St",
                "addr__city": "Miami",
                "addr__state": "FL",
                "addr__postcode": "33130",
            },
            "120 SW 8th St",
            "120 SW 8th St, Miami, FL 33130, US",
        ),
        (
            "GB",
            {
                "addr__housenumber": "5",
                "addr__street": "Park Street",
                "addr__city": "Bristol",
                "addr__postcode": "BS1 5JA",
            },
            "5 Park Street",
            "5 Park Street, Bristol BS1 5JA, GB",
        ),
        (
            "FR",
            {
                "addr__housenumber": "3",
                "addr__street": "Rue Mercière",
                "addr__city": "Lyon",
                "addr__postcode": "69002",
            },
            "3 Rue Mercière",
            "3 Rue Mercière, 69002 Lyon, FR",
        ),
        ("DE", {"addr__street": "Torstraße"}, "Torstraße", "Torstraße, DE"),
        ("DE", {"addr__place": "Am See", "addr__housenumber": "1"}, "Am See 1", "Am See 1, DE"),
        (None, {"addr__city": "Berlin"}, None, "Berlin"),
        (None, {"addr__full": "12 Long Road, Far"}, None, "12 Long Road, Far"),
        ("DE", {"addr__postcode": "10119"}, None, None),
    ],
)
def test_writes_the_address_as_its_country_does(
    region: str | None, tags: dict[str, Any], street: str | None, address: str | None
) -> None:
    record = read(region, **tags)
    assert (record.street, record.address) == (street, address)


@pytest.mark.parametrize(
    ("tags", "category", "types"),
    [
        ({"shop": "bakery"}, "Bakery", ("bakery",)),
        ({"shop": "bakery;coffee"}, "Bakery", ("bakery", "coffee")),
        ({"amenity": "bureau_de_change"}, "Bureau de change", ("bureau_de_change",)),
        ({"shop": "yes"}, "Shop", ()),
        ({"office": "no"}, None, ()),
        ({"building": "yes"}, None, ()),
        ({"amenity": "unheard", "craft": "plumber"}, "Plumber", ("unheard", "plumber")),
        ({"amenity": ";".join("abcdefghijklmno")}, "A", tuple("abcdefghij")),
        ({"amenity": "x" * 300}, "X" + "x" * 79, ("x" * 80,)),
    ],
)
def test_names_what_a_place_is(
    tags: dict[str, Any], category: str | None, types: tuple[str, ...]
) -> None:
    record = read(**tags)
    assert (record.category, record.types) == (category, types)


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ({"shop": "bakery"}, "OPERATIONAL"),
        ({"shop": "bakery", "was:shop": "butcher"}, "OPERATIONAL"),
        ({"shop": "bakery", "disused": "no"}, "OPERATIONAL"),
        ({"shop": "bakery", "opening_hours": "Mo off"}, "OPERATIONAL"),
        ({"shop": "bakery", "opening_hours": "closed"}, "CLOSED_TEMPORARILY"),
        ({"shop": "bakery", "opening_hours": 'off "until June"'}, "CLOSED_TEMPORARILY"),
        ({"shop": "bakery", "disused": "yes"}, "CLOSED_PERMANENTLY"),
        ({"shop": "vacant"}, "CLOSED_PERMANENTLY"),
        ({"disused:shop": "bakery"}, "CLOSED_PERMANENTLY"),
        ({"was:amenity": "dentist", "building": "yes"}, "CLOSED_PERMANENTLY"),
        ({"abandoned:tourism": "hotel"}, "CLOSED_PERMANENTLY"),
    ],
)
def test_a_former_place_is_closed(tags: dict[str, Any], status: str) -> None:
    record = read_element({"type": "node", "id": 1, "tags": {"name": "X", **tags}}, None)
    assert record is not None
    assert record.business_status == status


def test_bounds_and_cleans_what_strangers_wrote() -> None:
    record = read(
        name="B\x00ad\ud800 name\n" + "n" * 9000,
        addr__city="C\x00",
        addr__country="D\x00",
        opening_hours="x\x00y",
    )
    assert (record.name[:8], len(record.name)) == ("B ad nam", 500)
    assert (record.city, record.country, record.opening_hours) == ("C", "DE", {"hours": "x y"})


KEYS = st.sampled_from(
    "name brand phone contact:phone website url email contact:facebook contact:whatsapp "
    "opening_hours addr:street addr:city addr:country amenity shop was:shop disused".split()
)
VALUES = st.none() | st.integers() | st.text(max_size=30) | st.sampled_from(["a@b.test", "@", ";"])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=8), st.sampled_from(["DE", "US", "XX", None]))
def test_no_tags_at_all_crash_the_reading(tags: dict[str, Any], region: str | None) -> None:
    record = read_element({"type": "node", "id": 1, "tags": tags}, region)
    assert record is None or record.name
