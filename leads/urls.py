"""Paths of the pages of searches, leads and projects."""

from django.urls import path

from leads.views import lead, projects, searches, table

app_name = "leads"

urlpatterns = [
    path("searches", searches.searches, name="searches"),
    path("searches/new", searches.new_search, name="new_search"),
    path("searches/<str:public_id>", searches.search, name="search"),
    path("searches/<str:public_id>/rows", searches.search_rows, name="search_rows"),
    path("searches/<str:public_id>/stop", searches.stop_search, name="stop_search"),
    path("leads", table.leads, name="leads"),
    path("leads/delete", table.delete_leads, name="delete_leads"),
    path("leads/restore", table.restore_leads, name="restore_leads"),
    path("leads/<str:public_id>", lead.lead, name="lead"),
    path("leads/<str:public_id>/edit", lead.edit_lead, name="edit_lead"),
    path("projects", projects.projects, name="projects"),
    path("projects/<str:public_id>/rename", projects.rename_project, name="rename_project"),
    path("projects/<str:public_id>/delete", projects.delete_project, name="delete_project"),
]
