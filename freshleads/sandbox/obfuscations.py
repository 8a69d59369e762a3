"""Every way a site of the sandbox shows an address, by name, and what each tempts one to report."""

import codecs
import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

from freshleads.sandbox import obfuscated_markup, obfuscated_scripts, obfuscated_text
from freshleads.sandbox.entities import Contact
from freshleads.sandbox.sight import Sight
from freshleads.sandbox.wording import WORDINGS

TECHNIQUES: Mapping[str, Callable[[Sight], str]] = MappingProxyType(
    {
        "mailto": obfuscated_text.mailto,
        "text": obfuscated_text.text,
        "mailto_text": obfuscated_text.mailto_text,
        "mailto_subject": obfuscated_text.mailto_subject,
        "mailto_many": obfuscated_text.mailto_many,
        "mailto_upper": obfuscated_text.mailto_upper,
        "mailto_percent": obfuscated_text.mailto_percent,
        "reversed": obfuscated_text.reversed_text,
        "hidden_decoy": obfuscated_text.hidden_decoy,
        "hidden_comment": obfuscated_text.hidden_comment,
        "words_bracketed": obfuscated_text.words_bracketed,
        "words_local": obfuscated_text.words_local,
        "words_bare": obfuscated_text.words_bare,
        "fullwidth_at": obfuscated_text.fullwidth_at,
        "split_inline": obfuscated_text.split_inline,
        "glued_blocks": obfuscated_text.glued_blocks,
        "entities_decimal": obfuscated_markup.entities_decimal,
        "entities_hex": obfuscated_markup.entities_hex,
        "entities_mixed": obfuscated_markup.entities_mixed,
        "cloudflare_span": obfuscated_markup.cloudflare_span,
        "cloudflare_href": obfuscated_markup.cloudflare_href,
        "joomla_hidden": obfuscated_markup.joomla_hidden,
        "spamspan": obfuscated_markup.spamspan,
        "spamspan_dot": obfuscated_markup.spamspan_dot,
        "base64_attribute": obfuscated_markup.base64_attribute,
        "data_user_domain": obfuscated_markup.data_user_domain,
        "data_name_domain_tld": obfuscated_markup.data_name_domain_tld,
        "json_ld": obfuscated_markup.json_ld,
        "microdata": obfuscated_markup.microdata,
        "rdfa": obfuscated_markup.rdfa,
        "hcard": obfuscated_markup.hcard,
        "joomla_cloak": obfuscated_scripts.joomla_cloak,
        "typo3_token": obfuscated_scripts.typo3_token,
        "typo3_linkto": obfuscated_scripts.typo3_linkto,
        "js_write": obfuscated_scripts.js_write,
        "js_concat": obfuscated_scripts.js_concat,
        "js_charcodes": obfuscated_scripts.js_charcodes,
        "js_unescape": obfuscated_scripts.js_unescape,
        "js_atob": obfuscated_scripts.js_atob,
        "rot13": obfuscated_scripts.rot13,
        "enkoder": obfuscated_scripts.enkoder,
    }
)

NEEDS_JAVASCRIPT = frozenset({"enkoder"})


def show(contact: Contact, name: str, language: str, rng: random.Random) -> str:
    """Return the HTML that shows a contact's addresses by its technique."""
    sight = Sight(contact.emails, WORDINGS[language].email, name, language, rng)
    return TECHNIQUES[contact.technique](sight)


def traps(contact: Contact) -> frozenset[str]:
    """Return the wrong addresses that a careless reader takes from a contact."""
    mail = contact.emails[0]
    local, _, domain = mail.partition("@")
    wrong: dict[str, tuple[str, ...]] = {
        "mailto_many": tuple(f"20{other}" for other in contact.emails[1:]),
        "reversed": (mail[::-1],),
        "rot13": (codecs.encode(mail, "rot13"),),
        "hidden_decoy": (f"{local}nospam@{domain}", f"{local}@null{domain}"),
        "glued_blocks": (f"email{mail}", f"{mail}office", f"email{mail}office"),
    }
    return frozenset(wrong.get(contact.technique, ()))
