"""A client of the sandbox's Places server, as any program would write one."""

from typing import Any

import requests

from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox

MIAMI_LOW = {"latitude": 25.65, "longitude": -80.37}
MIAMI_HIGH = {"latitude": 25.86, "longitude": -80.13}
MIAMI = {"rectangle": {"low": MIAMI_LOW, "high": MIAMI_HIGH}}
IDS = "places.id,nextPageToken"


class Places:
    """Speaks to the server with requests, as any HTTP client would."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base = f"http://127.0.0.1:{sandbox.ports.places}/v1/places"
        self.session = requests.Session()

    def post(
        self, method: str, body: Any, *, mask: str = IDS, key: str = "sandbox-key"
    ) -> requests.Response:
        headers = {"X-Goog-Api-Key": key, "X-Goog-FieldMask": mask}
        return self.session.post(f"{self.base}:{method}", json=body, headers=headers, timeout=10)

    def search(self, text: str, *, mask: str = IDS, **body: Any) -> dict[str, Any]:
        response = self.post("searchText", {"textQuery": text, **body}, mask=mask)
        assert response.status_code == 200, response.text
        return response.json()

    def ids(self, text: str, **body: Any) -> list[str]:
        return [place["id"] for place in self.search(text, **body).get("places", [])]

    def all_ids(self, text: str, **body: Any) -> list[list[str]]:
        pages, token = [], ""
        while True:
            answer = self.search(text, **body, **({"pageToken": token} if token else {}))
            pages.append([place["id"] for place in answer["places"]])
            token = answer.get("nextPageToken", "")
            if not token:
                return pages

    def refusal(self, body: dict[str, Any], **options: Any) -> str:
        response = self.post("searchText", body, **options)
        error = response.json()["error"]
        assert (response.status_code, error["code"], error["status"]) == (
            400,
            400,
            "INVALID_ARGUMENT",
        )
        return error["message"]

    def details(self, place_id: str, mask: str, **query: str) -> requests.Response:
        headers = {"X-Goog-Api-Key": "sandbox-key", "X-Goog-FieldMask": mask}
        return self.session.get(
            f"{self.base}/{place_id}", params=query, headers=headers, timeout=10
        )


def chosen(sandbox: Sandbox, area: str, trade: str) -> list[Business]:
    return [
        business
        for business in sandbox.world.businesses
        if (business.area, business.trade) == (area, trade)
    ]
