"""Opening hours: the weekday lines of the world as periods, as "open now" and in translation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

TIME_ZONES: Mapping[str, str] = {
    "US": "America/New_York",
    "GB": "Europe/London",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
}
ENGLISH_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
TRANSLATIONS: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "de": (
        ("Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"),
        "Geschlossen",
        "{opens}\u2013{closes} Uhr",
    ),
    "fr": (
        ("dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"),
        "Fermé",
        "{opens}\u2009\u2013\u2009{closes}",
    ),
}
TIME = re.compile(r"(\d{1,2}):(\d{2})\s?(AM|PM)")


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of opening: day 0 is Sunday, times are minutes after that day's midnight."""

    day: int
    opens: int
    closes: int


@lru_cache(maxsize=4096)
def parse_hours(lines: tuple[str, ...]) -> tuple[Period, ...]:
    """Return the periods of lines such as `Monday: 9:00 AM - 5:00 PM`, Sunday first."""
    periods = []
    for line in lines:
        day_name, _, rest = line.partition(":")
        times = [_minutes(*match.groups()) for match in TIME.finditer(rest)]
        day = ENGLISH_DAYS.index(day_name)
        periods += [
            Period(day, opens, closes)
            for opens, closes in zip(times[::2], times[1::2], strict=True)
        ]
    return tuple(sorted(periods, key=lambda period: (period.day, period.opens)))


def _minutes(hour: str, minute: str, half: str) -> int:
    """Return the minutes since midnight of a 12-hour time."""
    return (int(hour) % 12 + (12 if half == "PM" else 0)) * 60 + int(minute)


def local_time(country: str, now: datetime) -> datetime:
    """Return the time of day in a country of the world."""
    return now.astimezone(ZoneInfo(TIME_ZONES[country]))


def is_open(lines: tuple[str, ...], local: datetime) -> bool:
    """Tell whether the hours say open at a local time."""
    day, minutes = (local.weekday() + 1) % 7, local.hour * 60 + local.minute
    return any(
        period.day == day and period.opens <= minutes < period.closes
        for period in parse_hours(lines)
    )


def render_hours(
    lines: tuple[str, ...], local: datetime, language: str, *, dated: bool
) -> dict[str, Any]:
    """Return an OpeningHours message; `dated` gives the points of currentOpeningHours a date."""
    first = local.date()
    periods = []
    for period in parse_hours(lines):
        day = first + timedelta(days=(period.day - (first.weekday() + 1)) % 7)
        date = {"date": {"year": day.year, "month": day.month, "day": day.day}} if dated else {}
        periods.append(
            {
                "open": {**_point(period.day, period.opens), **date},
                "close": {**_point(period.day, period.closes), **date},
            }
        )
    return {
        "openNow": is_open(lines, local),
        "periods": periods,
        "weekdayDescriptions": list(_describe(lines, language)),
    }


def _point(day: int, minutes: int) -> dict[str, int]:
    """Return a point in the week; zeros are written out, the fields being optional."""
    return {"day": day, "hour": minutes // 60, "minute": minutes % 60}


def _describe(lines: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Return the seven lines in a language, Monday first; English where there is none."""
    translation = TRANSLATIONS.get(language[:2].lower())
    if translation is None:
        return lines
    days, closed, form = translation
    periods = parse_hours(lines)
    described = []
    for day in (1, 2, 3, 4, 5, 6, 0):
        stretches = [
            form.format(opens=_clock(period.opens), closes=_clock(period.closes))
            for period in periods
            if period.day == day
        ]
        described.append(f"{days[day]}: {', '.join(stretches) or closed}")
    return tuple(described)


def _clock(minutes: int) -> str:
    """Return a 24-hour time of day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
