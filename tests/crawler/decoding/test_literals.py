"""The constant expressions of JavaScript that are evaluated, and the limits of that."""

from time import process_time

import pytest

from leads.crawler.decoding.literals import values_of


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("x = 'a' + \"b\" + `c`;", "abc"),
        ("x = ('a' + 'b') + 'c'", "abc"),
        ("var a = 'x'; var b = a + 'y'; f(b + 'z')", "xyz"),
        ("var a = 'x'; a += 'y'; a += 'z';", "xyz"),
        ("String.fromCharCode(97, 0x62, 99)", "abc"),
        ("String.fromCharCode.apply(null, [97, 98])", "ab"),
        ("String.fromCharCode(...[97, 98])", "ab"),
        ("['a', 'b'].join('-')", "a-b"),
        ("'cba'.split('').reverse().join('')", "abc"),
        ("'a-b'.replace('-', '@')", "a@b"),
        ("unescape('%61%62')", "ab"),
        ("decodeURIComponent('%C3%A9')", "é"),
        ("atob('YWI=')", "ab"),
        (r"'\x61\u0062\n\u{63}'", "ab\nc"),
        ("const n = 'x'; `${n}@${n}`", "x@x"),
    ],
)
def test_evaluates_constants(script: str, value: str) -> None:
    assert value in list(values_of(script))


@pytest.mark.parametrize(
    "script",
    [
        "f('a' + unknown)",
        "f(unknown + 'a')",
        "f(`${unknown}a`)",
        "f(String.fromCharCode(code))",
        "('a' + unknown) + 'z'",
        "('a' + 'b' + unknown)",
        "// 'a'",
        "/* 'a' */",
    ],
)
def test_joins_nothing_with_what_it_does_not_know(script: str) -> None:
    assert list(values_of(script)) == []


def test_a_literal_stands_for_itself_where_its_call_is_not_understood() -> None:
    script = "'a'.replace(/a/g, function(c) { return x }) + 'z'"
    assert list(values_of(script)) == ["a"]


@pytest.mark.parametrize(
    "piece", ["'", "'\\", '("a"+', "[1,", "`${", "String.fromCharCode(", "/*", "a='b';a=a+a;", "\\"]
)
def test_hostile_scripts_take_linear_time(piece: str) -> None:
    script = (piece * 32_768)[:32_768]
    started = process_time()
    values = list(values_of(script))
    assert process_time() - started < 1.0
    assert all(len(value) <= 4096 for value in values)
