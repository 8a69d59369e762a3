"""Opening hours of the Places API as weekday to text."""

from typing import Any

import pytest

from leads.providers.google_hours import opening_hours


def period(day: int, opens: tuple[int, int], closes: tuple[int, int]) -> dict[str, Any]:
    """Return a period inside one day, zeros left out as proto3 JSON may."""
    return {
        name: {
            member: value
            for member, value in (("day", day), ("hour", hour), ("minute", minute))
            if value
        }
        for name, (hour, minute) in (("open", opens), ("close", closes))
    }


def test_other_languages_are_read_from_the_periods_since_their_order_differs() -> None:
    hours = opening_hours(
        {
            "weekdayDescriptions": ["Sonntag: Geschlossen", "Montag: 09:00\N{EN DASH}17:30 Uhr"],
            "periods": [
                period(1, (13, 0), (17, 30)),
                period(1, (9, 0), (12, 0)),
                period(0, (0, 0), (4, 5)),
            ],
        }
    )
    assert hours == {
        "monday": "09:00\N{EN DASH}12:00, 13:00\N{EN DASH}17:30",
        "tuesday": "Closed",
        "wednesday": "Closed",
        "thursday": "Closed",
        "friday": "Closed",
        "saturday": "Closed",
        "sunday": "00:00\N{EN DASH}04:05",
    }
    assert next(iter(hours)) == "monday"


def test_a_period_without_an_end_is_always_open() -> None:
    hours = opening_hours({"periods": [{"open": {"day": 0, "hour": 0, "minute": 0}}]})
    assert set(hours.values()) == {"Open 24 hours"}
    assert len(hours) == 7


def test_english_lines_come_monday_first_whatever_their_order() -> None:
    hours = opening_hours({"weekdayDescriptions": ["Sunday: Closed", "Monday: 8 AM to 5 PM"]})
    assert list(hours.items()) == [("monday", "8 AM to 5 PM"), ("sunday", "Closed")]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"weekdayDescriptions": "Monday: Closed"},
        {"weekdayDescriptions": ["Monday", None]},
        {"periods": "always"},
        {"periods": []},
        {"periods": [None]},
        {"periods": [{"open": {"day": 7}}]},
        {"periods": [{"open": {"day": True}}]},
        {"periods": [{"open": {"day": 1}, "close": "late"}]},
        {"periods": [{"open": {"day": 1, "hour": 25}, "close": {"day": 1}}]},
    ],
)
def test_what_cannot_be_read_says_nothing(message: dict[str, Any]) -> None:
    assert opening_hours(message) == {}
