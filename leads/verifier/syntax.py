"""Is this text an address, and how do DNS and SMTP spell it?"""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

MAX_TEXT = 320  # 64 octets, the at sign, 255 octets: nothing longer is worth parsing


class InvalidAddress(ValueError):
    """The text is not an address that mail can be sent to."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address split for use: `domain` is in A-label form, `local` may hold non-ASCII letters."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def needs_smtputf8(self) -> bool:
        """True when only a server that speaks SMTPUTF8 can be asked about it (RFC 6531)."""
        return not self.local.isascii()


def parse_address(text: str, *, allow_test_names: bool = False) -> Address:
    """Split an address and encode its domain; raise InvalidAddress for anything else.

    Quoted local parts, address literals and special-use domains (RFC 6761) are refused;
    `allow_test_names` lets `.test` through, which only the sandbox resolves.
    """
    if len(text) > MAX_TEXT:
        raise InvalidAddress("The address is too long.")
    try:
        parsed = validate_email(
            text, check_deliverability=False, test_environment=allow_test_names, strict=True
        )
    except EmailNotValidError as error:
        raise InvalidAddress(str(error)) from error
    return Address(local=parsed.local_part, domain=parsed.ascii_domain.lower())
