"""Every path below /v2/api/v1."""

from django.urls import path, re_path

from freshleads.api.leadgen import leads, projects, schema
from freshleads.api.leadgen.unknown import unknown_path

app_name = "leadgen"

ROUTES = (
    ("projects.php", projects.ProjectsView, "projects"),
    ("leads.php", leads.LeadsView, "leads"),
    ("schema", schema.SchemaView, "schema"),
)

urlpatterns = [
    *(path(route, view.as_view(), name=name) for route, view, name in ROUTES),
    re_path(r"^(?P<rest>.*)$", unknown_path),
]
