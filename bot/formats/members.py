"""Load and check the list of members."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pycountry
from babel import Locale
from babel.core import UnknownLocaleError

from bot.formats.edition import MemberData
from bot.formats.rows import FILE_CODE, Row, read_file, unique


def load_members(path: Path) -> tuple[MemberData, ...]:
    """Read and check the list of members, given back in alphabetical order of their names.

    Args:
        path: a TOML file such as templates/formats/asean.toml.

    Raises:
        FormatError: for the first mistake found.
    """
    top = read_file(path)
    top.only("code", "title", "member")
    top.code("code", FILE_CODE, example="asean")
    top.text("title")
    members = [_member(row) for row in top.rows("member", example="[[member]]")]
    for field in ("code", "alpha2", "name"):
        unique(top, "member", [str(getattr(member, field)) for member in members], field=field)
    return tuple(sorted(members, key=lambda member: member.name.casefold()))


def _member(row: Row) -> MemberData:
    row.only("code", "alpha2", "name", "zone", "calendar", "locale")
    code = row.text("code", 'code = "IDN"')
    country = pycountry.countries.get(alpha_3=code)
    if country is None or code != country.alpha_3:
        row.wrong("code", f"{code!r} is not an ISO 3166-1 code of three letters", 'code = "IDN"')
    alpha2 = row.text("alpha2", 'alpha2 = "ID"')
    if alpha2 != country.alpha_2:
        row.wrong("alpha2", f"{alpha2!r} is not the two-letter code of {code}", f'alpha2 = "{country.alpha_2}"')
    name = row.text("name", 'name = "Indonesia"')
    zone = row.text("zone", 'zone = "Asia/Jakarta"')
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        row.wrong("zone", f"there is no time zone {zone!r}", 'zone = "Asia/Jakarta"')
    calendar = row.text("calendar", 'calendar = "ID"')
    if calendar not in holidays.list_supported_countries():
        row.wrong("calendar", f"there is no holiday calendar {calendar!r}", 'calendar = "ID"')
    locale = row.text("locale", 'locale = "en_GB"')
    try:
        Locale.parse(locale)
    except (ValueError, UnknownLocaleError):
        row.wrong("locale", f"Babel knows no locale {locale!r}", 'locale = "en_GB"')
    return MemberData(code, alpha2, name, zone, calendar, locale)
