"""What is answered below /v2/api/v1 where there is nothing."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from freshleads.api.leadgen.errors import error_answer

LATER = ("accounts.php", "campaigns.php", "campaigns/")
LATER_WORDS = "Sending accounts and campaigns are not available in this version yet."


@csrf_exempt
def unknown_path(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer 404, and say so where the path belongs to a later version."""
    if rest.startswith(LATER):
        return error_answer("not_found", LATER_WORDS)
    return error_answer("not_found", "There is no such path; paths end in .php, as search.php.")
