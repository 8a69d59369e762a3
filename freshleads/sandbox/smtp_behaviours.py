"""What a mail domain answers to RCPT TO, by its behaviour; the words are those of real servers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from freshleads.sandbox.entities import MailSpec, World
from freshleads.sandbox.mail_oddities import ODD_MAIL

ACCEPTED = "250 2.1.5 Ok"
UNKNOWN_MAILBOX = "550 5.1.1 <{address}>: Recipient address rejected: User unknown"
RELAY_DENIED = "554 5.7.1 <{address}>: Relay access denied"
GREYLISTED = "451 4.7.1 Greylisting in action, please come back later"
FULL = "452 4.2.2 The email account that you tried to reach is over quota"
DISABLED = "550 5.2.1 The email account that you tried to reach is disabled"
BLOCKED = "550 5.7.1 Service unavailable, client host [{client}] blocked using zen.dnsbl.test"
TEMPORARY = "451 4.3.0 <{address}>: Temporary lookup failure"
SHUTTING_DOWN = "421 4.3.2 Service not available, closing transmission channel"
CANNOT_VERIFY = "252 2.1.5 Cannot VRFY user, but will accept message and attempt delivery"
PLAIN_REFUSAL = "550 No such user here"
TOO_MANY_RECIPIENTS = "450 4.5.3 Too many recipients"
TOO_FAST = "450 4.2.1 The user you are trying to contact is receiving mail at too high a rate"
MULTI_LINE_ACCEPTED = "250-2.1.5 Empfänger geprüft\r\n250-2.1.5 boîte trouvée\r\n250 2.1.5 Ok"
MULTI_LINE_REFUSED = (
    "550-5.1.1 The email account that you tried to reach does not exist.\r\n"
    "550-5.1.1 Überprüfen Sie die Adresse oder lesen Sie\r\n"
    "550 5.1.1  https://support.example/?p=NoSuchUser - gsmtp"
)


@dataclass(slots=True)
class Conversation:
    """Who asks in one session, and how many recipients so far, this one included."""

    client: str
    recipients: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One RCPT TO: the address in lower case, its domain, the session.

    `waited` is how many seconds ago somebody first asked about the domain.
    """

    address: str
    spec: MailSpec
    conversation: Conversation
    waited: float
    greylist_seconds: float

    @property
    def has_mailbox(self) -> bool:
        """Whether the address is a mailbox of its domain; a +tag does not count."""
        local, _, domain = self.address.partition("@")
        return f"{local.partition('+')[0]}@{domain}" in self.spec.mailboxes


def _by_mailbox(accepted: str = ACCEPTED, refused: str = UNKNOWN_MAILBOX) -> "Behaviour":
    """Return the behaviour that tells mailboxes from other addresses."""
    return lambda question: accepted if question.has_mailbox else refused


def _always(reply: str) -> "Behaviour":
    """Return the behaviour that gives one answer to all."""
    return lambda question: reply


def _greylist(question: Question) -> str:
    """Put off whoever comes too early; after the delay answer as an ordinary server."""
    if question.waited < question.greylist_seconds:
        return GREYLISTED
    return _by_mailbox()(question)


def _temporary(question: Question) -> str:
    """Put off for ever: 421 for addresses whose local part has an even length, else 451."""
    even = question.address.index("@") % 2 == 0
    return SHUTTING_DOWN if even else TEMPORARY


def _second_refused(question: Question) -> str:
    """Answer only the first recipient of a session."""
    if question.conversation.recipients > 1:
        return TOO_MANY_RECIPIENTS
    return _by_mailbox()(question)


Behaviour = Callable[[Question], str]

# Behaviours that are not listed answer by mailbox; an answer that begins with 421 also closes.
BEHAVIOURS: Mapping[str, Behaviour] = {
    "accept": _always(ACCEPTED),
    "catch_all": _always(ACCEPTED),
    "greylist": _greylist,
    "full": _by_mailbox(accepted=FULL),
    "disabled": _by_mailbox(accepted=DISABLED),
    "policy": _always(BLOCKED),
    "temporary": _temporary,
    "null_mx": _always(RELAY_DENIED),
    "no_mx": _always(RELAY_DENIED),
    "multi_line": _by_mailbox(MULTI_LINE_ACCEPTED, MULTI_LINE_REFUSED),
    "cannot_verify": _always(CANNOT_VERIFY),
    "plain_550": _by_mailbox(refused=PLAIN_REFUSAL),
    "second_refused": _second_refused,
    "rate_limited": _by_mailbox(accepted=TOO_FAST),
}


def mail_specs(world: World) -> Mapping[str, MailSpec]:
    """Return every mail domain that the sandbox plays, the world's and the odd ones."""
    return {**world.mail_domains, **{spec.domain: spec for spec in ODD_MAIL}}


def answer(question: Question) -> str:
    """Return the SMTP answer to one recipient, several lines where the behaviour has them."""
    behaviour = BEHAVIOURS.get(question.spec.behaviour, _by_mailbox())
    client = question.conversation.client
    return behaviour(question).format(address=question.address, client=client)
