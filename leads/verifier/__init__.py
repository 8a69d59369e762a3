"""Tells whether an address can receive mail, from syntax, DNS and one polite SMTP question."""
