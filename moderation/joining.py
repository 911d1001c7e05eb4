"""The statements by which a report is stored and joins cases: each does in one round trip what belongs together. `cases` decides which."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    JSON,
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Table,
    TableValuedAlias,
    and_,
    any_,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

from moderation import audit
from moderation.models import Case, CaseReport, ContactKey, Report, ReportKey, ReportMark, ResourceRow

_CASE, _REPORT, _RESOURCE = Case.table().c, Report.table().c, ResourceRow.table().c
_NAMES = ("kind", "canonical", "host", "domain")
_AT: BindParameter[Any] = bindparam("at", type_=_CASE.opened_at.type)


def _values(table: Table, *names: str) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name, type_=table.c[name].type) for name in names}


def _rows(named: str = "given", /, **types: TypeEngine[Any]) -> TableValuedAlias:
    """A row for each element of the lists that are bound to these names."""
    lists = (bindparam(name, type_=ARRAY(type_)) for name, type_ in types.items())
    return func.unnest(*lists).table_valued(*(column(name, type_) for name, type_ in types.items())).render_derived(name=named)


def _report() -> CTE:
    """The report, where no other has its receipt."""
    told = ("reference", "category", "danger_now", "language", "lane", "partner_id")
    given = _values(Report.table(), *told, "sealed", "text_signature", "contact", "recipient", "receipt_recipient", "receipt_digest")
    kept = insert_or(Report.table()).values(given | {"received_at": _AT})
    return kept.on_conflict_do_nothing(index_elements=[_REPORT.receipt_digest]).returning(_REPORT.id).cte("kept")


def _key(report: CTE, table: Table, name: str) -> CTE:
    """The key that is bound to `name`, where there is one: not every report has a contact."""
    # Cast, since a bare NULL in a comparison has no type.
    wrapped = cast(bindparam(name, type_=table.c.wrapped.type), table.c.wrapped.type)
    given = select(report.c.id, wrapped, bindparam("desk_key", type_=table.c.desk_key.type)).where(wrapped.is_not(None))
    return insert(table).from_select(["report_id", "wrapped", "desk_key"], given).cte(f"{table.name}_stored")


def _marks(report: CTE) -> CTE:
    """A row for each mark; a report without any costs next to nothing."""
    given = _rows("marked", marks=ReportMark.table().c.mark.type)
    rows = select(given.c.marks, report.c.id).select_from(given.join(report, true()))
    return insert(ReportMark.table()).from_select(["mark", "report_id"], rows).cte("marks_stored")


def _given_resources(**more: TypeEngine[Any]) -> CTE:
    """A row for each resource that is bound to `resources`: one text, since the driver takes long over each list."""
    types: dict[str, TypeEngine[Any]] = {**dict.fromkeys(_NAMES, _RESOURCE.kind.type), **more}
    each = func.json_to_recordset(bindparam("resources", type_=JSON()))
    rows = each.table_valued(*(column(name, type_) for name, type_ in types.items())).render_derived(name="each", with_types=True)
    return select(*(rows.c[name] for name in types)).cte("given")


def _resources(given: FromClause, source: FromClause) -> ReturningInsert[int, str, str]:
    """Those that nobody stored yet. Another's that is not committed is waited for."""
    rows = select(*(given.c[name] for name in _NAMES), _AT).select_from(source)
    kept = insert_or(ResourceRow.table()).from_select([*_NAMES, "first_reported_at"], rows).on_conflict_do_nothing()
    return kept.returning(_RESOURCE.id, _RESOURCE.kind, _RESOURCE.canonical)


def _opened(rows: FromClause, resource_id: ColumnElement[int], reference: ColumnElement[Any]) -> CTE:
    """A case for each row whose resource has none that is open."""
    told = _values(Case.table(), "state", "lane", "category", "danger_now", "from_partner", "priority", "channels", "stage_points")
    given = select(resource_id, reference, _AT, _AT, *told.values()).select_from(rows)
    kept = insert_or(Case.table()).from_select(["resource_id", "reference", "opened_at", "queued_at", *told], given)
    return kept.on_conflict_do_nothing().returning(_CASE.id, _CASE.resource_id).cte("opened")


def _joined(cases: FromClause, report_id: ColumnElement[int]) -> CTE:
    rows = select(cases.c.id, report_id)
    return insert_or(CaseReport.table()).from_select(["case_id", "report_id"], rows).on_conflict_do_nothing().cte("joined")


def _known(wanted: FromClause) -> Select[*tuple[Any, ...]]:
    """Those that are stored, each with its open case if there is one.

    Each is looked up by itself (LATERAL, and LIMIT holds PostgreSQL to it). A plan is kept for all reports of a connection, and PostgreSQL,
    which does not know how few they name, would plan to read the whole table for each.
    """
    told = (_CASE.category, _CASE.danger_now, _CASE.from_partner, _CASE.lane, _CASE.channels, _CASE.stage_points)
    one = (
        select(_RESOURCE.id, _RESOURCE.kind, _RESOURCE.canonical, _CASE.id.label("case_id"), *told)
        .outerjoin_from(ResourceRow.table(), Case.table(), and_(_CASE.resource_id == _RESOURCE.id, _CASE.closed_at.is_(None)))
        .where(_RESOURCE.kind == wanted.c.kind, _RESOURCE.canonical == wanted.c.canonical)
        .limit(literal_column("1"))
        .lateral("one")
    )
    return select(*one.c).join_from(wanted, one, true())


def _storing() -> Select[*tuple[Any, ...]]:
    report = _report()
    given = _given_resources(case_reference=_CASE.reference.type)
    stored = _resources(given, given.join(report, true())).cte("fresh")
    new = given.join(stored, and_(given.c.kind == stored.c.kind, given.c.canonical == stored.c.canonical))
    opened = _opened(new, stored.c.id, given.c.case_reference)
    joined = _joined(opened, select(report.c.id).scalar_subquery())
    count = select(func.count()).select_from(opened).scalar_subquery()
    keys = (_key(report, ReportKey.table(), "wrapped"), _key(report, ContactKey.table(), "wrapped_contact"))
    # What the statement itself stores it does not see here: these were there before.
    known = _known(given).subquery("known")
    told = select(report.c.id.label("report_id"), count.label("opened"), known).select_from(report.outerjoin(known, true()))
    return told.add_cte(*keys, _marks(report), audit.record_of(report), joined)


def _opening() -> Select[int]:
    given = _rows(resource_id=_CASE.resource_id.type, case_reference=_CASE.reference.type)
    # Held, and looked at again once held: whoever erases or seals a resource at this moment leaves nothing to open a case for.
    there = select(_RESOURCE.id, given.c.case_reference).join_from(given, ResourceRow.table(), _RESOURCE.id == given.c.resource_id)
    # Named once more as a list, by which PostgreSQL finds them without reading the table.
    few = _RESOURCE.id == any_(bindparam("resource_id", type_=ARRAY(_CASE.resource_id.type)))
    clear = there.where(few, _RESOURCE.erased_at.is_(None), _RESOURCE.sealed_at.is_(None))
    held = clear.with_for_update(of=ResourceRow.table(), read=True, key_share=True).cte("held")
    opened = _opened(held, held.c.id, held.c.case_reference)
    return select(opened.c.resource_id).add_cte(_joined(opened, bindparam("report_id", type_=_REPORT.id.type)))


def _joining(*, to_raise: bool) -> Select[int]:
    is_named = _CASE.id == any_(bindparam("case_ids", type_=ARRAY(_CASE.id.type)))
    wanted = select(_CASE.id).where(is_named, _CASE.closed_at.is_(None)).order_by(_CASE.id)
    locked = wanted.with_for_update(read=not to_raise, key_share=to_raise).cte("locked")
    return select(locked.c.id).add_cte(_joined(locked, bindparam("report_id", type_=_REPORT.id.type)))


STORE = _storing()
"""Stores a report, its key, its marks, its line in the record and its resources.

It opens the cases of those that were new and joins the report to them.
Returns the report's key and how many cases it opened, beside each resource that was stored before, as `KNOWN` gives it (one row of nulls
where none was); nothing, and it does nothing, where the same receipt is stored already.
"""

KEEP = _resources(_more := _given_resources(), _more)
"""Stores the resources that something added to a report names, where nobody stored them yet."""

KNOWN = _known(_rows("wanted", kind=_RESOURCE.kind.type, canonical=_RESOURCE.canonical.type))
"""The wanted (lists `kind`, `canonical`), each with its open case if there is one."""

OPEN = _opening()
"""Opens a case for stored resources (lists `resource_id`, `case_reference`) that have none open, and joins `report_id` to it."""

JOIN = _joining(to_raise=False)
"""Joins `report_id` to those of `case_ids` that are open, and holds them open until the transaction ends."""

JOIN_TO_RAISE = _joining(to_raise=True)
"""As `JOIN`, with a lock that lets the same transaction raise them without waiting for other reports to end."""
