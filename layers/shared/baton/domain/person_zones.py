"""Time zones of people: where somebody may live, by state, postal code, country or the country of their number.

Of what lies in several zones all are named: whoever asks takes the strictest. Sources: the US Department of
Transportation's time zones, Natural Resources Canada's, ZIP prefixes by the US Postal Service, and `zone.tab` of the
IANA time zone database for countries.
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from baton.domain.zones import zone

CLOSE: Final = timedelta(hours=2)
"""Most that the clocks of one country may differ: with more, nobody could be called for half of the day."""
_WINTER: Final = datetime(2026, 1, 1)  # noqa: DTZ001 # the same day on every clock
_EAST, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
_BY_ZONES: Final = {
    (_EAST,): "CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV",
    (_EAST, _CENTRAL): "FL IN KY MI TN",
    (_CENTRAL,): "AL AR IL IA LA MN MS MO OK WI",
    (_CENTRAL, _MOUNTAIN): "KS NE ND SD TX",
    (_MOUNTAIN,): "CO MT NM UT WY",
    # Arizona keeps no daylight saving time, the Navajo Nation in it does.
    ("America/Phoenix", _MOUNTAIN): "AZ",
    (_MOUNTAIN, _PACIFIC): "ID NV OR",
    (_PACIFIC,): "CA WA",
    ("America/Anchorage", "America/Adak"): "AK",
    ("Pacific/Honolulu",): "HI",
    ("America/Puerto_Rico",): "PR VI",
    ("Pacific/Guam",): "GU MP",
    ("Pacific/Pago_Pago",): "AS",
}
_PROVINCES: Final = {
    ("America/St_Johns", "America/Halifax"): "NL",
    ("America/Halifax",): "NS NB PE",
    ("America/Toronto", "America/Halifax"): "QC",
    ("America/Toronto", "America/Winnipeg"): "ON",
    ("America/Winnipeg",): "MB",
    ("America/Regina", "America/Edmonton"): "SK",
    ("America/Edmonton",): "AB NT",
    ("America/Vancouver", "America/Edmonton"): "BC",
    ("America/Whitehorse",): "YT",
    ("America/Toronto", "America/Winnipeg", "America/Edmonton"): "NU",
}
US: Final = {state: zones for zones, states in _BY_ZONES.items() for state in states.split()}
CANADA: Final = {state: zones for zones, states in _PROVINCES.items() for state in states.split()}

_PREFIXES: Final = (
    "005 NY, 006 PR, 008 VI, 009 PR, 010 MA, 028 RI, 030 NH, 039 ME, 050 VT, 055 MA, 056 VT, 060 CT, 063 NY, 064 CT, "
    "070 NJ, 090 -, 100 NY, 150 PA, 197 DE, 200 DC, 201 VA, 202 DC, 206 MD, 220 VA, 247 WV, 270 NC, 290 SC, 300 GA, "
    "320 FL, 340 -, 341 FL, 350 AL, 370 TN, 386 MS, 398 GA, 400 KY, 430 OH, 460 IN, 480 MI, 500 IA, 530 WI, 550 MN, "
    "569 DC, 570 SD, 580 ND, 590 MT, 600 IL, 630 MO, 660 KS, 680 NE, 700 LA, 716 AR, 730 OK, 733 TX, 734 OK, 750 TX, "
    "800 CO, 820 WY, 832 ID, 834 ID, 840 UT, 850 AZ, 870 NM, 880 NM, 885 TX, 889 NV, 900 CA, 962 -, 967 HI, 969 GU, "
    "970 OR, 980 WA, 995 AK"
)
"""The state from each three digits on, to before the next. `-`: post offices of the forces, anywhere in the world."""
_SAMOA: Final = "96799"
"""The one code of American Samoa, among those of Hawaii."""
_STARTS: Final = [int(one.split()[0]) for one in _PREFIXES.split(", ")]
_STATES: Final = [one.split()[1] for one in _PREFIXES.split(", ")]


def zones_of_state(state: str | None, country: str) -> tuple[str, ...]:
    """The zones of a US state or a Canadian province, by its two letters; none where it is neither."""
    table = {"US": US, "CA": CANADA}.get(country, {})
    return table.get((state or "").strip().upper(), ())


def zones_of_zip(postal_code: str | None) -> tuple[str, ...]:
    """The zones of the state in which a US postal code lies; none where it is no such code."""
    digits = (postal_code or "").strip()[:5]
    if len(digits) < len("12345") or not digits.isascii() or not digits.isdigit():
        return ()
    if digits == _SAMOA:
        return US["AS"]
    place = bisect_right(_STARTS, int(digits[:3])) - 1
    return US.get(_STATES[place], ()) if place >= 0 else ()


def zones_of_country(country: str | None) -> tuple[str, ...]:
    """The zones of a country whose clocks are close to one another; none of one that is too wide to say."""
    zones = _countries().get((country or "").upper(), ())
    ahead = [zone(name).utcoffset(_WINTER) or timedelta() for name in zones]
    return zones if zones and max(ahead) - min(ahead) <= CLOSE else ()


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    try:
        table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    except OSError:
        return found  # Who packs the layer without it has the campaign's zone for all countries, and no lead less.
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone_name, *_ = line.split("\t")
            found[country] = (*found.get(country, ()), zone_name)
    return found
