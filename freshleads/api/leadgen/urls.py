"""Every path below /v2/api/v1."""

from django.urls import path, re_path

from freshleads.api.leadgen import (
    ads,
    crawl,
    leads,
    place_reviews,
    places_search,
    projects,
    schema,
    search,
    verify,
)
from freshleads.api.leadgen.unknown import unknown_path

app_name = "leadgen"

ROUTES = (
    ("search.php", search.SearchView, "search"),
    ("crawl.php", crawl.CrawlView, "crawl"),
    ("ads.php", ads.AdsView, "ads"),
    ("places/search.php", places_search.PlacesSearchView, "places-search"),
    ("places/reviews.php", place_reviews.PlaceReviewsView, "place-reviews"),
    ("projects.php", projects.ProjectsView, "projects"),
    ("leads.php", leads.LeadsView, "leads"),
    ("verify.php", verify.VerifyView, "verify"),
    ("schema", schema.SchemaView, "schema"),
)

urlpatterns = [
    *(path(route, view.as_view(), name=name) for route, view, name in ROUTES),
    re_path(r"^(?P<rest>.*)$", unknown_path),
]
