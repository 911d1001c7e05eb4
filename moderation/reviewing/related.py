"""Cases that may belong together, each with its reason. Merges nothing, and tells nothing of who reported or what anyone concluded."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Row, Select, and_, bindparam, column, func, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from moderation import policy, resources
from moderation.models import Case, CaseReport, Report, ReportMark, ResourceRow
from moderation.reviewing.case_view import CaseView
from moderation.reviewing.seen import Clues, Nearness, Reason, RelatedCase
from moderation.states import State
from moderation.vocabulary import KnownHost, Resource

_MARK = ReportMark.table().c.mark.type
_WANTED = func.unnest(bindparam("marks", type_=ARRAY(_MARK))).table_valued(column("mark", _MARK)).render_derived(name="wanted")


def others(session: Session, case: Case, resource: Resource, known: Collection[KnownHost]) -> tuple[RelatedCase, ...]:
    """Other cases on this resource, on its host, with or without `www.`, or on its domain, newest first.

    A name that many unrelated people share joins nothing but the resource itself.
    """
    hosts, domain = _own_names(resource, known)
    near = [ResourceRow.id == case.resource_id]
    named = [*([ResourceRow.host.in_(hosts)] if hosts else []), *([ResourceRow.domain == domain] if domain else [])]
    near += [and_(or_(*named), ResourceRow.kind.not_in(resources.ON_A_SERVICE))] if named else []
    found = select(ResourceRow.id, ResourceRow.kind, ResourceRow.canonical, ResourceRow.host).where(or_(*near))
    looked_at = found.limit(policy.RELATED_LOOKED_AT).subquery()
    rows = session.execute(
        select(Case.reference, Case.state, Case.resource_id, looked_at.c.kind, looked_at.c.canonical, looked_at.c.host)
        .join(looked_at, looked_at.c.id == Case.resource_id)
        .where(Case.id != case.id)
        .order_by((Case.resource_id == case.resource_id).desc(), Case.id.desc())
        .limit(2 * policy.RELATED_SHOWN)
    )
    return tuple(_related(row, _by_name(row, case, resource)) for row in rows)


def near(session: Session, view: CaseView, clues: Clues) -> tuple[RelatedCase, ...]:
    """Cases that the texts of this one's reports lead to, those with most reasons first; `clues` are read by who holds the key."""
    reasons: defaultdict[Any, dict[Reason, None]] = defaultdict(dict)
    rows: dict[Any, Any] = {}
    for row, reason in (*_named(session, view, clues), *_marked(session, view, clues)):
        rows[row.reference] = row
        reasons[row.reference][reason] = None
    ordered = sorted(rows, key=lambda reference: -len(reasons[reference]))[: policy.RELATED_SHOWN]
    return tuple(_related(rows[reference], *reasons[reference]) for reference in ordered)


def similarity(one: bytes, other: bytes) -> float:
    """Estimate which share of two texts' parts is the same, by their signatures; 0 where either has none."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(one[at : at + 2] == other[at : at + 2] for at in range(0, len(one), 2)) / (len(one) // 2)


def _cases(*more: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    return select(Case.reference, Case.state, ResourceRow.kind, ResourceRow.canonical, *more)


def _related(row: Row[*tuple[Any, ...]], *reasons: Reason) -> RelatedCase:
    return RelatedCase(reference=row.reference, kind=row.kind, canonical=row.canonical, state=State(row.state), reasons=reasons)


def _own_names(resource: Resource, known: Collection[KnownHost]) -> tuple[tuple[str, ...], str | None]:
    """The hosts and the registrable domain that are this resource's own, not shared with strangers."""
    if not resource.host or resource.kind in resources.ON_A_SERVICE:
        return (), None
    shared = {line.host for line in known if line.host_class in policy.PLATFORM_CLASSES}
    bare = resource.host.removeprefix("www.")
    if resource.host in shared or bare in shared:
        return (), None
    above = {line for line in shared if resource.domain and (line == resource.domain or line.endswith(f".{resource.domain}"))}
    return (resource.host, bare if bare != resource.host else f"www.{bare}"), None if above else resource.domain


def _by_name(row: Row[*tuple[Any, ...]], case: Case, resource: Resource) -> Reason:
    if row.resource_id == case.resource_id:
        return Reason(Nearness.SAME_RESOURCE)
    if row.host == resource.host:
        return Reason(Nearness.SAME_HOST)
    is_sibling = (row.host or "").removeprefix("www.") == (resource.host or "").removeprefix("www.")
    return Reason(Nearness.WITH_OR_WITHOUT_WWW if is_sibling else Nearness.SAME_DOMAIN)


def _named(session: Session, view: CaseView, clues: Clues) -> Iterator[tuple[Any, Reason]]:
    """Cases on what the texts name."""
    named = [(kind, canonical) for kind, canonical in clues.named.values() if canonical != view.resource.canonical]
    if not named:
        return iter(())
    rows = session.execute(
        _cases()
        .join(ResourceRow, ResourceRow.id == Case.resource_id)
        .where(tuple_(ResourceRow.kind, ResourceRow.canonical).in_(named), Case.reference != view.reference)
        .order_by(Case.id.desc())
        .limit(policy.RELATED_LOOKED_AT)
    )
    return ((row, Reason(Nearness.NAMED_HERE, row.kind)) for row in rows)


def _marked(session: Session, view: CaseView, clues: Clues) -> Iterator[tuple[Any, Reason]]:
    """Cases whose reports' texts bear the same marks. A report that is in this case too joins nothing: that would tell who sent what."""
    marks = [*([clues.own] if clues.own else []), *clues.named, *clues.bands][: policy.RELATED_MARKS]
    # The newest of each mark alone: a text that was sent ten thousand times must not be read so often.
    bearing = select(ReportMark.report_id).where(ReportMark.mark == _WANTED.c.mark).order_by(ReportMark.report_id.desc())
    newest = bearing.limit(policy.RELATED_LOOKED_AT).lateral("newest")
    mine = select(CaseReport.report_id).join(Case, Case.id == CaseReport.case_id)
    is_mine = mine.where(Case.reference == view.reference, CaseReport.report_id == newest.c.report_id).exists()
    rows = session.execute(
        _cases(_WANTED.c.mark, Report.text_signature)
        .select_from(_WANTED)
        .join(newest, true())
        .join(CaseReport, CaseReport.report_id == newest.c.report_id)
        .join(Case, Case.id == CaseReport.case_id)
        .join(ResourceRow, ResourceRow.id == Case.resource_id)
        .join(Report, Report.id == newest.c.report_id)
        .where(~is_mine, Case.reference != view.reference)
        .order_by(Case.id.desc()),
        {"marks": marks},
    )
    for row in rows:
        reason = _by_mark(row.mark, row.text_signature or b"", view, clues)
        if reason is not None:
            yield row, reason


def _by_mark(mark: bytes, signature: bytes, view: CaseView, clues: Clues) -> Reason | None:
    if mark == clues.own:
        return Reason(Nearness.NAMES_THIS, view.resource.kind)
    if mark in clues.named:
        return Reason(Nearness.BOTH_NAME, clues.named[mark][0])
    is_near = any(similarity(report.text_signature or b"", signature) >= policy.NEAR_TEXT for report in view.reports)
    return Reason(Nearness.NEAR_TEXT) if is_near else None
