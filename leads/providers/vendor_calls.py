"""Calls to one vendor's API: a deadline for each and for all together, capped answers."""

from typing import Any

from freshleads.lib.deadlines import Deadline
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import BadResponse, Client, Response, TooLarge
from freshleads.lib.http_errors import BadRequest
from leads.providers.vendor_faults import Faults

DEADLINE_SECONDS = 20.0
TOTAL_SECONDS = 60.0
MAX_ANSWER_BYTES = 4 * 1024 * 1024

Headers = dict[str, str]
Params = dict[str, str | int | float]


class VendorCalls:
    """Asks one vendor; every ProviderError it raises has a code of `contracts.FAULTS`.

    `deadline` is for one answer, `total` for all that one question needs, both in seconds.
    """

    def __init__(
        self,
        client: Client,
        faults: Faults,
        *,
        deadline: float = DEADLINE_SECONDS,
        total: float = TOTAL_SECONDS,
    ) -> None:
        self._client = client
        self._faults = faults
        self._deadline = deadline
        self._total = total

    def time_limit(self) -> Deadline:
        """Return the time that one question may take from now on."""
        return Deadline(self._total)

    def get(
        self, url: str, *, limit: Deadline, params: Params, headers: Headers | None = None
    ) -> Response:
        """Return the answer to a GET request, error statuses included."""
        return self._send("GET", url, limit, params=params, headers=headers)

    def post(self, url: str, *, limit: Deadline, json: Any, headers: Headers) -> Response:
        """Return the answer to a POST request, error statuses included."""
        return self._send("POST", url, limit, json=json, headers=headers)

    def object_of(self, response: Response) -> dict[str, Any]:
        """Return the JSON object of a good answer; raises bad_answer for anything else."""
        try:
            answer = response.json()
        except BadResponse:
            raise self._faults.bad_answer("that is not JSON") from None
        if not isinstance(answer, dict):
            raise self._faults.bad_answer("of an unknown shape")
        return answer

    def rows_of(self, answer: dict[str, Any], name: str) -> list[Any]:
        """Return a list of the answer, an empty one where it is left out."""
        rows = answer.get(name, [])
        if not isinstance(rows, list):
            raise self._faults.bad_answer("of an unknown shape")
        return rows

    def _send(self, method: str, url: str, limit: Deadline, **options: Any) -> Response:
        try:
            return self._client.request(
                method,
                url,
                deadline=min(self._deadline, limit.remaining()),
                max_bytes=MAX_ANSWER_BYTES,
                **options,
            )
        except BadRequest:
            # Nothing but a key can make a header or a parameter that cannot be written.
            raise self._faults.invalid_key() from None
        except (BadResponse, TooLarge):
            raise self._faults.bad_answer("that could not be read") from None
        except ProviderError as error:
            raise ProviderError(
                f"{self._faults.vendor} could not be reached: {error.message}",
                code="provider_unavailable",
                permanent=error.permanent,
            ) from None


def words_of(response: Response, *path: str) -> object:
    """Return the text in an error's JSON under `path`, or the whole of a plain text."""
    if response.body.lstrip()[:1] == b"<":
        return None  # the page of a proxy says nothing of use
    try:
        value = response.json()
    except BadResponse:
        return response.text()[:1000]
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
