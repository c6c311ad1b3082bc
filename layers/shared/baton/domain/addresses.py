"""Where somebody lives: countries, states and postal codes in one spelling each."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

_SPACE: Final = re.compile(r"\s+")
STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "US": {
        "AL": "Alabama",
        "AK": "Alaska",
        "AZ": "Arizona",
        "AR": "Arkansas",
        "CA": "California",
        "CO": "Colorado",
        "CT": "Connecticut",
        "DE": "Delaware",
        "DC": "District of Columbia",
        "FL": "Florida",
        "GA": "Georgia",
        "HI": "Hawaii",
        "ID": "Idaho",
        "IL": "Illinois",
        "IN": "Indiana",
        "IA": "Iowa",
        "KS": "Kansas",
        "KY": "Kentucky",
        "LA": "Louisiana",
        "ME": "Maine",
        "MD": "Maryland",
        "MA": "Massachusetts",
        "MI": "Michigan",
        "MN": "Minnesota",
        "MS": "Mississippi",
        "MO": "Missouri",
        "MT": "Montana",
        "NE": "Nebraska",
        "NV": "Nevada",
        "NH": "New Hampshire",
        "NJ": "New Jersey",
        "NM": "New Mexico",
        "NY": "New York",
        "NC": "North Carolina",
        "ND": "North Dakota",
        "OH": "Ohio",
        "OK": "Oklahoma",
        "OR": "Oregon",
        "PA": "Pennsylvania",
        "RI": "Rhode Island",
        "SC": "South Carolina",
        "SD": "South Dakota",
        "TN": "Tennessee",
        "TX": "Texas",
        "UT": "Utah",
        "VT": "Vermont",
        "VA": "Virginia",
        "WA": "Washington",
        "WV": "West Virginia",
        "WI": "Wisconsin",
        "WY": "Wyoming",
        "PR": "Puerto Rico",
        "GU": "Guam",
        "VI": "Virgin Islands",
        "AS": "American Samoa",
        "MP": "Northern Mariana Islands",
    },
    "CA": {
        "AB": "Alberta",
        "BC": "British Columbia",
        "MB": "Manitoba",
        "NB": "New Brunswick",
        "NL": "Newfoundland and Labrador",
        "NS": "Nova Scotia",
        "NT": "Northwest Territories",
        "NU": "Nunavut",
        "ON": "Ontario",
        "PE": "Prince Edward Island",
        "QC": "Quebec",
        "SK": "Saskatchewan",
        "YT": "Yukon",
    },
}
"""States and provinces by code; USPS and Canada Post."""
_COMMON: Final[Mapping[str, str]] = {
    "usa": "US",
    "united states of america": "US",
    "america": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "gbr": "GB",
    "can": "CA",
    "mex": "MX",
    "deu": "DE",
    "deutschland": "DE",
    "aut": "AT",
    "österreich": "AT",
    "che": "CH",
    "schweiz": "CH",
    "fra": "FR",
    "ita": "IT",
    "italia": "IT",
    "esp": "ES",
    "españa": "ES",
    "prt": "PT",
    "nld": "NL",
    "holland": "NL",
    "the netherlands": "NL",
    "bel": "BE",
    "irl": "IE",
    "ind": "IN",
    "aus": "AU",
    "nzl": "NZ",
    "zaf": "ZA",
    "bra": "BR",
    "brasil": "BR",
    "arg": "AR",
    "jpn": "JP",
    "chn": "CN",
    "kor": "KR",
    "south korea": "KR",
    "korea": "KR",
    "rus": "RU",
    "russia": "RU",
    "are": "AE",
    "uae": "AE",
    "sau": "SA",
    "isr": "IL",
    "tur": "TR",
    "turkey": "TR",
    "pol": "PL",
    "swe": "SE",
    "nor": "NO",
    "dnk": "DK",
    "fin": "FI",
    "cze": "CZ",
    "czech republic": "CZ",
    "sgp": "SG",
    "phl": "PH",
    "vietnam": "VN",
    "ivory coast": "CI",
}
"""What people write that the table of ISO 3166-1 does not have: three letters, and names of their own."""
_UK_POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_CANADIAN: Final = re.compile(r"[A-Z][0-9][A-Z][0-9][A-Z][0-9]")
_US_ZIP: Final = re.compile(r"([0-9]{5})(?:[- ]?([0-9]{4}))?")


def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 of a country by its code or name; the text itself where it is none that is known."""
    words = _SPACE.sub(" ", text).strip()
    known = _countries()
    if words.upper() in known.values():
        return words.upper()
    name = words.casefold()
    return known.get(name) or _COMMON.get(name) or words


def is_country(code: str) -> bool:
    """Whether it is the code of a country, ISO 3166-1 alpha-2."""
    return code in _countries().values()


def state_code(text: str, country: str) -> str:
    """The code of a state of the United States or province of Canada; elsewhere, and where unknown, the text itself."""
    words = _SPACE.sub(" ", text).strip()
    states = STATES.get(country)
    if states is None:
        return words
    bare = words.upper().replace(".", "")
    if bare in states:
        return bare
    name = words.casefold()
    return next((code for code, full in states.items() if full.casefold() == name), words)


def postal_code(text: str, country: str) -> str:
    """A postal code as the country writes it."""
    code = _SPACE.sub(" ", text).strip().upper()
    bare = code.replace(" ", "").replace("-", "")
    if country == "US" and (found := _US_ZIP.fullmatch(code)):
        return f"{found[1]}-{found[2]}" if found[2] else found[1]
    if country == "CA" and _CANADIAN.fullmatch(bare):
        return f"{bare[:3]} {bare[3:]}"
    if country == "GB" and _UK_POSTCODE.fullmatch(bare):
        return f"{bare[:-3]} {bare[-3:]}"
    return code


def is_postal_code(text: str, country: str) -> bool:
    """Whether it is one of that country, where its form is known; elsewhere anything with a letter or digit is."""
    bare = text.replace(" ", "").replace("-", "").upper()
    match country:
        case "US":
            return _US_ZIP.fullmatch(text) is not None
        case "CA":
            return _CANADIAN.fullmatch(bare) is not None
        case "GB":
            return _UK_POSTCODE.fullmatch(bare) is not None
    return bare.isalnum()


@cache
def _countries() -> Mapping[str, str]:
    """Codes of countries by their English names, from the table of the time zone database."""
    from importlib.resources import files

    text = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name.casefold(): code for code, name in rows}
