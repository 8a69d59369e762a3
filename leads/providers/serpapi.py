"""SerpApi: Google's and Bing's results and ads as JSON (serpapi.com/search-api).

The key stands in the query string, so no URL of it may ever be logged.
"""

from typing import Any, ClassVar

from freshleads.lib.deadlines import Deadline
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import Client, Response
from leads.providers.records import AdRecord, SearchResult
from leads.providers.result_paging import VendorPage, gather_from, span_of
from leads.providers.result_reading import numbered, read_ad, read_result
from leads.providers.values import query_line, submessage
from leads.providers.vendor_calls import Params, VendorCalls, words_of
from leads.providers.vendor_faults import Faults, retry_after

BASE_URL = "https://serpapi.com"
DEADLINE_SECONDS = 40.0  # a search that is not cached takes SerpApi up to half a minute
TOTAL_SECONDS = 120.0
BING_MAX_COUNT = 50
ADS_PAGE = 10
OUT_OF_SEARCHES = "run out of searches"


class SerpApi:
    """Asks Google and Bing through SerpApi; safe to share between threads."""

    name: ClassVar[str] = "serpapi"
    engines: ClassVar[frozenset[str]] = frozenset({"google", "bing"})
    ad_engines: ClassVar[frozenset[str]] = engines
    is_stand_in: ClassVar[bool] = False
    call_seconds: ClassVar[float] = TOTAL_SECONDS

    def __init__(self, api_key: str, client: Client, base_url: str = BASE_URL) -> None:
        self._api_key = api_key.strip()
        self._url = base_url.rstrip("/") + "/search.json"
        self._faults = Faults("SerpApi", self._api_key)
        self._calls = VendorCalls(
            client, self._faults, deadline=DEADLINE_SECONDS, total=TOTAL_SECONDS
        )

    def search(
        self, query: str, *, engine: str, page: int, results_per_page: int
    ) -> tuple[SearchResult, ...]:
        """Return up to `results_per_page` (1-100) results; `page` counts from 0."""
        line, span = query_line(query, "query"), span_of(page, results_per_page)
        limit = self._calls.time_limit()

        def ask(start: int, count: int) -> VendorPage:
            answer = self._ask(self._parameters(engine, line, start, count), limit)
            rows = [_result(row) for row in self._calls.rows_of(answer, "organic_results")]
            has_more = "next" in submessage(answer, "serpapi_pagination")
            return VendorPage([row for row in rows if row is not None], has_more)

        return numbered(gather_from(span, ask), span.start)

    def ads(self, query: str, *, engine: str, page: int) -> tuple[AdRecord, ...]:
        """Return the ads of one result page; `page` counts from 0."""
        start = span_of(page, ADS_PAGE).start
        parameters = self._parameters(engine, query_line(query, "query"), start, ADS_PAGE)
        if engine == "google":
            parameters["engine"] = "google_ads"  # shows more ads than the plain search
        answer = self._ask(parameters, self._calls.time_limit())
        return numbered(_ad(row) for row in self._calls.rows_of(answer, "ads"))

    def _parameters(self, engine: str, query: str, start: int, count: int) -> Params:
        if engine == "google":
            return {"engine": engine, "q": query, "start": start, "num": count}
        if engine == "bing":
            count = min(count, BING_MAX_COUNT)
            return {"engine": engine, "q": query, "first": start + 1, "count": count}
        raise self._faults.not_supported(f"ask {engine}")

    def _ask(self, parameters: Params, limit: Deadline) -> dict[str, Any]:
        if not self._api_key:
            raise self._faults.missing_key()
        keyed = {**parameters, "api_key": self._api_key}
        response = self._calls.get(self._url, limit=limit, params=keyed)
        if response.status != 200:
            raise self._refusal(response)
        answer = self._calls.object_of(response)
        if not isinstance(answer.get("search_metadata"), dict):
            raise self._faults.bad_answer("of an unknown shape")
        # A page without results is a success that carries an error text, too.
        if answer["search_metadata"].get("status") == "Error":
            raise self._faults.unavailable("the search failed")
        return answer

    def _refusal(self, response: Response) -> ProviderError:
        said = words_of(response, "error")
        if response.status == 429 and OUT_OF_SEARCHES in str(said).lower():
            return self._faults.no_credit(said)
        if response.status == 429:
            return self._faults.quota_exceeded(said, pause=retry_after(response))
        return self._faults.of_status(response, said)


def _result(row: Any) -> SearchResult | None:
    if not isinstance(row, dict):
        return None
    return read_result(row.get("title"), row.get("link"), row.get("snippet"))


def _ad(row: Any) -> AdRecord | None:
    """Return an ad without ever looking at its tracking link, which costs the advertiser money."""
    if not isinstance(row, dict):
        return None
    text = row.get("description") or row.get("snippet")
    return read_ad(row.get("title"), row.get("link"), row.get("displayed_link"), text)
