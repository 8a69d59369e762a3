"""Reading an address."""

import pytest

from leads.verifier.syntax import Address, InvalidAddress, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Jane.Doe@Corp.COM", Address("Jane.Doe", "corp.com")),
        ("jane@müller.de", Address("jane", "xn--mller-kva.de")),
        ("jane@xn--mller-kva.de", Address("jane", "xn--mller-kva.de")),
        ("jörg@corp.com", Address("jörg", "corp.com")),
        ("jane+tag@sub.corp.co.uk", Address("jane+tag", "sub.corp.co.uk")),
    ],
)
def test_splits_an_address_and_encodes_its_domain(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "jane@corp.com\r\nRCPT TO:<x@y.com>",
        '"jane doe"@corp.com',
        "jane@[192.0.2.1]",
        "jane@192.0.2.1",
        "jane@localhost",
        "jane@printer.local",
        "jane@corp.test",
        f"{'j' * 65}@corp.com",
        f"jane@{'a.' * 200}com",
        "jane@corp.com ",
        "Jane <jane@corp.com>",
    ],
)
def test_refuses_what_mail_cannot_be_sent_to(text):
    with pytest.raises(InvalidAddress):
        parse_address(text)


def test_lets_sandbox_names_through_when_told():
    assert parse_address("jane@corp.test", allow_test_names=True) == Address("jane", "corp.test")


def test_knows_what_only_smtputf8_carries():
    assert parse_address("jörg@corp.com").needs_smtputf8
    assert not parse_address("jane@müller.de").needs_smtputf8
