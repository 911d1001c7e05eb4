"""The overview for seniors: figures of the whole desk, each with a file, and the cases and listings behind them. Names no person."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app import clock, spreadsheets
from app.audience import audience
from app.database import request_session
from app.desk import desk, overview_tables
from app.desk.overview_tables import OVERDUE, Sheet
from moderation import overview, policy
from moderation.overview import Behind, Overdue
from moderation.safeguards import SAFEGUARDS
from moderation.vocabulary import Outcome, Role

OVERSEERS = (Role.SENIOR, Role.AUDITOR, Role.ADMIN)
CHANGES = {"added": "add", "removed": "remove"}


@desk.get("/overview")
@audience(*OVERSEERS)
def overview_page() -> ResponseReturnValue:
    """Every table, over one of the periods."""
    days = _days()
    sheets = tuple(sheet(days, clock.now()) for sheet in SHEETS.values())
    return render_template("desk/overview.html", sheets=sheets, days=days, periods=policy.OVERVIEW_DAYS)


@desk.get("/overview/<name>.csv")
@audience(*OVERSEERS)
def overview_file(name: str) -> ResponseReturnValue:
    """One table as a file."""
    if name not in SHEETS:
        abort(404)
    lines = overview_tables.as_lines(SHEETS[name](_days(), clock.now()))
    response = Response(spreadsheets.written(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@desk.get("/overview/cases/<what>")
@audience(Role.SENIOR)
def overview_cases(what: str) -> ResponseReturnValue:
    """The cases behind a figure."""
    session, outcome, check = request_session(), request.args.get("outcome"), request.args.get("safeguard", "")
    if what == "decided" and (outcome is None or outcome in tuple(Outcome)):
        return _behind(what, overview.decided_cases(session, Outcome(outcome) if outcome else None, day=_day()), outcome=outcome)
    if what == "refused" and check in SAFEGUARDS:
        since = overview.days_until(clock.now(), _days())[0]
        return _behind(what, overview.refused_cases(session, check, since=since), safeguard=check)
    return _behind_overdue(what, of_listings=False)


@desk.get("/overview/listings/<what>")
@audience(*OVERSEERS)
def overview_listings(what: str) -> ResponseReturnValue:
    """The listings behind a figure."""
    if what in CHANGES:
        return _behind(what, overview.released_changes(request_session(), CHANGES[what], day=_day()))
    return _behind_overdue(what, of_listings=True)


def _waiting(_days: int, now: datetime) -> Sheet:
    return overview_tables.waiting(overview.waiting(request_session()), now=now)


def _overdue(_days: int, now: datetime) -> Sheet:
    return overview_tables.overdue(overview.overdue(request_session(), at=now), now=now)


def _decided(days: int, now: datetime) -> Sheet:
    return overview_tables.decided(overview.decided(request_session(), at=now, days=days))


def _released(days: int, now: datetime) -> Sheet:
    return overview_tables.released(overview.released(request_session(), at=now, days=days))


def _refused(days: int, now: datetime) -> Sheet:
    return overview_tables.refusing(overview.refusing(request_session(), at=now, days=days), days=days)


def _misused(days: int, now: datetime) -> Sheet:
    return overview_tables.misused(overview.misused(request_session(), at=now, days=days), now=now)


SHEETS: dict[str, Callable[[int, datetime], Sheet]] = {
    "waiting": _waiting,
    "overdue": _overdue,
    "decided": _decided,
    "released": _released,
    "refused": _refused,
    "misused": _misused,
}


def _behind_overdue(what: str, *, of_listings: bool) -> ResponseReturnValue:
    found = next((each for each in Overdue if each == what), None)
    if found is None or overview.is_of_listings(found) is not of_listings:
        abort(404)
    return _behind(what, overview.overdue_things(request_session(), found, at=clock.now()))


def _behind(what: str, found: tuple[Behind, ...], *, outcome: str | None = None, safeguard: str = "") -> ResponseReturnValue:
    return render_template(
        "desk/overview_behind.html",
        what=what,
        heading=next((words for each, words in OVERDUE.items() if each == what), ""),
        found=found,
        outcome=outcome,
        check=safeguard,
        day=request.args.get("day", ""),
        most=policy.OVERVIEW_SHOWN,
    )


def _days() -> int:
    asked = request.args.get("days", "")
    return next((days for days in policy.OVERVIEW_DAYS if str(days) == asked), policy.OVERVIEW_DAYS[0])


def _day() -> datetime:
    try:
        return datetime.strptime(request.args.get("day", ""), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        abort(404)
