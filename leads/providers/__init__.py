"""One module per vendor; plain Python."""
