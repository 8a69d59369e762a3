"""Countries as people write them, and their codes; pure functions."""

import unicodedata
from functools import lru_cache

from phonenumbers.geodata.locale import LOCALE_DATA

LANGUAGES = ("aa", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "cs", "ru", "ja", "zh")
# Codes of three letters and names that the table of names lacks.
ALSO = {
    "US": "usa|u s|u s a|united states of america|america|vereinigte staaten|"
    "estados unidos da america|ameryka|eeuu|ee uu|etats unis d amerique|etats unis",
    "GB": "gbr|uk|u k|great britain|britain|england|scotland|wales|northern ireland|"
    "grossbritannien|"
    "vereinigtes konigreich|royaume uni|angleterre|reino unido|regno unito|verenigd koninkrijk|"
    "wielka brytania|inglaterra|inghilterra",
    "DE": "deu|ger|germany|brd|bundesrepublik deutschland|allemagne|alemania|germania|duitsland",
    "AT": "aut|austria|osterreich",
    "CH": "che|switzerland|schweiz|suisse|svizzera|suiza|suica|zwitserland|szwajcaria",
    "FR": "fra|france|frankreich|francia|franca|frankrijk|francja",
    "ES": "esp|spain|spanien|espagne|espana|spagna|espanha|spanje|hiszpania",
    "IT": "ita|italy|italien|italie|italia|wlochy",
    "PT": "prt|portugal|portogallo|portugalia",
    "NL": "nld|netherlands|the netherlands|holland|niederlande|pays bas|paises bajos|paesi bassi|"
    "paises baixos|nederland|holandia|niderlandy",
    "BE": "bel|belgium|belgien|belgique|belgica|belgio|belgie|belgia",
    "LU": "lux|luxembourg|luxemburg",
    "IE": "irl|ireland|republic of ireland|irland|irlande|irlanda|ierland|irlandia|eire",
    "DK": "dnk|denmark|danemark|dinamarca|danimarca|denemarken|dania|danmark",
    "SE": "swe|sweden|schweden|suede|suecia|svezia|zweden|szwecja|sverige",
    "NO": "nor|norway|norwegen|norvege|noruega|norvegia|noorwegen|norwegia|norge",
    "FI": "fin|finland|finnland|finlande|finlandia|suomi",
    "PL": "pol|poland|polen|pologne|polonia|polska",
    "CZ": "cze|czech republic|czechia|tschechien|republique tcheque|czechy|tsjechie",
    "SK": "svk|slovakia|slowakei|slovaquie",
    "HU": "hun|hungary|ungarn|hongrie|hungria",
    "RO": "rou|romania|rumanien|roumanie",
    "GR": "grc|greece|griechenland|grece|grecia",
    "TR": "tur|turkey|turkiye|turkei|turquie",
    "RU": "rus|russia|russland|russie|rusia|russian federation",
    "UA": "ukr|ukraine",
    "CA": "can|canada|kanada",
    "MX": "mex|mexico|mexiko|mexique|messico",
    "BR": "bra|brazil|brasilien|bresil|brasil|brasile|brazilie|brazylia",
    "AR": "arg|argentina|argentinien|argentine",
    "CL": "chl|chile",
    "CO": "col|colombia|kolumbien",
    "AU": "aus|australia|australien|australie",
    "NZ": "nzl|new zealand|neuseeland|nouvelle zelande",
    "ZA": "zaf|rsa|south africa|sudafrika|afrique du sud",
    "IN": "ind|india|indien|inde",
    "CN": "chn|china|prc|chine|cina",
    "JP": "jpn|japan|japon|giappone|japao",
    "KR": "kor|south korea|korea|republic of korea|sudkorea",
    "SG": "sgp|singapore|singapur|singapour",
    "HK": "hkg|hong kong",
    "AE": "are|uae|u a e|united arab emirates|emirates|vereinigte arabische emirate",
    "SA": "sau|ksa|saudi arabia",
    "IL": "isr|israel",
    "PH": "phl|philippines",
    "ID": "idn|indonesia",
    "MY": "mys|malaysia",
    "TH": "tha|thailand",
    "VN": "vnm|vietnam",
    "PK": "pak|pakistan",
    "NG": "nga|nigeria",
    "EG": "egy|egypt",
}


def country_code(text: str) -> str | None:
    """Return the code (ISO 3166 alpha-2) of a country by its code or its name, else None."""
    plain = plain_words(text)
    if len(plain) == 2 and plain.upper() in LOCALE_DATA:
        return plain.upper()
    return _codes().get(plain)


def choices() -> list[tuple[str, str]]:
    """Return (code, English name) of every country, by name."""
    named = [(code, _name(code, "aa")) for code in LOCALE_DATA]
    return sorted(((code, name) for code, name in named if name), key=lambda pair: pair[1])


def plain_words(text: str) -> str:
    """Return text in lower case without accents, its words divided by single blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o"))
    kept = (" " if not sign.isalnum() else sign for sign in letters if not _is_accent(sign))
    return " ".join("".join(kept).split())


def _is_accent(sign: str) -> bool:
    return unicodedata.combining(sign) != 0


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    codes = {
        plain_words(name): code
        for language in reversed(LANGUAGES)
        for code in LOCALE_DATA
        if (name := _name(code, language))
    }
    codes |= {name.strip(): code for code, names in ALSO.items() for name in names.split("|")}
    return codes


def _name(code: str, language: str) -> str:
    """Return a country's name in a language, or in the one that the table says is the same."""
    names = LOCALE_DATA[code]
    name = str(names.get(language, ""))
    if name.startswith("*"):
        name = str(names.get(name[1:], ""))
    return "" if name.startswith("*") else name
