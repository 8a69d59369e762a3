"""Lookups as rows, with answers in the words of the LeadGen API."""

import json
from typing import Any

from django.utils import timezone

from freshleads.users.models import Workspace
from leads.models import Lookup
from leads.questions import (
    AdsQuestion,
    CrawlQuestion,
    PlacesQuestion,
    Question,
    ReviewsQuestion,
    SearchQuestion,
    VerifyQuestion,
)

EVIL = "<script>alert(1)</script>"
EVIL_LINK = "javascript:alert(1)"
EMAIL = "info@bright.test"

QUESTIONS: dict[str, Question] = {
    "crawl": CrawlQuestion("https://bright.test/"),
    "search": SearchQuestion("dentists"),
    "ads": AdsQuestion("dentists"),
    "places": PlacesQuestion("dentists", location="Miami, FL"),
    "reviews": ReviewsQuestion("place-1"),
    "verify": VerifyQuestion((EMAIL,)),
}


def asked(workspace: Workspace, kind: str, **fields: Any) -> Lookup:
    """Store a lookup that waits."""
    question = QUESTIONS[kind]
    values = {"key": question.key, "parameters": question.parameters(), **fields}
    return Lookup.objects.create(workspace=workspace, kind=kind, **values)


def answered(workspace: Workspace, kind: str, data: dict[str, Any], **fields: Any) -> Lookup:
    """Store a lookup with its answer."""
    return asked(
        workspace,
        kind,
        status="done",
        answer={"data": json.dumps(data), "is_cached": fields.pop("is_cached", False)},
        finished_at=timezone.now(),
        **fields,
    )


def failed(workspace: Workspace, kind: str, **fields: Any) -> Lookup:
    """Store a lookup that ended without an answer."""
    return asked(workspace, kind, status="failed", finished_at=timezone.now(), **fields)


def website(**changes: Any) -> dict[str, Any]:
    return {
        "domain": "https://bright.test",
        "pages_crawled": 4,
        "metadata": {"title": "Bright Dental", "description": "", "keywords": "", "image": ""},
        "emails": [EMAIL, "jane@bright.test"],
        "all_emails": [EMAIL, "jane@bright.test", "owner@gmail.com"],
        "phones": ["(305) 555-0100"],
        "social_links": ["https://facebook.com/bright"],
        **changes,
    }


def result(**changes: Any) -> dict[str, Any]:
    return {
        "position": 1,
        "title": "Bright Dental",
        "url": "https://bright.test/contact",
        "description": "Dentists.",
        "emails": [EMAIL],
        "phones": ["(305) 555-0100"],
        "social_links": [],
        **changes,
    }


def result_page(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "query": "dentists",
        "search_engine": "google",
        "page": 0,
        "results_per_page": 10,
        "results_count": len(rows),
        "emails_found": sum(len(row["emails"]) for row in rows),
        "results": list(rows),
        "cached": False,
    }


def ad(**changes: Any) -> dict[str, Any]:
    contacts = {"emails": [EMAIL], "phones": [], "social_links": [], "metadata": {}}
    return {
        "position": 1,
        "title": "Dentist in Miami",
        "url": "https://www.bright.test/landing",
        "ad_text": "Book today.",
        "search_engine": "google",
        "first_seen": "2026-01-02 10:00:00",
        "last_seen": "2026-03-04 10:00:00",
        "is_active": True,
        "contact_data": contacts,
        **changes,
    }


def ads(*rows: dict[str, Any]) -> dict[str, Any]:
    fresh = sum(row["is_active"] for row in rows)
    return {
        "query": "dentists",
        "search_engine": "google",
        "page": 0,
        "fresh_count": fresh,
        "historical_count": len(rows) - fresh,
        "results_count": len(rows),
        "results": list(rows),
    }


def place(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "place_id": f"place-{number}",
        "name": f"Dentist {number}",
        "address": f"{number} Flagler St, Miami",
        "phone": "(305) 555-0100",
        "international_phone": "+1 305-555-0100",
        "website": "https://bright.test",
        "rating": 4.5,
        "user_ratings_total": 1200,
        "types": ["dentist"],
        "business_status": "OPERATIONAL",
        "price_level": None,
        "opening_hours": [],
        "location": {"lat": 25.77 + number / 100, "lng": -80.19},
        "maps_url": "https://maps.example.com/1",
        "photos_count": 1,
        "cached": False,
        **changes,
    }


def places(*rows: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    return {
        "query": "dentists",
        "results_count": len(rows),
        "results": list(rows),
        "next_page_token": token,
        "cached_count": 0,
        "fetched_count": len(rows),
    }


def verdicts(*rows: tuple[str, str, str]) -> dict[str, Any]:
    results = [{"email": email, "status": s, "reason": r, "checks": {}} for email, s, r in rows]
    return {"verified_count": len(rows), "results": results}


def reviews(*texts: str) -> dict[str, Any]:
    row = {"author_name": "Ann", "rating": 5, "relative_time_description": "a week ago"}
    return {
        "place_id": "place-1",
        "reviews": [{**row, "text": text} for text in texts],
        "cached": False,
    }


def evil_answers() -> dict[str, dict[str, Any]]:
    """Return an answer of each kind whose every text and link is hostile."""
    texts = {"title": EVIL, "url": EVIL_LINK, "phones": [EVIL], "social_links": [EVIL_LINK]}
    found = {"emails": [EVIL], "phones": [EVIL], "social_links": [EVIL_LINK], "metadata": {}}
    metadata = dict.fromkeys(("title", "description", "keywords", "image"), EVIL)
    return {
        "crawl": website(
            domain=EVIL_LINK,
            metadata=metadata,
            emails=[EVIL],
            all_emails=[EVIL, f"2{EVIL}"],
            phones=[EVIL],
            social_links=[EVIL_LINK],
        ),
        "search": result_page(result(**texts, description=EVIL, emails=[EVIL])),
        "ads": ads(ad(title=EVIL, url=EVIL_LINK, ad_text=EVIL, contact_data=found)),
        "places": places(
            place(1, name=EVIL, address=EVIL, website=EVIL_LINK, maps_url=EVIL_LINK)
            | {"place_id": EVIL, "international_phone": EVIL, "business_status": EVIL}
        ),
        "reviews": reviews(EVIL),
        "verify": verdicts((EVIL, "invalid", EVIL)),
    }
