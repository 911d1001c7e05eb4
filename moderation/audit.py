"""The write-once record: written in the same transaction as what it records. Seals are made apart, so that verbs never queue on a chain."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import CTE, Select, bindparam, func, insert, select
from sqlalchemy.orm import Session

from moderation import policy
from moderation.models import AuditRecord, AuditSeal
from moderation.vocabulary import Actor

GENESIS = bytes(32)
"""What the first seal follows."""

SEAL_LOCK = 0x466C6167_5365616C
"""Advisory lock of the one sealer at a time ("FlagSeal")."""

BATCH = 10_000

_COLUMNS = AuditRecord.table().c
_GIVEN = {name: bindparam(f"audit_{name}", type_=_COLUMNS[name].type) for name in ("at", "actor", "action", "subject", "detail")}
_RECORD = insert(AuditRecord.table()).values(_GIVEN).inline()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What `verify` found. `faults` is empty where every row and seal is as it was written."""

    rows: int
    seals: int
    unsealed: int
    faults: tuple[str, ...]
    newest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSeen:
    """One row, as auditors read it."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def record(session: Session, *, actor: Actor, action: str, subject: str, at: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """Write one row about `subject` (text such as `case:<reference>`). Never put in it what could tell a reporter."""
    session.execute(_RECORD, row(actor=actor, action=action, subject=subject, at=at, detail=detail))


def row(*, actor: Actor, action: str, subject: str, at: datetime, detail: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The same row as values for a statement that holds `record_of`."""
    given = {"at": at, "actor": actor.label, "action": action, "subject": subject, "detail": dict(detail or {})}
    return {f"audit_{name}": value for name, value in given.items()}


def record_of(acts: CTE) -> CTE:
    """Part of a statement: one row for each row of `acts`, with the values of `row`. A round trip less than `record`."""
    return insert(AuditRecord.table()).from_select(list(_GIVEN), select(*_GIVEN.values()).select_from(acts)).cte("recorded")


def seal(session: Session, *, at: datetime) -> int:
    """Seal the rows that no seal covers yet, in batches; returns how many.

    One sealer at a time: the lock ends with the transaction.
    """
    session.execute(select(func.pg_advisory_xact_lock(SEAL_LOCK)))
    return _seal_rows(session, _unsealed_since(_lookback(session)), at=at)


def seal_everything(session: Session, *, at: datetime) -> int:
    """As `seal`, but looks through the whole record for rows that were missed."""
    session.execute(select(func.pg_advisory_xact_lock(SEAL_LOCK)))
    return _seal_rows(session, _unsealed_since(0), at=at)


def newest_seal(session: Session) -> bytes | None:
    """Digest of the newest seal, for a release to carry."""
    return session.scalar(select(AuditSeal.digest).order_by(AuditSeal.id.desc()).limit(1))


def newest(session: Session, *, limit: int, offset: int = 0, subject: str = "") -> tuple[RecordSeen, ...]:
    """Rows, newest first; `subject` is whole, such as `case:<reference>`.

    In the order of their times and not of their keys: a report's time is kept to the hour, and its neighbours would tell it closer.
    """
    query = select(AuditRecord).order_by(AuditRecord.at.desc(), AuditRecord.id.desc()).limit(limit).offset(offset)
    rows = session.scalars(query.where(AuditRecord.subject == subject) if subject else query)
    return tuple(RecordSeen(at=row.at, actor=row.actor, action=row.action, subject=row.subject, detail=row.detail) for row in rows)


def verify(session: Session) -> Verification:
    """Recompute every seal from the rows it covers. Reads everything; writes nothing."""
    faults: list[str] = []
    previous, rows, seals = GENESIS, 0, 0
    sealed: set[int] = set()
    for row in session.scalars(select(AuditSeal).order_by(AuditSeal.id).execution_options(yield_per=20)):
        seals += 1
        faults += _faults_of(session, row, previous, sealed)
        rows += len(row.rows)
        sealed.update(row.rows)
        previous = row.digest
    total = session.scalar(select(func.count()).select_from(AuditRecord)) or 0
    return Verification(rows=rows, seals=seals, unsealed=total - rows, faults=tuple(faults), newest=previous)


def _faults_of(session: Session, row: AuditSeal, previous: bytes, sealed: set[int]) -> Iterator[str]:
    if row.previous != previous:
        yield f"Seal {row.id} does not follow the seal before it."
    if sealed.intersection(row.rows):
        yield f"Seal {row.id} covers rows that an earlier seal covers."
    found = list(session.scalars(select(AuditRecord).where(AuditRecord.id.in_(row.rows)).order_by(AuditRecord.id)))
    if missing := set(row.rows) - {record.id for record in found}:
        yield f"Seal {row.id} covers {len(missing)} rows that are gone, first {min(missing)}."
    elif _digest(row.previous, found) != row.digest:
        yield f"A row under seal {row.id} is not as it was sealed."


def _lookback(session: Session) -> int:
    newest = session.scalar(select(func.max(AuditSeal.last_row))) or 0
    return max(0, newest - policy.SEAL_LOOKBACK)


def _unsealed_since(row: int) -> Select[AuditRecord]:
    # An anti-join, because identifiers commit out of order: a row may appear behind a sealed one.
    covered = select(func.unnest(AuditSeal.rows).label("id")).where(AuditSeal.last_row >= row).subquery()
    missing = ~select(covered.c.id).where(covered.c.id == AuditRecord.id).exists()
    return select(AuditRecord).where(AuditRecord.id >= row, missing).order_by(AuditRecord.id).limit(BATCH)


def _seal_rows(session: Session, unsealed: Select[AuditRecord], *, at: datetime) -> int:
    previous = newest_seal(session) or GENESIS
    # To the hour, as the reports under it: a seal of each minute would tell the minute in which they came.
    at, total = at.replace(minute=0, second=0, microsecond=0), 0
    while batch := session.scalars(unsealed).all():
        digest = _digest(previous, batch)
        rows = [row.id for row in batch]
        session.execute(insert(AuditSeal).values(rows=rows, last_row=rows[-1], digest=digest, previous=previous, sealed_at=at))
        previous, total = digest, total + len(rows)
        # Let go of these rows alone: the caller's session may hold work of its own.
        for row in batch:
            session.expunge(row)
    return total


def _digest(previous: bytes, rows: Sequence[AuditRecord]) -> bytes:
    digest = hashlib.sha256(previous)
    for row in rows:
        line = [row.id, row.at.astimezone(UTC).isoformat(), row.actor, row.action, row.subject, row.detail]
        digest.update(orjson.dumps(line, option=orjson.OPT_SORT_KEYS) + b"\n")
    return digest.digest()
