"""ScraperAPI: Google's results as JSON, Bing's results and the ads of both out of HTML pages.

The key stands in the query string, so no URL of it may ever be logged. ScraperAPI itself tries for
70 seconds before it gives up (docs.scraperapi.com, API status codes).
"""

from collections.abc import Callable, Mapping
from typing import ClassVar
from urllib.parse import urlencode

from freshleads.lib.deadlines import Deadline
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import Client, Response
from leads.providers.bing_html import read_bing
from leads.providers.google_html import read_google
from leads.providers.records import AdRecord, SearchResult
from leads.providers.result_pages import ResultPage, is_captcha
from leads.providers.result_paging import Span, VendorPage, gather_from, span_of
from leads.providers.result_reading import numbered, read_result
from leads.providers.values import query_line
from leads.providers.vendor_calls import Params, VendorCalls, words_of
from leads.providers.vendor_faults import Faults

BASE_URL = "https://api.scraperapi.com"
DEADLINE_SECONDS = 75.0
TOTAL_SECONDS = 240.0
ADS_PAGE = 10
PAGES: Mapping[str, tuple[str, str, int, Callable[[str], ResultPage | None]]] = {
    "google": ("https://www.google.com/search", "start", 0, read_google),
    "bing": ("https://www.bing.com/search", "first", 1, read_bing),
}


class ScraperApi:
    """Asks Google and Bing through ScraperAPI; safe to share between threads."""

    name: ClassVar[str] = "scraperapi"
    engines: ClassVar[frozenset[str]] = frozenset(PAGES)
    ad_engines: ClassVar[frozenset[str]] = engines
    is_stand_in: ClassVar[bool] = False
    call_seconds: ClassVar[float] = TOTAL_SECONDS

    def __init__(self, api_key: str, client: Client, base_url: str = BASE_URL) -> None:
        self._api_key = api_key.strip()
        self._base_url = base_url.rstrip("/")
        self._faults = Faults("ScraperAPI", self._api_key)
        self._calls = VendorCalls(
            client, self._faults, deadline=DEADLINE_SECONDS, total=TOTAL_SECONDS
        )

    def search(
        self, query: str, *, engine: str, page: int, results_per_page: int
    ) -> tuple[SearchResult, ...]:
        """Return up to `results_per_page` (1-100) results; `page` counts from 0."""
        line, span = query_line(query, "query"), span_of(page, results_per_page)
        self._check(engine)
        limit = self._calls.time_limit()

        def ask(start: int, count: int) -> VendorPage:
            if engine == "google":
                return self._google_results(line, Span(start, count), limit)
            shown = self._result_page(engine, line, start, limit)
            return VendorPage(shown.results, shown.has_more)

        return numbered(gather_from(span, ask), span.start)

    def ads(self, query: str, *, engine: str, page: int) -> tuple[AdRecord, ...]:
        """Return the ads of one result page; `page` counts from 0."""
        line, start = query_line(query, "query"), span_of(page, ADS_PAGE).start
        self._check(engine)
        return numbered(self._result_page(engine, line, start, self._calls.time_limit()).ads)

    def _check(self, engine: str) -> None:
        if engine not in PAGES:
            raise self._faults.not_supported(f"ask {engine}")
        if not self._api_key:
            raise self._faults.missing_key()

    def _google_results(self, query: str, span: Span, limit: Deadline) -> VendorPage:
        """Return what the structured endpoint says of Google's organic results."""
        parameters: Params = {"query": query, "start": span.start, "num": span.count}
        response = self._ask("/structured/google/search", parameters, limit)
        if response.body.lstrip()[:1] == b"<":
            raise self._unreadable(response.text())
        answer = self._calls.object_of(response)
        if "organic_results" not in answer and "search_information" not in answer:
            raise self._faults.bad_answer("of an unknown shape")
        rows = self._calls.rows_of(answer, "organic_results")
        results = [
            read_result(row.get("title"), row.get("link"), row.get("snippet"))
            for row in rows
            if isinstance(row, dict)
        ]
        return VendorPage([result for result in results if result is not None], has_more=True)

    def _result_page(self, engine: str, query: str, start: int, limit: Deadline) -> ResultPage:
        """Return what one result page shows; raises captcha or bad_answer where it is none."""
        address, name, first, read = PAGES[engine]
        url = f"{address}?{urlencode({'q': query, name: start + first})}"
        html = self._ask("/", {"url": url}, limit).text()
        page = read(html)
        if page is None or (not page.results and not page.ads and is_captcha(html)):
            raise self._unreadable(html)
        return page

    def _ask(self, path: str, parameters: Params, limit: Deadline) -> Response:
        keyed = {**parameters, "api_key": self._api_key}
        response = self._calls.get(self._base_url + path, limit=limit, params=keyed)
        if response.status != 200:
            raise self._refusal(response)
        return response

    def _unreadable(self, html: str) -> ProviderError:
        if is_captcha(html):
            return self._faults.captcha()
        return self._faults.bad_answer("that is no result page")

    def _refusal(self, response: Response) -> ProviderError:
        said = words_of(response)
        words = str(said).lower()
        if response.status == 403 and "api key" in words and "credit" not in words:
            return self._faults.invalid_key(said)
        if response.status == 403:
            return self._faults.no_credit(said)
        return self._faults.of_status(response, said)
