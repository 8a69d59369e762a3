"""Every path of the installation."""

from django.contrib import admin
from django.urls import include, path

from freshleads import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("freshleads.users.urls")),
    path("", include("freshleads.billing.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "freshleads.views.server_error"
