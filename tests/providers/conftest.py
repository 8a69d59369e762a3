"""A local server of the Places wire contract, its answers written by each test."""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from freshleads.lib.addresses import AddressPolicy, Route
from freshleads.lib.http import Client
from leads.providers.google import GooglePlaces
from leads.providers.records import PlacesPage

KEY = "test-key-5up3r53cr3t"
LOW, HIGH = (25.65, -80.37), (25.86, -80.13)


@dataclass(frozen=True)
class Answer:
    """What the server gives back to one request."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    method: str = "POST"


def rpc_error(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    """Return Google's error body."""
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = list(details)
    return {"error": error}


class PlacesServer:
    """Checks what the real service checks first, then gives the queued answers in turn.

    `{}` is what is left when the queue is empty, as the service answers when nothing matches.
    """

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.requests: list[Request] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def give(self, payload: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Queue an answer: bytes as they are, anything else as JSON."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.answers.append(Answer(status, body, headers or {}))

    def give_places(self, *places: Any, token: str | None = None) -> None:
        """Queue a page of places."""
        self.give({"places": list(places)} | ({"nextPageToken": token} if token else {}))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer_to(self, request: Request) -> Answer:
        self.requests.append(request)
        refusal = self._refusal(request)
        if refusal is not None:
            return Answer(refusal["error"]["code"], json.dumps(refusal).encode())
        return self.answers.popleft() if self.answers else Answer(200, b"{}\n")

    def _refusal(self, request: Request) -> dict[str, Any] | None:
        is_details = request.method == "GET" and request.path.startswith("/v1/places/")
        is_search = request.method == "POST" and request.path == "/v1/places:searchText"
        if not (is_details or is_search):
            return rpc_error(404, "NOT_FOUND", "Method not found.")
        if not request.headers.get("x-goog-api-key"):
            return rpc_error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        if not request.headers.get("x-goog-fieldmask"):
            return rpc_error(400, "INVALID_ARGUMENT", "FieldMask is a required parameter.")
        return None

    def _handler(server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.answer({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(json.loads(body))

            def answer(self, body: dict[str, Any]) -> None:
                headers = {name.lower(): text for name, text in self.headers.items()}
                answer = server.answer_to(Request(self.path, headers, body, self.command))
                self.send_response(answer.status)
                for name, text in answer.headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *arguments: Any) -> None:
                return

        return Handler


@pytest.fixture
def places_server() -> Iterator[PlacesServer]:
    server = PlacesServer()
    yield server
    server.close()


@pytest.fixture
def google(places_server: PlacesServer) -> GooglePlaces:
    """The real client, pointed at the local server."""
    return provider_at(places_server.port)


def provider_at(port: int, key: str = KEY, language: str = "en") -> GooglePlaces:
    policy = AddressPolicy(routes=(Route("127.0.0.1", port, ("127.0.0.1", port)),))
    client = Client(policy, user_agent="test/1")
    return GooglePlaces(key, client, base_url=f"http://127.0.0.1:{port}", language=language)


@pytest.fixture
def dentist() -> dict[str, Any]:
    """A Place message as the service gives it under the search mask."""
    return {
        "id": "ChIJ1234567890",
        "types": ["dentist", "health", "point_of_interest", "establishment"],
        "nationalPhoneNumber": "(305) 555-0123",
        "internationalPhoneNumber": "+1 305-555-0123",
        "formattedAddress": "120 SW 8th St Suite 4, Miami, FL 33130, USA",
        "addressComponents": [
            component("Suite 4", "Suite 4", "subpremise"),
            component("120", "120", "street_number"),
            component("Southwest 8th Street", "SW 8th St", "route"),
            component("Brickell", "Brickell", "neighborhood", "political"),
            component("Miami", "Miami", "locality", "political"),
            component("Miami-Dade County", "Miami-Dade County", "administrative_area_level_2"),
            component("Florida", "FL", "administrative_area_level_1", "political"),
            component("United States", "US", "country", "political"),
            component("33130", "33130", "postal_code"),
        ],
        "location": {"latitude": 25.7663, "longitude": -80.1934},
        "rating": 4.8,
        "googleMapsUri": "https://maps.google.com/?cid=123",
        "websiteUri": "http://Bright-Smiles.test",
        "regularOpeningHours": {
            "openNow": True,
            "weekdayDescriptions": [
                "Monday: 9:00\u202fAM\u2009\u2013\u20095:00\u202fPM",
                "Tuesday: 9:00\u202fAM\u2009\u2013\u20095:00\u202fPM",
                "Wednesday: Closed",
                "Thursday: 9:00\u202fAM\u2009\u2013\u20095:00\u202fPM",
                "Friday: 9:00\u202fAM\u2009\u2013\u20091:00\u202fPM",
                "Saturday: Closed",
                "Sunday: Closed",
            ],
        },
        "businessStatus": "OPERATIONAL",
        "priceLevel": "PRICE_LEVEL_MODERATE",
        "userRatingCount": 212,
        "displayName": {"text": "Bright Smiles Dental", "languageCode": "en"},
        "primaryTypeDisplayName": {"text": "Dentist", "languageCode": "en-US"},
        "photos": [{"name": "places/ChIJ1234567890/photos/a"}, {"name": "places/x/photos/b"}],
    }


@pytest.fixture
def city() -> dict[str, Any]:
    """The Place message of a city under the area mask."""
    return {
        "id": "ChIJEcHIDqKw2YgRZU-t3XHylv8",
        "types": ["locality", "political"],
        "formattedAddress": "Miami, FL, USA",
        "addressComponents": [
            component("Miami", "Miami", "locality", "political"),
            component("United States", "US", "country", "political"),
        ],
        "location": {"latitude": 25.7616798, "longitude": -80.1917902},
        "viewport": {
            "low": {"latitude": 25.709042, "longitude": -80.31976},
            "high": {"latitude": 25.855773, "longitude": -80.139157},
        },
        "displayName": {"text": "Miami", "languageCode": "en"},
    }


def component(long: str, short: str, *types: str) -> dict[str, Any]:
    return {"longText": long, "shortText": short, "types": list(types), "languageCode": "en"}


def search(google: GooglePlaces, **options: Any) -> PlacesPage:
    return google.search("dentists", low=LOW, high=HIGH, **options)
