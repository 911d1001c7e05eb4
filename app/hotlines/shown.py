"""How a page tells the hotlines: in its own language, by country, in its own order. Decides nothing about them."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list
from flask_babel import gettext as _

from app.hotlines.vocabulary import ALWAYS, DAYS, Hotline, Purpose


@dataclass(frozen=True, slots=True)
class Country:
    """A country in the words of the page, with its lines in the order of what they are for."""

    name: str
    lines: tuple[Hotline, ...]

    def for_(self, purpose: Purpose) -> tuple[Hotline, ...]:
        """Its lines for one purpose."""
        return tuple(line for line in self.lines if purpose in line.purposes)


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the help page asks about hotlines, in one language."""

    countries: tuple[Country, ...]
    locale: Locale

    @property
    def read_since(self) -> date:
        """The day on which the first of them was read."""
        return min(line.read_on for country in self.countries for line in country.lines)

    def with_(self, purpose: Purpose) -> tuple[Country, ...]:
        """The countries that have a line for it."""
        return tuple(country for country in self.countries if country.for_(purpose))

    def day(self, moment: date) -> str:
        """A day in the page's words."""
        return format_date(moment, "long", self.locale)

    def languages(self, line: Hotline) -> str:
        """What is spoken, by name."""
        names = [self.locale.languages.get(tag, tag) for tag in line.languages]
        return str(format_list([*names, _("other languages")] if line.more_languages else names, style="standard", locale=self.locale))

    def hours(self, line: Hotline) -> str:
        """When someone answers, in the words of the page; empty where we do not know."""
        if line.hours in ("", ALWAYS):
            return str(_("day and night")) if line.hours else ""
        days, times = line.hours.split()
        opens, closes = (format_time(time.fromisoformat(each), "short", locale=self.locale) for each in times.split("-"))
        return str(_("%(days)s, %(opens)s to %(closes)s, their time", days=self._days(days), opens=opens, closes=closes))

    def _days(self, days: str) -> str:
        names = get_day_names("abbreviated", locale=self.locale)
        return " – ".join(names[DAYS.index(day)] for day in days.split("-"))


def shown(lines: Iterable[Hotline], locale: Locale) -> Shown:
    """These lines as a page in this language tells them."""
    found: dict[str, list[Hotline]] = {}
    for line in lines:
        found.setdefault(line.country, []).append(line)
    countries = (Country(locale.territories.get(code, code), tuple(sorted(own, key=_place))) for code, own in found.items())
    return Shown(tuple(sorted(countries, key=lambda country: sorting(country.name, locale))), locale)


def _place(line: Hotline) -> int:
    return list(Purpose).index(line.purposes[0])


def sorting(name: str, locale: Locale) -> tuple[bytes, str]:
    """Where a name stands among others. Accents do not count; Chinese names stand by their sound, as GB 2312 lists them."""
    if locale.language == "zh":
        return name.encode("gb18030"), name
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return plain.encode(), name


def dialled(number: str) -> str:
    """What a `tel:` link holds: nothing but what is dialled."""
    return "".join(each for each in number if each in "+0123456789")


def host(address: str) -> str:
    """The name of the site at an address, for people to read."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
