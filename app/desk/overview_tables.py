"""The overview's figures as tables, each for the page and for a file alike. Counts nothing; leads each figure to what is behind it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app, url_for
from flask_babel import gettext as _

from app import audience, languages
from app.desk.frame import acting
from app.desk.words import age, label
from moderation import overview, policy
from moderation.overview import Counted, Overdue
from moderation.safeguards import SAFEGUARDS
from moderation.vocabulary import N_, Outcome

OVERDUE = {
    Overdue.PAST_END: N_("Listings past their end that are still on the list"),
    Overdue.REVIEW: N_("Listings whose re-review is due"),
    Overdue.EXPIRING: N_("Listings that end within seven days"),
    Overdue.LEASES: N_("Cases held longer than their time"),
    Overdue.UNREAD: N_("Cases in which a reporter wrote and nobody has read it"),
    Overdue.QUESTIONS: N_("Questions that no reporter answered for a week"),
    Overdue.RECEIPTS: N_("Cases that a hotline has given no receipt for within a week"),
}

CUT = N_(
    "Of a lane with a thousand cases or more, the last two columns are those of a thousand drawn at random; "
    "of what is parked, those of the first thousand to come back."
)

LINE_WIDTH, LINE_HEIGHT = 300, 60
"""A line's own units; the style sheet stretches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure or name. `value` is what a file carries; `share` draws a bar, of 1."""

    value: str | int
    shown: str = ""
    address: str = ""
    share: float | None = None

    @property
    def text(self) -> str:
        """What a page shows."""
        return self.shown or str(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a drawing, from the oldest day to the newest, in its own units."""

    name: str
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table with its caption. The first cell of a row names it; the others are numbers."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str
    hint: str = ""
    lines: tuple[Line, ...] = field(default=())


def waiting(found: Iterable[overview.Waiting], *, now: datetime) -> Sheet:
    """What waits in each lane of the desk, and for how long."""
    found = tuple(found)
    most = max((each.count.number for each in found), default=0)
    is_cut = any(each.count.is_cut for each in found)
    return Sheet(
        name="waiting",
        caption=_("What waits, and for how long"),
        columns=(_("Lane"), _("Cases"), _("Longest wait"), _("Half wait at least"), _("1 in 10 waits at least")),
        rows=tuple(_waiting(each, most, now=now) for each in found),
        nothing=_("Nothing is waiting."),
        hint=_(CUT) if is_cut else "",
    )


def _waiting(each: overview.Waiting, most: int, *, now: datetime) -> tuple[Cell, ...]:
    behind = _link("desk.queue", lane=each.lane)
    times = (each.oldest, each.median, each.ninetieth)
    return (
        Cell(value=str(each.lane), shown=label(each.lane, "desk_lane")),
        _count(each.count, most, behind),
        *(Cell(value=int((now - since) / timedelta(hours=1)), shown=age(since, now)) for since in times),
    )


def overdue(found: Iterable[overview.OverdueFigure], *, now: datetime) -> Sheet:
    """What should not wait for long."""
    found = tuple(found)
    most = max(each.count.number for each in found)
    return Sheet(
        name="overdue",
        caption=_("What is overdue, or soon will be"),
        columns=(_("What"), _("How many"), _("First day (UTC)")),
        rows=tuple(
            (
                Cell(value=str(each.what), shown=_(OVERDUE[each.what])),
                _count(each.count, most, _behind(each.what)),
                Cell(value=_day(each.oldest) if each.oldest else "", shown="" if each.oldest else "–"),
            )
            for each in found
        ),
        nothing="",
    )


def decided(found: Sequence[overview.Day]) -> Sheet:
    """Rounds by the day they closed, newest first, and by how they ended. Outcomes that never came up have no column."""
    most = max(day.total.number for day in found)
    came_up = tuple(outcome for outcome in Outcome if any(day.counts.get(outcome) for day in found))
    never = languages.joined(label(outcome, "outcome") for outcome in Outcome if outcome not in came_up)
    return Sheet(
        name="decided",
        caption=_("Decided, by day and outcome"),
        columns=(_("Day (UTC)"), _("All"), *(label(outcome, "outcome") for outcome in came_up)),
        rows=tuple(_decided(day, came_up, most) for day in reversed(found)),
        nothing="",
        hint=_("Not once in this time: %(outcomes)s.", outcomes=never) if never else "",
        lines=_lines({_("All"): [day.total.number for day in found]}),
    )


def _decided(day: overview.Day, outcomes: Iterable[Outcome], most: int) -> tuple[Cell, ...]:
    def behind(outcome: str | None) -> str:
        return _link("desk.overview_cases", what="decided", day=_day(day.day), outcome=outcome)

    each = (_number(day.counts.get(outcome, 0), lambda outcome=outcome: behind(outcome)) for outcome in outcomes)  # type: ignore[misc]
    return (Cell(value=_day(day.day)), _count(day.total, most, behind(None) if day.total.number else ""), *each)


def released(found: Sequence[overview.ReleaseDay]) -> Sheet:
    """Releases by day, newest first, and what they brought to consumers."""

    def changes(day: overview.ReleaseDay, what: str) -> Callable[[], str]:
        return lambda: _link("desk.overview_listings", what=what, day=_day(day.day))

    most = max((day.releases.number for day in found), default=0)
    return Sheet(
        name="released",
        caption=_("Releases, with what they added and removed"),
        columns=(_("Day (UTC)"), _("Releases"), _("Added"), _("Removed")),
        rows=tuple(
            (
                Cell(value=_day(day.day)),
                _count(day.releases, most, ""),
                _number(day.added, changes(day, "added")),
                _number(day.removed, changes(day, "removed")),
            )
            for day in reversed(found)
        ),
        nothing="",
        lines=_lines({_("Added"): [day.added for day in found], _("Removed"): [day.removed for day in found]}),
    )


def refusing(found: Sequence[overview.Refusing], *, days: int) -> Sheet:
    """Which checks refused most often."""
    most = max((each.count for each in found), default=0)
    return Sheet(
        name="refused",
        caption=_("Which checks refused most often"),
        columns=(_("Check"), _("Refused attempts")),
        rows=tuple(
            (
                Cell(value=each.safeguard, shown=_check(each.safeguard)),
                Cell(
                    value=each.count,
                    address=_link("desk.overview_cases", what="refused", safeguard=each.safeguard, days=days),
                    share=each.count / most,
                ),
            )
            for each in found
        ),
        nothing=_("No check refused anything in this time."),
        hint=_("Among the newest %(number)s refused attempts of this time.", number=policy.OVERVIEW_REFUSALS),
    )


def misused(found: Sequence[overview.Misused], *, now: datetime) -> Sheet:
    """Which partners sent what was rejected as abusive."""
    most = max((each.cases for each in found), default=0)

    def suspended(each: overview.Misused) -> str:
        return _day(each.suspended_until) if each.suspended_until and each.suspended_until > now else ""

    return Sheet(
        name="misused",
        caption=_("Partners whose reports were rejected as abusive"),
        columns=(_("Partner"), _("Cases"), _("Newest (UTC)"), _("Only danger is taken until")),
        rows=tuple(
            (
                Cell(value=each.partner),
                Cell(value=each.cases, share=each.cases / most),
                Cell(value=_day(each.newest), address=_link("desk.case", reference=each.newest_case)),
                Cell(value=suspended(each), shown="" if suspended(each) else "–"),
            )
            for each in found
        ),
        nothing=_("None in this time."),
        hint=_(
            "Look before you act: an honest error never counts. First a warning, then a suspension (flask partners suspend). "
            "Who sent an anonymous report is not known, so nothing follows from it for anyone."
        ),
    )


def as_lines(sheet: Sheet) -> Iterable[Sequence[str]]:
    """The rows of a file, under the names of their columns."""
    yield sheet.columns
    for row in sheet.rows:
        yield [str(cell.value) for cell in row]


def _check(safeguard: str) -> str:
    module = SAFEGUARDS.get(safeguard)
    return f"{safeguard} {_(module.QUESTION)}" if module else safeguard


def _behind(what: Overdue) -> str:
    endpoint = "desk.overview_listings" if overview.is_of_listings(what) else "desk.overview_cases"
    return _link(endpoint, what=what)


def _count(count: Counted, most: int, address: str) -> Cell:
    text = f"{count.at_most - 1}+" if count.is_cut else str(count.number)
    return Cell(value=text, address=address if count.number else "", share=count.number / most if most else 0)


def _number(number: int, address: Callable[[], str]) -> Cell:
    return Cell(value=number, address=address() if number else "")


def _link(endpoint: str, **given: object) -> str:
    """The address of what is behind a figure; empty where this person's role may not open it."""
    if acting().role not in audience.of(current_app, endpoint):
        return ""
    return url_for(endpoint, **given)  # type: ignore[arg-type]


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def _lines(series: dict[str, list[int]]) -> tuple[Line, ...]:
    most = max((max(numbers) for numbers in series.values()), default=0) or 1
    return tuple(Line(name=name, points=_points(numbers, most)) for name, numbers in series.items())


def _points(numbers: Sequence[int], most: int) -> str:
    step = LINE_WIDTH / max(1, len(numbers) - 1)
    return " ".join(f"{place * step:.1f},{LINE_HEIGHT - LINE_HEIGHT * number / most:.1f}" for place, number in enumerate(numbers))
