"""The FreshLeads dialect under /api/v1."""
