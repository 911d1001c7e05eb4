"""The figures: what waits and for how long, what was decided and released by day, what is overdue, what safeguards refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, column, func, literal, select, true, union_all, values
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Session

from moderation import policy
from moderation.models import Case, CaseReport, Decision, Partner, RefusedAssessment, Release, Report, Round
from moderation.overview.selecting import Overdue, days_as_rows, days_until, keys_of
from moderation.vocabulary import DeskLane, Effect, Outcome

PARKED = "parked"
IN_A_LANE = (Case.closed_at.is_(None), Case.parked_until.is_(None))
"""What waits in its lane, free or held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A count that stops at a bound, so that it costs no more in a flood."""

    number: int
    at_most: int

    @property
    def is_cut(self) -> bool:
        """Whether there may be more."""
        return self.number >= self.at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits in one lane of the desk, or is parked. Where the count is cut, median and 90th percentile are those of a sample."""

    lane: str
    """A `DeskLane`, or `PARKED`."""
    count: Counted
    oldest: datetime
    median: datetime
    ninetieth: datetime
    """Nine in ten wait since then, or for less long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How many rounds closed on one day in UTC, by how they ended."""

    day: datetime
    counts: Mapping[Outcome, int]
    total: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDay:
    """Releases of one day in UTC, and what they brought to consumers."""

    day: datetime
    releases: Counted
    added: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueFigure:
    """How much of one sort is overdue; `oldest` is None where nothing is."""

    what: Overdue
    count: Counted
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusing:
    """How many attempts a safeguard refused, of the newest ones that are looked at."""

    safeguard: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Misused:
    """A partner, never a person, and the cases with a report of theirs that were rejected as abusive."""

    partner: str
    cases: int
    newest: datetime
    newest_case: UUID
    suspended_until: datetime | None


def waiting(session: Session, *, at_most: int = policy.OVERVIEW_SAMPLE) -> tuple[Waiting, ...]:
    """Every lane in which something waits, then what is parked. What somebody holds is counted in its lane."""
    place = {lane: number for number, lane in enumerate((*DeskLane, PARKED))}
    query = union_all(_in_lanes(at_most), _parked(at_most))
    found = (_waiting(row, at_most) for row in session.execute(query) if row.number)
    return tuple(sorted(found, key=lambda each: place[each.lane]))


def _in_lanes(at_most: int) -> Select[Any]:
    lane = values(column("lane", Text), name="lanes").data([(str(each),) for each in DeskLane])
    here = select(Case.opened_at).where(Case.desk_lane == lane.c.lane)
    # References are random, so their order draws a fair sample, at the cost of its size alone. What is held is little.
    free = here.where(Case.holder_id.is_(None), *IN_A_LANE).order_by(Case.reference).limit(at_most).correlate(lane)
    held = here.where(Case.holder_id.is_not(None)).limit(at_most).correlate(lane)
    drawn = _ages(union_all(free, held).subquery().lateral("sample")).correlate(lane).lateral("drawn")
    first = here.where(*IN_A_LANE).order_by(Case.opened_at).limit(1).correlate(lane).lateral("first")
    return select(lane.c.lane, drawn, first.c.opened_at.label("oldest")).select_from(lane).join(drawn, true()).join(first, true())


def _parked(at_most: int) -> Select[Any]:
    parked = Case.parked_until.is_not(None)
    soonest = select(Case.opened_at).where(parked).order_by(Case.parked_until).limit(at_most).subquery()
    drawn = _ages(soonest).subquery()
    return select(literal(PARKED), drawn, select(func.min(soonest.c.opened_at)).scalar_subquery())


def _ages(sample: Any) -> Select[Any]:  # noqa: ANN401 - selectables of SQLAlchemy
    return select(
        func.count().label("number"),
        func.percentile_disc(0.5).within_group(sample.c.opened_at).label("median"),
        func.percentile_disc(0.1).within_group(sample.c.opened_at).label("ninetieth"),
    ).select_from(sample)


def _waiting(row: Any, at_most: int) -> Waiting:  # noqa: ANN401 - a row of labels
    return Waiting(
        lane=row.lane,
        count=Counted(number=min(row.number, at_most), at_most=at_most),
        oldest=row.oldest,
        median=row.median,
        ninetieth=row.ninetieth,
    )


def decided(session: Session, *, at: datetime, days: int) -> tuple[Day, ...]:
    """Each of the last days with how its rounds ended, the present day last."""
    found: dict[datetime, dict[Outcome, int]] = {day: {} for day in days_until(at, days)}
    period = days_as_rows(tuple(found))
    # A round that was withdrawn has no decision: how each ended stands with the round itself.
    of_day = Round.closed_at >= period.c.day, Round.closed_at < period.c.until
    few = select(Round.outcome).where(*of_day).limit(policy.OVERVIEW_PER_DAY).correlate(period).lateral("few")
    query = select(period.c.day, few.c.outcome, func.count().label("number")).join(few, true()).group_by(period.c.day, few.c.outcome)
    for row in session.execute(query):
        found[row.day][Outcome(row.outcome)] = row.number
    return tuple(Day(day=day, counts=counts, total=_of_day(sum(counts.values()))) for day, counts in found.items())


def released(session: Session, *, at: datetime, days: int) -> tuple[ReleaseDay, ...]:
    """Each of the last days with its releases, the present day last."""
    period = days_as_rows(days_until(at, days))
    of_day = Release.published_at >= period.c.day, Release.published_at < period.c.until
    few = select(Release.added, Release.removed).where(*of_day).limit(policy.OVERVIEW_PER_DAY).correlate(period).lateral("few")
    sums = (func.coalesce(func.sum(few.c[name]), 0).label(name) for name in ("added", "removed"))
    query = (
        select(period.c.day, func.count(few.c.added).label("releases"), *sums)
        .outerjoin(few, true())
        .group_by(period.c.day)
        .order_by(period.c.day)
    )
    return tuple(
        ReleaseDay(day=row.day, releases=_of_day(row.releases), added=int(row.added), removed=int(row.removed))
        for row in session.execute(query)
    )


def overdue(session: Session, *, at: datetime) -> tuple[OverdueFigure, ...]:
    """Everything that can be overdue, also where nothing is."""
    parts = []
    for what in Overdue:
        few = keys_of(what, at=at).limit(policy.OVERVIEW_SAMPLE).subquery()
        parts.append(select(literal(str(what)).label("what"), func.count().label("number"), func.min(few.c.since).label("oldest")))
    found = {row.what: row for row in session.execute(union_all(*parts))}
    return tuple(
        OverdueFigure(what=what, count=Counted(number=found[what].number, at_most=policy.OVERVIEW_SAMPLE), oldest=found[what].oldest)
        for what in Overdue
    )


def refusing(session: Session, *, at: datetime, days: int) -> tuple[Refusing, ...]:
    """Safeguards by how many attempts they refused, the most first."""
    newest = (
        select(RefusedAssessment.id, RefusedAssessment.findings)
        .where(RefusedAssessment.made_at >= days_until(at, days)[0])
        .order_by(RefusedAssessment.made_at.desc())
        .limit(policy.OVERVIEW_REFUSALS)
        .subquery()
    )
    finding = func.jsonb_array_elements(newest.c.findings).table_valued(column("value", JSONB)).render_derived(name="finding")
    safeguard, effect = (finding.c.value[name].astext for name in ("safeguard", "effect"))
    number = func.count(newest.c.id.distinct())
    query = select(safeguard.label("safeguard"), number.label("number")).select_from(newest).join(finding, true())
    rows = session.execute(query.where(effect == Effect.BLOCK).group_by(safeguard).order_by(number.desc(), safeguard))
    return tuple(Refusing(safeguard=row.safeguard, count=row.number) for row in rows)


def misused(session: Session, *, at: datetime, days: int) -> tuple[Misused, ...]:
    """Partners by how many cases with a report of theirs were rejected as abusive, the most first: for who may warn or suspend them.

    Nobody else can be told apart: who sent an anonymous report is not known.
    """
    since = days_until(at, days)[0]
    query = (
        select(Partner.name, Partner.suspended_until, func.count(Case.id.distinct()).label("number"))
        .add_columns(func.max(Decision.decided_at).label("newest"))
        .add_columns(func.array_agg(aggregate_order_by(Case.reference, Decision.id.desc()))[1].label("case"))
        .select_from(Decision)
        .join(Case, Case.id == Decision.case_id)
        .join(CaseReport, CaseReport.case_id == Case.id)
        .join(Report, Report.id == CaseReport.report_id)
        .join(Partner, Partner.id == Report.partner_id)
        .where(Decision.outcome == Outcome.REJECT_ABUSE, Decision.decided_at >= since)
        .group_by(Partner.id)
    )
    rows = session.execute(query.order_by(func.count(Case.id.distinct()).desc(), Partner.name).limit(policy.OVERVIEW_SHOWN))
    return tuple(
        Misused(partner=row.name, cases=row.number, newest=row.newest, newest_case=row.case, suspended_until=row.suspended_until)
        for row in rows
    )


def _of_day(number: int) -> Counted:
    return Counted(number=number, at_most=policy.OVERVIEW_PER_DAY)
