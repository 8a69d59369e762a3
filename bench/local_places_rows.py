"""Invented places in the shape of Overture's GeoParquet, made inside DuckDB.

20,000 cities whose sizes fall as those of real ones do, their places scattered around the middle,
no order in the file; 18 trades as frequent as in the release of August 2026, 1,500 others.
"""

from pathlib import Path

import duckdb

# Category with its parents, places of 10,000.
TRADES = (
    ("food_and_drink,restaurant", 250),
    ("food_and_drink,restaurant,pizza_restaurant", 60),
    ("food_and_drink,cafe", 100),
    ("food_and_drink,casual_eatery,bakery", 72),
    ("lifestyle_services,personal_or_beauty_service,beauty_salon", 170),
    ("lifestyle_services,personal_or_beauty_service,hair_salon", 85),
    ("lifestyle_services,personal_or_beauty_service,barber", 53),
    ("health_care,dental_clinic", 70),
    ("health_care,dental_clinic,general_dentistry", 16),
    ("health_care,dental_clinic,orthodontics", 5),
    ("services_and_business,home_service,plumbing", 13),
    ("services_and_business,home_service,electrician", 16),
    ("services_and_business,legal_service,attorney_or_law_firm", 50),
    ("travel_and_transportation,automotive_service,automotive_repair", 120),
    ("lodging,hotel", 160),
    ("shopping,food_and_beverage_store,grocery_store", 125),
    ("shopping,pharmacy_and_drug_store,pharmacy", 70),
    ("arts_and_entertainment,science_attraction,planetarium", 0.2),
)
OTHERS = 1_500
CITIES = 20_000

CITY = f"""
CREATE TABLE city AS
SELECT *, (sum(weight) OVER (ORDER BY i) - weight) / sum(weight) OVER () AS start
FROM (
    SELECT i, 'City ' || i AS city, 'R' || i % 16 AS region, 1.0 / (i + 20) AS weight,
        ['US', 'GB', 'DE', 'FR', 'BR', 'IN', 'JP', 'AU'][1 + i % 8] AS country,
        (hash(i, 'lat') % 1100000)::BIGINT / 10000.0 - 50 AS city_lat,
        (hash(i, 'lng') % 3400000)::BIGINT / 10000.0 - 170 AS city_lng
    FROM range({CITIES}) AS numbers(i)
)
"""
DRAWN = """
SELECT i, (hash(i, 'x') % 4611686018427387904)::BIGINT AS h,
    (hash(i, 'city') % 1000000007)::DOUBLE / 1000000007 AS which_city,
    (hash(i, 'kind') % 1000000007)::DOUBLE / 1000000007 AS which_kind,
    0.05 * sqrt(-2 * ln((hash(i, 'far') % 999999 + 1)::DOUBLE / 1000000)) AS far,
    2 * pi() * (hash(i, 'way') % 1000000)::DOUBLE / 1000000 AS way
FROM range({rows}) AS numbers(i)
"""
PLACES = """
COPY (
    WITH drawn AS ({drawn}), placed AS (
        SELECT *, greatest(-85, least(85, city_lat + far * cos(way))) AS lat,
            city_lng + far * sin(way) AS lng
        FROM drawn ASOF JOIN city ON which_city >= city.start
        ASOF JOIN kind ON which_kind >= kind.start
    )
    SELECT md5(i::VARCHAR) AS id,
        ('POINT (' || round(lng, 7) || ' ' || round(lat, 7) || ')')::GEOMETRY AS geometry,
        {{xmin: lng::FLOAT, xmax: lng::FLOAT, ymin: lat::FLOAT, ymax: lat::FLOAT}} AS bbox,
        {{'primary': ['Miller', 'Garcia', 'Nguyen', 'Schmidt', 'Rossi', 'Silva', 'Kumar', 'Tanaka',
            'Golden', 'Royal', 'Blue', 'Central'][1 + h % 12] || ' ' || replace(path[-1], '_', ' ')
            || ' ' || h % 9973}} AS names,
        {{'primary': path[-1], hierarchy: path,
            alternates: CASE WHEN h % 3 = 0 THEN ['other_' || h % {others} || '_service'] END
        }} AS taxonomy,
        path[-2] AS basic_category,
        0.5 + (h % 50)::DOUBLE / 100 AS confidence,
        CASE WHEN h % 10 < 6 THEN ['https://www.business-' || i || '.example/'] END AS websites,
        CASE WHEN h % 10 < 5 THEN ['https://www.facebook.com/' || h] END AS socials,
        CASE WHEN h % 10 = 3 THEN ['info@business-' || i || '.example'] END AS emails,
        CASE WHEN h % 20 < 17 THEN ['+1305' || 2000000 + h % 7999999] END AS phones,
        [{{freeform: h % 9999 || ' Harbour Street', locality: city, region: region,
            country: country, postcode: lpad((placed.i * 7 % 99999)::VARCHAR, 5, '0')
        }}] AS addresses,
        CASE WHEN h % 50 = 0 THEN 'permanently_closed' ELSE 'open' END AS operating_status,
        [{{property: '', dataset: ['meta', 'Foursquare'][1 + h % 2],
            license: ['CDLA-Permissive-2.0', 'Apache-2.0'][1 + h % 2]}}] AS sources
    FROM placed
) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)
"""


def write_places(path: Path, rows: int) -> None:
    """Write a file of so many places, the same each time."""
    with duckdb.connect() as db:
        db.execute("SET threads = 2; SET preserve_insertion_order = false")
        db.execute("SET enable_progress_bar = false")
        db.execute(CITY)
        db.execute("CREATE TABLE kind (path VARCHAR[], start DOUBLE)")
        db.executemany("INSERT INTO kind VALUES (?, ?)", _kinds())
        drawn = DRAWN.format(rows=rows)
        db.execute(PLACES.format(drawn=drawn, others=OTHERS, path=path))


def _kinds() -> list[tuple[list[str], float]]:
    """Return each category and where its share of 0 to 1 begins."""
    kinds, start = [], 0.0
    for path, share in TRADES:
        kinds.append((path.split(","), start))
        start += share / 10_000
    step = (1 - start) / OTHERS
    parents = ["services_and_business", "other_service"]
    return kinds + [
        ([*parents, f"other_{number}_service"], start + number * step) for number in range(OTHERS)
    ]
