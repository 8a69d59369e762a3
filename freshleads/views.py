"""Pages that belong to no app: the landing page, health, and what is shown when things fail."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

logger = logging.getLogger(__name__)


def landing(request: HttpRequest) -> HttpResponse:
    """Show what FreshLeads does and what it charges for."""
    return render(request, "landing.html")


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer whether this process can reach its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("the database does not answer")
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in words that the form was too old, and what to do."""
    return render(request, "csrf_failure.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Show the number an operator finds the error by; asks nothing of the database."""
    # No request: its context processors would ask the database, which may be what is broken.
    context = {"request_id": getattr(request, "id", "")}
    return HttpResponse(render_to_string("500.html", context), status=500)
