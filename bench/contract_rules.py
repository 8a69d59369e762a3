"""What the pages of the LeadGen API say in words, checked against a service: prices and errors,
what is shown and in which order, duplicates, verified leads."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bench.contract_checks import Answer, Check, Service, expect
from bench.contract_text import Contract, Parameter
from freshleads.lib.domains import registrable_domain

Price = Callable[[Any], int]


def price_of_search(data: Any) -> int:
    """10 credits for more than 7 results, else 1 per e-mail address found."""
    return 10 if data["results_count"] > 7 else int(data["emails_found"])


def price_of_crawl(data: Any) -> int:
    """1 credit per address of the domain, at least 1 where any data is returned, at most 15."""
    found = data["all_emails"] or data["phones"] or data["social_links"]
    return min(15, max(1, len(data["emails"]))) if found else 0


def price_of_ads(data: Any) -> int:
    """10 credits for more than 7 fresh ads, else 1 per fresh ad with an e-mail address."""
    fresh = [ad for ad in data["results"] if ad["is_active"]]
    return 10 if len(fresh) > 7 else sum(bool(ad["contact_data"]["emails"]) for ad in fresh)


def price_of_places(data: Any) -> int:
    """10 credits per place that was fetched."""
    return 10 * int(data["fetched_count"])


def price_of_reviews(data: Any) -> int:
    """5 credits for a fresh call, 0 from the cache."""
    return 0 if data["cached"] else 5


PRICES: Mapping[str, Price] = {
    "search.php": price_of_search,
    "crawl.php": price_of_crawl,
    "ads.php": price_of_ads,
    "places/search.php": price_of_places,
    "places/reviews.php": price_of_reviews,
}
ALWAYS_FRESH = ("ads.php",)


def check_prices(service: Service, asked: Mapping[str, dict[str, Any]]) -> Iterator[Check]:
    """Ask each paid endpoint for something new, and then again."""
    for path, price in PRICES.items():
        first = service.get(path, **asked[path])
        yield expect(path, "a new question is answered", 200, first.status, first.body)
        if first.status != 200:
            continue
        used = first.body["credits_used"]
        yield expect(path, "credits of a new question", price(first.data), used)
        again = service.get(path, **asked[path])
        expected = price(again.data) if path in ALWAYS_FRESH else 0
        yield expect(path, "credits of the same again", expected, again.body["credits_used"])
        if "cached" in first.data:
            flags = (first.data["cached"], again.data["cached"])
            yield expect(path, "cached, first and again", (False, True), flags)


def check_sources(service: Service, asked: Mapping[str, dict[str, Any]]) -> Iterator[Check]:
    """Check what the pages say of the answers of sources; what is asked was asked before."""
    few = service.get("search.php", **{**asked["search.php"], "results_per_page": 5})
    yield expect("search.php", "results_per_page=5", 5, few.data["results_count"])
    used = few.body["credits_used"]
    yield expect("search.php", "at most 7 results: 1 per e-mail", few.data["emails_found"], used)
    crawl = service.get("crawl.php", **asked["crawl.php"]).data
    domain = asked["crawl.php"]["domain"]
    own = str(registrable_domain(domain))
    foreign = [email for email in crawl["emails"] if not email.endswith(own)]
    yield expect("crawl.php", "emails are those of the domain", [], foreign)
    yield expect("crawl.php", "domain is normalised", f"https://{domain}", crawl["domain"])
    yield Check("crawl.php", "at most 15 pages", crawl["pages_crawled"] <= 15)
    ads = service.get("ads.php", **asked["ads.php"]).data
    seen = [ad["last_seen"] for ad in ads["results"]]
    yield Check("ads.php", "sorted by last_seen, latest first", seen == sorted(seen, reverse=True))
    counted = ads["fresh_count"] + ads["historical_count"]
    yield expect("ads.php", "results_count is fresh and historical", counted, ads["results_count"])
    fresh = service.get("ads.php", **asked["ads.php"], include_history="false").data
    yield expect("ads.php", "include_history=false", 0, fresh["historical_count"])
    places = service.get("places/search.php", **asked["places/search.php"]).data
    yield Check("places/search.php", "at most 20 places a page", len(places["results"]) <= 20)
    reviews = service.get("places/reviews.php", **asked["places/reviews.php"]).data["reviews"]
    yield Check("places/reviews.php", "at most 5 reviews", len(reviews) <= 5)


def check_leads(service: Service, rows: list[Parameter], *, salt: str) -> Iterator[Check]:
    """Check what the pages say of projects, leads and verifying; `rows` are a lead's fields."""
    name = f"Rules {salt}"
    project = service.post("projects.php", {"name": name}).data["id"]
    again = service.post("projects.php", {"name": name})
    yield expect("projects.php", "a name used already", (400, "invalid_param"), again.error)
    found = service.get("projects.php", search=salt.upper()).data["projects"]
    ids = [entry["id"] for entry in found]
    yield Check("projects.php", "search finds a part of the name", project in ids, str(ids))
    values = {row.name: f"some {row.name}" for row in rows}
    full = {
        **values,
        "email": f"jane.roe+{salt}@example.com",
        "website": "https://example.com/",
        "phones": "+13055550101",
    }
    dead = {"email": f"john.smith@{salt}.test"}
    leads = [full, dead, full, {"email": "nobody"}]
    added = service.post("leads.php", {"project_id": project, "leads": leads}).data
    counts = (added["added"], added["duplicates"], added["invalid"])
    yield expect("leads.php", "added, duplicates, invalid", (2, 1, 1), counts)
    verdicts = service.post(
        "verify.php", {"emails": [dead["email"]], "lead_ids": added["lead_ids"][1:]}
    )
    yield expect("verify.php", "credits", 0, verdicts.body["credits_used"])
    shown = service.get("leads.php", project_id=project).data["leads"]
    kept = {name: shown[0][name] for name in full}
    yield expect("leads.php", "every field of a lead is kept", full, kept)
    names = (shown[1]["firstname"], shown[1]["lastname"])
    yield expect("leads.php", "names are read out of john.smith@", ("John", "Smith"), names)
    yield expect("verify.php", "invalid sets verified=-1", -1, shown[1]["verified"])


def check_errors(
    service: Service, contract: Contract, *, poor_key: str, dead_site: str
) -> Iterator[Check]:
    """Provoke each row of the table of errors that can be provoked from outside."""
    provoked: dict[str, tuple[str, Callable[[], Answer]]] = {
        "missing_param": ("search.php", lambda: service.get("search.php")),
        "invalid_param": ("search.php", lambda: service.get("search.php", query="x", se="yahoo")),
        "invalid_code": ("search.php", lambda: service.get("search.php", query="x", code="no-one")),
        "missing_api_key": ("search.php", lambda: service.get("search.php", key="", query="x")),
        "invalid_api_key": ("search.php", lambda: service.get("search.php", key="x", query="x")),
        "crawl_error": ("crawl.php", lambda: service.get("crawl.php", domain=dead_site)),
    }
    if poor_key:
        provoked["insufficient_credits"] = (
            "search.php",
            lambda: service.get("search.php", key=poor_key, query="something nobody asked"),
        )
    for status, code in contract.errors:
        if code in provoked:
            path, provoke = provoked[code]
            answer = provoke()
            yield expect(path, "error", (status, code), answer.error)
            fields = ["status", "code", "message"]
            yield expect(path, f"fields of {code}", fields, list(answer.body))
    for words, answer, expected in (
        ("unknown path", service.call("GET", "nothing.php"), (404, "not_found")),
        ("wrong method", service.call("DELETE", "search.php"), (405, "method_not_allowed")),
        ("later endpoint", service.call("GET", "campaigns.php"), (404, "not_found")),
    ):
        yield expect("(any)", words, expected, answer.error)


def unprovoked(contract: Contract, *, poor_key: str) -> list[str]:
    """Return the codes that cannot be provoked from outside."""
    inside = ["db_error", "search_error", "api_error", "auth_error"]
    inside += [] if poor_key else ["insufficient_credits"]
    return [code for _, code in contract.errors if code in inside]
