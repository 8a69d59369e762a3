"""Pages that belong to no app: the landing page, health, and what is shown when things fail."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def landing(request: HttpRequest) -> HttpResponse:
    """Show what FreshLeads does."""
    return render(request, "landing.html")


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer whether this process can reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in words that the form was too old, and what to do."""
    return render(request, "csrf_failure.html", status=403)
