"""Rows of the leads app: what a workspace owns, its searches, and the caches all share."""

from leads.models.advertising import Ad
from leads.models.caches import (
    DomainCheck,
    EmailCheck,
    NamedArea,
    Place,
    PlaceReviews,
    PlacesQuery,
    ProviderHealth,
    SerpPage,
    SiteCrawl,
)
from leads.models.imports import ImportedLead, LeadImport
from leads.models.leads import Lead, LeadIdentity, LeadTotal
from leads.models.lookups import Lookup, Recipe
from leads.models.projects import Project, ProjectLead
from leads.models.repeating import SavedSearch
from leads.models.searches import Search, SearchLead

__all__ = [
    "Ad",
    "DomainCheck",
    "EmailCheck",
    "ImportedLead",
    "Lead",
    "LeadIdentity",
    "LeadImport",
    "LeadTotal",
    "Lookup",
    "NamedArea",
    "Place",
    "PlaceReviews",
    "PlacesQuery",
    "Project",
    "ProjectLead",
    "ProviderHealth",
    "Recipe",
    "SavedSearch",
    "Search",
    "SearchLead",
    "SerpPage",
    "SiteCrawl",
]
