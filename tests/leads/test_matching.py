"""One business in two sources is one lead; whatever may be two businesses stays two."""

from dataclasses import replace

import pytest

from leads import matching
from leads.matching import Description, best_matches, likeness, name_likeness

HOME = (25.7617, -80.1918)
BRIGHT = Description(
    name="Bright Smile Dental",
    domain="bright.test",
    phones=frozenset({"+13055550100"}),
    position=HOME,
    street="29 Collins Ave",
    postal_code="33139",
    city="Miami Beach",
)
OTHER_PHONE = frozenset({"+13055550199"})


def away(metres: float) -> tuple[float, float]:
    """Return a point so far north of home."""
    return (HOME[0] + metres / matching.METRES_PER_DEGREE, HOME[1])


def is_same(a: Description, b: Description) -> bool:
    assert (likeness(a, b) > 0) == (likeness(b, a) > 0), "who is asked first does not matter"
    return likeness(a, b) > 0


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Müller & Söhne GmbH", "MUELLER UND SOEHNE"),
        ("Boulangerie Élan SARL", "Boulangerie Elan"),
        ("Joe's Pizza, L.L.C.", "Joes Pizza"),
        ("The Star Bucks Coffee Co.", "Starbucks Coffee"),
        ("Dr. med. dent. Anna Weiß", "Anna Weiss"),
        ("Muster G.m.b.H. & Co. KG", "Muster"),
        ("Smøg Bar ApS", "Smog Bar"),
        ("Praxis Weber", "Weber Praxis"),
        ("Bright Smile Dental Miami Beach", "Bright Smile Dental"),
    ],
)
def test_names_are_the_same_without_accents_titles_legal_forms_and_the_city(a: str, b: str) -> None:
    assert name_likeness(a, b, cities=("Miami Beach",)) == 1.0


@pytest.mark.parametrize(
    ("a", "b", "highest"),
    [
        ("Praxis 1", "Praxis 2", 0.0),
        ("Store 24", "Store", 0.0),
        ("", "Bright", 0.0),
        ("GmbH", "Bright", 0.0),
        ("Anna Schmidt", "Bernd Schulz", 0.0),
        ("Hotel Adlon", "Restaurant Adlon", 0.4),
        ("Dr. Anna Schmidt", "Dr. Bernd Schmidt", 0.4),
    ],
)
def test_other_numbers_or_words_make_other_names(a: str, b: str, highest: float) -> None:
    assert name_likeness(a, b) <= highest


def test_a_name_that_is_nothing_but_fillers_is_compared_as_it_is() -> None:
    assert matching.name_words("The") == ("the",)
    assert name_likeness("Co", "Co") == 1.0


def test_endless_and_empty_names_are_compared_in_no_time() -> None:
    assert matching.name_words("a" * 10_000_000) == ("a" * matching.MAX_NAME,)
    assert matching.name_words("!!! ...") == ()


@pytest.mark.parametrize(
    ("street", "numbers"),
    [
        ("29 Collins Ave", {29}),
        ("Hauptstr. 12-14a", {12, 14}),
        ("120 NW 7th St, Suite 4", {120, 4}),
        ("5th Avenue", set()),
        ("", set()),
    ],
)
def test_house_numbers_are_read_out_of_a_street(street: str, numbers: set[int]) -> None:
    assert matching.house_numbers(street) == numbers


# --- one business -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "BRIGHT SMILE DENTAL LLC", "position": away(120)},
        {"name": "Bright Smile Dentistry", "street": ""},
        {"name": "", "street": ""},  # a source that lends its names took this one back
        {"domain": "", "position": away(250), "street": ""},
        {"phones": frozenset(), "position": away(100)},
        {"phones": frozenset(), "domain": "", "street": "", "position": away(140)},
        {"phones": BRIGHT.phones | OTHER_PHONE, "domain": "new.test"},
        {"position": None},
        {"position": None, "street": "", "city": "", "postal_code": ""},
    ],
)
def test_a_business_is_known_again_in_other_words(changes: dict[str, object]) -> None:
    assert is_same(BRIGHT, replace(BRIGHT, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        # branches of a chain
        {"phones": OTHER_PHONE, "position": away(2000), "street": "7 Main St"},
        {"phones": OTHER_PHONE, "position": away(40)},
        {"position": away(400), "street": ""},
        {"position": away(200), "street": "31 Collins Ave"},
        {"position": None, "street": "", "postal_code": "33101"},
        {"position": None, "street": "", "postal_code": "", "city": "Orlando"},
        {"phones": frozenset(), "position": away(120), "street": "31 Collins Ave"},
        # others at the same door
        {"name": "Ocean Dental Lab", "phones": frozenset(), "domain": ""},
        {"name": "Bright Smile Dental Lab", "phones": frozenset(), "domain": ""},
        {"name": "Bright Smile Dental Lab", "phones": OTHER_PHONE},
        {"phones": frozenset(), "domain": "another.test"},
        {"name": "Ocean Restaurant"},  # a hotel's restaurant has its phone and its website
        {"name": "", "phones": frozenset(), "domain": ""},
        # namesakes
        {"phones": frozenset(), "domain": "", "street": "", "position": away(160)},
        {"phones": frozenset(), "domain": "", "street": "", "position": None},
        {"phones": OTHER_PHONE, "domain": "", "street": "", "position": HOME},
    ],
)
def test_what_may_be_another_business_stays_one(changes: dict[str, object]) -> None:
    assert not is_same(BRIGHT, replace(BRIGHT, **changes))  # type: ignore[arg-type]


def test_a_name_of_one_word_says_less_than_one_of_two() -> None:
    bakery = Description(name="Bakery", position=HOME)
    assert is_same(bakery, Description(name="The Bakery", position=away(40)))
    assert not is_same(bakery, Description(name="The Bakery", position=away(60)))


def test_doctors_who_share_a_practice_stay_two() -> None:
    anna = replace(BRIGHT, name="Dr. Anna Schmidt")
    assert not is_same(anna, replace(BRIGHT, name="Dr. Bernd Schmidt"))


def test_both_sides_of_the_180th_meridian_are_near() -> None:
    east = Description(name="Date Line Diner", position=(-17.0, 179.9999))
    assert is_same(east, replace(east, position=(-17.0, -179.9999)))


# --- choosing among several -------------------------------------------------------------------


def test_the_surest_and_then_the_nearest_candidate_wins_and_each_is_used_once() -> None:
    nameless = replace(BRIGHT, phones=frozenset(), domain="", street="")
    candidates = {
        "far": replace(nameless, position=away(90)),
        "near": replace(nameless, position=away(10)),
        "phone": replace(BRIGHT, name="Bright Smile Dental Miami", position=away(100), street=""),
    }
    assert best_matches({"x": BRIGHT}, candidates) == {"x": "phone"}
    assert best_matches({"x": nameless}, candidates) == {"x": "near"}
    assert best_matches({"x": nameless, "y": BRIGHT}, candidates) == {"x": "near", "y": "phone"}
    two = {"x": nameless, "y": replace(nameless, position=away(5))}
    assert best_matches(two, {"near": candidates["near"]}) == {"y": "near"}
    assert best_matches({}, candidates) == best_matches({"x": BRIGHT}, {}) == {}
