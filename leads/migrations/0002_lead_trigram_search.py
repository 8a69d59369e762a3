"""One inverted index for the search box and the filters; PostgreSQL only.

Whatever is asked for together (a word in a city with valid addresses) is intersected inside the
index, within the workspace. It keeps a short list of new rows aside, so that adding leads stays
cheap, and that list is short because every search reads all of it.
"""

from django.db import migrations

CREATE = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
    "CREATE INDEX lead_found_by ON leads_lead USING gin (workspace_id, search_text gin_trgm_ops,"
    " upper(city::text), upper(category::text), country, email_status, tags)"
    " WITH (gin_pending_list_limit = 512) WHERE deleted_at IS NULL",
    # The planner takes no statistics from a partial index: without these two it expects every
    # city to have one lead in 200, and reads the whole table for one that has none.
    "CREATE STATISTICS lead_cities ON (upper(city::text)) FROM leads_lead",
    "CREATE STATISTICS lead_categories ON (upper(category::text)) FROM leads_lead",
    # How common a word is decides between this index and a walk along the newest leads.
    "ALTER TABLE leads_lead ALTER COLUMN search_text SET STATISTICS 200",
)
DROP = (
    "ALTER TABLE leads_lead ALTER COLUMN search_text SET STATISTICS -1",
    "DROP STATISTICS lead_categories",
    "DROP STATISTICS lead_cities",
    "DROP INDEX lead_found_by",
)


def create_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in CREATE:
            schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in DROP:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [migrations.RunPython(create_index, drop_index)]
