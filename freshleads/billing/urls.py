"""Paths of signing up and of the pages about credits."""

from django.urls import path

from freshleads.billing import views

app_name = "billing"

urlpatterns = [
    path("signup", views.sign_up, name="sign_up"),
    path("settings/usage", views.usage, name="usage"),
]
