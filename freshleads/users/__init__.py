"""Users, workspaces and API keys."""
