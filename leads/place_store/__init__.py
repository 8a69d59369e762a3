"""Open place data on this machine: files imported once, searched without a key or a network.

Each dataset is one SQLite file, written beside the old one and put in its place by a rename. Its
rows stand in the order of a curve through the map, so a rectangle is a few ranges of row numbers;
a full-text index over the same numbers knows the words of names and every category with its
parents. Reading needs nothing but `sqlite3`; only an import loads DuckDB and osmium.
"""
