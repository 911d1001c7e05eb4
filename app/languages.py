"""Which language a page speaks, and the truth about it in `lang`, `dir` and Content-Language. Translates nothing by itself.

A language is one file: app/translations/<code>/LC_MESSAGES/messages.po. Until it is there, pages asked for in that language
speak English and say so.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError, support
from babel.lists import format_list
from babel.messages import mofile
from flask import Flask, Response, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, Domain, get_locale, refresh
from werkzeug.routing import BaseConverter

from app import catalogues

ENGLISH = "en"
KNOWN = ("ar", "en", "es", "fr", "ru", "zh")
"""The official languages of the United Nations: their addresses exist from the start, catalogue or not."""

COMPLETE: tuple[str, ...] = ("ar", ENGLISH, "es", "fr", "ru", "zh")
"""Languages whose catalogue lacks nothing; a test keeps it so. Add a tag here when its catalogue lands, and never take one away."""

CATALOGUES = Path(__file__).parent / "translations"
EXTENSION = "flagstone_languages"

LEFT_TO_RIGHT, FIRST_STRONG, END = "\u2066", "\u2068", "\u2069"
"""Signs that set a text apart from the direction of what surrounds it."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language as pages show it: `tag` in addresses and `lang`, `name` in its own words, `direction` "ltr" or "rtl"."""

    tag: str
    name: str
    direction: str


class Languages:
    """What this instance can speak: English, and every language with a catalogue in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._files = {_tag(file.parent.parent.name): file for file in sorted(folder.glob("*/LC_MESSAGES/messages.po"))}
        self._translations: dict[str, support.NullTranslations] = {}
        self.spoken = tuple(sorted({ENGLISH, *self._files}))
        self.addressed = tuple(sorted({*KNOWN, *self.spoken}))

    def closest(self, wanted: str) -> str | None:
        """The spoken language with this tag, or with its first part (ar for ar-EG), in the same script if there is one; else None."""
        first = wanted.lower().partition("-")[0]
        alike = [tag for tag in self.spoken if tag.lower() == wanted.lower()]
        related = [tag for tag in self.spoken if tag.lower().partition("-")[0] == first]
        in_its_script = [tag for tag in related if len(related) > 1 and script(tag) == script(wanted)]
        return next(iter([*alike, *in_its_script, *related]), None)

    def translations(self, tag: str) -> support.NullTranslations:
        """The catalogue of a language, read at first use; English is what the source says."""
        if tag not in self._translations:
            self._translations[tag] = _read(self._files[tag]) if tag in self._files else support.NullTranslations()
        return self._translations[tag]


def init_app(app: Flask, folder: Path = CATALOGUES) -> None:
    """Let pages speak the visitor's language. Must come before the blueprints, whose addresses use `<language:language>`."""
    languages = Languages(folder)
    app.extensions[EXTENSION] = languages
    app.url_map.converters["language"] = _converter(languages.addressed)
    _Babel().init_app(app, locale_selector=lambda: current_language().replace("-", "_"))
    app.context_processor(lambda: {"language": describe(current_language()), "language_menu": menu, "languages_offered": offered})
    app.jinja_env.filters["set_apart"] = set_apart
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["day"] = day
    app.url_value_preprocessor(_leave_to_the_address)
    app.url_defaults(_stay_in_language)
    app.after_request(_vary)


def current_language() -> str:
    """The tag of the language that the present page's text is really in."""
    asked = _from_address()
    if asked is None:
        return _chosen() or negotiated()
    return asked if asked in _languages().spoken else ENGLISH


def requested_language() -> str:
    """The language asked for by address, else the page's own: what a reporter probably writes in."""
    return _from_address() or current_language()


def speak(tag: str) -> None:
    """Let pages without a language of their own in the address speak this one, until the request ends; an empty tag changes nothing."""
    g.language = tag
    refresh()


def offered() -> tuple[Language, ...]:
    """The languages that a person can choose for good: those that lack nothing."""
    return tuple(describe(tag) for tag in COMPLETE if tag in _languages().spoken)


def _chosen() -> str | None:
    """What `speak` was told, while this instance speaks that language."""
    tag = g.get("language", "") if has_request_context() else ""
    return tag if tag in _languages().spoken else None


def negotiated() -> str:
    """The spoken language that the browser's Accept-Language likes best; English where it likes none."""
    if not has_request_context():
        return ENGLISH
    # Werkzeug's own choice would give English to a browser that says "ar-EG, en;q=0.5": it tries whole tags before parts.
    for wanted, quality in request.accept_languages:
        found = _languages().closest(wanted)
        if found and quality > 0:
            return found
    return ENGLISH


@lru_cache(maxsize=64)
def script(tag: str) -> str:
    """The script that a tag is usually written in: Hant for zh-TW; empty where that is not known."""
    try:
        return str(Locale.parse(tag, sep="-").script or "")
    except (UnknownLocaleError, ValueError):
        return ""


def set_apart(value: object) -> str:
    """A date, a name or an address inside a sentence that may be written from right to left: each keeps its own order.

    Where a page reads from left to right nothing is added.
    """
    text = str(value)
    if describe(current_language()).direction == "ltr":
        return text
    # Without a letter nothing tells the direction, and "2026-11-24" would be shown from its end.
    begin = FIRST_STRONG if any(sign.isalpha() for sign in text) else LEFT_TO_RIGHT
    return f"{begin}{text}{END}"


def moment(time: datetime) -> str:
    """A time to the minute, as every page says it, whichever way the sentence is written."""
    return set_apart(f"{time:%Y-%m-%d %H:%M} UTC")


def day(time: date) -> str:
    """A day, as every page of the desk says it."""
    return set_apart(f"{time:%Y-%m-%d}")


def joined(names: Iterable[str]) -> str:
    """Several names as one list, the way the page's language writes it: "a, b and c", "a、b和c"."""
    return str(format_list(tuple(names), style="standard", locale=get_locale()))


@cache
def describe(tag: str) -> Language:
    """Name and direction of a language, from the locale data."""
    locale = Locale.parse(tag, sep="-")
    name = locale.get_display_name(locale) or tag
    return Language(tag, name[:1].upper() + name[1:], "rtl" if locale.character_order == "right-to-left" else "ltr")


def menu() -> tuple[tuple[Language, str], ...]:
    """Each spoken language with the address of the present page in it; empty where the page has no other languages."""
    spoken = _languages().spoken
    # The answer to a form has no address of its own in another language: going there would lose what was typed or shown.
    if len(spoken) < 2 or request.method != "GET":
        return ()
    if _has_language(request.endpoint):
        return tuple((describe(tag), _address_in(tag)) for tag in spoken)
    if request.endpoint is not None:
        return ()
    # Where no page is, whoever cannot read what the error says still needs their language.
    rest = quote(request.path.removeprefix(f"/{_from_address()}"))
    return tuple((describe(tag), f"/{tag}{rest}") for tag in spoken)


def _has_language(endpoint: str | None) -> bool:
    return endpoint is not None and current_app.url_map.is_endpoint_expecting(endpoint, "language")


def _address_in(tag: str) -> str:
    return url_for(str(request.endpoint), **{**(request.view_args or {}), "language": tag})


def _languages() -> Languages:
    found: Languages = current_app.extensions[EXTENSION]
    return found


def _from_address() -> str | None:
    """The address decides on error pages too, where no view was found."""
    if not has_request_context():
        return None
    first = request.path.split("/", 2)[1]
    return first if first in _languages().addressed else None


def _leave_to_the_address(_: str | None, values: dict[str, Any] | None) -> None:
    """Views take no language: everything that needs it asks `current_language`."""
    if values:
        values.pop("language", None)


def _stay_in_language(endpoint: str, values: dict[str, Any]) -> None:
    if _has_language(endpoint):
        values.setdefault("language", requested_language())


def answer_without_words() -> None:
    """Note that what is answered is the same for readers of every language, such as a file of the list."""
    g.has_no_words = True


def has_words() -> bool:
    """Whether the answer is in some language."""
    return not g.get("has_no_words", False)


def _vary(response: Response) -> Response:
    if request.endpoint != "static" and has_words() and _from_address() is None:
        response.vary.add("Accept-Language")
    return response


def _tag(folder: str) -> str:
    return folder.replace("_", "-")


def _read(file: Path) -> support.Translations:
    """Compile a catalogue in memory, so that a language is one file and no built one can be stale.

    Raises:
        ValueError: the file is broken, or translates nothing.
    """
    catalogue = catalogues.read(file)
    if not any(message.string for message in catalogue if message.id):
        raise ValueError(f"{file} translates nothing; remove it, or mend it (docs/translating.md).")
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    return support.Translations(compiled)


def _converter(tags: Iterable[str]) -> type[BaseConverter]:
    class LanguageConverter(BaseConverter):
        regex = "|".join(sorted(tags))

    return LanguageConverter


class _Catalogues(Domain):  # type: ignore[misc]
    """Flask-Babel's domain, reading our catalogues instead of compiled files."""

    def get_translations(self) -> support.NullTranslations:
        """The catalogue of the page's language."""
        locale = get_locale()
        return _languages().translations(_tag(str(locale)) if locale else ENGLISH)


class _Babel(Babel):  # type: ignore[misc]
    """Flask-Babel with our catalogues."""

    domain_instance = _Catalogues()
