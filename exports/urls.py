"""Paths of downloads."""

from django.urls import path

from exports import views

app_name = "exports"
urlpatterns = [path("<str:public_id>", views.project, name="project")]
