"""Overpass: all objects of OpenStreetMap in a rectangle that carry certain tags.

Wire contract: drolbr/Overpass-API (Overpass QL, `/api/interpreter`, `/api/status`). It knows no
pages, so a page is made of the order that the service keeps anyway: nodes, ways, relations, each
by id; the token of the next page names the last object shown. An answer that ran out of time or
memory is a 200 with a `remark` and whatever was found until then.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.lib.http import BadResponse, Client, Response, TooLarge
from leads.providers.osm_trades import Condition, Selector, Wanted
from leads.providers.records import Position
from leads.providers.sharing import Pace, at_once
from leads.providers.vendor_calls import words_of
from leads.providers.vendor_faults import Faults, retry_after

BASE_URL = "https://overpass-api.de"
SERVICE = "overpass"
QUERY_SECONDS = 20  # a query that asks for less is let in sooner
QUERY_BYTES = 256 * 1024 * 1024
ADMISSION_SECONDS = 15  # for which the service looks for room before it answers 504
DEADLINE_SECONDS = float(QUERY_SECONDS + ADMISSION_SECONDS)
STATUS_SECONDS = 5.0
MAX_ANSWER_BYTES = 8 * 1024 * 1024
MAX_STATUS_BYTES = 64 * 1024
LEAST_PAUSE_SECONDS = 30.0  # the operators ask for it after a 429
BUSY_PAUSE_SECONDS = 15.0
TYPES = ("node", "way", "relation")
# An object with a name and one of these is a business; the rest are streets, stops, benches.
BUSINESS_KEYS = ("amenity", "shop", "office", "craft", "healthcare", "tourism", "leisure")
# Where an extra word of a query may stand ("pediatric" dentist).
TELLING_KEYS = ("name", "description", "brand", "operator", "cuisine", "healthcare:speciality")

_FAULTS = Faults("Overpass", key="")
_TOKEN = re.compile(r"(node|way|relation)/([0-9]{1,18})")
_SLOT = re.compile(r"Slot available after: [^,\n]{1,40}, in (-?[0-9]{1,6}) seconds")
_ERROR = re.compile(r"</strong>:\s{0,5}([^<]{1,500})")
_CUT_SHORT = re.compile(r"timed out|out of memory", re.IGNORECASE)
_SPECIAL = re.compile(r"[^\w\s-]")


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of elements; `is_cut` says that the service gave up before the end."""

    elements: Sequence[Any]
    next_page_token: str | None = None
    is_cut: bool = False


class Overpass:
    """Asks one Overpass server; safe to share between threads.

    Errors are ProviderError with the codes access_denied, request_refused (these are permanent),
    quota_exceeded, provider_unavailable and bad_answer (these may pass).
    """

    def __init__(self, client: Client, base_url: str = BASE_URL, *, pace: Pace = at_once) -> None:
        root = base_url.rstrip("/").removesuffix("/interpreter").removesuffix("/api")
        self._client = client
        self._query_url = root + "/api/interpreter"
        self._status_url = root + "/api/status"
        self._pace = pace

    def search(
        self,
        wanted: Wanted,
        *,
        low: Position,
        high: Position,
        page_size: int,
        page_token: str | None = None,
    ) -> Answer:
        """Return the objects in a box that are wanted, `page_size` at a time."""
        query = write_query(wanted, low, high, limit=page_size + 1, after=page_token)
        with self._pace(SERVICE):
            try:
                response = self._send(query)
            except TooLarge:
                return Answer((), is_cut=True)
            if response.status == 429:
                raise _FAULTS.quota_exceeded(pause=self._pause(response))
        elements, is_cut = _read(response)
        return _page_of(elements, page_size, is_cut=is_cut)

    def _send(self, query: str) -> Response:
        try:
            return self._client.post(
                self._query_url,
                data={"data": query},
                deadline=DEADLINE_SECONDS,
                max_bytes=MAX_ANSWER_BYTES,
            )
        except TooLarge:
            raise
        except BadResponse:
            raise _FAULTS.bad_answer("that could not be read") from None
        except ProviderError as error:
            raise ProviderError(
                f"Overpass could not be reached: {error.message}",
                code="provider_unavailable",
                permanent=error.permanent,
            ) from None

    def _pause(self, refusal: Response) -> float:
        """Return after how many seconds the service has a slot for us again."""
        asked = retry_after(refusal)
        if asked is None:
            try:
                status = self._client.get(
                    self._status_url, deadline=STATUS_SECONDS, max_bytes=MAX_STATUS_BYTES
                )
            except ProviderError:
                return LEAST_PAUSE_SECONDS
            asked = min(map(float, _SLOT.findall(status.text())), default=0.0)
        return max(asked, LEAST_PAUSE_SECONDS)


def write_query(
    wanted: Wanted, low: Position, high: Position, *, limit: int, after: str | None = None
) -> str:
    """Return the query for a box; `after` is the token of a page, raises InvalidInput.

    Patterns are looked for among what plain tags and the box have found: together with a box in
    one statement they keep the service busy for minutes.
    """
    box = ",".join(f"{degrees:.7f}" for degrees in (*low, *high))
    settings = f"[out:json][timeout:{QUERY_SECONDS}][maxsize:{QUERY_BYTES}][bbox:{box}];"
    steps = _tagged(wanted.selectors) if wanted.selectors else []
    if wanted.name_words:
        named = "".join(f'nwr["name"]["{key}"];' for key in BUSINESS_KEYS)
        steps.append(f"({named})->.named;")
        picked = [f"nwr.named{_holding('name', wanted.name_words)};"]
        if wanted.selectors:
            picked += (f"nwr.found{_holding(key, wanted.extra_words)};" for key in TELLING_KEYS)
        steps.append(f"({''.join(picked)})->.found;")
    steps += _rest_after(after) if after else []
    return f"{settings}{''.join(steps)}.found out center tags {limit};"


def _tagged(selectors: Sequence[Selector]) -> list[str]:
    """Return the steps that find what any of the selectors fits."""
    steps, picked = [], []
    for number, selector in enumerate(selectors):
        plain = "".join(map(_plain_filter, selector))
        patterns = "".join(map(_pattern_filter, selector))
        if patterns:
            steps.append(f"nwr{plain}->.tagged{number};")
        picked.append(f"nwr.tagged{number}{patterns};" if patterns else f"nwr{plain};")
    return [*steps, f"({''.join(picked)})->.found;"]


def _plain_filter(condition: Condition) -> str:
    """Return the filter for a tag; of a pattern only that its key is there."""
    if condition.is_pattern:
        return f'["{condition.key}"]'
    return f'["{condition.key}"="{condition.value}"]'


def _pattern_filter(condition: Condition) -> str:
    return f'["{condition.key}"~"{condition.value}",i]' if condition.is_pattern else ""


def _holding(key: str, words: Sequence[str]) -> str:
    """Return the filters for a tag that has every word somewhere in it, in any case."""
    # Words are letters and digits; what else got in would be read as a pattern or end the string.
    plain = (_SPECIAL.sub(".", word) for word in words)
    return "".join(f'["{key}"~"{word}",i]' for word in plain)


def _rest_after(token: str) -> list[str]:
    """Return the step that leaves out what earlier pages have shown."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise InvalidInput("This page token is not one of ours.", param="page_token")
    kind, number = match[1], match[2]
    later = [f"{name}.found;" for name in TYPES[TYPES.index(kind) + 1 :]]
    return [f"({kind}.found(if:id()>{number});{''.join(later)})->.found;"]


def _read(response: Response) -> tuple[list[Any], bool]:
    """Return the elements of an answer and whether it was cut short; raise what a refusal means."""
    if response.status in {403, 406}:
        raise ProviderError(
            "Overpass refuses this installation: it blocks who asks too often or does not say whom "
            "to write to. Set FRESHLEADS_BOT_CONTACT, or OVERPASS_URL to another server.",
            code="access_denied",
            permanent=True,
        )
    if response.body.lstrip()[:1] == b"<":
        raise _page_error(response)
    if response.status >= 500:
        pause = retry_after(response) or BUSY_PAUSE_SECONDS
        raise _FAULTS.unavailable(f"HTTP {response.status}", pause=pause)
    if response.status != 200:
        raise _FAULTS.of_status(response, words_of(response, "remark"))
    try:
        answer = response.json()
    except BadResponse:
        raise _FAULTS.bad_answer("that is not JSON") from None
    elements = answer.get("elements") if isinstance(answer, dict) else None
    if not isinstance(elements, list):
        raise _FAULTS.bad_answer("of an unknown shape")
    return elements, _is_cut(answer.get("remark"))


def _is_cut(remark: object) -> bool:
    """Tell whether a remark says that the query ran out of time or memory; raise worse news."""
    if not isinstance(remark, str) or "runtime error" not in remark[:100]:
        return False
    if _CUT_SHORT.search(remark[:1000]):
        return True
    raise _runtime_error(remark[:1000], status=200)


def _page_error(response: Response) -> ProviderError:
    """Return what an HTML page means: the service writes its errors into one, also with a 200."""
    said = " ".join(_ERROR.findall(response.text()[:20_000])[:3])
    if response.status == 400:
        return _FAULTS.request_refused(400, said)
    return _runtime_error(said, response.status)


def _runtime_error(said: str, status: int) -> ProviderError:
    if "rate_limited" in said:
        return _FAULTS.quota_exceeded(pause=LEAST_PAUSE_SECONDS)
    if "runtime error" in said or status >= 500:
        reason = "it is too busy" if "busy" in said else f"HTTP {status}"
        return _FAULTS.unavailable(reason, pause=BUSY_PAUSE_SECONDS)
    return _FAULTS.bad_answer("that is a web page")


def _page_of(elements: Sequence[Any], page_size: int, *, is_cut: bool) -> Answer:
    shown = elements[:page_size]
    if is_cut or len(elements) <= page_size:
        return Answer(shown, is_cut=is_cut)
    last = shown[-1]
    token = f"{last.get('type')}/{last.get('id')}" if isinstance(last, dict) else ""
    if not _TOKEN.fullmatch(token):
        raise _FAULTS.bad_answer("of an unknown shape")
    return Answer(shown, next_page_token=token)
