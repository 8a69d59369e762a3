"""The one guarded way out for calls over HTTP: checked addresses, one deadline, capped answers."""

import json as json_module
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from functools import lru_cache
from typing import Any, TypedDict, Unpack
from urllib.parse import urljoin

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from freshleads.lib.addresses import (
    AddressPolicy,
    AddressRefused,
    HostNotFound,
    ResolutionFailed,
)
from freshleads.lib.bodies import read_body
from freshleads.lib.deadlines import Deadline
from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.lib.http_errors import (
    BadRequest,
    BadResponse,
    DeadlineExceeded,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from freshleads.lib.transport import GuardedAdapter
from freshleads.lib.urls import WebUrl, parse_web_url

__all__ = [
    "AddressRefused",
    "BadRequest",
    "BadResponse",
    "Client",
    "DeadlineExceeded",
    "HostNotFound",
    "ResolutionFailed",
    "Response",
    "TooLarge",
    "TooManyRedirects",
    "Unreachable",
]

MEBIBYTE = 1024 * 1024
CHUNK_BYTES = 16 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# All that follows a redirect to another origin: a key may sit in any other header.
HARMLESS_HEADERS = frozenset({"accept", "accept-language", "user-agent"})
# What only the client itself sets: framing, encoding, and whom it talks to.
OWN_HEADERS = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "transfer-encoding"}
)
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\xa0-\xff]*")

Headers = Mapping[str, str]
Params = Mapping[str, str | int | float]


class Options(TypedDict, total=False):
    """The keyword arguments of `Client.request`."""

    headers: Headers | None
    params: Params | None
    json: Any
    data: bytes | str | Mapping[str, str] | None
    deadline: float
    max_bytes: int
    max_redirects: int


@dataclass(frozen=True)
class Response:
    """A whole answer: decoded body, case-insensitive headers, the URL that gave it, seconds."""

    status: int
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(repr=False)
    elapsed: float

    def json(self) -> Any:
        """Return the body read as JSON; raise BadResponse if it is none."""
        try:
            return json_module.loads(self.body)
        except (ValueError, RecursionError):
            failure = BadResponse("The answer is not JSON.")
        raise failure

    def text(self) -> str:
        """Return the body as text in the charset its headers name, else UTF-8; never fails."""
        content_type = Message()
        content_type["Content-Type"] = self.headers.get("Content-Type", "")
        charset = str(content_type.get_param("charset") or "utf-8")
        try:
            return self.body.decode(charset, "replace")
        except (LookupError, ValueError):
            return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class _Call:
    """What is to be sent, apart from where it ends up."""

    method: str
    url: str
    headers: Headers = field(repr=False)
    params: Params | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    data: bytes | str | Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def has_body(self) -> bool:
        """Whether something is sent behind the headers."""
        return self.json is not None or self.data is not None


class Client:
    """Calls HTTP servers within an address policy; one instance serves any number of threads.

    Nothing of the environment counts (proxies, .netrc, certificates); no cookie and no connection
    is kept. `ca_file` names a PEM file of authorities to trust instead of the usual ones.
    """

    def __init__(
        self, policy: AddressPolicy, *, user_agent: str, ca_file: str | None = None
    ) -> None:
        self.policy = policy
        self.user_agent = user_agent
        self._tls = _tls_context(ca_file or DEFAULT_CA_BUNDLE_PATH)

    def get(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a GET request; the options are those of `request`."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a POST request; the options are those of `request`."""
        return self.request("POST", url, **options)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Headers | None = None,
        params: Params | None = None,
        json: Any = None,
        data: bytes | str | Mapping[str, str] | None = None,
        deadline: float = 20.0,
        max_bytes: int = 2 * MEBIBYTE,
        max_redirects: int = 0,
    ) -> Response:
        """Send one request and return the whole answer, error statuses included.

        `deadline` is seconds for everything, lookups and redirects too; `max_bytes` counts the
        decoded body. With `max_redirects` 0 a redirect is an answer like any other. Raises
        AddressRefused, HostNotFound, ResolutionFailed, Unreachable, DeadlineExceeded, TooLarge,
        TooManyRedirects, BadResponse, BadRequest; no message contains the URL.
        """
        call = _Call(method.upper(), url, self._complete(headers or {}), params, json, data)
        with Deadline(deadline) as limit:
            for _ in range(max_redirects + 1):
                answer = self._exchange(call, limit, max_bytes, follow=max_redirects > 0)
                if isinstance(answer, Response):
                    return answer
                call = answer
        raise TooManyRedirects

    def _complete(self, headers: Headers) -> Headers:
        """Return the headers as they are sent; raise BadRequest for one that would break them."""
        if not all(map(_HEADER.fullmatch, (f"{name}:{text}" for name, text in headers.items()))):
            raise BadRequest
        kept = {name: text for name, text in headers.items() if name.lower() not in OWN_HEADERS}
        own = {"User-Agent": self.user_agent, "Accept": "*/*"}
        complete: CaseInsensitiveDict[str] = CaseInsensitiveDict(own)
        complete.update(kept)
        complete.update({"Accept-Encoding": "gzip", "Connection": "close"})
        return complete

    def _exchange(
        self, call: _Call, limit: Deadline, max_bytes: int, *, follow: bool
    ) -> Response | _Call:
        """Send one request; return its answer, or the call that it redirects to."""
        url, prepared = _prepare(call)
        adapter = GuardedAdapter(self.policy, url, limit, self._tls)
        failure: ProviderError
        try:
            reply = adapter.send(prepared, stream=True, timeout=limit.remaining())
            with reply:
                location = reply.headers.get("Location")
                if follow and location and reply.status_code in REDIRECTS:
                    return _redirected(call, url, reply.status_code, location)
                body = _body_of(reply, max_bytes)
            limit.remaining()
            return Response(reply.status_code, reply.headers, body, str(url), limit.elapsed)
        except ProviderError as error:
            failure = error
        except requests.exceptions.SSLError:
            failure = Unreachable("The server has no certificate that can be trusted.")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            failure = BadResponse() if adapter.connected else Unreachable()
        finally:
            adapter.close()
        # Raised out here so that no exception that quotes the URL hangs on it as its context.
        raise DeadlineExceeded if limit.expired else failure


@lru_cache(maxsize=8)
def _tls_context(ca_file: str) -> ssl.SSLContext:
    """Return the verifying context for these authorities; reading them takes 20 ms."""
    return ssl.create_default_context(cafile=ca_file)


def _prepare(call: _Call) -> tuple[WebUrl, requests.PreparedRequest]:
    """Return the checked URL and the request to it, query parameters put in."""
    failure: ProviderError
    try:
        request = requests.Request(
            call.method,
            str(parse_web_url(call.url)),
            headers=dict(call.headers),
            params=call.params,
            json=call.json,
            data=call.data,
        ).prepare()
        return parse_web_url(str(request.url)), request
    except InvalidInput:
        failure = AddressRefused()
    except (requests.RequestException, ValueError, TypeError):
        failure = BadRequest()
    raise failure


def _body_of(reply: requests.Response, max_bytes: int) -> bytes:
    chunks = reply.raw.stream(CHUNK_BYTES, decode_content=False)
    return read_body(chunks, reply.headers.get("Content-Encoding", ""), max_bytes)


def _redirected(call: _Call, url: WebUrl, status: int, location: str) -> _Call:
    """Return the call a redirect asks for, without what another origin must not see."""
    target: WebUrl | None = None
    try:
        # Header bytes arrive as Latin-1; servers that do not encode them mean UTF-8.
        text = location.encode("latin-1", "replace").decode("utf-8", "replace")
        target = parse_web_url(urljoin(str(url), text))
    except (InvalidInput, ValueError):
        target = None
    if target is None or (url.scheme == "https" and target.scheme == "http"):
        raise AddressRefused("The server redirects to an address that is not allowed.")
    if _becomes_get(status, call.method):
        call = replace(call, method="GET", json=None, data=None, headers=_bodiless(call.headers))
    if target.origin != url.origin:
        if call.has_body:
            raise AddressRefused("The server redirects a request with a body to another origin.")
        call = replace(call, headers=_harmless(call.headers))
    return replace(call, url=str(target), params=None)


def _becomes_get(status: int, method: str) -> bool:
    """Tell whether a redirect asks for a page instead of the same request again (RFC 9110)."""
    if status == 303:
        return method not in ("GET", "HEAD")
    return status in (301, 302) and method == "POST"


def _bodiless(headers: Headers) -> Headers:
    return {name: text for name, text in headers.items() if name.lower() != "content-type"}


def _harmless(headers: Headers) -> Headers:
    allowed = HARMLESS_HEADERS | {"accept-encoding", "connection"}
    return {name: text for name, text in headers.items() if name.lower() in allowed}
