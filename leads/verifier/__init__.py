"""Decides whether an e-mail address takes mail; plain Python."""
