"""Paths of the pages about credits."""

from django.urls import path

from freshleads.billing import views

app_name = "billing"

urlpatterns = [path("settings/usage", views.usage, name="usage")]
