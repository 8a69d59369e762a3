"""Paths of the pages of searches, leads and projects."""

from django.urls import path

from leads.models import Lookup
from leads.views import (
    adding,
    imports,
    lead,
    lookups,
    projects,
    recipes,
    saved_searches,
    searches,
    table,
    verdicts,
)

app_name = "leads"

urlpatterns = [
    path("searches", searches.searches, name="searches"),
    path("searches/new", searches.new_search, name="new_search"),
    path("searches/<str:public_id>", searches.search, name="search"),
    path("searches/<str:public_id>/rows", searches.search_rows, name="search_rows"),
    path("searches/<str:public_id>/stop", searches.stop_search, name="stop_search"),
    path("searches/<str:public_id>/save", saved_searches.save_search, name="save_search"),
    path("saved-searches", saved_searches.saved_searches, name="saved_searches"),
    path("saved-searches/<str:public_id>", saved_searches.saved_search, name="saved_search"),
    path(
        "saved-searches/<str:public_id>/run",
        saved_searches.run_saved_search,
        name="run_saved_search",
    ),
    path(
        "saved-searches/<str:public_id>/pause",
        saved_searches.pause_saved_search,
        name="pause_saved_search",
    ),
    path(
        "saved-searches/<str:public_id>/delete",
        saved_searches.delete_saved_search,
        name="delete_saved_search",
    ),
    path("leads", table.leads, name="leads"),
    path("leads/delete", table.delete_leads, name="delete_leads"),
    path("leads/restore", table.restore_leads, name="restore_leads"),
    path("leads/<str:public_id>", lead.lead, name="lead"),
    path("leads/<str:public_id>/edit", lead.edit_lead, name="edit_lead"),
    path("lookups", lookups.lookups, name="lookups"),
    path("lookups/website", lookups.ask, {"kind": Lookup.Kind.CRAWL}, name="website"),
    path("lookups/emails", lookups.check_emails, name="email_check"),
    path("lookups/emails/verdicts", verdicts.verdicts, name="verdicts"),
    path("lookups/search-engine", lookups.ask, {"kind": Lookup.Kind.SEARCH}, name="search_engine"),
    path("lookups/ads", lookups.ask, {"kind": Lookup.Kind.ADS}, name="ads"),
    path("lookups/places", lookups.ask, {"kind": Lookup.Kind.PLACES}, name="places"),
    path("lookups/reviews", lookups.ask, {"kind": Lookup.Kind.REVIEWS}, name="place_reviews"),
    path("lookups/<str:public_id>", lookups.lookup, name="lookup"),
    path("lookups/<str:public_id>/again", lookups.ask_again, name="ask_again"),
    path("lookups/<str:public_id>/add", adding.add_from_lookup, name="add_from_lookup"),
    path("recipes", recipes.recipes, name="recipes"),
    path("recipes/<str:code>/edit", recipes.edit_recipe, name="edit_recipe"),
    path("recipes/<str:code>/delete", recipes.delete_recipe, name="delete_recipe"),
    path("imports", imports.imports, name="imports"),
    path("imports/new", imports.new_import, name="new_import"),
    path("imports/<str:public_id>", imports.lead_import, name="import"),
    path("imports/<str:public_id>/layout", imports.choose_layout, name="choose_import_layout"),
    path("imports/<str:public_id>/choose", imports.choose, name="choose_import"),
    path("imports/<str:public_id>/start", imports.start, name="start_import"),
    path("imports/<str:public_id>/progress", imports.import_progress, name="import_progress"),
    path("imports/<str:public_id>/stop", imports.stop_import, name="stop_import"),
    path("imports/<str:public_id>/undo", imports.undo_import, name="undo_import"),
    path("imports/<str:public_id>/reopen", imports.reopen_import, name="reopen_import"),
    path("imports/<str:public_id>/discard", imports.discard_import, name="discard_import"),
    path("projects", projects.projects, name="projects"),
    path("projects/<str:public_id>/rename", projects.rename_project, name="rename_project"),
    path("projects/<str:public_id>/delete", projects.delete_project, name="delete_project"),
]
