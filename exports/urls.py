"""Paths of downloads."""

from django.urls import path

from exports import views

app_name = "exports"
urlpatterns = [
    path("verdicts", views.verdicts, name="verdicts"),
    path("imports/<str:public_id>", views.import_errors, name="import_errors"),
    path("<str:public_id>", views.project, name="project"),
]
