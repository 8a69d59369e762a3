"""The layout of a dataset's file; `VERSION` counts up when a reader could misunderstand it."""

APPLICATION_ID = 0x504C4345  # "PLCE"
VERSION = 1
SUFFIX = ".places"
LEVELS = 6  # of how well a business can be reached, from 0, the best
TABLES = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (
    id INTEGER PRIMARY KEY,  -- counts along the curve, from 1 without a gap
    place_id TEXT NOT NULL,
    name TEXT NOT NULL,
    categories TEXT,
    latitude INTEGER NOT NULL,  -- in units of 1e-7 degrees
    longitude INTEGER NOT NULL,
    street TEXT, city TEXT, region TEXT, postal_code TEXT, country TEXT,
    website TEXT, emails TEXT, socials TEXT, phones TEXT,
    is_closed_for_now INTEGER,
    licence INTEGER,
    tags TEXT  -- of OpenStreetMap: then the other columns of contacts and address are empty
);
CREATE VIRTUAL TABLE word USING fts5 (
    text, content = '', detail = 'none', columnsize = 0, tokenize = "ascii tokenchars '=.'"
);
CREATE TABLE category (id INTEGER PRIMARY KEY, phrase TEXT NOT NULL, name TEXT, path TEXT);
CREATE TABLE licence (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE area (
    kind TEXT NOT NULL,  -- city, region, country, postal
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT,
    country TEXT,
    places INTEGER NOT NULL,
    south REAL NOT NULL, west REAL NOT NULL, north REAL NOT NULL, east REAL NOT NULL,
    latitude REAL NOT NULL, longitude REAL NOT NULL
);
"""
INDEXES = """
CREATE INDEX category_phrase ON category (phrase);
CREATE INDEX area_key ON area (key, kind);
"""
BUILDING = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -32768;
"""


def category_token(number: int, level: int) -> str:
    """Return the word under which the index keeps who is in a category, by level."""
    return f"={number}.{level}"
