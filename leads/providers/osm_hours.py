"""The tag opening_hours as weekday to text, where it says no more than days and times.

Its whole language knows months, holidays, sunsets and conditions; what uses these is shown as it
was written. Holidays alone are left out: a week has none. Source: wiki Key:opening_hours.
"""

import re
from collections.abc import Iterator

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT = ("mo", "tu", "we", "th", "fr", "sa", "su")
HOLIDAYS = frozenset({"ph", "sh"})
ALL_DAY = "Open 24 hours"
CLOSED = "Closed"
AS_WRITTEN = "hours"  # stands in the place of a weekday
MAX_LENGTH = 500
MAX_RULES = 30
MAX_SPANS = 6

_DAY = r"(?:mo|tu|we|th|fr|sa|su|ph|sh)"
_TIME = r"[0-9]{1,2}:[0-9]{2}"
_SPAN = rf"{_TIME}\s?[-\u2013]\s?{_TIME}"
_RULE = re.compile(
    rf"(?P<days>{_DAY}(?:\s?[-,\u2013]\s?{_DAY}){{0,8}})?:?\s{{0,3}}"
    rf"(?P<times>{_SPAN}(?:\s?,\s?{_SPAN}){{0,{MAX_SPANS - 1}}}|off|closed|24/7)?"
)
_ONE_SPAN = re.compile(rf"({_TIME})\s?[-\u2013]\s?({_TIME})")
# A comma before a day adds to the days before it, where a semicolon would replace them.
_FURTHER = re.compile(rf"(?<=[0-9])\s?,\s?(?={_DAY}\b)")
_NEVER = re.compile(r"(?:24/7\s{0,3})?(?:off|closed)(?:\s{0,3}\"[^\"]{0,200}\")?", re.IGNORECASE)

Week = dict[str, list[str]]


def opening_hours(written: str | None) -> dict[str, str]:
    """Return Monday to Sunday as text, {} where nothing is written, else the text as it came."""
    if not written or is_never(written):
        return {}
    week = _read_week(written)
    if week is None:
        return {AS_WRITTEN: written[:MAX_LENGTH]}
    return {day: ", ".join(spans) or CLOSED for day, spans in week.items()}


def is_never(written: str | None) -> bool:
    """Tell whether the hours say that the place is closed at all times, for now at least."""
    return written is not None and _NEVER.fullmatch(written[:MAX_LENGTH].strip()) is not None


def _read_week(written: str) -> Week | None:
    rules = [rule.strip() for rule in written.lower().split(";") if rule.strip()]
    if len(written) >= MAX_LENGTH or not 0 < len(rules) <= MAX_RULES:
        return None
    week: Week = {}
    for rule in rules:
        for number, part in enumerate(_FURTHER.split(rule)):
            days_and_spans = _read_rule(part)
            if days_and_spans is None:
                return None
            days, spans = days_and_spans
            for day in days:
                week[day] = [*week.get(day, []), *spans] if number else list(spans)
    # Hours of holidays alone say nothing of the days of the week.
    return {day: week.get(day, []) for day in WEEK} if week else None


def _read_rule(part: str) -> tuple[list[str], list[str]] | None:
    """Return the days of a rule and their spans, None where it says more than that."""
    match = _RULE.fullmatch(part)
    if match is None or not match["times"]:
        return None
    days = list(WEEK) if match["days"] is None else list(_days(match["days"]))
    times = match["times"]
    if times in {"off", "closed"}:
        return days, []
    if times == "24/7":
        return days, [ALL_DAY]
    spans = [_span(opens, closes) for opens, closes in _ONE_SPAN.findall(times)]
    known = [span for span in spans if span is not None]
    return (days, known) if len(known) == len(spans) else None


def _days(written: str) -> Iterator[str]:
    """Yield the weekdays of a list such as "mo-we,sa,ph"; "sa-mo" goes round the week."""
    for stretch in written.split(","):
        ends = [day.strip() for day in re.split(r"[-\u2013]", stretch)]
        if HOLIDAYS.intersection(ends):
            continue
        first, last = SHORT.index(ends[0]), SHORT.index(ends[-1])
        for step in range((last - first) % 7 + 1):
            yield WEEK[(first + step) % 7]


def _span(opens: str, closes: str) -> str | None:
    """Return "08:00-18:00" with a dash, None for a time that no day has."""
    times = []
    for written, latest in ((opens, 24), (closes, 30)):
        hour, minute = map(int, written.split(":"))
        if hour > latest or minute > 59:
            return None
        # Closing at 26:00 is the small hours of the next day.
        is_next_day = (hour, minute) > (24, 0)
        times.append(f"{hour - 24 if is_next_day else hour:02d}:{minute:02d}")
    if times == ["00:00", "24:00"]:
        return ALL_DAY
    return f"{times[0]}\N{EN DASH}{times[1]}"
