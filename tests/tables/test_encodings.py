"""In which encoding a file was written, told by its bytes alone."""

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from leads.tables.encodings import NAMES, detect_encoding

Keep = Callable[[str | bytes], Path]
GERMAN = "Firma;Stadt\nBäckerei Groß;Köln\nMüller;Düsseldorf\n"
FRENCH = "nom;ville\nCafé de la Gare;Besançon\nHôtel Crêpe;Nîmes\n"
SPANISH = "nombre,ciudad\nPanadería Peña,Málaga\nClínica Muñoz,A Coruña\n"
POLISH = "nazwa,miasto\nPiekarnia Żółć,Białystok\nGabinet,Wrocław\nKsięgarnia,Zakopane\n"
RUSSIAN = "название,город\nПекарня Хлеб,Москва\n"  # noqa: RUF001
JAPANESE = "名前,市\n田中歯科医院,東京\nパン屋さくら,大阪\n"


@pytest.mark.parametrize(
    ("text", "written_in", "detected"),
    [
        ("name\nAcme\n", "ascii", "utf-8-sig"),
        (GERMAN, "utf-8", "utf-8-sig"),
        (GERMAN, "utf-8-sig", "utf-8-sig"),
        (GERMAN, "utf-16", "utf-16"),
        (GERMAN, "utf-16-le", "utf-16-le"),
        (GERMAN, "utf-16-be", "utf-16-be"),
        (GERMAN, "cp1252", "cp1252"),
        (FRENCH, "cp1252", "cp1252"),
        (SPANISH, "cp1252", "cp1252"),
        (SPANISH * 200, "cp1252", "cp1252"),
        ("name\nO\u2019Neill \u2013 Sons €5\n", "cp1252", "cp1252"),
        (POLISH, "cp1250", "cp1250"),
        (RUSSIAN, "cp1251", "cp1251"),
        (JAPANESE, "cp932", "cp932"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(
    keep: Keep, text: str, written_in: str, detected: str
) -> None:
    path = keep(text.encode(written_in))
    assert detect_encoding(path) == detected
    assert path.read_text(encoding=detected) == text


def test_bytes_that_windows_leaves_out_make_it_latin_1(keep: Keep) -> None:
    assert detect_encoding(keep(b"name\nM\xfcller \x81\n")) == "latin-1"


def test_one_damaged_byte_does_not_make_umlauts_of_a_whole_file_wrong(keep: Keep) -> None:
    assert detect_encoding(keep(GERMAN.encode() * 100 + b"\xff\n")) == "utf-8-sig"


def test_an_umlaut_far_behind_is_found(keep: Keep) -> None:
    plain = b"Acme,Miami\n" * 200_000
    assert detect_encoding(keep(plain + "Müller\n".encode("cp1252"))) == "cp1252"
    assert detect_encoding(keep(plain + "Müller\n".encode())) == "utf-8-sig"


def test_a_character_on_the_border_of_two_blocks_is_one(keep: Keep) -> None:
    for shift in range(2):
        assert detect_encoding(keep(b"x" * (1024 * 1024 - 1 + shift) + b"\xc3\xbc")) == "utf-8-sig"


def test_every_encoding_to_choose_from_is_one() -> None:
    assert all(codecs.lookup(name) for name in NAMES)
