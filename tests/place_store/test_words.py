"""Words of names, of categories and of queries."""

import pytest

from leads.place_store.words import area_key, phrase_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Joe's Pizza", ["joe", "pizza"]),
        ("Zahnärzte & Söhne", ["zahnarzte", "sohne"]),
        ("山田歯科", ["山", "田", "歯", "科"]),
        ("한글 치과", ["한", "글", "치", "과"]),
        ("Bakeries, glasses, boxes, boss, status", ["bakery", "glass", "box", "boss", "status"]),
        ("dental_clinic", ["dental", "clinic"]),
        ('"; DROP TABLE place --', ["drop", "table", "place"]),
        ("=5.0 AND NOT *", ["5", "0", "and", "not"]),
        ("\x00", []),
    ],
)
def test_words_are_folded_alike_wherever_they_stand(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_an_endless_name_gives_a_bounded_number_of_bounded_words() -> None:
    words = words_of("a" * 1_000_000 + " b" * 1_000_000)
    assert len(words) == 24
    assert max(map(len, words)) == 40


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pet_store", "Pet shops"),
        ("pest_control_service", "pest control"),
        ("Roofing Contractor", "roofing"),
        ("service", "services"),
    ],
)
def test_categories_of_different_taxonomies_are_one(one: str, other: str) -> None:
    assert phrase_of(one) == phrase_of(other)


def test_a_shop_for_pets_is_no_service_for_pets() -> None:
    assert phrase_of("pet store") != phrase_of("pet service")


def test_areas_are_looked_up_without_accents_and_postal_codes_without_blanks() -> None:
    assert area_key("city", "São  Paulo") == "sao paulo"
    assert area_key("postal", "sw1a 1AA") == "sw1a1aa"
