"""How a call to the outside can fail; the messages never carry a URL, which may hold a key."""

from freshleads.lib.errors import ProviderError


class Unreachable(ProviderError):
    """No connection came about: refused, timed out, or no trusted certificate."""

    def __init__(self, message: str = "The server could not be reached.") -> None:
        super().__init__(message, code="unreachable")


class DeadlineExceeded(ProviderError):
    """The whole call took longer than it was given."""

    def __init__(self, message: str = "The server took too long to answer.") -> None:
        super().__init__(message, code="deadline_exceeded")


class TooLarge(ProviderError):
    """The head or the decoded body is larger than the caller takes."""

    def __init__(self, message: str = "The answer is too large.") -> None:
        super().__init__(message, code="too_large", permanent=True)


class TooManyRedirects(ProviderError):
    """The server kept sending the call elsewhere."""

    def __init__(self, message: str = "The server redirected too many times.") -> None:
        super().__init__(message, code="too_many_redirects", permanent=True)


class BadResponse(ProviderError):
    """What came back is no whole, well-formed answer."""

    def __init__(self, message: str = "The server's answer could not be read.") -> None:
        super().__init__(message, code="bad_response")


class BadRequest(ProviderError):
    """The call could not be put into a request, such as a header value with a line break."""

    def __init__(self, message: str = "The request could not be written.") -> None:
        super().__init__(message, code="bad_request", permanent=True)
