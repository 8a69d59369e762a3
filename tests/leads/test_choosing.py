"""Which source's value a field shows: one table, with what people gave above it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leads import choosing
from leads.choosing import RULES, Held
from leads.models import Lead

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
FULL = {"street": "29 Collins Ave", "city": "Miami", "postal_code": "33139", "country": "US"}


def replaces(fact: str, held_by: str, source: str, **options: Any) -> bool:
    rule = RULES[fact]
    field = rule.fields[0]
    held = Held({field: options.get("held", "a")}, held_by, options.get("checked_at", NOW))
    return choosing.may_replace(
        rule, held, {field: options.get("value", "b")}, source=source, now=NOW
    )


def test_the_table_names_columns_of_a_lead_each_once_and_gives_reasons() -> None:
    fields = [field for rule in RULES.values() for field in rule.fields]
    columns = {column.name for column in Lead._meta.get_fields()}
    assert len(fields) == len(set(fields))
    assert set(fields) <= columns
    assert all(
        rule.reason and len(set(rule.sources)) == len(rule.sources) for rule in RULES.values()
    )


@pytest.mark.parametrize("fact", list(RULES))
def test_every_source_corrects_itself_and_fills_what_is_empty(fact: str) -> None:
    for source in RULES[fact].sources:
        assert replaces(fact, source, source)
        assert replaces(fact, "", source, held="")
        assert not replaces(fact, source, source, value=""), "saying nothing takes nothing away"


@pytest.mark.parametrize(
    ("fact", "held_by", "source", "wins"),
    [
        ("name", "openstreetmap", "google", True),
        ("name", "google", "openstreetmap", False),
        ("phone", "website", "google", True),
        ("phone", "website", "local", False),
        ("phone", "local", "website", True),
        ("hours", "website", "openstreetmap", False),
        ("hours", "openstreetmap", "website", True),
        ("website", "website", "google", True),
        ("rating", "google", "website", False),
        ("listing", "google", "openstreetmap", False),
        ("place_id", "local", "google", True),
        ("category", "a source of yesterday", "local", True),
    ],
)
def test_between_sources_the_table_decides(
    fact: str, held_by: str, source: str, wins: bool
) -> None:
    assert replaces(fact, held_by, source) is wins


def test_a_listing_nobody_saw_for_half_a_year_gives_way() -> None:
    old = NOW - timedelta(days=181)
    assert replaces("name", "google", "local", checked_at=old)
    assert not replaces("name", "google", "local", checked_at=NOW - timedelta(days=179))


def test_an_address_gives_way_only_to_one_that_is_as_complete() -> None:
    rule = RULES["address"]

    def wins(held: dict[str, str], held_by: str, said: dict[str, str], source: str) -> bool:
        return choosing.may_replace(rule, Held(held, held_by, NOW), said, source=source, now=NOW)

    without_number = {**FULL, "street": "Collins Ave"}
    assert wins(without_number, "google", FULL, "openstreetmap")
    assert not wins(FULL, "openstreetmap", without_number, "google")
    assert wins(FULL, "openstreetmap", {**FULL, "city": "Miami Beach"}, "google")
    assert not wins(FULL, "google", {**FULL, "city": "Miami Beach"}, "openstreetmap")


@pytest.mark.parametrize("source", ["you", "import", "api"])
def test_what_people_typed_emptied_or_brought_is_given(source: str) -> None:
    assert choosing.is_given({"phone": {"source": source}}, "phone")
    assert not choosing.is_given({"phone": {"source": source}}, "email")
    assert not choosing.is_given({"phone": {"source": "google"}}, "phone")
