"""Place names are remembered for half a year, unknown ones for a day."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from leads.areas import NamedAreas
from leads.models import NamedArea
from leads.providers.records import AreaRecord
from leads.providers.sharing import RememberedArea

pytestmark = pytest.mark.django_db
BERLIN = AreaRecord("Berlin, Germany", (52.3, 13.0), (52.6, 13.7), (52.5, 13.4), "DE")


def test_a_name_means_the_same_whatever_its_case_and_spaces() -> None:
    areas = NamedAreas("openstreetmap")
    areas.keep(" Berlin,  GERMANY", BERLIN)
    assert areas.recall("berlin, germany ") == RememberedArea(BERLIN)
    assert list(NamedArea.objects.values_list("provider", "text")) == [
        ("openstreetmap", "berlin, germany")
    ]


def test_nothing_is_known_of_a_name_that_nobody_asked() -> None:
    assert NamedAreas("openstreetmap").recall("Berlin") is None


def test_each_geocoder_has_a_memory_of_its_own() -> None:
    NamedAreas("openstreetmap").keep("Berlin", BERLIN)
    assert NamedAreas("other").recall("Berlin") is None


@pytest.mark.parametrize(("area", "fresh_days", "old_days"), [(BERLIN, 179, 181), (None, 0.9, 1.1)])
def test_what_is_old_is_asked_again(
    area: AreaRecord | None, fresh_days: float, old_days: float
) -> None:
    areas = NamedAreas("openstreetmap")
    areas.keep("Berlin", area)
    start = timezone.now()
    with time_machine.travel(start + timedelta(days=fresh_days)):
        assert areas.recall("Berlin") == RememberedArea(area)
    with time_machine.travel(start + timedelta(days=old_days)):
        assert areas.recall("Berlin") is None


def test_a_new_answer_takes_the_place_of_the_old_one() -> None:
    areas = NamedAreas("openstreetmap")
    areas.keep("Berlin", None)
    areas.keep("Berlin", BERLIN)
    assert areas.recall("Berlin") == RememberedArea(BERLIN)
    assert NamedArea.objects.count() == 1


@pytest.mark.parametrize("name", ["x" * 201, "", " \x00 "])
def test_an_endless_or_empty_name_is_not_kept(name: str) -> None:
    areas = NamedAreas("openstreetmap")
    areas.keep(name, BERLIN)
    assert areas.recall(name) is None
    assert NamedArea.objects.count() == 0


def test_what_no_database_takes_is_cleaned() -> None:
    areas = NamedAreas("openstreetmap")
    areas.keep("Ber\x00lin", AreaRecord("Ber\x00lin", (1, 2), (3, 4), (2, 3)))
    remembered = areas.recall("berlin")
    assert remembered is not None
    assert remembered.area is not None
    assert remembered.area.name == "Berlin"
