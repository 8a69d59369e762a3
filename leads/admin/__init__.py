"""Pages for operators: what people did, what is known for everybody, and how sources do."""

from leads.admin import advertising, caches, imports, leads, lookups, providers, recipes, searches

__all__ = [
    "advertising",
    "caches",
    "imports",
    "leads",
    "lookups",
    "providers",
    "recipes",
    "searches",
]
