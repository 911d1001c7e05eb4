"""What would change for a network that takes the list now: since the serial it carries, or against names of its own. Writes nothing."""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, overload
from uuid import UUID

import orjson

from app.release.deltas import Chain, Deltas
from app.release.folding import Line, fold, named
from app.release.shelf import Shelf
from moderation import formats, policy
from moderation.formats import Format
from moderation.vocabulary import Entry, Header, Scope

NAMES_FILE = "domains.txt"
ORDER = {"add": 0, "change": 1, "remove": 2}
"""What would be added comes first: that is what a cautious network looks at."""

_COMMENT = re.compile(r"\s*(?:[#;!@$]|$)")
_NAME = re.compile(r'(?:^|[\s"/|]|(?<![a-z0-9_-])\.)((?:[a-z0-9_-]{1,63}\.)+(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,63})(?=[\s"/^.,;]|$)')
"""It begins at no dot inside a name, so that a long line is read once and not once for each of its dots."""

_ONE_AT_A_TIME = threading.Lock()
"""A comparison holds all names of the list in memory; several at once could take all there is."""


class TooFarBehindError(Exception):
    """The changes since this serial are kept no longer, or are too many: only the full state helps."""


class AheadError(Exception):
    """There is no release of this serial yet."""


class TooManyNamesError(Exception):
    """More names than are compared at once."""


class NameChanges(Sequence[Line]):
    """Names that come and go. There may be a million: each is kept as its text, and becomes a line when it is looked at."""

    def __init__(self, added: Iterable[str], removed: Iterable[str]) -> None:
        self.added, self.removed = sorted(added), sorted(removed)

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, place: int | slice) -> Line | tuple[Line, ...]:
        found = range(len(self))[place]
        return self._line(found) if isinstance(found, int) else tuple(self._line(each) for each in found)

    def _line(self, place: int) -> Line:
        if place < len(self.added):
            return {"type": "add", "target": self.added[place]}
        return {"type": "remove", "target": self.removed[place - len(self.added)]}


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What would change, additions first; `since` is None where names were compared."""

    since: int | None
    serial: int
    file: str
    changes: Sequence[Line]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        told = dict.fromkeys(ORDER, 0)
        if isinstance(self.changes, NameChanges):
            return told | {"add": len(self.changes.added), "remove": len(self.changes.removed)}
        for line in self.changes:
            told[line["type"]] += 1
        return told

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-len(self.changes) // policy.DRY_RUN_A_PAGE))

    def page(self, number: int) -> tuple[Line, ...]:
        """One page of the changes; page 1 is the first."""
        return tuple(self.changes[(number - 1) * policy.DRY_RUN_A_PAGE : number * policy.DRY_RUN_A_PAGE])


def since(data: Path, serial: int, *, file: str = "", list_name: str) -> DryRun | None:
    """What changed after this serial, in one file or (without one) on the list as a whole; None before the first release.

    Whether a name that leaves stood in a file under a name above it is not known any more: then its removal is told all the same.

    Raises:
        AheadError; TooFarBehindError; KeyError: there is no such file.
    """
    forms = {form.FILE_NAME: form for form in formats.installed()}
    form = forms[file] if file else None
    deltas = Deltas(data)
    chain = deltas.chain()
    if chain is None:
        return None
    if serial > chain.serial:
        raise AheadError
    if serial < chain.oldest or chain.serial - serial > policy.DRY_RUN_RELEASES:
        raise TooFarBehindError
    with _ONE_AT_A_TIME:
        lines = fold(_lines(deltas, serial, chain))
        if form is not None:
            header = _header(deltas, chain, list_name)
            lines = [told for line in lines if (told := _in_file(line, form, header)) is not None]
    return DryRun(since=serial, serial=chain.serial, file=file, changes=_in_order(lines))


def against(data: Path, own: Iterable[str]) -> DryRun | None:
    """What the current release has that these names lack, and the other way round; None before the first release. Names alone are compared.

    Raises:
        TooManyNamesError
    """
    shelf = Shelf(data)
    number = shelf.current()
    if number is None:
        return None
    with _ONE_AT_A_TIME:
        return DryRun(since=None, serial=number, file=NAMES_FILE, changes=_compared(shelf.folder(number) / NAMES_FILE, _bounded(own)))


def names_in(text: str) -> Iterator[str]:
    """The name in each line of a file of names, whichever of our files it is, or a plain list; in lower case, without a dot at its end."""
    for line in text.splitlines():
        if not _COMMENT.match(line) and (found := _NAME.search(line.lower())):
            yield found[1]


def _compared(names: Path, carried: set[str]) -> NameChanges:
    added, kept = [], set()
    with names.open(encoding="ascii") as file:
        for name in (line.rstrip("\n") for line in file if not line.startswith("#")):
            if name in carried:
                kept.add(name)
            else:
                added.append(name)
    carried -= kept
    return NameChanges(added, carried)


def _bounded(own: Iterable[str]) -> set[str]:
    carried: set[str] = set()
    for name in own:
        carried.add(name)
        if len(carried) > policy.DRY_RUN_NAMES:
            raise TooManyNamesError
    return carried


def _lines(deltas: Deltas, serial: int, chain: Chain) -> Iterator[Line]:
    seen = 0
    for number in range(serial + 1, chain.serial + 1):
        try:
            with deltas.file(number).open("rb") as file:
                head = orjson.loads(file.readline())
                seen += int(head["lines"])
                if seen > policy.DRY_RUN_LINES:
                    raise TooFarBehindError
                yield from map(orjson.loads, file)
        except FileNotFoundError as gone:
            raise TooFarBehindError from gone


def _header(deltas: Deltas, chain: Chain, list_name: str) -> Header:
    with deltas.file(chain.serial).open("rb") as file:
        head = orjson.loads(file.readline())
    told = {name: head[name] for name in ("title", "homepage", "contact", "licence")}
    published_at, valid_until = (datetime.fromisoformat(head[name]) for name in ("published_at", "valid_until"))
    return Header(**told, list_name=list_name, serial=chain.serial, published_at=published_at, valid_until=valid_until)


def _in_file(line: Line, form: Format, header: Header) -> Line | None:
    """What the line means for one file: None where that file's own lines stay as they are."""
    if line["type"] == "remove":
        return line if _was_in(line, form, header) else None
    entry = _entry(line)
    is_in = formats.carries(form, entry) and form.FILE_NAME not in line["left_out"]
    if line["type"] == "add":
        return line if is_in else None
    old = _entry({**line, **line["replaces"]})
    was_in = _was_in(line["replaces"], form, header)
    if is_in and was_in:
        return None if form.lines(old, header) == form.lines(entry, header) else line
    if is_in:
        return {"type": "add", **{name: value for name, value in line.items() if name not in ("type", "replaces", "because")}}
    return {"type": "remove", **line["replaces"], "because": line["because"]} if was_in else None


def _was_in(told: Line, form: Format, header: Header) -> bool:
    entry = _entry({**_UNKNOWN, **named(told)})
    return formats.carries(form, entry) and not form.left_out(entry, header)


_UNKNOWN: dict[str, Any] = {
    "territories": ["ZZ"],
    "category": "",
    "listed_at": "1970-01-01T00:00:00Z",
    "expires_at": "1970-01-01T00:00:00Z",
    "is_test": False,
}
"""What a tombstone says nothing of, and no file's choice depends on."""


def _entry(told: Line) -> Entry:
    return Entry(
        reference=UUID(told["reference"]),
        kind=told["kind"],
        scope=Scope(told["scope"]),
        target=told["target"],
        host=told["host"],
        territories=tuple(told["territories"]),
        category=told["category"],
        listed_at=datetime.fromisoformat(told["listed_at"]),
        expires_at=datetime.fromisoformat(told["expires_at"]),
        is_test=told["is_test"],
    )


def _in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (ORDER[line["type"]], line["target"], line.get("scope", ""))))
