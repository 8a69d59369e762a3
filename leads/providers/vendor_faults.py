"""What a vendor's refusals mean, in the codes of `contracts.FAULTS`; no key is ever quoted."""

import re
from urllib.parse import quote, quote_plus

from freshleads.lib.errors import ProviderError
from freshleads.lib.http import Response

MAX_SAID = 300
QUOTA_PAUSE_SECONDS = 60.0
CAPTCHA_PAUSE_SECONDS = 60.0
MAX_PAUSE_SECONDS = 24 * 3600.0
_SECONDS = re.compile(r"[0-9]{1,9}")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]+")


class Faults:
    """Makes the errors of one vendor; `vendor` is its name as people know it."""

    def __init__(self, vendor: str, key: str) -> None:
        self.vendor = vendor
        self._spellings = {key, quote(key, safe=""), quote_plus(key)} - {""}

    def missing_key(self) -> ProviderError:
        """The settings name no key."""
        message = f"No API key for {self.vendor} is set."
        return ProviderError(message, code="invalid_key", permanent=True)

    def invalid_key(self, said: object = None) -> ProviderError:
        """The vendor does not know the key."""
        message = f"{self.vendor} did not accept the API key.{self._quoted(said)}"
        return ProviderError(message, code="invalid_key", permanent=True)

    def access_denied(self, said: object = None) -> ProviderError:
        """The key is good, but not for this."""
        message = f"{self.vendor} does not allow this request.{self._quoted(said)}"
        return ProviderError(message, code="access_denied", permanent=True)

    def no_credit(self, said: object = None) -> ProviderError:
        """The account is used up, until somebody pays or a month ends."""
        message = f"The account with {self.vendor} is used up.{self._quoted(said)}"
        return ProviderError(message, code="no_credit", permanent=True)

    def quota_exceeded(self, said: object = None, *, pause: float | None = None) -> ProviderError:
        """Too many requests for now; `pause` is in seconds."""
        message = f"{self.vendor} takes no more requests for now.{self._quoted(said)}"
        wait = pause or QUOTA_PAUSE_SECONDS
        return ProviderError(message, code="quota_exceeded", retry_after=wait)

    def captcha(self, *, pause: float = CAPTCHA_PAUSE_SECONDS) -> ProviderError:
        """The search engine asked the vendor whether it is a robot."""
        message = f"{self.vendor} was shown a CAPTCHA in place of results."
        return ProviderError(message, code="captcha", retry_after=pause)

    def unavailable(self, reason: str, *, pause: float | None = None) -> ProviderError:
        """The vendor answers that it cannot answer; `reason` is in our words."""
        message = f"{self.vendor} is not available at the moment ({reason})."
        return ProviderError(message, code="provider_unavailable", retry_after=pause)

    def request_refused(self, status: int, said: object = None) -> ProviderError:
        """The vendor calls the request wrong, and would again."""
        message = f"{self.vendor} refused the request (HTTP {status}).{self._quoted(said)}"
        return ProviderError(message, code="request_refused", permanent=True)

    def bad_answer(self, reason: str) -> ProviderError:
        """The answer does not follow the contract; the next one may."""
        return ProviderError(f"{self.vendor} gave an answer {reason}.", code="bad_answer")

    def not_supported(self, what: str) -> ProviderError:
        """The vendor lacks an ability; another one may have it."""
        message = f"{self.vendor} cannot {what}."
        return ProviderError(message, code="not_supported", permanent=True)

    def of_status(self, response: Response, said: object = None) -> ProviderError:
        """Return what an error status means where a vendor has no words of its own for it."""
        status = response.status
        if status == 401:
            return self.invalid_key(said)
        if status == 402:
            return self.no_credit(said)
        if status == 403:
            return self.access_denied(said)
        if status == 429:
            return self.quota_exceeded(said, pause=retry_after(response))
        if status >= 500 or status == 408:
            return self.unavailable(f"HTTP {status}", pause=retry_after(response))
        if status >= 400:
            return self.request_refused(status, said)
        return self.bad_answer(f"with HTTP status {status}")

    def _quoted(self, said: object) -> str:
        """Return the vendor's own words in one line, without the key should they contain it."""
        if not isinstance(said, str):
            return ""
        for spelling in self._spellings:
            said = said.replace(spelling, "(key)")
        words = _UNPRINTABLE.sub(" ", said).strip()
        return f" {self.vendor} says: {words[:MAX_SAID]}" if words else ""


def retry_after(response: Response) -> float | None:
    """Return the seconds that a Retry-After header asks for, at most a day."""
    written = response.headers.get("Retry-After", "").strip()
    return bounded_pause(written) if _SECONDS.fullmatch(written) else None


def bounded_pause(seconds: str) -> float | None:
    """Return a whole number of seconds, None for nought, at most a day."""
    return min(float(seconds), MAX_PAUSE_SECONDS) or None
