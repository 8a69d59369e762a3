"""What a mail server's reply says about a mailbox, from code, enhanced code and text.

Only a plain statement about the mailbox makes it exist or not; whatever could be about us (our
address, our sender, our rate) says nothing of the mailbox, and every 4xx asks us to come back.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

GREYLIST_DELAY = 600.0
TEMPORARY_DELAY = 900.0
MIN_DELAY, MAX_DELAY = 300.0, 900.0
MAX_MATCHED_TEXT = 1000


class Meaning(StrEnum):
    """What one question to a mail server taught us."""

    ACCEPTED = "accepted"
    EXISTS = "exists"  # known to the server, too busy to take mail now
    NOT_FOUND = "not_found"
    DISABLED = "disabled"
    FULL = "full"
    CANNOT_VERIFY = "cannot_verify"  # 252
    GREYLISTED = "greylisted"
    TEMPORARY = "temporary"
    POLICY = "policy"  # refused because of who we are or what we do
    BLOCKLISTED = "blocklisted"  # the same, and every further connection makes it worse
    UNCLEAR = "unclear"  # refused for good, without a reason about the mailbox
    NEEDS_SMTPUTF8 = "needs_smtputf8"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"
    BAD_ANSWER = "bad_answer"
    NOT_CONNECTED = "not_connected"
    EGRESS_BLOCKED = "egress_blocked"  # nothing on port 25 answers: it is our network
    NO_HOST = "no_host"  # the mail host's name has no address
    HOST_LOOKUP_FAILED = "host_lookup_failed"
    BUSY = "busy"  # our own limit of connections to that host


@dataclass(frozen=True, slots=True)
class Reply:
    """One complete SMTP reply: its code and the joined text of its lines."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A meaning, the reply behind it (None without one) and when to ask again (seconds)."""

    meaning: Meaning
    reply: Reply | None = None
    retry_after: float | None = None


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases))


_ADDRESS_LIKE = re.compile(r"<[^<>\s]{0,320}>|[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_ENHANCED = re.compile(r"(?:^|[\s(\[#:'-])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_DELAY = re.compile(
    r"\b(?:in|for|after|wait|within) (?:about |another )?(\d{1,5}) ?(s\b|sec|m\b|min|h\b|hour)"
)

_BLOCKLISTED = _any_of(
    r"spamhaus|spamcop|\bsorbs\b|barracudacentral|\buceprotect|\binvaluement\b|\bs3140\b|\bs3150\b",
    r"\b(?:black|block|deny)[ -]?list(?:ed|ing)?\b|\b(?:dns|r)[bw]l\b",
    r"\bblocked (?:using|by|due to)\b|\bbanned (?:sending )?(?:ip|host|address)\b",
    r"\b(?:ip|ip address|client|client host|host|server|network)\b[^.;]{0,60}"
    r"\b(?:is|was|been|are|has) (?:been )?(?:blocked|listed|banned|blacklisted)\b",
    r"\bblocked (?:ip|client|host)\b|\b(?:poor|bad|low) (?:ip |sender )?reputation\b",
)
_POLICY = _any_of(
    r"\baccess denied\b|\b(?:local |security )?polic(?:y|ies)\b|\bnot authori[sz]ed\b",
    r"\brelay(?:ing)?\b|\bauthenticat|\bunauthenticated\b|\bstarttls\b|\bsmtp auth",
    r"\brdns\b|\bptr\b|\breverse[ -](?:dns|lookup|hostname|mapping)\b|\byour (?:ip|host|helo)\b",
    r"\bhelo\b|\behlo\b|\bclient (?:host|ip)\b|\bdynamic (?:ip|address)|\breputation\b",
    r"\bsenders?\b(?!'s typ)|\bspam\b|\bspf\b|\bdkim\b|\bdmarc\b|\bmail from\b",
    r"\bpreferences\b|\brestricted\b|\bnot permitted\b|\bnot allowed\b|\bprohibited\b",
)
_RATE_LIMITED = _any_of(
    r"\btoo many\b|\brate[ -]limit|\bfrequency limited\b|\bthrottl",
    r"\bat a rate\b|\bconcurrent connections\b",
)
_BUSY_MAILBOX = re.compile(
    r"\breceiving (?:e-?)?mails? (?:at (?:a|an|too|such)\b|too (?:quickly|fast|often)\b)"
)
_GREYLISTED = re.compile(r"\bgr[ae]y[ -]?list")
_NOBODY = (
    r"user|mailbox|mail box|recipient|account|address|addressee|alias|local part|customer|person"
)
_ABSENT = (
    r"unknown|not known|not found|not exist(?:s|ing)?|non-?existent|does ?n.t exist|invalid"
    r"|no longer exists?|no longer valid|not valid|not a valid|not listed|no longer on server"
)
_NOT_FOUND = _any_of(
    rf"\b(?:no such|unknown|invalid|non-?existent|unrout(?:e)?able|no) "
    rf"(?:e-?mail |local |virtual |smtp )?(?:{_NOBODY})\b(?! (?:is )?(?:specified|format|full))",
    rf"\b(?:{_NOBODY})s? ?:?,? ?(?:address |name |here |account )?"
    rf"(?:is |was |are |does |do |has been |that )?(?:currently )?(?:{_ABSENT})\b",
    rf"\b(?:{_NOBODY})\b[^.;]{{0,60}}\bdoes(?: not|n.t) exist\b",
    r"\bdoes(?: not|n.t) have an? (?:\S{1,60} )?(?:account|mailbox)\b",
    r"\bnobody (?:here )?by th(?:at|is) name\b|\bno one (?:here )?by th(?:at|is) name\b",
    r"\bnot our (?:user|customer)\b|\brecipnotfound\b|\bno mailbox by\b",
    r"\b(?:benutzer|empf.nger|postfach|adresse) (?:ist )?(?:unbekannt|existiert nicht)\b",
    r"\b(?:utilisateur|destinataire|adresse) (?:est )?(?:inconnue?|invalide|inexistante?)\b",
    r"\b(?:usuario|destinatario|utente|buz.n) (?:\S{1,12} )?"
    r"(?:desconocid[oa]|no existe|inexistente|sconosciuto|desconhecido)\b",
)
_DISABLED = _any_of(
    r"\b(?:user|mailbox|account|recipient|alias)\b(?:'s)?[^.;]{0,40} (?:is|has been|was) "
    r"(?:currently |temporarily )?(?:disabled|deactivated|inactive|suspended|closed|discontinued"
    r"|frozen|terminated|expired|deleted)\b",
    r"\b(?:disabled|deactivated|inactive|suspended|closed) (?:user|mailbox|account|recipient)\b",
    r"\b(?:user|mailbox|account|recipient) (?:disabled|deactivated|inactive|suspended|closed)\b",
)
_FULL = _any_of(
    r"\b(?:mail)?box (?:is |for user is )?full\b|\bover ?quota\b|\bover (?:the |its )?quota\b",
    r"\bquota (?:is |has been )?exceeded\b|\bexceed(?:s|ed|ing)? (?:its |the |his )?"
    r"(?:\S{1,20} )?(?:quota|storage)\b|\bout of storage\b|\bfull mailbox\b",
)
_NOT_ABOUT_STORAGE = re.compile(r"\bsystem\b|\bdisk\b|\bmessage (?:too|size)|\btoo (?:big|large)\b")

Rules = tuple[tuple[re.Pattern[str], Meaning], ...]
# A complaint about us outweighs any code: some servers send 5.1.1 for a rate or a preference.
_COMPLAINTS: Rules = ((_BLOCKLISTED, Meaning.BLOCKLISTED), (_RATE_LIMITED, Meaning.POLICY))
# Without a telling code, any word about us outweighs the words about the mailbox.
_STATEMENTS: Rules = (
    (_POLICY, Meaning.POLICY),
    (_FULL, Meaning.FULL),
    (_DISABLED, Meaning.DISABLED),
    (_NOT_FOUND, Meaning.NOT_FOUND),
)


def read_recipient_reply(reply: Reply, *, address: str) -> Outcome:
    """Say what a reply to RCPT TO means for that mailbox."""
    text = _words(reply.text, address)
    code = reply.code
    if code in {250, 251}:
        return Outcome(Meaning.ACCEPTED, reply)
    if code == 252:
        return Outcome(Meaning.CANNOT_VERIFY, reply)
    if code // 100 not in {4, 5}:
        return Outcome(Meaning.BAD_ANSWER, reply, TEMPORARY_DELAY)
    if _BUSY_MAILBOX.search(text):
        return Outcome(Meaning.EXISTS, reply)
    if code // 100 == 4:
        return Outcome(Meaning.FULL, reply) if _is_full_for_now(reply, text) else _wait(reply, text)
    return Outcome(_permanent_meaning(code, text, _enhanced_code(reply)), reply)


def read_session_reply(reply: Reply) -> Outcome:
    """Say what a refusal before RCPT TO means: something about us, never about a mailbox."""
    text = _words(reply.text, "")
    if reply.code // 100 == 4:
        return _wait(reply, text)
    if reply.code // 100 == 5:
        listed = _BLOCKLISTED.search(text)
        return Outcome(Meaning.BLOCKLISTED if listed else Meaning.POLICY, reply)
    return Outcome(Meaning.BAD_ANSWER, reply, TEMPORARY_DELAY)


def _is_full_for_now(reply: Reply, text: str) -> bool:
    enhanced = _enhanced_code(reply)
    if enhanced == (2, 2):
        return True
    about_server = _RATE_LIMITED.search(text) or _NOT_ABOUT_STORAGE.search(text)
    return reply.code == 452 and enhanced is None and not about_server


def _wait(reply: Reply, text: str) -> Outcome:
    """Read a 4xx: whatever the reason, the answer is to come back."""
    if _BLOCKLISTED.search(text):
        return Outcome(Meaning.BLOCKLISTED, reply, TEMPORARY_DELAY)
    if _GREYLISTED.search(text):
        return Outcome(Meaning.GREYLISTED, reply, _asked_delay(text) or GREYLIST_DELAY)
    return Outcome(Meaning.TEMPORARY, reply, _asked_delay(text) or TEMPORARY_DELAY)


def _permanent_meaning(code: int, text: str, enhanced: tuple[int, int] | None) -> Meaning:
    by_complaint = _first_match(_COMPLAINTS, text)
    if by_complaint is not None:
        return by_complaint
    by_code = _meaning_of_enhanced_code(enhanced, text) if enhanced else None
    if by_code is not None:
        return by_code
    if code == 552 and not _NOT_ABOUT_STORAGE.search(text):
        return Meaning.FULL
    return _first_match(_STATEMENTS, text) or Meaning.UNCLEAR


def _first_match(rules: Rules, text: str) -> Meaning | None:
    return next((meaning for pattern, meaning in rules if pattern.search(text)), None)


def _meaning_of_enhanced_code(enhanced: tuple[int, int], text: str) -> Meaning | None:
    subject, detail = enhanced
    if subject == 7 or enhanced in {(1, 7), (1, 8)}:
        return Meaning.POLICY
    if subject == 1 and detail in {1, 6, 10}:
        return Meaning.POLICY if "preferences" in text else Meaning.NOT_FOUND
    if enhanced == (2, 1):
        return Meaning.DISABLED
    if enhanced == (2, 2):
        return Meaning.FULL
    return None


def _enhanced_code(reply: Reply) -> tuple[int, int] | None:
    """Return (subject, detail) of the first RFC 3463 code whose class fits the reply code."""
    for found in _ENHANCED.finditer(reply.text[:MAX_MATCHED_TEXT]):
        if int(found[1]) == reply.code // 100:
            return int(found[2]), int(found[3])
    return None


def _words(text: str, address: str) -> str:
    """Lower-case the text without the addresses in it: `<spam@blocked.com>` is no complaint."""
    lowered = text[:MAX_MATCHED_TEXT].lower()
    if address:
        lowered = lowered.replace(address.lower(), " ")
    return " ".join(_ADDRESS_LIKE.sub(" ", lowered).split())


def _asked_delay(text: str) -> float | None:
    """Return the delay a server asks for, held between five and fifteen minutes."""
    found = _DELAY.search(text)
    if found is None:
        return None
    unit = {"s": 1.0, "m": 60.0, "h": 3600.0}[found[2][0]]
    return min(MAX_DELAY, max(MIN_DELAY, int(found[1]) * unit))
