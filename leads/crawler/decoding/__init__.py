"""Reads addresses that pages hide from simple readers, without running any of their code."""
