"""What a file is, by its content; what it is not is said with what to do."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from freshleads.lib.errors import InvalidInput
from leads.tables.kinds import kind_of

Keep = Callable[[str | bytes], Path]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"name,email\nAcme,a@acme.test\n",
        "name\nZoë\n".encode("utf-16"),
        "name,city\nZoë,Köln\n".encode("utf-16-le"),
        "name\nB\u00e4cker\n".encode("cp1252"),
        b"name\nAc\x00me\n" + b"Acme\n" * 100,
        b"\xef\xbb\xbfname\n1\n",
    ],
)
def test_text_is_read_as_a_list(keep: Keep, content: bytes) -> None:
    assert kind_of(keep(content)) == "csv"


def test_a_workbook_is_known_by_what_is_in_it(keep: Keep) -> None:
    assert kind_of(keep(zipped(xl__workbook_dot_xml="<workbook/>"))) == "xlsx"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n\r\n", "The file is empty."),
        (OLE + b"\0" * 600, "This is a workbook of before 2007 (.xls)."),
        (
            OLE + b"\0" * 2_000_000 + "EncryptedPackage".encode("utf-16-le"),
            "The workbook is locked with a password.",
        ),
        (zipped(xl__workbook_dot_bin="x"), "This is a binary workbook (.xlsb)."),
        (zipped(content_dot_xml="x", mimetype="x"), "This is an OpenDocument file (.ods)."),
        (zipped(word__document_dot_xml="x"), "This is a text document."),
        (zipped(Index__Document_dot_iwa="x"), "This is a Numbers file."),
        (zipped(leads_dot_csv="name\n"), "This file is compressed. Unpack it"),
        (b"PK\x03\x04 and then nothing", "The file is damaged."),
        (b"\x1f\x8b\x08" + b"x" * 50, "This file is compressed."),
        (b"%PDF-1.7 ...", "This is a PDF."),
        (b"\n <HTML><table><tr><td>", "This is a web page, whatever its name says."),
        (b'<?xml version="1.0"?><Workbook>', "This is a web page, whatever its name says."),
        (b'[{"email": "a@acme.test"}]', "This is JSON."),
        (b"BEGIN:VCARD\nVERSION:3.0", "These are business cards (vCard)."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "This is neither a text file nor a workbook."),
        (bytes(range(256)) * 40, "This is neither a text file nor a workbook."),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(keep: Keep, content: bytes, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        kind_of(keep(content))
    assert refused.value.message.startswith(told)
    assert (refused.value.code, refused.value.param) == ("unreadable_file", "file")
