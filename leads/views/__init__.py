"""The pages of searches, leads and projects."""
