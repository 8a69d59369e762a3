"""What people type and the tags it means; the table itself."""

import pytest

from leads.providers.osm_trades import Condition, Wanted, title_of, trades, understand


def tags(query: str) -> list[str]:
    """Return the selectors of a query as text, `~` before a pattern."""
    return [
        " & ".join(f"{tag.key}{'~' if tag.is_pattern else '='}{tag.value}" for tag in selector)
        for selector in understand(query).selectors
    ]


def test_the_table_knows_many_trades_and_each_name_once() -> None:
    names = [phrase for trade in trades() for phrase in trade.phrases[:-1]]
    assert len(trades()) >= 180
    assert len(names) >= 1400
    assert len(names) == len(set(names))
    assert all(trade.selectors and trade.title for trade in trades())


def test_every_name_of_a_trade_finds_that_trade() -> None:
    for trade in trades():
        for phrase in trade.phrases[:-1]:
            assert understand(" ".join(phrase)) == Wanted(trade.selectors), phrase


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        (
            "dentist|dentists|Dental clinics|Zahnarzt|Zahnärzte|ZAHNARZTPRAXIS|dentistas|dentistes"
            "|best dentists near me|dentist office",
            ["amenity=dentist", "healthcare=dentist"],
        ),
        ("plumbers|emergency plumber|Klempner|fontaneros|plombiers|plumbing", ["craft=plumber"]),
        ("electricians|Elektriker|electricistas|électriciens", ["craft=electrician"]),
        ("restaurants|Gaststätten|restaurantes|food|brasseries", ["amenity=restaurant"]),
        ("bakery|bakeries|Bäckereien|panaderías|boulangeries", ["shop=bakery"]),
        ("hairdressers|barbers|Friseure|peluquerías|salons de coiffure", ["shop=hairdresser"]),
        ("law firms|attorneys|Rechtsanwältinnen|abogados|avocats", ["office=lawyer"]),
        ("gyms|fitness|Fitnessstudios|gimnasios|salles de sport", ["leisure=fitness_centre"]),
        ("vets|animal hospitals|Tierärzte|veterinarios", ["amenity=veterinary"]),
        ("car repair|mechanics|Werkstätten|talleres mecánicos", ["shop=car_repair"]),
        ("hotels|Hotels in der", ["tourism=hotel"]),
        ("B&B|bed and breakfasts|chambres d'hôtes", ["tourism=guest_house"]),
        ("pharmacies|Apotheken|farmacias", ["amenity=pharmacy", "healthcare=pharmacy"]),
        (
            "realtors|real estate agencies|Immobilienmakler|inmobiliarias|agences immobilières",
            ["office=estate_agent", "shop=estate_agent"],
        ),
        ("accountants|Steuerberater|comptables", ["office=accountant", "office=tax_advisor"]),
        (
            "pizza|pizzerias",
            ["amenity=restaurant & cuisine~pizza", "amenity=fast_food & cuisine~pizza"],
        ),
        ("italian restaurants|Italienisches Restaurant", ["amenity=restaurant & cuisine~italian"]),
        ("vegan cafe", ["amenity=cafe & diet:vegan~yes|only"]),
        ("florists|flower shops|fleuristes", ["shop=florist"]),
        ("gas stations|Tankstellen|gasolineras", ["amenity=fuel"]),
    ],
)
def test_a_trade_is_understood_in_four_languages_and_in_the_plural(
    queries: str, expected: list[str]
) -> None:
    for query in queries.split("|"):
        assert tags(query) == expected, query
        assert understand(query).extra_words == (), query


@pytest.mark.parametrize(
    ("query", "selectors", "extra", "names"),
    [
        ("pediatric dentist", 2, ("pediatric",), ("pediatric", "dentist")),
        ("Best Western Hotel", 1, ("western",), ("best", "western", "hotel")),
        ("Joe's Pizza", 2, ("joe",), ("joe", "pizza")),
        ("Ocean Breeze", 0, (), ("ocean", "breeze")),
        ("O'Brien the best", 0, (), ("brien",)),
        ("the best", 0, (), ("the", "best")),
        ("Café Müßiggang", 1, ("müßiggang",), ("café", "müßiggang")),
        ("  ", 0, (), ()),
        ("?!", 0, (), ()),
    ],
)
def test_other_words_are_looked_for_in_names(
    query: str, selectors: int, extra: tuple[str, ...], names: tuple[str, ...]
) -> None:
    wanted = understand(query)
    assert (len(wanted.selectors), wanted.extra_words, wanted.name_words) == (
        selectors,
        extra,
        names,
    )


def test_an_endless_query_is_bounded() -> None:
    wanted = understand("wörter " * 5000)
    assert len(wanted.name_words) == 8
    assert len(understand("x" * 5000).name_words[0]) == 40


@pytest.mark.parametrize(
    ("key", "value", "title"),
    [
        ("amenity", "dentist", "Dentist"),
        ("craft", "plumber", "Plumber"),
        ("shop", "car", "Car dealer"),
        ("office", "estate_agent", "Estate agent"),
        ("cuisine", "pizza", None),
        ("shop", "unheard_of", None),
    ],
)
def test_a_tag_has_the_title_of_its_trade(key: str, value: str, title: str | None) -> None:
    assert title_of(key, value) == title


def test_only_the_table_makes_patterns() -> None:
    for trade in trades():
        for selector in trade.selectors:
            assert all(isinstance(tag, Condition) and '"' not in tag.value for tag in selector)
