"""Every path below /api."""

from django.urls import include, path

from freshleads.api.v1.schema import docs
from freshleads.api.v1.unknown import unknown_path

urlpatterns = [
    path("docs", docs, name="api-docs"),
    path("v1", unknown_path),
    path("v1/", include("freshleads.api.v1.urls")),
]
