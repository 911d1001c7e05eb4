"""Keeps the catalogues of translations true to the source: gathers every marked sentence, updates files, and names each fault."""

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po, write_po

from app import indicators

CHECKOUT = Path(__file__).resolve().parents[1]
ROOMS = ("app", "moderation")
"""Where sentences are marked."""

DESK = (
    "app/desk/",
    "app/indicators/",
    "moderation/growth",
    "moderation/holding",
    "moderation/independence",
    "moderation/listings",
    "moderation/overview",
    "moderation/publishing/alarms",
    "moderation/publishing/holding_back",
    "moderation/publishing/letting_go",
    "moderation/queue",
    "moderation/reviewing/",
    "moderation/safeguards/",
    "moderation/several",
)
"""Where only moderators read. These sentences may wait for their translation, in English, so that a rule never waits for a word."""

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("indicators/checklist.toml", "app.catalogues:of_indicators")]
OPTIONS = {"**/templates/**.html": {"silent": "false"}}
MARKS = {"_": None, "N_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

HEADER = """\
# Flagstone in {name}. docs/translating.md tells how this file is kept.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
"""Ours, because the usual one names a time, which would make every update a change."""

_PLACE = re.compile(r"%\((\w+)\)[a-z]")
_ELEMENT = re.compile(r"</?[a-z][^>]*>")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_TURNS_AROUND = re.compile("[\u202a-\u202e\u2066-\u2069]")


def gathered() -> Catalog:
    """Every sentence that is marked in the source, with the files it stands in and what translators should know of it."""
    found = Catalog()
    for room in ROOMS:
        told = extract_from_dir(CHECKOUT / room, METHODS, OPTIONS, MARKS, comment_tags=("For translators:",), strip_comment_tags=True)
        for file, _line, sentence, comments, context in sorted(told, key=lambda each: (each[0], each[1])):
            found.add(sentence, None, [(f"{room}/{Path(file).as_posix()}", 0)], auto_comments=comments, context=context)
    return found


def of_indicators(file: IO[bytes], *_marks: object, **_options: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """Each sentence of the checklist of indicators, as Babel asks for them: that file holds words alone, without a mark around them."""
    yield from ((0, None, sentence, []) for sentence in indicators.read(file.read().decode()).sentences())


def file_of(code: str, folder: Path) -> Path:
    """Where the catalogue of a language lies, whether or not it is there."""
    return folder / code / "LC_MESSAGES" / "messages.po"


def present(folder: Path) -> tuple[str, ...]:
    """The code of every language that has a catalogue."""
    return tuple(sorted(file.parent.parent.name for file in folder.glob("*/LC_MESSAGES/messages.po")))


def update(code: str, folder: Path, source: Catalog) -> int:
    """Bring one catalogue up to date, or begin it; returns how many sentences wait for a translation.

    What is translated stays as it is, what is new is empty, what left the source leaves the catalogue. Nothing is guessed.
    """
    file = file_of(code, folder)
    catalogue = read(file) if file.exists() else Catalog()
    fresh = Catalog(locale=code)
    for message in _sentences(source):
        fresh[message.id] = _kept(message, catalogue.get(message.id, message.context), fresh.num_plurals)
    file.parent.mkdir(parents=True, exist_ok=True)
    name = fresh.locale.get_display_name("en") if fresh.locale else code
    with file.open("wb") as stream:
        stream.write(HEADER.format(name=name, code=code, plurals=fresh.plural_forms.rstrip(";")).encode())
        write_po(stream, fresh, width=0, omit_header=True, sort_by_file=True, include_lineno=False)
    return sum(not all(forms(message)) for message in _sentences(fresh))


def _kept(message: Message, translated: Message | None, forms: int) -> Message:
    """The sentence of the source with what the translator wrote for it, comments included."""
    empty: tuple[str, ...] | str = ("",) * forms if message.pluralizable else ""
    same_kind = translated is not None and translated.pluralizable == message.pluralizable
    return Message(
        message.id,
        translated.string if translated is not None and same_kind else empty,
        locations=message.locations,
        flags=(set(translated.flags) & {"fuzzy"} if translated else set()) | (set(message.flags) - {"fuzzy"}),
        auto_comments=message.auto_comments,
        user_comments=translated.user_comments if translated else (),
        context=message.context,
    )


def read(file: Path) -> Catalog:
    """A catalogue as it lies on the disk.

    Raises:
        ValueError: it is broken.
    """
    try:
        with file.open("rb") as stream:
            return read_po(stream, abort_invalid=True)
    except PoFileError as fault:
        raise ValueError(f"{file} is broken: {fault}") from fault


def faults(code: str, folder: Path, source: Catalog, *, complete: bool) -> Iterator[str]:
    """Everything wrong with one catalogue, one line each; a `complete` one also lacks nothing the public reads."""
    file = file_of(code, folder)
    if not file.exists():
        yield f"{code}: there is no catalogue"
        return
    try:
        catalogue = read(file)
    except ValueError as fault:
        yield f"{code}: {fault}"
        return
    rule = get_plural(code)
    if catalogue.num_plurals != rule.num_plurals:
        yield f"{code}: {rule.num_plurals} plural forms are needed, the header says {catalogue.num_plurals}"
        return
    if complete:
        yield from _gaps(code, catalogue, source)
    for message in _sentences(catalogue):
        yield from (f"{code}: {fault}: {_named(message)}" for fault in _wrong(message, _numbers(catalogue)))


def _gaps(code: str, catalogue: Catalog, source: Catalog) -> Iterator[str]:
    for message in _sentences(source):
        if is_for_the_desk(message):
            continue
        known = catalogue.get(message.id, message.context)
        if known is None or known.pluralizable != message.pluralizable:
            yield f"{code}: not in the catalogue: {_named(message)}"
        elif not all(forms(known)):
            yield f"{code}: not translated: {_named(message)}"
    stale = [
        message for message in _sentences(catalogue) if source.get(message.id, message.context) is None and not is_for_the_desk(message)
    ]
    yield from (f"{code}: no longer in the source: {_named(message)}" for message in [*stale, *catalogue.obsolete.values()])


def is_for_the_desk(message: Message) -> bool:
    """Whether only moderators ever read it."""
    return bool(message.locations) and all(str(file).startswith(DESK) for file, _ in message.locations)


def waiting_at_the_desk(code: str, folder: Path, source: Catalog) -> int:
    """How many sentences of the desk are shown in English in this language."""
    catalogue = read(file_of(code, folder))
    known = (catalogue.get(message.id, message.context) for message in _sentences(source) if is_for_the_desk(message))
    return sum(found is None or not all(forms(found)) for found in known)


def _wrong(message: Message, numbers: dict[int, set[int]]) -> Iterator[str]:
    """What is wrong with one translation, sentence by sentence; an empty one is only a gap."""
    if message.fuzzy:
        yield "marked as fuzzy"
    if message.pluralizable and len(forms(message)) != len(numbers):
        yield f"{len(numbers)} plural forms are needed"
    original = str(message.id[1] if message.pluralizable else message.id)
    for place, form in enumerate(forms(message)):
        if form:
            few = message.pluralizable and numbers.get(place, set()) <= {0, 1, 2}
            yield from _differs(original, form, may_leave_out_number=few)


def _differs(original: str, form: str, *, may_leave_out_number: bool) -> Iterator[str]:
    wanted, given = set(_PLACE.findall(original)), set(_PLACE.findall(form))
    # "One thing" needs no number; a form that stands for 1, 21 and 31 does.
    if given not in ((wanted, wanted - {"num"}) if may_leave_out_number else (wanted,)):
        yield f"other placeholders ({', '.join(sorted(given)) or 'none'})"
    if "%" in _PLACE.sub("", form).replace("%%", ""):
        yield "a percent sign that stands alone (write %%)"
    if Counter(_ELEMENT.findall(original)) != Counter(_ELEMENT.findall(form)):
        yield "other HTML"
    if (original[:1].isspace(), original[-1:].isspace()) != (form[:1].isspace(), form[-1:].isspace()):
        yield "other space at its ends"
    if _OTHER_DIGIT.search(form):
        yield "other digits than 0 to 9"
    if _TURNS_AROUND.search(form):
        yield "a sign that turns the direction of others around"


def _numbers(catalogue: Catalog) -> dict[int, set[int]]:
    """Which numbers each plural form stands for, of those that tell the forms apart."""
    places: dict[int, set[int]] = {place: set() for place in range(catalogue.num_plurals)}
    chosen = c2py(catalogue.plural_expr)
    for number in range(1_000):
        places[chosen(number)].add(number)
    return places


def forms(message: Message) -> tuple[str, ...]:
    """What a sentence is translated with, one form after another; an empty one where that is missing."""
    if isinstance(message.string, (tuple, list)):
        return tuple(message.string)
    return (str(message.string or ""),)


def _named(message: Message) -> str:
    sentence = message.id[0] if message.pluralizable else message.id
    return f"“{sentence[:70]}{'…' if len(sentence) > 70 else ''}”"


def _sentences(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)
