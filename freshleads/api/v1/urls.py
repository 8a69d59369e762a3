"""Every path below /api/v1."""

from django.urls import path, re_path

from freshleads.api.v1 import account, export, leads, projects, schema, search, token
from freshleads.api.v1.unknown import unknown_path

app_name = "api-v1"

ROUTES = (
    ("auth/token", token.TokenView, "token"),
    ("search", search.StartSearchView, "start-search"),
    ("searches", search.SearchesView, "searches"),
    ("search/<str:search_id>", search.SearchView, "search"),
    ("search/<str:search_id>/leads", search.SearchLeadsView, "search-leads"),
    ("search/<str:search_id>/cancel", search.CancelSearchView, "cancel-search"),
    ("leads", leads.LeadsView, "leads"),
    ("leads/<str:lead_id>", leads.LeadView, "lead"),
    ("projects", projects.ProjectsView, "projects"),
    ("projects/<str:project_id>", projects.ProjectView, "project"),
    ("export/<str:project_id>", export.ExportView, "export"),
    ("account", account.AccountView, "account"),
    ("account/credits", account.CreditsView, "credits"),
    ("schema", schema.SchemaView, "schema"),
)

urlpatterns = [
    *(path(route, view.as_view(), name=name) for route, view, name in ROUTES),
    # The same with a slash at the end: clients add one, and a redirect would lose a POST's body.
    *(path(f"{route}/", view.as_view()) for route, view, _ in ROUTES),
    re_path(r"^(?P<rest>.*)$", unknown_path),
]
