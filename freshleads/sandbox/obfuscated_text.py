"""Addresses as plain links and as text that people can read and careless programs cannot."""

from freshleads.sandbox.sight import Sight

_WORDS_BY_LANGUAGE = {
    "de": ("[at]", "[punkt]"),
    "fr": ("(arobase)", "(point)"),
    "es": ("(arroba)", "(punto)"),
    "pt": ("(arroba)", "(ponto)"),
    "it": ("(chiocciola)", "(punto)"),
    "nl": ("[at]", "[punt]"),
    "pl": ("[at]", "[kropka]"),
    "sv": ("[at]", "[punkt]"),
}
_BRACKETED = (
    (" [at] ", " [dot] "),
    ("(at)", "(dot)"),
    (" {at} ", " {dot} "),
    ("[at]", "."),
    (" (at) ", "."),
    (" [AT] ", " [DOT] "),
)


def mailto(sight: Sight) -> str:
    """RFC 6068: a mailto link whose text is a label."""
    return f'<a href="mailto:{sight.email}">{sight.label}</a>'


def text(sight: Sight) -> str:
    """The address as plain text, with a full stop after it half of the time."""
    return f"{sight.label}: {sight.email}" + sight.rng.choice(("", "."))


def mailto_text(sight: Sight) -> str:
    """RFC 6068: a mailto link whose text is the address."""
    return f'<a class="mail" href="mailto:{sight.email}">{sight.email}</a>'


def mailto_subject(sight: Sight) -> str:
    """RFC 6068 section 2: header fields follow a question mark."""
    return (
        f'<a href="mailto:{sight.email}?subject=Request%20from%20the%20website&amp;body=Hello%2C">'
        f"{sight.label}</a>"
    )


def mailto_many(sight: Sight) -> str:
    """RFC 6068 section 2: several recipients by comma, one more in cc."""
    first, second, *rest = (*sight.emails, sight.email)
    copied = f"?cc={rest[0]}" if rest else ""
    return f'<a href="mailto:{first},%20{second}{copied}">{sight.label}</a>'


def mailto_upper(sight: Sight) -> str:
    """RFC 3986 section 3.1: schemes are case-insensitive; hosts too."""
    local, domain = sight.parts
    return f'<A HREF="MAILTO:{local}@{domain.upper()}">{sight.label}</A>'


def mailto_percent(sight: Sight) -> str:
    """RFC 3986 section 2.1: percent-encoded octets, as many antispam plug-ins write them."""
    encoded = "".join(f"%{ord(letter):02X}" for letter in sight.email)
    return f'<a href="mailto:{encoded}">{sight.label}</a>'


def reversed_text(sight: Sight) -> str:
    """Text written backwards and turned by CSS (spencermortensen.com, email-obfuscation)."""
    backwards = sight.email[::-1]
    if sight.rng.random() < 0.5:
        style = "unicode-bidi:bidi-override;direction:rtl"
        return f'{sight.label}: <span style="{style}">{backwards}</span>'
    rule = ".turned{unicode-bidi:bidi-override; direction: rtl}"
    return f'<style>{rule}</style><span class="turned">{backwards}</span>'


def hidden_decoy(sight: Sight) -> str:
    """An invisible span inside the address (spencermortensen.com, "display none")."""
    local, domain = sight.parts
    if len(local) % 2:
        return f'{local}<span style="display:none">nospam</span>@{domain}'
    return f'{local}@<span style="display: none;">null</span>{domain}'


def hidden_comment(sight: Sight) -> str:
    """HTML comments inside the address (spencermortensen.com, "HTML comments")."""
    local, domain = sight.parts
    return f"{local}<!-- >@. -->@<!-- >@. -->{domain}"


def words_bracketed(sight: Sight) -> str:
    """The old habit of Usenet: at and dot in brackets."""
    at, dot = sight.rng.choice(_BRACKETED)
    return f"{sight.label}: " + sight.email.replace("@", at).replace(".", dot)


def words_local(sight: Sight) -> str:
    """At and dot in brackets and in the language of the site."""
    at, dot = _WORDS_BY_LANGUAGE.get(sight.language, ("(at)", "(dot)"))
    local, domain = sight.parts
    return f"{sight.label}: {local} {at} " + domain.replace(".", f" {dot} ")


def words_bare(sight: Sight) -> str:
    """At and dot as bare words."""
    local, domain = sight.parts
    return f"{sight.label}: {local} at " + domain.replace(".", " dot ")


def fullwidth_at(sight: Sight) -> str:
    """U+FF20, the commercial at of Japanese keyboards."""
    local, domain = sight.parts
    return f"{sight.label}: {local}\uff20{domain}"


def split_inline(sight: Sight) -> str:
    """The address cut over inline elements, which editors and antispam plug-ins leave behind."""
    local, domain = sight.parts
    name, _, suffix = domain.rpartition(".")
    if sight.rng.random() < 0.5:
        return f"{sight.label}: <span>{local}</span>@<b>{name}</b>.{suffix}"
    return f"<em>{local}</em><span>@</span><wbr>{name}<i>.</i>{suffix}"


def glued_blocks(sight: Sight) -> str:
    """Block elements without white space between: joining their texts glues words on."""
    return f"<div><div>Email</div><div>{sight.email}</div><div>Office</div></div>"
