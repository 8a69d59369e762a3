"""The OpenAPI description of this dialect, and the page that shows it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from freshleads.api.describing import description, description_answer
from freshleads.api.leadgen.answers import CONTENT_TYPE, HEADERS
from freshleads.api.leadgen.base import LeadGenView
from freshleads.api.leadgen.openapi import SHARED_COMPONENTS

WORDS = """
Search for leads, read websites for contacts, see who advertises, ask Google Places: one GET each.

**Authentication.** Every request carries your key: `?api_key=X`, or the header
`Authorization: Bearer X`. The header is safer, because addresses end in logs, ours excepted:
the key is taken out of every address before anything is written down. A `user_id` beside it is
ignored. Over plain http:// a key is refused where this installation runs on https://.

**Answers** are `{"status": "success", "credits_used": 3, "data": {...}}` or
`{"status": "error", "code": "invalid_param", "message": "..."}`, on every path, always as
`application/json; charset=utf-8`. Times are in UTC.

**Parameters.** One that is unknown, given twice or out of its bounds is refused by name; one that
is empty counts as left out. Bodies are JSON objects of at most 1 MiB; unknown fields are refused.

| status | code | meaning |
| --- | --- | --- |
| 400 | `missing_param` | A required parameter is missing. |
| 400 | `invalid_param` | A parameter, or the body, is not what it must be. |
| 400 | `invalid_code` | There is no recipe with this code. |
| 401 | `missing_api_key` | There is no `api_key`. |
| 401 | `invalid_api_key` | The key is wrong, revoked or expired. |
| 402 | `insufficient_credits` | No credits are left. |
| 404 | `not_found` | There is no such path, or no such object in your workspace. |
| 405 | `method_not_allowed` | `Allow` names the methods of this path. |
| 429 | `rate_limited` | Wait as long as `Retry-After` says. |
| 500 | `db_error`, `server_error` | The database does not answer; anything else on our side. |
| 502 | `search_error`, `crawl_error`, `api_error` | An outside service failed, or was too slow. |
| 503 | `auth_error` | The key cannot be checked right now. |

**Credits.** Paid requests need at least one credit left. An error costs nothing, and so does an
answer from the cache. A question that is being answered already is joined, not paid twice. HEAD is
refused where an answer may cost something.

**Waiting.** A request waits for up to 110 seconds; set the timeout of your client accordingly. Work
that takes longer goes on, and the answer is 502: ask the same again within ten minutes, and the
result is free. At most 24 requests of a workspace wait at once.

**Limits.** Your plan allows so many requests in any 60 seconds, counted for your whole workspace
and for both APIs. `RateLimit-Policy` and `RateLimit` tell the limit and what is left.

**Not in this version yet:** sending accounts and campaigns (`accounts.php`, `campaigns.php`,
`campaigns/...`): they answer 404 `not_found`.
"""
SETTINGS = {
    "TITLE": "LeadGen API",
    "VERSION": "1.3.0",
    "DESCRIPTION": WORDS.strip(),
    "SERVERS": [{"url": "/v2/api/v1"}],
    "APPEND_COMPONENTS": SHARED_COMPONENTS,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": ["freshleads.api.leadgen.openapi.with_closed_schemas"],
}


class SchemaView(LeadGenView):
    is_public = True

    @extend_schema(
        operation_id="getSchema",
        tags=["About"],
        summary="Get this description",
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponse:
        """OpenAPI 3.1."""
        response = description_answer(openapi(), content_type=CONTENT_TYPE)
        response["Referrer-Policy"] = HEADERS["Referrer-Policy"]
        return response


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the description; all it loads comes from this installation."""
    return render(request, "api/docs.html", {"schema": "leadgen:schema"})


def openapi() -> bytes:
    """Return the description as JSON."""
    return description("freshleads.api.leadgen.urls", SETTINGS)
