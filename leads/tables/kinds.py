"""What kind of file somebody brought, by its content: its name says nothing certain."""

import re
import zipfile
from pathlib import Path

from freshleads.lib.errors import InvalidInput

CSV, XLSX = "csv", "xlsx"
HEAD_BYTES = 64 * 1024
SAVE_AS = "Open it in your spreadsheet program and save it as “.xlsx” or “.csv”."

_MAGIC = (
    (b"%PDF", "This is a PDF. Ask for the list as a table, in an “.xlsx” or “.csv” file."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and upload the “.csv” or “.xlsx” inside."),
    (b"7z\xbc\xaf", "This file is compressed. Unpack it and upload the “.csv” or “.xlsx” inside."),
    (b"Rar!", "This file is compressed. Unpack it and upload the “.csv” or “.xlsx” inside."),
    (b"BEGIN:VCARD", "These are business cards (vCard). Export the contacts as “.csv”."),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"\s{0,80}<(?:!doctype|html|\?xml|table|workbook)", re.IGNORECASE)
_JSON = re.compile(rb"\s{0,80}(?:\{\s{0,80}\"|\[\s{0,80}[\[{])")
_CONTROLS = bytes({*range(32)} - {*b"\0\t\n\v\f\r\x1a\x1b"})
_PARTS = (
    ("xl/workbook.xml", ""),
    ("xl/workbook.bin", f"This is a binary workbook (.xlsb). {SAVE_AS}"),
    ("content.xml", f"This is an OpenDocument file (.ods). {SAVE_AS}"),
    ("Index/Document.iwa", "This is a Numbers file. Export it from Numbers as Excel or CSV."),
    ("word/document.xml", "This is a text document. Copy its table into a spreadsheet."),
)


def kind_of(path: Path) -> str:
    """Return CSV or XLSX; InvalidInput says of anything else what to do with it."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise _unreadable("The file is empty.")
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        raise _unreadable(_told_of_ole(path))
    bare = head.removeprefix(b"\xef\xbb\xbf")
    for magic, message in _MAGIC:
        if bare.startswith(magic):
            raise _unreadable(message)
    if _MARKUP.match(bare):
        raise _unreadable(f"This is a web page, whatever its name says. {SAVE_AS}")
    if _JSON.match(bare):
        raise _unreadable("This is JSON. The API takes leads as JSON; here goes “.csv” or “.xlsx”.")
    if _is_binary(head):
        raise _unreadable(f"This is neither a text file nor a workbook. {SAVE_AS}")
    return CSV


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _unreadable("The file is damaged. Save it again and upload that.") from error
    for part, message in _PARTS:
        if part in names:
            if message:
                raise _unreadable(message)
            return XLSX
    raise _unreadable("This file is compressed. Unpack it and upload the “.csv” or “.xlsx” inside.")


def _told_of_ole(path: Path) -> str:
    """Tell an old workbook from a new one that is locked: both come in the same wrapping."""
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            if _ENCRYPTED in block:
                return "The workbook is locked with a password. Save it without one."
    return f"This is a workbook of before 2007 (.xls). {SAVE_AS}"


def _is_binary(head: bytes) -> bool:
    """Tell whether this cannot be text: control characters, or zeros that are no UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    # A stray zero is bad luck of an export; UTF-16 has its zeros on one side of each pair.
    zeros = (
        max(head[::2].count(0), head[1::2].count(0)),
        min(head[::2].count(0), head[1::2].count(0)),
    )
    is_wide = zeros[0] > len(head) // 8 and zeros[1] <= zeros[0] // 20
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > len(head) // 100 or (sum(zeros) > len(head) // 50 and not is_wide)


def _unreadable(message: str) -> InvalidInput:
    return InvalidInput(message, code="unreadable_file", param="file")
