"""Invented reviews: the same few for the same place, in the language of its city."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from freshleads.sandbox.entities import Business

MAX_REVIEWS = 5
YEAR_DAYS = 365
MONTH_DAYS = 30

AUTHORS = (
    *("Alex M.", "Priya Shah", "Jonas Keller", "Chloé Marchand", "Sam Whitfield", "Ines Ortega"),
    *("Tom Becker", "Nadia Haddad", "Oliver Grant", "Léa Fontaine", "Marta Kowalska"),
)
SENTENCES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        (
            "Friendly staff and no waiting. Would come again.",
            "Professional from start to finish & a fair price.",
            "They explained everything and called back the next day.",
        ),
        (
            "Waited forty minutes past my appointment.",
            "Hard to reach by phone, and the bill was higher than the quote.",
            "It was fine, nothing special.",
        ),
    ),
    "de": (
        (
            "Sehr freundliches Team, kurze Wartezeit. Gerne wieder!",
            "Fachlich top und faire Preise.",
            "Alles wurde in Ruhe erklärt.",
        ),
        ("Trotz Termin lange gewartet.", "Telefonisch kaum zu erreichen.", "War in Ordnung."),
    ),
    "fr": (
        (
            "Équipe à l'écoute, je recommande.",
            "Travail soigné et prix correct.",
            "Rendez-vous rapide, explications claires.",
        ),
        ("Trop d'attente malgré le rendez-vous.", "Difficile à joindre.", "Correct, sans plus."),
    ),
}


def invent_reviews(business: Business, language: str, now: datetime) -> list[dict[str, Any]]:
    """Return up to five Review messages for a business, none where it has no reviews."""
    rng = random.Random(f"reviews:{business.place_id}")
    count = min(MAX_REVIEWS, business.reviews_count or 0)
    authors = rng.sample(AUTHORS, count)
    return [_invent_review(business, author, language, now, rng) for author in authors]


def _invent_review(
    business: Business, author: str, language: str, now: datetime, rng: random.Random
) -> dict[str, Any]:
    """Return one Review message whose stars lie around the rating of the business."""
    stars = max(1, min(5, round(rng.gauss(business.rating or 4.0, 0.8))))
    good, poor = SENTENCES[language]
    text = {"text": rng.choice(good if stars >= 4 else poor), "languageCode": language}
    number = rng.getrandbits(64)
    age = timedelta(days=rng.randint(1, 900), seconds=rng.randint(0, 80_000))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    profile = f"https://www.google.com/maps/contrib/{number}/reviews"
    return {
        "name": f"places/{business.place_id}/reviews/{number:016x}",
        "relativePublishTimeDescription": _describe_age(age.days),
        "rating": stars,
        "text": text,
        "originalText": dict(text),
        "authorAttribution": {
            "displayName": author,
            "uri": profile,
            "photoUri": f"https://lh3.googleusercontent.com/a/{number:016x}",
        },
        "publishTime": (midnight - age).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "googleMapsUri": f"{business.google_maps_url}&review={number:016x}",
    }


def _describe_age(days: int) -> str:
    """Return an age in words, such as `2 months ago`."""
    for unit, length in (("year", YEAR_DAYS), ("month", MONTH_DAYS), ("week", 7), ("day", 1)):
        count = days // length
        if count > 1:
            return f"{count} {unit}s ago"
        if count == 1:
            return f"a {unit} ago"
    return "today"
