"""Every path of the installation."""

from django.contrib import admin
from django.urls import include, path

from freshleads import views
from freshleads.api.leadgen.schema import docs as leadgen_docs
from freshleads.api.leadgen.unknown import unknown_path as unknown_leadgen_path

urlpatterns = [
    path("", views.landing, name="landing"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("freshleads.users.urls")),
    path("", include("freshleads.billing.urls")),
    path("", include("leads.urls")),
    path("exports/", include("exports.urls")),
    path("api/", include("freshleads.api.urls")),
    path("v2/api/docs", leadgen_docs, name="leadgen-docs"),
    path("v2/api/v1", unknown_leadgen_path),
    path("v2/api/v1/", include("freshleads.api.leadgen.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "freshleads.api.fallbacks.bad_request"
handler403 = "freshleads.api.fallbacks.permission_denied"
handler404 = "freshleads.api.fallbacks.not_found"
handler500 = "freshleads.api.fallbacks.server_error"
