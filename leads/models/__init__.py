"""Rows of the leads app: what a workspace owns, its searches, and the caches all share."""

from leads.models.caches import DomainCheck, EmailCheck, Place, SiteCrawl
from leads.models.leads import Lead, LeadTotal
from leads.models.projects import Project, ProjectLead
from leads.models.searches import Search, SearchLead

__all__ = [
    "DomainCheck",
    "EmailCheck",
    "Lead",
    "LeadTotal",
    "Place",
    "Project",
    "ProjectLead",
    "Search",
    "SearchLead",
    "SiteCrawl",
]
