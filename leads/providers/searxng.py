"""SearXNG: an own instance that asks Google or Bing, no key (docs.searxng.org, search API).

The instance must allow `json` among its `search.formats`; its default allows HTML alone.
"""

from typing import Any, ClassVar

from freshleads.lib.deadlines import Deadline
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import Client, Response
from leads.providers.records import SearchResult
from leads.providers.result_paging import ENGINE_PAGE, VendorPage, gather_pages, span_of
from leads.providers.result_reading import numbered, read_result
from leads.providers.values import query_line
from leads.providers.vendor_calls import TOTAL_SECONDS, Params, VendorCalls, words_of
from leads.providers.vendor_faults import Faults, retry_after

CAPTCHA_REST_SECONDS = 3600.0  # so long an instance rests an engine that showed a CAPTCHA
THROTTLED_REST_SECONDS = 180.0
FORMAT_REFUSED = "SearXNG answers without JSON: add json to search.formats in its settings.yml."


class SearxNG:
    """Asks Google and Bing through a SearXNG instance; safe to share between threads."""

    name: ClassVar[str] = "searxng"
    engines: ClassVar[frozenset[str]] = frozenset({"google", "bing"})
    is_stand_in: ClassVar[bool] = False
    call_seconds: ClassVar[float] = TOTAL_SECONDS

    def __init__(self, client: Client, base_url: str) -> None:
        self._url = base_url.rstrip("/") + "/search"
        self._faults = Faults("SearXNG", "")
        self._calls = VendorCalls(client, self._faults)

    def search(
        self, query: str, *, engine: str, page: int, results_per_page: int
    ) -> tuple[SearchResult, ...]:
        """Return up to `results_per_page` (1-100) results; `page` counts from 0."""
        line, span = query_line(query, "query"), span_of(page, results_per_page)
        if engine not in self.engines:
            raise self._faults.not_supported(f"ask {engine}")
        limit = self._calls.time_limit()
        tens = gather_pages(span, ENGINE_PAGE, lambda ten: self._ask(line, engine, ten, limit))
        return numbered(tens, span.start)

    def _ask(self, query: str, engine: str, page: int, limit: Deadline) -> VendorPage:
        parameters: Params = {
            "q": query,
            "format": "json",
            "categories": "general",
            "engines": engine,
            "pageno": page + 1,
        }
        response = self._calls.get(self._url, limit=limit, params=parameters)
        if response.status != 200:
            raise self._refusal(response)
        answer = self._calls.object_of(response)
        if "results" not in answer:
            raise self._faults.bad_answer("of an unknown shape")
        rows = self._calls.rows_of(answer, "results")
        results = [_result(row) for row in rows if _is_of(row, engine)]
        found = [result for result in results if result is not None]
        if not found:
            self._check_engine(answer, engine, bool(rows))
        return VendorPage(found, has_more=bool(found))

    def _check_engine(self, answer: dict[str, Any], engine: str, has_others: bool) -> None:
        """Raise what kept the engine from answering; a page without results raises nothing."""
        reason = _reason_of(self._calls.rows_of(answer, "unresponsive_engines"), engine)
        if "captcha" in reason:
            raise self._faults.captcha(pause=CAPTCHA_REST_SECONDS)
        if "too many requests" in reason or "suspended" in reason:
            raise self._faults.quota_exceeded(reason, pause=THROTTLED_REST_SECONDS)
        if reason:
            raise self._faults.unavailable(f"its {engine} engine does not answer")
        if has_others:  # an instance without this engine asks the ones that it has
            raise self._faults.not_supported(f"ask {engine}: the engine is off")

    def _refusal(self, response: Response) -> ProviderError:
        if response.status == 403:
            return ProviderError(FORMAT_REFUSED, code="access_denied", permanent=True)
        if response.status == 429:
            pause = retry_after(response) or THROTTLED_REST_SECONDS
            return self._faults.quota_exceeded(words_of(response), pause=pause)
        return self._faults.of_status(response, words_of(response, "error"))


def _result(row: dict[str, Any]) -> SearchResult | None:
    return read_result(row.get("title"), row.get("url"), row.get("content"))


def _is_of(row: Any, engine: str) -> bool:
    """Tell whether a row comes from the engine that was asked."""
    if not isinstance(row, dict):
        return False
    names = row.get("engines")
    return engine == row.get("engine") or (isinstance(names, list) and engine in names)


def _reason_of(unresponsive: list[Any], engine: str) -> str:
    """Return in lower case why an engine did not answer, "" where it did."""
    for entry in unresponsive:
        if isinstance(entry, list) and len(entry) == 2 and entry[0] == engine:
            return str(entry[1])[:200].lower()
    return ""
