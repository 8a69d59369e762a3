"""Reads a website for contacts; plain Python."""
