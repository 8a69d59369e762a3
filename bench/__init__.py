"""Figures this project claims, each a command that measures them again."""
