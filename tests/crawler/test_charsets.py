"""The text of a page, whatever its bytes say or fail to say about their encoding."""

import pytest

from leads.crawler.charsets import decode_page

TEXT = "Zürich, Łódź"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("Zürich".encode(), "", "Zürich"),
        ("Zürich".encode("latin-1"), "", "Zürich"),
        ("Zürich".encode("latin-1"), "text/html; charset=ISO-8859-1", "Zürich"),
        ("Zürich".encode("latin-1"), "text/html; charset=utf-8", "Z\ufffdrich"),
        ("Łódź".encode("iso8859-2"), "text/html; charset=iso-8859-2", "Łódź"),
        ("東京".encode("cp932"), "text/html; charset=Shift_JIS", "東京"),
        ("\ufeffZürich".encode(), "text/html; charset=iso-8859-1", "Zürich"),
        ("Zürich".encode("utf-16"), "", "Zürich"),
        (("<p>" + "Zurich" * 9).encode("utf-16-be"), "", "<p>" + "Zurich" * 9),
        ("Zürich".encode(), "text/html; charset=utf-7", "Zürich"),
        ("Zürich".encode(), "text/html; charset=base64", "Zürich"),
        (b"", "", ""),
    ],
)
def test_header_and_marks_decide_then_a_guess(
    body: bytes, content_type: str, expected: str
) -> None:
    assert decode_page(body, content_type) == expected


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1250">',
        '<META http-equiv=Content-Type content="text/html; charset=windows-1250">',
        '<?xml version="1.0" encoding="windows-1250"?>',
    ],
)
def test_reads_the_declaration_inside_the_page(head: str) -> None:
    assert decode_page((head + TEXT).encode("cp1250")) == head + TEXT


def test_a_meta_tag_cannot_declare_utf_16() -> None:
    page = '<meta charset="utf-16">Zürich'
    assert decode_page(page.encode()) == page
