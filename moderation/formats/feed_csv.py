"""feed.csv: every field of every entry as a table (RFC 4180, lines ending in LF), in which no spreadsheet program finds a formula."""

import csv
import io
import re
from collections.abc import Iterable

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "feed.csv"
MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
LABEL = N_("Table, every field")
SCOPES = frozenset(Scope)
LEAVES_OUT_COVERED = False
DESCRIPTION = "A table; rows of type header tell of the list, every other row is one entry."

COLUMNS = (
    *("type", "reference", "kind", "scope", "target", "host", "territories"),
    *("category", "listed_at", "expires_at", "is_test"),
)

# Where a program sees a formula begin: in front, or behind what parts cells elsewhere. The mark itself counts too, so that taking one away
# at each of these places gives back the text.
_FORMULA = re.compile(r"(^|[;|\t]\s*)(?=['=+\-@\t\r])")

_BEGINS = "'=+-@"


def header_lines(header: Header) -> tuple[str, ...]:
    """The names of the columns, then a row for each field of the header: its name under `reference`, its value under `target`."""
    told = ({"type": "header", "reference": name, "target": value} for name, value in _heading.fields(header, DESCRIPTION))
    return (_row(COLUMNS), *(_row(row.get(column, "") for column in COLUMNS) for row in told))


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse what is not canonical."""
    return _guards.unfit_text(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """One row with every field; the territories of one listing share a cell."""
    cells = (
        *("entry", _heading.number(entry.reference), entry.kind, entry.scope, entry.target, entry.host, " ".join(entry.territories)),
        *(entry.category, _heading.moment(entry.listed_at), _heading.moment(entry.expires_at), "true" if entry.is_test else "false"),
    )
    return (_row(cells),)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


def _may_need_care(row: str) -> bool:
    """Whether a formula may begin in a row that nothing was done to yet, or a cell would need quotes. Spelt out: other ways look longer."""
    return ";" in row or "|" in row or '"' in row or ",'" in row or ",=" in row or ",+" in row or ",-" in row or ",@" in row


def _row(cells: Iterable[str]) -> str:
    given = tuple(cells)
    row = ",".join(given)
    if row.isprintable() and row[:1] not in _BEGINS and not _may_need_care(row) and row.count(",") == len(given) - 1:
        # What the module would write, in a tenth of the time.
        return row
    safe = [_FORMULA.sub(r"\1'", cell) for cell in given]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow(safe)
    return text.getvalue()


_SAME = "entry,7f0f4a52-6c1d-4b7a-9a62-0d9f2f1b8c11"
_LAST = "FR,labour,2026-11-20T09:00:00Z,2027-02-18T09:00:00Z,false"
EXAMPLES = (
    Example(wide("shop.example.net"), (f"{_SAME},domain,host,shop.example.net,shop.example.net,{_LAST}",)),
    Example(
        entry(Scope.PAGE, "https://example.net/a,b", host="example.net"),
        (f'{_SAME},web_page,page,"https://example.net/a,b",example.net,{_LAST}',),
    ),
    Example(
        entry(Scope.PAGE, "https://example.net/;=1+1", host="example.net"),
        (f"{_SAME},web_page,page,https://example.net/;'=1+1,example.net,{_LAST}",),
    ),
    Example(entry(Scope.PAGE, "https://example.net/\r\nentry", host="example.net"), ()),
)
