"""Public APIs: one package per dialect."""
