"""Reads and checks files of hotlines. Refuses a whole file for one doubtful entry, and says which and why; never mends or guesses."""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
import pycountry
from babel import Locale, UnknownLocaleError

from app.hotlines.vocabulary import ALWAYS, DAYS, Hotline, Hotlines, Purpose
from config import SettingsError

PACKAGED = Path(__file__).with_name("hotlines.toml")
SHORT_DIGITS = range(2, 7)
"""As many digits as a short number may have (ITU-T E.164 leaves them to each country; 112 and 116 111 are such)."""

_DAY = "|".join(DAYS)
_HOURS = re.compile(rf"(?:{_DAY})(?:-(?:{_DAY}))? [012]\d:[0-5]\d-[012]\d:[0-5]\d")
_NUMBER = re.compile(r"\+?\d(?:[ -]?\d)+", re.ASCII)
_DATED = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?", re.ASCII)
_NEEDED = {"for", "source", "read_on"}
_SAID = {"name", "number", "international", "hours", "languages", "more_languages", "free", "only_for", "web", "also", "source_dated"}
_NAMELESS = {Purpose.EMERGENCY, Purpose.POLICE}

Entry = dict[str, Any]


class HotlinesError(SettingsError):
    """A file of hotlines holds something that may not be shown; the message has one line a fault."""


class _Fault(Exception):
    """What is wrong with one entry, and what to do."""


def read(operators: Path | None = None, *, packaged: Path = PACKAGED) -> Hotlines:
    """The packaged lines, where each country that the operator's file names has that file's lines instead.

    Raises:
        HotlinesError: one line for each entry that is doubtful.
    """
    countries = _countries(packaged)
    if operators:
        countries |= _countries(operators)
    return Hotlines(tuple(line for country in sorted(countries) for line in countries[country]))


def _countries(file: Path) -> dict[str, list[Hotline]]:
    """Every country of one file with its checked lines; one with none is there to take the packaged ones away."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise HotlinesError(f"FLAGSTONE_HOTLINES: {file} cannot be read as TOML: {fault}.") from fault
    faults: list[str] = []
    found = {country: _lines(country, entries, faults.append) for country, entries in tables.items()}
    if faults:
        raise HotlinesError("\n".join(f"FLAGSTONE_HOTLINES: {file}, {fault}" for fault in faults))
    return found


def _lines(country: str, entries: object, complain: Callable[[str], None]) -> list[Hotline]:
    if pycountry.countries.get(alpha_2=country) is None or not country.isupper():
        complain(f"{country}: is no country; use two capital letters, such as FR (ISO 3166-1 alpha-2).")
        return []
    if not isinstance(entries, list):
        complain(f"{country}: must be a list; write [[{country}]] above each line, or {country} = [] for none.")
        return []
    lines: dict[tuple[str, str], Hotline] = {}
    for position, entry in enumerate(entries, 1):
        try:
            line = _line(country, entry)
            if lines.setdefault((re.sub(r"\D", "", line.number), line.web), line) is not line:
                raise _Fault("has the number of an entry above it; write all that it is for in one entry.")
        except _Fault as fault:
            complain(f"{country}, entry {position}: {fault}")
    return list(lines.values())


def _line(country: str, entry: Entry) -> Hotline:
    _check_keys(entry)
    purposes = _purposes(entry["for"])
    line = Hotline(
        country=country,
        purposes=purposes,
        name=_text(entry, "name"),
        number=_number(entry, "number", country),
        international=_number(entry, "international", country),
        hours=_hours(entry),
        languages=_languages(entry),
        more_languages=_yes(entry, "more_languages"),
        free=_yes(entry, "free"),
        only_for=_only_for(entry),
        web=_address(entry, "web"),
        source=_address(entry, "source"),
        also=_address(entry, "also"),
        read_on=_day(entry),
        source_dated=_dated(entry),
    )
    if not line.name and not set(purposes) <= _NAMELESS:
        raise _Fault("`name` is missing: whose line is it?")
    if bool(line.number) == bool(line.web):
        raise _Fault("needs a `number`, or for a line without one the address of its page as `web`, and not both.")
    return line


def _check_keys(entry: Entry) -> None:
    if not isinstance(entry, dict):
        raise _Fault("must be a table; write [[FR]] above its lines, with the country's own letters.")
    for key in sorted(_NEEDED - entry.keys()):
        raise _Fault(f"`{key}` is missing; every number names the page it was read in, and the day.")
    for key in sorted(entry.keys() - _NEEDED - _SAID):
        raise _Fault(f"`{key}` means nothing here; docs/hotlines.md lists what an entry may say.")


def _purposes(value: object) -> tuple[Purpose, ...]:
    if not isinstance(value, list) or not value or not all(each in list(Purpose) for each in value):
        raise _Fault(f"`for` must be a list of: {', '.join(Purpose)}.")
    return tuple(purpose for purpose in Purpose if purpose in value)


def _text(entry: Entry, key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str) or value != value.strip() or not value.isprintable() or len(value) > 400:
        raise _Fault(f"`{key}` must be one short line of text.")
    return value


def _yes(entry: Entry, key: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise _Fault(f"`{key}` must be true or false.")
    return value


def _number(entry: Entry, key: str, country: str) -> str:
    value = _text(entry, key)
    if not value:
        return ""
    if not _NUMBER.fullmatch(value):
        raise _Fault(f"`{key}` is {value!r}; use digits, single spaces and hyphens, and + only in front.")
    if not _is_possible(value, country) or (key == "international" and not value.startswith("+")):
        raise _Fault(f"`{key}` is {value!r}, which nobody can dial in or to this country; read it again in its source.")
    return value


def _is_possible(value: str, country: str) -> bool:
    digits = re.sub(r"[ -]", "", value)
    # A long number that lost its end begins with 0, as no short one does but 000.
    if len(digits) in SHORT_DIGITS and not digits.startswith("+") and (not digits.startswith("0") or len(digits) == 3):
        return True
    return phonenumbers.is_possible_number(phonenumbers.parse(value, country))


def _hours(entry: Entry) -> str:
    value = _text(entry, "hours")
    if value and value != ALWAYS and not _HOURS.fullmatch(value):
        raise _Fault(f"`hours` is {value!r}; use {ALWAYS!r}, or days and times as in 'mo-fr 09:00-17:00'.")
    return value


def _languages(entry: Entry) -> tuple[str, ...]:
    value = entry.get("languages", [])
    if not isinstance(value, list) or not all(isinstance(tag, str) and _is_language(tag) for tag in value):
        raise _Fault("`languages` must be a list of language tags, such as ['en', 'fr'].")
    return tuple(value)


def _is_language(tag: str) -> bool:
    try:
        return bool(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return False


def _only_for(entry: Entry) -> str:
    value = _text(entry, "only_for")
    if value not in ("", "women"):
        raise _Fault("`only_for` can only be 'women'.")
    return value


def _address(entry: Entry, key: str) -> str:
    value = _text(entry, key)
    if value and (urlsplit(value).scheme != "https" or not urlsplit(value).hostname or " " in value):
        raise _Fault(f"`{key}` is {value!r}; use the https address of the page.")
    if key in _NEEDED and not value:
        raise _Fault(f"`{key}` is empty; every number names the page it was read in.")
    return value


def _day(entry: Entry) -> date:
    value = entry["read_on"]
    if type(value) is not date:
        raise _Fault("`read_on` must be a day without quotes, such as 2026-11-24.")
    return value


def _dated(entry: Entry) -> str:
    value = _text(entry, "source_dated")
    if value and not _DATED.fullmatch(value):
        raise _Fault(f"`source_dated` is {value!r}; use '2025', '2025-09' or '2025-09-03'.")
    return value
