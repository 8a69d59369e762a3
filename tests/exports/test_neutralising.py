"""Scraped text must neither break a file nor run in a spreadsheet."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.neutralising import clean, neutralise

FORMULA_STARTS = "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}" + (
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Café Müller 日本 😀", "Café Müller 日本 😀"),
        ("", ""),
        ("a\0b", "ab"),
        ("a\x0bb\x1bc\x7fd\x85e", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("a\ud800b\udfff", "a\ufffdb\ufffd"),
        ("a\ufffe\uffffb", "a\ufffd\ufffdb"),
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
    ],
)
def test_cleans_what_files_cannot_hold_and_nothing_else(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://evil.test","x")',
        "+1+1",
        "-2+3",
        "-",
        "@SUM(A1)",
        "\tBright Smiles",
        "  =1+1",
        "\t=1+1",
        "\u00a0=1+1",
        "\u3000=1+1",
        "\u200b\ufeff=1+1",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
        "\u3000\N{FULLWIDTH PLUS SIGN}1",
        "\N{FULLWIDTH HYPHEN-MINUS}1",
        "\N{FULLWIDTH COMMERCIAL AT}x",
        "+1 305 555 0100 ext. 5",
        "+1+2",
        "+44",
        "-33.865143",
    ],
)
def test_a_text_that_starts_like_a_formula_gets_an_apostrophe(text):
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bright Smiles",
        "A=B",
        "info@bright-smiles.test",
        "Open Mon-Fri; closed Sat - Sun",
        "Miami, FL - USA",
        "'quoted'",
        "(305) 555-0100",
        "😀 Dental",
        "line one\nline two",
    ],
)
def test_an_ordinary_text_stays_as_it_is(text):
    assert neutralise(text) == text


@pytest.mark.parametrize(
    "phone", ["+13055550100", "+1 (305) 555-0100", "+44 117.496.0123", "+13055550100, +4930231250"]
)
def test_a_strict_phone_number_keeps_its_plus(phone):
    assert neutralise(phone) == phone


@pytest.mark.parametrize(
    ("text", "disarmed"),
    [
        ("Joe;=1+1", "Joe;'=1+1"),
        ("Joe; \t=1+1;@x", "Joe; \t'=1+1;'@x"),
        (";=1+1", ";'=1+1"),
        ("Joe\n=1+1", "Joe\n'=1+1"),
        ("Joe\n\n +1", "Joe\n\n '+1"),
        ("\n=1+1", "'\n'=1+1"),
    ],
)
def test_a_formula_behind_what_an_excel_with_semicolons_takes_for_a_new_cell_is_disarmed(
    text, disarmed
):
    assert neutralise(text) == disarmed


@pytest.mark.parametrize(
    "hostile", ["\n" * 200_000, " " * 200_000, ";" * 200_000, "+1" * 100_000, "; " * 100_000]
)
def test_no_text_makes_the_patterns_slow(hostile):
    started = time.process_time()
    neutralise(clean(hostile))
    assert time.process_time() - started < 1


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("=+-@;\n\t '\u3000"))))
def test_no_text_starts_a_formula_in_any_cell_it_may_be_split_into(text):
    disarmed = neutralise(clean(text))
    if disarmed[:1] == "+" and not set(disarmed) - set("+0123456789 ().-,"):
        return
    assert disarmed[:1] not in set("\t\r\n")
    for cell in disarmed.replace("\n", ";").split(";"):
        assert cell.strip()[:1] not in set(FORMULA_STARTS)


@given(st.text(alphabet=st.characters(codec=None)))
def test_every_cleaned_text_can_be_encoded(text):
    assert clean(text).encode().decode() == clean(text)
    assert "\0" not in clean(text)
