"""Every path of the installation."""

from django.contrib import admin
from django.urls import path

from freshleads import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("healthz", views.healthz, name="healthz"),
    path("admin/", admin.site.urls),
]
