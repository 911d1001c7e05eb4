"""Writes down a shard of the list in every format, in memory. Touches no disk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.release.cutting import Cut
from app.release.report import Findings
from moderation import formats
from moderation.formats import Above, Format
from moderation.publishing import Stored
from moderation.vocabulary import Entry, Header


@dataclass(frozen=True, slots=True)
class Body:
    """Entry lines of one format."""

    octets: bytes
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A shard in every format, by file, and what was left out of it."""

    cut: Cut
    bodies: dict[str, Body]
    findings: Findings


def render(cut: Cut, header: Header, forms: Sequence[Format]) -> Rendered:
    """Write down the entries of a shard. Of the header only what is the same in every release decides: no serial and no time."""
    findings = Findings()
    entries, above = list(_fit(_opened(cut.entries), header, findings)), _opened(cut.above)
    bodies = {form.FILE_NAME: _body(form, entries, above, header, findings) for form in forms}
    return Rendered(cut=cut, bodies=bodies, findings=findings)


def head(form: Format, header: Header, lines: int) -> Body:
    """What stands before the list: the header, which counts `lines` and its own, and the test entry. The body's `lines` is that number."""
    test = formats.always_listed(header)
    own = () if form.left_out(test, header) else form.lines(test, header)
    counted = replace(header, entries=lines + len(own))
    return Body(_octets((*form.header_lines(counted), *own)), counted.entries)


def tail(form: Format, header: Header, lines: int) -> bytes:
    """What stands behind the list."""
    return _octets(form.footer_lines(replace(header, entries=lines)))


def findings_of_the_test_entry(forms: Iterable[Format], header: Header) -> Findings:
    """What keeps even the test entry out of a format."""
    findings, test = Findings(), formats.always_listed(header)
    for form in forms:
        if reason := form.left_out(test, header):
            findings.name(test, reason, file_name=form.FILE_NAME)
    return findings


def _opened(entries: Iterable[Entry | Stored]) -> list[Entry]:
    return [each.entry() if isinstance(each, Stored) else each for each in entries]


def _fit(entries: Iterable[Entry], header: Header, findings: Findings) -> Iterable[Entry]:
    for entry in entries:
        if reason := formats.withheld(entry, header):
            findings.name(entry, reason, file_name=None)
        else:
            yield entry


def _body(form: Format, entries: Iterable[Entry], above: Iterable[Entry], header: Header, findings: Findings) -> Body:
    name, scopes, left_out, lines_of = form.FILE_NAME, form.SCOPES, form.left_out, form.lines
    covering = _written_above(form, above, header) if form.LEAVES_OUT_COVERED else None
    lines: list[str] = []
    for entry in entries:
        if entry.scope not in scopes:
            findings.no_room[name, entry.scope] += 1
        elif reason := left_out(entry, header):
            findings.name(entry, reason, file_name=name)
        elif covering is not None and covering.covers(entry):
            findings.covered[name] += 1
        else:
            lines += lines_of(entry, header)
            if covering is not None:
                covering.note(entry)
    return Body(_octets(lines), len(lines))


def _written_above(form: Format, above: Iterable[Entry], header: Header) -> Above:
    """The names in the format's file, before the shard, that cover what comes now."""
    covering = Above()
    for entry in (formats.always_listed(header), *above):
        fits = not formats.withheld(entry, header) and formats.carries(form, entry) and not form.left_out(entry, header)
        if fits and not covering.covers(entry):
            covering.note(entry)
    return covering


def _octets(lines: Iterable[str]) -> bytes:
    text = "\n".join(lines)
    return f"{text}\n".encode() if text else b""
