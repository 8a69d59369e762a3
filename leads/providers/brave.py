"""Brave Search: results of Brave's own index as JSON (api-dashboard.search.brave.com).

It asks neither Google nor Bing, and stands in for them where nobody else can answer.
"""

import time
from collections.abc import Callable
from typing import Any, ClassVar

from freshleads.lib.deadlines import Deadline
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import Client, Response
from leads.providers.records import SearchResult
from leads.providers.result_paging import VendorPage, gather_pages, span_of
from leads.providers.result_reading import numbered, read_result, without_markup
from leads.providers.values import number, query_line
from leads.providers.vendor_calls import TOTAL_SECONDS, Params, VendorCalls, words_of
from leads.providers.vendor_faults import Faults, bounded_pause, retry_after

BASE_URL = "https://api.search.brave.com"
PATH = "/res/v1/web/search"
MAX_COUNT = 20
MAX_OFFSET = 9  # in pages: no more than 200 results can be had
MAX_QUERY_LENGTH = 400
MAX_QUERY_WORDS = 50
LONGEST_PACE_SECONDS = 2.0


class Brave:
    """Asks Brave's own index; safe to share between threads."""

    name: ClassVar[str] = "brave"
    engines: ClassVar[frozenset[str]] = frozenset()
    is_stand_in: ClassVar[bool] = True
    call_seconds: ClassVar[float] = TOTAL_SECONDS

    def __init__(
        self,
        api_key: str,
        client: Client,
        base_url: str = BASE_URL,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api_key = api_key.strip()
        self._url = base_url.rstrip("/") + PATH
        self._sleep = sleep
        self._faults = Faults("Brave Search", self._api_key)
        self._calls = VendorCalls(client, self._faults)

    def search(
        self, query: str, *, engine: str, page: int, results_per_page: int
    ) -> tuple[SearchResult, ...]:
        """Return up to `results_per_page` (1-100) results; `page` counts from 0.

        `engine` is the one that was asked for; the answer is Brave's own whatever it names.
        """
        line, span = query_line(query, "query"), span_of(page, results_per_page)
        if len(line) > MAX_QUERY_LENGTH or len(line.split()) > MAX_QUERY_WORDS:
            raise self._faults.not_supported(
                f"take more than {MAX_QUERY_LENGTH} characters or {MAX_QUERY_WORDS} words"
            )
        if span.start >= MAX_COUNT * (MAX_OFFSET + 1):
            raise self._faults.not_supported("show more than its first 200 results")
        in_one = results_per_page <= MAX_COUNT and page <= MAX_OFFSET
        size = results_per_page if in_one else MAX_COUNT
        limit = self._calls.time_limit()
        last = (span.start + span.count - 1) // size

        def ask(offset: int) -> VendorPage:
            if offset > MAX_OFFSET:
                return VendorPage((), has_more=False)
            shown, response = self._ask(line, offset, size, limit)
            if shown.has_more and offset < min(last, MAX_OFFSET):
                self._keep_pace(response)
            return shown

        return numbered(gather_pages(span, size, ask), span.start)

    def _ask(
        self, query: str, offset: int, count: int, limit: Deadline
    ) -> tuple[VendorPage, Response]:
        if not self._api_key:
            raise self._faults.missing_key()
        parameters: Params = {
            "q": query,
            "count": count,
            "offset": offset,
            "result_filter": "web",
            "text_decorations": "false",
        }
        headers = {"X-Subscription-Token": self._api_key, "Accept": "application/json"}
        response = self._calls.get(self._url, limit=limit, params=parameters, headers=headers)
        if response.status != 200:
            raise self._refusal(response)
        answer = self._calls.object_of(response)
        asked, found = answer.get("query"), answer.get("web", {})
        if not isinstance(asked, dict) or not isinstance(found, dict):
            raise self._faults.bad_answer("of an unknown shape")
        rows = [_result(row) for row in self._calls.rows_of(found, "results")]
        has_more = asked.get("more_results_available") is not False
        return VendorPage([row for row in rows if row is not None], has_more), response

    def _keep_pace(self, response: Response) -> None:
        """Wait where the next request would be one too many within this second."""
        if _first_number(response, "X-RateLimit-Remaining") == "0":
            pause = bounded_pause(_first_number(response, "X-RateLimit-Reset") or "1") or 1.0
            self._sleep(min(pause, LONGEST_PACE_SECONDS))

    def _refusal(self, response: Response) -> ProviderError:
        said = words_of(response, "error", "detail")
        code = str(words_of(response, "error", "code"))
        if "SUBSCRIPTION_TOKEN" in code:
            return self._faults.invalid_key(said)
        if code == "OPTION_NOT_IN_PLAN":
            return self._faults.access_denied(said)
        if response.status != 429:
            return self._faults.of_status(response, said)
        if _is_used_up(words_of(response, "error", "meta")):
            return self._faults.no_credit(said)
        reset = bounded_pause(_first_number(response, "X-RateLimit-Reset") or "0")
        return self._faults.quota_exceeded(said, pause=retry_after(response) or reset)


def _is_used_up(meta: object) -> bool:
    """Tell whether the month's requests are gone, rather than the second's."""
    if not isinstance(meta, dict):
        return False
    limit = number(meta, "quota_limit", 1, float("inf"))
    current = number(meta, "quota_current", 0, float("inf"))
    return limit is not None and current is not None and current >= limit


def _first_number(response: Response, header: str) -> str | None:
    """Return the first value of a header that counts by the second and by the month."""
    first = response.headers.get(header, "").partition(",")[0].strip()
    return first if first.isascii() and first.isdigit() and len(first) < 10 else None


def _result(row: Any) -> SearchResult | None:
    if not isinstance(row, dict):
        return None
    title, description = row.get("title"), row.get("description")
    return read_result(without_markup(title), row.get("url"), without_markup(description))
