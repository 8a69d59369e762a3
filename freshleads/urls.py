"""Every path of the installation."""

from django.contrib import admin
from django.urls import include, path

from freshleads import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("freshleads.users.urls")),
    path("", include("freshleads.billing.urls")),
    path("", include("leads.urls")),
    path("exports/", include("exports.urls")),
    path("api/", include("freshleads.api.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "freshleads.api.fallbacks.bad_request"
handler403 = "freshleads.api.fallbacks.permission_denied"
handler404 = "freshleads.api.fallbacks.not_found"
handler500 = "freshleads.api.fallbacks.server_error"
