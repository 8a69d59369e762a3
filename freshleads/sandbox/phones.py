"""Telephone numbers kept for fiction by each regulator, and the ways people print them."""

import random
import re
from collections.abc import Iterator

from freshleads.sandbox.cities import City

COUNTRY_PREFIXES = {"US": "1", "GB": "44", "DE": "49", "FR": "33"}


def number_pool(city: City, rng: random.Random) -> Iterator[str]:
    """Yield each fictional number of a city once, in national form and shuffled order."""
    numbers = []
    for pattern, start, stop in city.phone_patterns:
        parts = pattern.count("{")
        numbers += [
            pattern.format(*(divmod(number, 100) if parts == 2 else (number,)))
            for number in range(start, stop)
        ]
    rng.shuffle(numbers)
    yield from numbers


def to_e164(national: str, country: str) -> str:
    """Return `+` country prefix and digits for a number of number_pool."""
    digits = re.sub(r"\D", "", national)
    return "+" + COUNTRY_PREFIXES[country] + (digits if country == "US" else digits[1:])


def printed_forms(national: str, country: str) -> tuple[str, ...]:
    """Return the forms in which a local business prints the number, usual one first."""
    if country == "US":
        area, rest = national[1:4], national[6:]
        return (
            national,
            f"{area}-{rest}",
            f"{area}.{rest.replace('-', '.')}",
            f"+1 {area} {rest}",
            f"1-{area}-{rest}",
        )
    prefix = COUNTRY_PREFIXES[country]
    trunkless = national[1:]
    forms = [national, f"+{prefix} {trunkless}", f"+{prefix} (0){trunkless}"]
    if country == "DE":
        forms += [f"030/{national[4:]}", f"(030) {national[4:]}"]
    elif country == "FR":
        forms += [national.replace(" ", "."), national.replace(" ", "-")]
    else:
        forms += [f"({national[:4]}){national[4:]}"]
    return tuple(forms)
