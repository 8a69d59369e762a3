"""What the vendors of one server share: who asked for what, and what weather it meets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from aiohttp import web

API_KEY = "sandbox-key"
WEATHERS: Mapping[str, str] = MappingProxyType(
    {
        "invalid": "the key is refused, as any unknown one",
        "nocredit": "the account is used up",
        "quota": "too many requests for now",
        "denied": "the key may not do this",
        "captcha": "a CAPTCHA in place of results",
        "empty": "an answer without results",
        "down": "503",
        "slow": "answers rightly after `VendorConditions.slow_seconds`",
        "html": "502 with an HTML page",
        "broken": "200 with half of the answer",
        "odd": "200 with JSON of another shape",
        "huge": "200 with megabytes",
    }
)
STOCK_AGENTS = ("python", "aiohttp", "curl", "wget", "okhttp", "java", "go-http-client")
FAIR = ""  # the weather of a key that works
UNKNOWN_KEY = "invalid"


@dataclass
class VendorConditions:
    """What tests may change while the server runs; times are in seconds.

    `weather` puts one vendor under a weather whatever the key: "searxng" to "captcha".
    `largest_page` caps how many results come at once, as engines do that ignore a larger number.
    `ads_shift` moves time on: so many advertisers have gone, and as many new ones come.
    `overpass_patience` is how many objects Overpass finds before it runs out of time.
    `retry_after` is sent with every 429 where it is set; `per_second` is the rate of Brave's plan.
    """

    latency: float = 0.0
    slow_seconds: float = 30.0
    weather: dict[str, str] = field(default_factory=dict)
    largest_page: int = 100
    ads_shift: int = 0
    retry_after: int | None = None
    per_second: int = 50
    overpass_patience: int = 1_000_000


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """One request as it came in; `path` is below the vendor's prefix, header names are lower."""

    vendor: str
    key: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


CONDITIONS = web.AppKey("conditions", VendorConditions)
ASKED = web.RequestKey("asked", VendorRequest)


async def read_request(request: web.Request) -> VendorRequest:
    """Return a request as tests look at it."""
    _, vendor, *rest = request.path.split("/", 2)
    key = (
        request.query.get("api_key")
        or request.headers.get("X-API-KEY")
        or request.headers.get("X-Subscription-Token")
        or ""
    )
    headers = {name.lower(): value for name, value in request.headers.items()}
    path = "/" + (rest[0] if rest else "")
    body = await request.read()
    return VendorRequest(vendor, key, request.method, path, dict(request.query), headers, body)


def patience(request: web.Request) -> dict[str, str]:
    """Return the headers of an answer that sends the client away for a while."""
    seconds = request.app[CONDITIONS].retry_after
    return {} if seconds is None else {"Retry-After": str(seconds)}


def is_stock_agent(request: web.Request) -> bool:
    """Tell whether nobody says who asks: the User-Agent is missing or that of a library."""
    agent = request.headers.get("User-Agent", "").lower()
    return not agent or agent.startswith(STOCK_AGENTS)


def whole_number(written: object, default: int) -> int | None:
    """Return a parameter that is a whole number from 0 on, None for one that is not."""
    if written is None:
        return default
    text = str(written)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def weather_of(request: web.Request, *, needs_key: bool = True) -> str:
    """Return the weather that a request meets: the vendor's own, else that of its key."""
    asked = request[ASKED]
    set_weather = request.app[CONDITIONS].weather.get(asked.vendor)
    if set_weather is not None:
        return set_weather
    if asked.key == API_KEY or not (asked.key or needs_key):
        return FAIR
    return next((name for name in WEATHERS if asked.key.startswith(name)), UNKNOWN_KEY)
