"""Files of rows as spreadsheet programs write them: reads reports out of one, and writes results that no program takes for formulas."""

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app import report_fields
from app.batches import Read
from app.report_shape import CHOICES
from moderation import policy, resources

OWN = ("what", "category", "danger_now", "language")
COLUMNS = (*OWN, *(name for name in report_fields.LABELS if name != "what"))
REQUIRED = ("what", "category")
SIGNS = (",", ";", "\t")
YES, NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0", "")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
OTHER_CELL = re.compile(r"([;|\t]\s*)(?=[=+\-@])")
"""Where a program that parts cells by another sign than ours would see a formula begin."""
WINDOWS = "Windows-1252"


class Unreadable(Exception):
    """The file as a whole cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows as reports, still unread, each with the number that its program shows beside it. `encoding` is how its letters are written."""

    rows: tuple[tuple[int, dict[str, Any]], ...]
    encoding: str

    @property
    def is_guessed(self) -> bool:
        """Whether another encoding would fit too, so that a person should look at the letters."""
        return self.encoding == WINDOWS

    @property
    def given(self) -> list[object]:
        """The reports alone."""
        return [given for _number, given in self.rows]


def read(content: bytes) -> Sheet:
    """Read a file with a row of column names, then a row for each report.

    Raises:
        Unreadable: it is too long, no CSV, or its columns are not those that we know.
    """
    if len(content) > policy.UPLOAD_BYTES:
        raise Unreadable(_("This file has more than %(most)s bytes. Please send it in parts.", most=policy.UPLOAD_BYTES))
    text, encoding = _decoded(content)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_sign(text), strict=True))
    except csv.Error:
        raise Unreadable(_("A quotation mark is opened and not closed, or a cell is too long. Save the file as CSV again.")) from None
    names = _columns(lines[0] if lines else [])
    rows = tuple((number, _given(names, cells)) for number, cells in enumerate(lines[1:], start=2) if any(each.strip() for each in cells))
    if not rows:
        raise Unreadable(_("There is no report in this file: it has no row below the names of its columns."))
    if len(rows) > policy.UPLOAD_ROWS:
        told = _("This file has %(found)s rows; %(most)s fit. Please send it in parts.", found=len(rows), most=policy.UPLOAD_ROWS)
        raise Unreadable(told)
    return Sheet(rows=rows, encoding=encoding)


def template() -> str:
    """A file with every column and one example, for a spreadsheet program to open."""
    example = {"what": "https://jobs.example/offer/7", "category": "labour", "danger_now": "no", "language": "en", "stages": "recruiting"}
    return written([COLUMNS, [example.get(name, "") for name in COLUMNS]])


def results(sheet: Sheet, reads: Sequence[Read]) -> str:
    """What became of each row, with its receipt."""
    lines = [("row", "result", "receipt", "read_as", "problem")]
    for (number, _given_cells), each in zip(sheet.rows, reads, strict=True):
        named = " ".join(one.canonical for one in each.resources if one.kind != resources.WORDS)
        refused = bool(each.faults)
        told = "; ".join(faults(each))
        lines.append((str(number), "refused" if refused else "stored", "" if refused else each.code, named, told))
    return written(lines)


def faults(read_row: Read) -> Iterator[str]:
    """What is wrong with a row, by the names of its columns."""
    for each in read_row.faults:
        column = next((part for part in each.pointer.split("/") if part in COLUMNS), "")
        yield f"{column}: {each.detail}" if column else each.detail


def written(lines: Iterable[Sequence[str]]) -> str:
    """Rows as a file that spreadsheet programs open, and take nothing in it for a formula."""
    # With a mark at its beginning: without one, spreadsheet programs take UTF-8 for something else.
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    csv.writer(text).writerows([_plain(cell) for cell in line] for line in lines)
    return text.getvalue()


def _plain(cell: str) -> str:
    """A cell that no spreadsheet program runs (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULAS) else OTHER_CELL.sub(r"\1'", cell)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Unreadable(_("This is not a CSV file. In your spreadsheet program choose “Save as” and then “CSV UTF-8”."))
    encoding = _encoding(content)
    try:
        text = content.decode("cp1252" if encoding == WINDOWS else encoding)
    except UnicodeDecodeError:
        raise Unreadable(_("The letters of this file cannot be read. Save it as “CSV UTF-8” and try again.")) from None
    if "\0" in text:
        raise Unreadable(_("This is not a CSV file. In your spreadsheet program choose “Save as” and then “CSV UTF-8”."))
    return text, encoding.removesuffix("-sig").upper() if encoding != WINDOWS else WINDOWS


def _encoding(content: bytes) -> str:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if content.startswith(BOM_UTF8):
        return "utf-8-sig"
    # Without a mark, a file in UTF-16 that begins with our names has a zero in each of their letters.
    if content[:16:2].count(0) > 4:
        return "utf-16-be"
    if content[1:16:2].count(0) > 4:
        return "utf-16-le"
    try:
        content.decode()
    except UnicodeDecodeError:
        return WINDOWS
    return "utf-8"


def _sign(text: str) -> str:
    """What parts the cells: the sign that parts most of the names we know in the first row."""
    first = text.partition("\n")[0].strip().lower()
    return max(SIGNS, key=lambda sign: sum(name.strip().strip('"') in COLUMNS for name in first.split(sign)))


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip().lower().replace(" ", "_") for cell in cells)
    unknown = [cell for cell, name in zip(cells, names, strict=True) if name and name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if missing:
        told = ", ".join(missing)
        raise Unreadable(_("The first row must name the columns; these are missing: %(names)s. The template has them all.", names=told))
    if unknown:
        told = ", ".join(each.strip()[:50] for each in unknown[:5])
        raise Unreadable(_("We do not know these columns: %(names)s. Take them out, or use the names of the template.", names=told))
    if twice:
        raise Unreadable(_("These columns are there twice: %(names)s.", names=", ".join(twice)))
    return names


def _given(names: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """A row as a report, in the shape in which programs send one; what does not fit is left for its check to find."""
    row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
    given: dict[str, Any] = {"what": row.get("what", ""), "category": row.get("category", "").lower()}
    if "language" in row:
        given["language"] = row["language"]
    given["danger_now"] = _yes_or_no(row.get("danger_now", ""))
    given["details"] = {name: _answer(name, cell) for name, cell in row.items() if name not in OWN}
    return given


def _yes_or_no(cell: str) -> bool | str:
    return True if cell.lower() in YES else False if cell.lower() in NO else cell


def _answer(name: str, cell: str) -> str | list[str]:
    if name not in CHOICES:
        return cell
    parts = [part.lower() for part in re.split(r"[,;|\s]+", cell) if part]
    return parts if name in report_fields.SEVERAL else cell.lower()
