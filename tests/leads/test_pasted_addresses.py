"""Addresses out of what people paste: each once, in order, and nothing that was not there."""

from io import BytesIO
from typing import Any

import pytest

from freshleads.lib.errors import InvalidInput
from leads import pasted_addresses


class Upload(BytesIO):
    """A file as a form gives it."""

    @property
    def size(self) -> int:
        return len(self.getvalue())


@pytest.mark.parametrize(
    ("pasted", "emails"),
    [
        ("a@x.test b@x.test", ("a@x.test", "b@x.test")),
        ("a@x.test;A@X.test,\n\tb@x.test|c@x.test", ("a@x.test", "b@x.test", "c@x.test")),
        ('"Ann B." <ann@x.test>, Bob <bob@x.test>', ("ann@x.test", "bob@x.test")),
        ("typo.example.com", ("typo.example.com",)),
        ("a\0@x.test", ("a@x.test",)),
    ],
)
def test_a_text_is_divided_into_addresses(pasted: str, emails: tuple[str, ...]) -> None:
    assert pasted_addresses.read(pasted, None) == emails


def test_a_file_adds_to_what_is_pasted_in_any_usual_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        file = Upload("Müller;Name;a@x.test\r\nb@x.test".encode(encoding))
        assert pasted_addresses.read("b@x.test", file) == ("b@x.test", "a@x.test"), encoding


@pytest.mark.parametrize(
    ("pasted", "content", "param"),
    [
        ("", None, "emails"),
        (" ,;", None, "emails"),
        ("x" * 255, None, "emails"),
        (" ".join(f"{n}@x.test" for n in range(201)), None, "emails"),
        ("", b"nothing", "file"),
        ("a@x.test", b"x" * 1_000_001, "file"),
        ("", b"@" * 300, "file"),
    ],
)
def test_what_cannot_be_checked_is_refused(pasted: str, content: Any, param: str) -> None:
    file = None if content is None else Upload(content)
    with pytest.raises(InvalidInput) as refusal:
        pasted_addresses.read(pasted, file)
    assert refusal.value.param == param


def test_parts_are_no_larger_than_a_question() -> None:
    emails = tuple(f"{number}@x.test" for number in range(41))
    assert [len(part) for part in pasted_addresses.parts(emails)] == [20, 20, 1]
