"""The tag opening_hours: what is plain becomes a week, everything else stays as it was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.providers.osm_hours import WEEK, is_never, opening_hours

DASH = "\N{EN DASH}"


def week(*days: str) -> dict[str, str]:
    """Return Monday to Sunday with these texts, hyphens made dashes."""
    return dict(zip(WEEK, (day.replace("-", DASH) for day in days), strict=True))


OFFICE = week(*["08:00-18:00"] * 5, "Closed", "Closed")
ALWAYS = week(*["Open 24 hours"] * 7)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mo-Fr 08:00-18:00", OFFICE),
        ("mo-fr 8:00 - 18:00;", OFFICE),
        (f"Mo-Fr 08:00{DASH}18:00; PH off", OFFICE),
        ("Mo-Fr 08:00-18:00; PH,SH closed", OFFICE),
        ("Mo-Fr: 08:00-18:00", OFFICE),
        ("24/7", ALWAYS),
        ("Mo-Su 00:00-24:00", ALWAYS),
        (
            "Mo-Fr 08:00-18:00; Sa 10:00-14:00",
            week(*["08:00-18:00"] * 5, "10:00-14:00", "Closed"),
        ),
        (
            "Mo-Fr 09:00-12:00,13:00-18:00; We off",
            week(
                *["09:00-12:00, 13:00-18:00"] * 2,
                "Closed",
                *["09:00-12:00, 13:00-18:00"] * 2,
                *["Closed"] * 2,
            ),
        ),
        (
            "Mo-Fr 08:00-12:00, We 14:00-18:00",
            week(
                *["08:00-12:00"] * 2,
                "08:00-12:00, 14:00-18:00",
                *["08:00-12:00"] * 2,
                *["Closed"] * 2,
            ),
        ),
        (
            "Fr-Mo 18:00-26:00",
            week("18:00-02:00", *["Closed"] * 3, *["18:00-02:00"] * 3),
        ),
        ("10:00-20:00", week(*["10:00-20:00"] * 7)),
        ("Sa,Su,PH 10:00-20:00", week(*["Closed"] * 5, *["10:00-20:00"] * 2)),
    ],
)
def test_days_and_times_become_a_week(written: str, expected: dict[str, str]) -> None:
    assert opening_hours(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "Mo-Fr",
        "Mo-Fr 17:00+",
        "Mo-Fr sunrise-sunset",
        "Mo-Fr 08:00-18:00; Dec 25 off",
        "Apr-Oct Mo-Fr 08:00-18:00",
        'Mo-Fr 08:00-18:00 "by appointment"',
        "Mo[1] 10:00-12:00",
        "week 1-20 Mo 10:00-12:00",
        "PH off",
        "by appointment",
        "Mo-Fr 25:00-26:00",
        "Mo-Fr 08:75-18:00",
        "Mo-Fr 08:00-18:00 || Sa 10:00-12:00",
        ";;",
        "call us!",
    ],
)
def test_what_says_more_stays_as_it_was_written(written: str) -> None:
    assert opening_hours(written) == {"hours": written}


@pytest.mark.parametrize("written", ["off", "closed", 'closed "renovation"', "24/7 off", " OFF "])
def test_never_open_is_no_week_but_a_closed_place(written: str) -> None:
    assert is_never(written)
    assert opening_hours(written) == {}


@pytest.mark.parametrize("written", [None, "", "Mo-Fr 08:00-18:00", "Mo off"])
def test_a_place_with_hours_or_without_any_is_not_closed(written: str | None) -> None:
    assert not is_never(written)


def test_nothing_written_is_no_week() -> None:
    assert opening_hours(None) == {}
    assert opening_hours("") == {}


@pytest.mark.parametrize(
    "written",
    ["Mo-Fr " + "08:00-18:00," * 5000, "Mo " * 9000, ";" * 9000, "Mo 08:00-18:00;" * 40, '"' * 999],
)
def test_endless_text_is_bounded_and_read_at_once(written: str) -> None:
    assert opening_hours(written) == {"hours": written[:500]}


@settings(max_examples=300, deadline=200)
@given(st.text(st.sampled_from("MoTuSaPH0189:-,;+ \"'offclosed24/7"), max_size=120))
def test_no_text_at_all_crashes_the_reading(written: str) -> None:
    found = opening_hours(written)
    assert found == {} or list(found) in (["hours"], list(WEEK))
