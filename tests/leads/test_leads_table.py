"""The plans behind the leads table on PostgreSQL: what each request reads, and what it does not."""

import importlib
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet

from freshleads.users.models import Workspace
from leads.filters import filter_leads
from leads.listing import page_of
from leads.models import Lead

OURS, THEIRS = 900_001, 900_002
LEADS = 12_000
ORDERS = importlib.import_module("leads.migrations.0003_lead_order_indexes")
SEARCH = importlib.import_module("leads.migrations.0002_lead_trigram_search")

FILL = """
INSERT INTO leads_lead (public_id, workspace_id, identity, business_name, category, address, phone,
    website, email, social_links, rating, reviews_count, google_maps_url, place_id, email_status,
    email_reason, emails, phones, first_name, last_name, job_title, description, street, city,
    region, postal_code, country, domain, tags, sources, search_text, created_at, updated_at)
SELECT 'lead_' || n, CASE WHEN n %% 4 = 0 THEN %(theirs)s ELSE %(ours)s END, 'n:' || n,
    'Name ' || n, 'Trade ' || n %% 15, repeat('address ', 20), '',
    CASE WHEN n %% 50 = 1 THEN '' ELSE 'http' END,
    CASE WHEN n %% 3 = 0 THEN '' ELSE n || '@a.test' END, '{}', (n %% 40) / 10.0, n %% 700, '', '',
    CASE WHEN n %% 3 = 0 THEN 'unverified' ELSE 'valid' END,
    '', '[]', '[]', '', '', '', '', '', 'City ' || n %% 100, '', '', 'US', '',
    CASE WHEN n = 5 THEN '["rare"]'::jsonb ELSE '[]' END,
    jsonb_build_object('phone', repeat('source ', 150)),
    CASE WHEN n = 7 THEN 'quokka' ELSE 'name ' || n END || chr(10) || n || '@a.test',
    timestamptz '2026-01-01' + n * interval '1 minute',
    timestamptz '2026-02-01' - n * interval '1 minute'
FROM generate_series(1, %(leads)s) AS n
"""


@pytest.fixture(autouse=True)
def skip_without_postgres(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: FRESHLEADS_TEST_DATABASE=postgres")


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[Workspace]:
    """Yield a workspace with 9,000 leads, vacuumed, beside another one with 3,000."""
    if connection.vendor != "postgresql":
        yield Workspace()
        return
    with django_db_blocker.unblock():
        ours, _ = Workspace.objects.bulk_create(
            [Workspace(pk=OURS, name="Ours"), Workspace(pk=THEIRS, name="Theirs")]
        )
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"ours": OURS, "theirs": THEIRS, "leads": LEADS})
            cursor.execute("VACUUM ANALYZE leads_lead")
    yield ours
    with django_db_blocker.unblock():
        Lead.objects.filter(workspace_id__in=[OURS, THEIRS]).delete()
        Workspace.objects.filter(pk__in=[OURS, THEIRS]).delete()


def nodes_of(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """Return the nodes of a queryset's plan, as run, from the outside in."""
    found = json.loads(rows.explain(format="json", analyze=True))[0]["Plan"]
    nodes = []
    waiting = [found]
    while waiting:
        node = waiting.pop(0)
        nodes.append(node)
        waiting += node.get("Plans", [])
    return nodes


def indexes_of(nodes: list[dict[str, Any]]) -> set[str]:
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    return {node["Index Name"] for node in nodes if "Index Name" in node}


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "leads_lead"))


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("params", "index"),
    [
        ({}, "lead_newest"),
        ({"search": "quokka"}, "lead_found_by"),
        ({"search": "zzyzx"}, "lead_found_by"),
        ({"search": "qz"}, "lead_found_by"),
        ({"search": "zzyzx", "ordering": "business_name"}, "lead_found_by"),
        ({"tag": "rare"}, "lead_found_by"),
        ({"city": "nowhere"}, "lead_found_by"),
        ({"category": "nothing"}, "lead_found_by"),
        ({"country": "de"}, "lead_found_by"),
        ({"email_status": "invalid"}, "lead_found_by"),
        ({"has_email": "true"}, "lead_newest"),
        ({"has_website": "false"}, "lead_without_website"),
        ({"ordering": "created_at"}, "lead_newest"),
        ({"ordering": "business_name"}, "lead_by_name"),
        ({"ordering": "-business_name"}, "lead_by_name"),
        ({"ordering": "city"}, "lead_by_city"),
        ({"ordering": "-rating"}, "lead_best_rated"),
        ({"ordering": "-reviews_count"}, "lead_most_reviewed"),
        ({"ordering": "-updated_at"}, "lead_last_changed"),
    ],
)
def test_a_page_is_read_from_one_index(
    large: Workspace, params: dict[str, str], index: str
) -> None:
    assert indexes_of(nodes_of(filter_leads(large, params)[:51])) == {index}


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    "params",
    [{"has_email": "true"}, {"email_status": "valid"}, {"min_rating": "3"}, {"country": "us"}],
)
def test_counting_reads_an_index_and_not_the_leads(
    large: Workspace, params: dict[str, str]
) -> None:
    counted = filter_leads(large, params).order_by().values("pk")[:10_001]
    scans = [node for node in nodes_of(counted) if "Index Name" in node]
    assert [node["Node Type"] for node in scans] == ["Index Only Scan"]
    # A page that another session still saw during VACUUM costs a few visits, never thousands.
    assert scans[0]["Heap Fetches"] <= LEADS // 100


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_page_behind_a_cursor_reads_no_more_rows_than_it_shows(large: Workspace) -> None:
    rows = filter_leads(large, {})
    sent: list[tuple[str, Any]] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    after = rows[8_000]
    with connection.execute_wrapper(record):
        page = page_of(rows, page=161, per_page=50, workspace=large, after=after)
    assert [lead.pk for lead in page.items] == [lead.pk for lead in rows[8_001:8_051]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sent[-1][0]}", sent[-1][1])
        (answer,) = cursor.fetchone()
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]["Plans"][0]
    assert plan["Index Name"] == "lead_newest"
    assert plan["Actual Rows"] == 51
    assert plan.get("Rows Removed by Filter", 0) <= 1


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_search_never_becomes_a_prepared_statement_with_a_plan_for_any_word(
    large: Workspace,
) -> None:
    for _ in range(7):
        list(filter_leads(large, {"search": "quokka"})[:51])
    assert connection.connection.prepare_threshold is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_longest_texts_still_fit_the_indexes() -> None:
    chance = random.Random(1)

    def noise(length: int) -> str:
        return "".join(chr(chance.randrange(0x20000, 0x2A6D6)) for _ in range(length))

    lead = Lead(workspace=Workspace.objects.create(name="Ours"), rating=4, reviews_count=2**31 - 1)
    for field in Lead._meta.get_fields():
        longest = getattr(field, "max_length", None)
        if longest and field.name != "public_id":
            setattr(lead, field.name, noise(longest))
    lead.search_text = noise(1_000)
    lead.tags = [noise(50) for _ in range(50)]
    lead.save()
    assert Lead.objects.filter(search_text__contains=lead.search_text[500:520]).get() == lead


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_indexes_can_be_taken_away_and_made_again() -> None:
    before = index_names()
    with connection.schema_editor(atomic=False) as editor:
        ORDERS.drop_indexes(apps, editor)
        SEARCH.drop_index(apps, editor)
        assert index_names() & {"lead_found_by", "lead_by_name", "lead_newest"} == {"lead_newest"}
        SEARCH.create_index(apps, editor)
        ORDERS.create_indexes(apps, editor)
    assert index_names() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("br", ["start", "word", "line"]),
        ("B", ["start", "word", "line", "digit"]),
        ("7", ["digit"]),
        ("ght", ["start", "word", "line"]),
        ("@", ["line"]),
        ("東京", ["script"]),
        ("京都", ["script"]),
        ("%", []),
        ("r_", []),
    ],
)
def test_one_and_two_letters_are_looked_for_where_words_begin(
    term: str, expected: list[str]
) -> None:
    workspace = Workspace.objects.create(name="Ours")
    texts = {
        "start": "bright smiles",
        "word": "the bright side",
        "line": "smile\nbright@abc.test",
        "inside": "a umbrella",
        "digit": "7 bees",
        "script": "東京都",
    }
    for name, text in texts.items():
        Lead.objects.create(
            workspace=workspace, identity=name, business_name=name, search_text=text
        )
    found = filter_leads(workspace, {"search": term, "ordering": "created_at"})
    assert [lead.business_name for lead in found] == expected


@pytest.mark.django_db
def test_the_end_of_an_order_is_its_beginning_read_backwards() -> None:
    workspace = Workspace.objects.create(name="Ours")
    for name in ("B", "A", "C"):
        Lead.objects.create(
            workspace=workspace,
            identity=name,
            business_name=name,
            updated_at=datetime(2026, 1, ord(name) - 64, tzinfo=UTC),
        )
    for column in ("business_name", "updated_at"):
        names = [lead.business_name for lead in filter_leads(workspace, {"ordering": column})]
        turned = [
            lead.business_name for lead in filter_leads(workspace, {"ordering": f"-{column}"})
        ]
        assert (names, turned) == (["A", "B", "C"], ["C", "B", "A"])
