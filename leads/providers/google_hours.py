"""The OpeningHours message of the Places API as weekday to text."""

from collections.abc import Mapping
from typing import Any

DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
WEEK = (*DAYS[1:], DAYS[0])
ALL_DAY = "Open 24 hours"
MAX_PERIODS = 50
MAX_LINE = 200


def opening_hours(message: Mapping[str, Any]) -> dict[str, str]:
    """Return Monday to Sunday as text, {} where the message does not say.

    English lines are taken as they are; for other languages the text is made from the periods,
    since the order of the lines follows the language.
    """
    return _from_lines(message) or _from_periods(message)


def _from_lines(message: Mapping[str, Any]) -> dict[str, str]:
    lines = message.get("weekdayDescriptions")
    texts: dict[str, str] = {}
    for line in lines[:7] if isinstance(lines, list) else ():
        if not isinstance(line, str):
            return {}
        # Google sets thin and narrow spaces; a plain one reads the same everywhere.
        day, colon, hours = " ".join(line[:MAX_LINE].split()).partition(": ")
        if day.lower() not in DAYS or not colon:
            return {}
        texts[day.lower()] = hours
    return {day: texts[day] for day in WEEK if day in texts}


def _from_periods(message: Mapping[str, Any]) -> dict[str, str]:
    periods = message.get("periods")
    if not isinstance(periods, list) or not periods:
        return {}
    spans: dict[str, list[str]] = {day: [] for day in WEEK}
    for period in periods[:MAX_PERIODS]:
        opens = _moment(period, "open")
        if opens is None:
            return {}
        if "close" not in period:
            return dict.fromkeys(WEEK, ALL_DAY)  # one period without an end is always open
        closes = _moment(period, "close")
        if closes is None:
            return {}
        spans[DAYS[opens[0]]].append(f"{opens[1]}\N{EN DASH}{closes[1]}")
    return {day: ", ".join(sorted(texts)) or "Closed" for day, texts in spans.items()}


def _moment(period: object, name: str) -> tuple[int, str] | None:
    """Return the weekday (0 is Sunday) and the time of an opening or closing."""
    point = period.get(name) if isinstance(period, dict) else None
    if not isinstance(point, dict):
        return None
    values = [point.get(member, 0) for member in ("day", "hour", "minute")]
    if not all(type(value) is int for value in values):
        return None
    day, hour, minute = values
    if not (0 <= day <= 6 and 0 <= hour <= 24 and 0 <= minute <= 59):
        return None
    return day, f"{hour:02d}:{minute:02d}"
