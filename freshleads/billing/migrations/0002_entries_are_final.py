"""Let the database itself refuse changes to credit entries.

The columns that say what happened cannot be updated; `created_by` can, since it turns empty with
the user. On PostgreSQL entries cannot be deleted while their workspace has a subscription, which
the deletion of a whole workspace removes first. SQLite has no TRUNCATE, so that a refusal of
DELETE would stop `flush` there: models.py alone refuses it.

A later migration that rebuilds the table on SQLite loses its trigger and has to make it again.
"""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'credit entries are never changed or removed' USING ERRCODE = '23001';
    END $$
    """,
    """
    CREATE FUNCTION billing_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM billing_subscription WHERE workspace_id = OLD.workspace_id) THEN
            RAISE EXCEPTION 'credit entries are never changed or removed' USING ERRCODE = '23001';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER billing_entry_unchanged BEFORE UPDATE OF
        public_id, workspace_id, kind, amount, reference, description, hold_id, created_at
    ON billing_creditentry FOR EACH ROW EXECUTE FUNCTION billing_refuse_change()
    """,
    """
    CREATE TRIGGER billing_entry_kept BEFORE DELETE
    ON billing_creditentry FOR EACH ROW EXECUTE FUNCTION billing_refuse_removal()
    """,
)
POSTGRESQL_REVERSE = (
    "DROP TRIGGER billing_entry_kept ON billing_creditentry",
    "DROP TRIGGER billing_entry_unchanged ON billing_creditentry",
    "DROP FUNCTION billing_refuse_removal()",
    "DROP FUNCTION billing_refuse_change()",
)
SQLITE = (
    """
    CREATE TRIGGER billing_entry_unchanged BEFORE UPDATE OF
        public_id, workspace_id, kind, amount, reference, description, hold_id, created_at
    ON billing_creditentry
    BEGIN SELECT RAISE(ABORT, 'credit entries are never changed or removed'); END
    """,
)
SQLITE_REVERSE = ("DROP TRIGGER billing_entry_unchanged",)


def create(apps, schema_editor):
    run(schema_editor, {"postgresql": POSTGRESQL, "sqlite": SQLITE})


def drop(apps, schema_editor):
    run(schema_editor, {"postgresql": POSTGRESQL_REVERSE, "sqlite": SQLITE_REVERSE})


def run(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
