"""The CSV that spreadsheet programs open."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from exports.columns import LEAD_COLUMNS, choose_columns
from exports.csvfiles import csv_lines


def file_of(rows, *keys):
    return b"".join(csv_lines(rows, columns=choose_columns(keys)))


def cells_of(rows, *keys):
    text = file_of(rows, *keys).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_the_bytes_are_bom_crlf_and_rfc_4180_quotes():
    rows = [{"business_name": 'Smith, "Joe" & Söhne', "city": "Köln"}, {"city": "Lyon"}]
    assert file_of(rows, "business_name", "city") == (
        b"\xef\xbb\xbfBusiness name,City\r\n"
        b'"Smith, ""Joe"" & S\xc3\xb6hne",K\xc3\xb6ln\r\n'
        b",Lyon\r\n"
    )


def test_without_rows_the_header_is_still_written():
    assert cells_of([]) == [[column.header for column in LEAD_COLUMNS]]


def test_numbers_are_bare_and_never_disarmed():
    rows = [{"rating": Decimal("4.50"), "reviews_count": -3, "latitude": -33.865143}]
    assert cells_of(rows, "rating", "reviews_count", "latitude")[1] == ["4.50", "-3", "-33.865143"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (0.00001, "0.00001"),
        (Decimal("1E+3"), "1000"),
        (float("nan"), ""),
        (float("-inf"), ""),
        (10**400, "1" + "0" * 400),
    ],
)
def test_no_number_has_an_exponent_or_is_infinite(value, cell):
    assert cells_of([{"latitude": value}], "latitude", "id")[1] == [cell, ""]


def test_a_text_in_a_number_column_is_disarmed_like_any_other():
    assert cells_of([{"rating": "=1+1"}], "rating")[1] == ["'=1+1"]


def test_times_are_written_in_utc():
    when = datetime(2026, 3, 1, 1, 2, 3, 999, tzinfo=timezone(timedelta(hours=2)))
    rows = [{"created_at": when}, {"created_at": datetime(2026, 3, 1, tzinfo=UTC)}]
    assert cells_of(rows, "created_at")[1:] == [["2026-02-28 23:02:03"], ["2026-03-01 00:00:00"]]


def test_phone_numbers_keep_their_plus_and_formulas_do_not_survive():
    rows = [{"phone": "+13055550100", "business_name": "=cmd|' /C calc'!A0", "tags": "@all"}]
    assert cells_of(rows, "phone", "business_name", "tags")[1] == [
        "+13055550100",
        "'=cmd|' /C calc'!A0",
        "'@all",
    ]


def test_hostile_texts_neither_break_the_rows_nor_the_encoding():
    name = 'a\0b\ud800c\x0b"d",\r\ne\rf;=1'
    assert cells_of([{"business_name": name, "city": "X"}], "business_name", "city")[1] == [
        'ab\ufffdc\ufffd"d",\ne\nf;\'=1',
        "X",
    ]


def test_any_other_value_is_disarmed_as_text():
    assert cells_of([{"tags": ["=a"], "source": True}], "tags", "source")[1] == ["['=a']", "True"]


def test_keys_that_are_no_column_stay_out_of_the_file():
    assert b"secret" not in file_of([{"business_name": "A", "notes": "secret"}])


def test_the_file_is_streamed_in_chunks_of_whole_lines():
    produced = 0

    def leads():
        nonlocal produced
        for number in range(5_000):
            produced += 1
            yield {"business_name": f"Business {number}", "address": "x" * 80}

    chunks = csv_lines(leads(), columns=LEAD_COLUMNS)
    header = next(chunks)
    assert produced == 0
    assert header.startswith(b"\xef\xbb\xbfBusiness name,")
    first = next(chunks)
    assert 0 < produced < 1_000
    rest = [first, *chunks]
    assert all(chunk.endswith(b"\r\n") and len(chunk) < 80_000 for chunk in rest)
    assert sum(chunk.count(b"\r\n") for chunk in rest) == 5_000
