"""A million invented leads, as the text that PostgreSQL's COPY reads.

They come as searches bring them: twenty at a time, of one workspace, trade, city and moment. Of
the words to look for, "dental" stands in every twelfth name, "orthodontic" in one of 400, "quokka"
in 27 of the largest workspace, and "veterinary" only in old leads.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

LEADS = 1_000_000
BURST = 20
LARGE, MIDDLE, FIRST_SMALL, SMALL, SMALL_ONES = 1, 2, 3, 500, 1_000
QUOKKAS = 27
START = datetime(2025, 1, 1, tzinfo=UTC)
COLUMNS = (
    "public_id workspace_id identity business_name category address phone website email"
    " social_links rating reviews_count opening_hours latitude longitude google_maps_url place_id"
    " email_status email_reason emails phones first_name last_name job_title description street"
    " city region postal_code country domain tags sources search_text created_at updated_at"
    " deleted_at"
).split()

TRADES = (
    *("Plumbing", "Electric", "Roofing", "Bakery", "Cafe", "Law Office", "Fitness", "Florist"),
    *("Auto Repair", "Realty", "Cleaning", "Accounting", "Hair Studio", "Pharmacy", "Optics"),
)
ADJECTIVES = (
    "Bright Golden Coastal Harbor Summit Urban Royal Green Silver Family Modern Old".split()
)
NAMES = (
    "Alvarez Becker Cole Dubois Evans Fischer Garcia Huber Ivanov Jensen Keller Lopez Moreau Novak"
    " Olsen Petit Quinn Rossi Schmidt Taylor Urban Vogel Weber Xu Young Zimmer Brandt Castro Diaz"
).split()
CITIES = [f"{first} {second}" for first in ("Fort", "New", "Saint", "Port") for second in NAMES]
STATUSES = ("valid",) * 8 + ("risky",) * 2 + ("unknown",)
HOURS = json.dumps(dict.fromkeys(("Monday", "Tuesday", "Friday"), "9:00 AM to 5:00 PM"))
SOURCES = json.dumps(
    {
        field: {
            "source": "google",
            "url": "https://maps.google.com/?cid=1234567890123456789",
            "method": "places_search",
            "licence": "Google Maps Platform terms",
            "first_seen_at": "2026-01-01T00:00:00+00:00",
            "checked_at": "2026-01-01T00:00:00+00:00",
        }
        for field in ("business_name", "phone")
    }
)  # a lead has more of them, which PostgreSQL compresses to about this length


class Burst(NamedTuple):
    """What the leads of one page of results share."""

    workspace: int
    trade: str
    city: str
    moment: str


def copy_text(seed: int = 1) -> Iterator[bytes]:
    """Yield the rows in the text form of COPY, some hundred at a time."""
    chance = random.Random(seed)
    rare = {7 + place * 37_000 for place in range(QUOKKAS)}  # bursts of the largest workspace
    lines: list[str] = []
    for first in range(0, LEADS, BURST):
        burst = _burst(chance, first)
        lines += [_line(chance, number, burst, rare) for number in range(first, first + BURST)]
        if len(lines) >= 1000:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def _burst(chance: random.Random, first: int) -> Burst:
    turn = first // BURST % 10
    workspace = LARGE if turn < 6 else MIDDLE if turn < 9 else _small(first)
    lot = chance.random()
    trade = "Dental" if lot < 0.08 else chance.choice(TRADES)
    if first < LEADS // 5 and 0.08 < lot < 0.2:
        trade = "Veterinary"
    elif 0.2 < lot < 0.2025:
        trade = "Orthodontic"
    city = CITIES[min(int(chance.expovariate(0.05)), len(CITIES) - 1)]
    return Burst(workspace, trade, city, (START + timedelta(seconds=30 * first)).isoformat())


def _small(first: int) -> int:
    return FIRST_SMALL + first // (BURST * 10) % SMALL_ONES


def _line(chance: random.Random, number: int, burst: Burst, rare: set[int]) -> str:
    lot = chance.random()
    owner = NAMES[int(lot * 1e6) % len(NAMES)]
    name = f"{owner} {ADJECTIVES[int(lot * 1e4) % len(ADJECTIVES)]} {burst.trade} {number % 977}"
    if number in rare:
        name = f"Quokka {name}"
    domain = f"{owner.lower()}-{number}.test"
    email = f"info@{domain}" if lot < 0.62 else ""
    status = STATUSES[int(lot * 1e5) % len(STATUSES)] if email else "unverified"
    knows_rating = int(lot * 1e3) % 16
    rating = f"{min(5.0, 3.2 + (int(lot * 1e7) % 19) / 10):.1f}" if knows_rating else r"\N"
    reviews = str(int(chance.expovariate(0.01))) if knows_rating else r"\N"
    tags = '["vip"]' if number % 15_013 == 0 else '["hot"]' if number % 97 == 0 else "[]"
    phone = f"+1305555{number % 10_000:04d}" if number % 10 else ""
    website = f"http://{domain}/" if number % 5 or email else ""
    search = "\\n".join(part for part in (name.lower(), email, burst.city.lower(), domain) if part)
    street = f"{number % 900} {owner} Street"
    values = (
        *(f"lead_{number:020d}", str(burst.workspace), f"place:ChIJ{number:023d}", name),
        *(burst.trade, f"{street}, {burst.city}, FL 331{number % 100:02d}, USA", phone),
        *(website, email, "{}", rating, reviews, HOURS),
        *(f"{25 + lot:.6f}", f"{-80 - lot:.6f}", f"https://maps.google.com/?cid={number}"),
        *(f"ChIJ{number:023d}", status, "accepted" if status == "valid" else ""),
        f'[{{"email": "{email}", "status": "{status}"}}]' if email else "[]",
        *(f'[{{"phone": "{phone}"}}]' if phone else "[]", "", "", "", "", street, burst.city, "FL"),
        *(f"331{number % 100:02d}", "US", domain, tags, SOURCES, search),
        *(burst.moment, burst.moment, burst.moment if number % 50 == 0 else r"\N"),
    )
    return "\t".join(values) + "\n"
