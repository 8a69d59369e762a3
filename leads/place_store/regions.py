"""Names of the regions that data writes as codes: in the US, Canada, Australia and Brazil."""

from collections.abc import Mapping
from functools import cache

from leads.place_store.words import plain_words_of

NAMES: Mapping[str, str] = {
    "US": "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|"
    "DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|"
    "IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|"
    "MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|"
    "NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|"
    "OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|PR Puerto Rico|RI Rhode Island|"
    "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|"
    "WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming",
    "CA": "AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|"
    "NL Newfoundland and Labrador|NS Nova Scotia|NT Northwest Territories|NU Nunavut|ON Ontario|"
    "PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon",
    "AU": "ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|"
    "QLD Queensland|SA South Australia|TAS Tasmania|VIC Victoria|WA Western Australia",
    "BR": "AC Acre|AL Alagoas|AP Amapá|AM Amazonas|BA Bahia|CE Ceará|DF Distrito Federal|"
    "ES Espírito Santo|GO Goiás|MA Maranhão|MT Mato Grosso|MS Mato Grosso do Sul|MG Minas Gerais|"
    "PA Pará|PB Paraíba|PR Paraná|PE Pernambuco|PI Piauí|RJ Rio de Janeiro|RN Rio Grande do Norte|"
    "RS Rio Grande do Sul|RO Rondônia|RR Roraima|SC Santa Catarina|SP São Paulo|SE Sergipe|"
    "TO Tocantins",
}


def region_codes(written: str) -> frozenset[tuple[str, str]]:
    """Return (country, region) of every region with this name or code."""
    return _codes().get(" ".join(plain_words_of(written)), frozenset())


def region_name(country: str | None, code: str) -> str:
    """Return what a region is called, the code itself where nobody knows."""
    return _named().get((country or "", code.upper()), code)


@cache
def _named() -> Mapping[tuple[str, str], str]:
    regions = (
        (country, *region.split(" ", 1))
        for country, written in NAMES.items()
        for region in written.split("|")
    )
    return {(country, code): name for country, code, name in regions}


@cache
def _codes() -> Mapping[str, frozenset[tuple[str, str]]]:
    codes: dict[str, frozenset[tuple[str, str]]] = {}
    for (country, code), name in _named().items():
        for written in (code, name):
            key = " ".join(plain_words_of(written))
            codes[key] = codes.get(key, frozenset()) | {(country, code)}
    return codes
