"""Serper: Google's results as JSON (google.serper.dev)."""

from typing import Any, ClassVar

from freshleads.lib.deadlines import Deadline
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import Client, Response
from leads.providers.records import SearchResult
from leads.providers.result_paging import ENGINE_PAGE, VendorPage, gather_pages, span_of
from leads.providers.result_reading import numbered, read_result
from leads.providers.values import query_line
from leads.providers.vendor_calls import TOTAL_SECONDS, VendorCalls, words_of
from leads.providers.vendor_faults import Faults

BASE_URL = "https://google.serper.dev"


class Serper:
    """Asks Google through Serper; safe to share between threads."""

    name: ClassVar[str] = "serper"
    engines: ClassVar[frozenset[str]] = frozenset({"google"})
    is_stand_in: ClassVar[bool] = False
    call_seconds: ClassVar[float] = TOTAL_SECONDS

    def __init__(self, api_key: str, client: Client, base_url: str = BASE_URL) -> None:
        self._api_key = api_key.strip()
        self._url = base_url.rstrip("/") + "/search"
        self._faults = Faults("Serper", self._api_key)
        self._calls = VendorCalls(client, self._faults)

    def search(
        self, query: str, *, engine: str, page: int, results_per_page: int
    ) -> tuple[SearchResult, ...]:
        """Return up to `results_per_page` (1-100) results; `page` counts from 0."""
        line, span = query_line(query, "query"), span_of(page, results_per_page)
        if engine not in self.engines:
            raise self._faults.not_supported(f"ask {engine}")
        limit = self._calls.time_limit()
        known: dict[int, VendorPage] = {}
        if results_per_page > ENGINE_PAGE:
            whole = self._ask(line, page, results_per_page, limit)
            if len(whole.results) > ENGINE_PAGE:
                return numbered(whole.results[:results_per_page], span.start)
            if page == 0:  # Google ignored the larger page, as it pleases: this is its first ten
                known[0] = whole

        def ask(ten: int) -> VendorPage:
            return known.get(ten) or self._ask(line, ten, ENGINE_PAGE, limit)

        return numbered(gather_pages(span, ENGINE_PAGE, ask), span.start)

    def _ask(self, query: str, page: int, count: int, limit: Deadline) -> VendorPage:
        if not self._api_key:
            raise self._faults.missing_key()
        body = {"q": query, "num": count, "page": page + 1}
        headers = {"X-API-KEY": self._api_key}
        response = self._calls.post(self._url, limit=limit, json=body, headers=headers)
        if response.status != 200:
            raise self._refusal(response)
        answer = self._calls.object_of(response)
        if "organic" not in answer and "searchParameters" not in answer:
            raise self._faults.bad_answer("of an unknown shape")
        rows = [_result(row) for row in self._calls.rows_of(answer, "organic")]
        results = [row for row in rows if row is not None]
        return VendorPage(results, has_more=bool(results))

    def _refusal(self, response: Response) -> ProviderError:
        said = words_of(response, "message")
        if response.status == 403:
            return self._faults.invalid_key(said)
        if response.status == 400 and "credit" in str(said).lower():
            return self._faults.no_credit(said)
        return self._faults.of_status(response, said)


def _result(row: Any) -> SearchResult | None:
    if not isinstance(row, dict):
        return None
    return read_result(row.get("title"), row.get("link"), row.get("snippet"))
