"""Indexes for the orders of the leads table and for counting what a filter lets through.

PostgreSQL only, for there a workspace may have a million leads. `lead_newest` keeps its name and
its key and gains the small columns that filters look at, so that counting reads no row of the
table; it holds none that could make an entry too long for a page of the index (2,704 bytes).
"""

from django.db import migrations

NEWEST = "(workspace_id, created_at DESC, id DESC)"
KEPT = "WHERE deleted_at IS NULL"
ORDERS = {
    "lead_by_name": "business_name",
    "lead_by_city": "city",
    "lead_best_rated": "rating DESC NULLS LAST",
    "lead_most_reviewed": "reviews_count DESC NULLS LAST",
    "lead_last_changed": "updated_at",
}
CREATE = (
    "DROP INDEX lead_newest",
    f"CREATE INDEX lead_newest ON leads_lead {NEWEST}"
    f" INCLUDE (email_status, email, phone, city, category, country, rating) {KEPT}",
    f"CREATE INDEX lead_without_website ON leads_lead {NEWEST} {KEPT} AND website = ''",
    *(
        f"CREATE INDEX {name} ON leads_lead"
        f" (workspace_id, {column}, created_at DESC, id DESC) {KEPT}"
        for name, column in ORDERS.items()
    ),
)
DROP = (
    *(f"DROP INDEX {name}" for name in (*ORDERS, "lead_without_website", "lead_newest")),
    f"CREATE INDEX lead_newest ON leads_lead {NEWEST} {KEPT}",
)


def create_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in CREATE:
        schema_editor.execute(statement)
    # Other indexes begin with the workspace; this one only led the planner to read 600,000 of
    # its entries for a search that the inverted index answers alone.
    for name in _of_workspace_alone(apps, schema_editor.connection):
        schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in DROP:
        schema_editor.execute(statement)
    schema_editor.execute("CREATE INDEX leads_lead_workspace_id ON leads_lead (workspace_id)")


def _of_workspace_alone(apps, connection):
    table = apps.get_model("leads", "Lead")._meta.db_table
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
    return [
        name
        for name, found in constraints.items()
        if found["columns"] == ["workspace_id"] and found["index"] and not found["unique"]
    ]


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_lead_trigram_search")]
    operations = [migrations.RunPython(create_indexes, drop_indexes)]
