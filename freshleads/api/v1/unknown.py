"""What is answered below /api/v1 where there is nothing."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from freshleads.api.v1.errors import error_answer

LATER = {
    "crm": "The CRM is",
    "webhooks": "Webhooks are",
    "exports": "Background exports are",
}


@csrf_exempt
def unknown_path(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer 404, and say so where the path belongs to a later version."""
    later = LATER.get(rest.partition("/")[0])
    if later:
        return error_answer(
            request, 404, f"{later} not part of this version yet.", type="not_available"
        )
    return error_answer(request, 404, "There is no such path.", type="unknown_path")
