"""Finds cases by what names them: a host, an address in any spelling, a phone, a handle, a wallet, a reference. Whole values, by index."""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, union
from sqlalchemy.orm import InstrumentedAttribute

from moderation import policy, resources
from moderation.errors import NothingReported, TooManyResources
from moderation.models import Case, Listing, ResourceRow
from moderation.vocabulary import Resource

_REFERENCE = re.compile(r"[0-9a-f]{8}[0-9a-f-]*")


def named(text: str) -> Select[int]:
    """SQL: keys of the cases whose resource or listing the text names, in every state."""
    text = text.strip()
    hosts = _hosts(text)
    forms = canonical_forms(text)
    by_resource = union(
        *(_newest(ResourceRow.id, condition) for condition in (ResourceRow.host.in_(hosts), ResourceRow.domain.in_(hosts))),
        select(ResourceRow.id).where(ResourceRow.kind.in_(resources.KINDS), ResourceRow.canonical.in_(forms)),
    ).subquery()
    parts = [
        select(Case.id).where(Case.resource_id.in_(select(by_resource.c.id))),
        _in_clear(_newest(Listing.case_id, Listing.host.in_(hosts), Listing.id)),
        _in_clear(_newest(Listing.case_id, Listing.target.in_([*forms, *hosts]), Listing.id)),
    ]
    if between := _reference_range(text):
        parts.append(select(Case.id).where(Case.reference.between(*between)))
        parts.append(select(Listing.case_id).where(Listing.reference.between(*between)))
    return select(union(*parts).subquery().c[0])


def _newest(
    column: InstrumentedAttribute[int], condition: ColumnElement[bool], order: InstrumentedAttribute[int] | None = None
) -> Select[int]:
    newest = select(column.label("id")).where(condition).order_by((order or column).desc()).limit(policy.QUEUE_FOUND)
    return select(newest.subquery().c.id)


def _in_clear(case_ids: Select[int]) -> Select[int]:
    """Those whose address was not sealed: what was listed once leads to none that was."""
    joined = select(Case.id).join(ResourceRow, ResourceRow.id == Case.resource_id)
    return joined.where(Case.id.in_(case_ids), ResourceRow.sealed_at.is_(None))


def canonical_forms(text: str) -> list[str]:
    """What a text is, and what it names as reporters write it: an address without its scheme, a number with blanks, a bare handle."""
    found = {text, text.lower()}
    for spelled in (text, *resources.handles(text)):
        found |= {each.canonical for each in _parsed(spelled)}
    return sorted(found)


def _hosts(text: str) -> list[str]:
    """The text as a name, and in the form in which names of other scripts are kept."""
    lowered = text.lower().rstrip(".")
    as_kept = (each for each in _parsed(lowered) if each.kind == "domain" or each.canonical.count("/") == 3)
    return sorted({lowered, *(each.host for each in as_kept if each.host)})


def _parsed(text: str) -> tuple[Resource, ...]:
    try:
        return tuple(each for each in resources.parse(text, text_digest=str) if each.kind != resources.WORDS)
    except (NothingReported, TooManyResources):
        return ()


def _reference_range(text: str) -> tuple[UUID, UUID] | None:
    """The references that begin so, from eight digits on: what the desk shows of one."""
    digits = text.lower().replace("-", "")
    if not _REFERENCE.fullmatch(text.lower()) or len(digits) > 32:
        return None
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
