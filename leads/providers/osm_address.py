"""The addr:* tags as lines, in the order in which the country writes them."""

from collections.abc import Mapping

from leads.providers.values import text

# Countries where the house number stands before the street ("12 Park Street").
NUMBER_FIRST = frozenset(
    "AU BH CA CI EG FR GB HK IE IL IN KE LU LK MC MT MY NG NZ PH PK SG TH US ZA".split()
)
# Countries where the postal code stands behind the city ("Miami, FL 33130").
CODE_LAST = frozenset("AU BR CA GB HK IE IN KE LK MY NG NZ PH PK SG TH US ZA".split())

Tags = Mapping[str, str]


def street_line(tags: Tags, country: str | None) -> str | None:
    """Return street and house number, None where no street is tagged."""
    street = text(tags, "addr:street") or text(tags, "addr:place")
    house = text(tags, "addr:housenumber")
    if street is None or house is None:
        return street
    return f"{house} {street}" if country in NUMBER_FIRST else f"{street} {house}"


def address_line(tags: Tags, city: str | None, country: str | None) -> str | None:
    """Return the whole address in one line, None where neither street nor city is tagged."""
    full, street = text(tags, "addr:full"), street_line(tags, country)
    if full or not (street or city):
        return full
    return ", ".join(part for part in (street, _town(tags, city, country), country) if part)


def _town(tags: Tags, city: str | None, country: str | None) -> str:
    """Return city, state and postal code: "10119 Berlin", "Bristol BS1 5JA", "Miami, FL 33130"."""
    code = text(tags, "addr:postcode")
    if country not in CODE_LAST:
        return " ".join(part for part in (code, city) if part)
    state = text(tags, "addr:state")
    region = ", ".join(part for part in (city, state) if part)
    return " ".join(part for part in (region, code) if part)
