"""Times SQL statements as Django sends them, inside PostgreSQL and from outside."""

import json
import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any

from django.db import connection

REPETITIONS = 30
SECONDS_FOR_ONE = 0.8

Statement = tuple[str, Any]


def recorded(ask: Callable[[], None]) -> list[Statement]:
    """Return the statements that a call sends, as it sends them."""
    sent: list[Statement] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        ask()
    return sent


def repeated(once: Callable[[], float]) -> list[float]:
    """Return milliseconds of each repetition, no more of them than fit the time."""
    began = time.perf_counter()
    found: list[float] = []
    while len(found) < REPETITIONS:
        found.append(once())
        if time.perf_counter() - began > SECONDS_FOR_ONE:
            break
    return found


def explain(statement: Statement, how: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({how}) {statement[0]}", statement[1])
        return cursor.fetchall()


def plan_of(statement: Statement) -> dict[str, Any]:
    answer = explain(statement, "ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON")[0][0]
    return (json.loads(answer) if isinstance(answer, str) else answer)[0]


def ms_in_database(statement: Statement) -> float:
    plan = plan_of(statement)
    return plan["Planning Time"] + plan["Execution Time"]


def ms_from_outside(statement: Statement) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        cursor.fetchall()
    return (time.perf_counter() - began) * 1000


def middle_and_worst(values: list[float]) -> tuple[float, float]:
    """Return p50 and p95."""
    cuts = quantiles(values * 2, n=100, method="inclusive")  # it wants two at least
    return cuts[49], cuts[94]


def in_one_line(plan: dict[str, Any]) -> str:
    """Return the nodes of a plan from the outside in, each with the rows it gave."""
    index = f" {plan['Index Name']}" if "Index Name" in plan else ""
    parts = [in_one_line(part) for part in plan.get("Plans", [])]
    inner = f" < ({' + '.join(parts)})" if len(parts) > 1 else f" < {parts[0]}" if parts else ""
    return f"{plan['Node Type']}{index} {plan['Actual Rows']:,.0f}{inner}"
