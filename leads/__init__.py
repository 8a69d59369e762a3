"""Leads: finding, crawling, verifying and keeping local businesses."""
