"""The record is written once, sealed in a chain, and tells of any change to it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from moderation import audit, policy
from moderation.models import AuditRecord, AuditSeal, Case
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.builders import NOON
from tests.verbs.together import all_at_once


def write(session, times: int = 1) -> None:
    for number in range(times):
        audit.record(session, actor=SYSTEM, action="tried", subject=f"test:{number}", at=NOON, detail={"number": number, "word": "ü"})


def seals(session) -> list[AuditSeal]:
    return list(session.scalars(select(AuditSeal).order_by(AuditSeal.id)))


def change(session, statement: str) -> None:
    """What only somebody with the database's own key could do."""
    for table in ("audit_record", "audit_seal"):
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    session.execute(text(statement))


def test_every_row_is_sealed_once(session):
    write(session, 3)
    assert audit.seal(session, at=NOON) == 3
    assert audit.seal(session, at=NOON) == 0
    write(session, 2)
    assert audit.seal(session, at=NOON) == 2
    sealed = [row for seal in seals(session) for row in seal.rows]
    assert sealed == list(session.scalars(select(AuditRecord.id).order_by(AuditRecord.id)))


def test_each_seal_follows_the_one_before(session):
    for _ in range(3):
        write(session)
        audit.seal(session, at=NOON)
    found = seals(session)
    assert [seal.previous for seal in found] == [audit.GENESIS, found[0].digest, found[1].digest]
    assert audit.newest_seal(session) == found[2].digest


def test_many_rows_are_sealed_in_batches(session, monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 4)
    write(session, 10)
    assert audit.seal(session, at=NOON) == 10
    assert [len(seal.rows) for seal in seals(session)] == [4, 4, 2]
    assert audit.verify(session).faults == ()


def test_an_untouched_record_verifies(session):
    write(session, 3)
    audit.seal(session, at=NOON)
    seen = audit.verify(session)
    assert (seen.rows, seen.seals, seen.unsealed, seen.faults, seen.newest) == (3, 1, 0, (), audit.newest_seal(session))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET actor = 'senior:9' WHERE subject = 'test:1'",
        "UPDATE audit_record SET action = 'done' WHERE subject = 'test:1'",
        "UPDATE audit_record SET subject = 'test:7' WHERE subject = 'test:1'",
        "UPDATE audit_record SET at = at + interval '1 microsecond' WHERE subject = 'test:1'",
        "UPDATE audit_record SET detail = jsonb_set(detail, '{number}', '2') WHERE subject = 'test:1'",
    ],
)
def test_a_changed_row_is_found(session, statement):
    write(session, 3)
    audit.seal(session, at=NOON)
    change(session, statement)
    (fault,) = audit.verify(session).faults
    assert "not as it was sealed" in fault


def test_a_deleted_row_is_found(session):
    write(session, 3)
    audit.seal(session, at=NOON)
    change(session, "DELETE FROM audit_record WHERE subject = 'test:1'")
    (fault,) = audit.verify(session).faults
    assert "1 rows that are gone" in fault


def test_a_deleted_seal_is_found(session):
    for _ in range(3):
        write(session)
        audit.seal(session, at=NOON)
    change(session, f"DELETE FROM audit_seal WHERE id = {seals(session)[1].id}")
    seen = audit.verify(session)
    assert any("does not follow" in fault for fault in seen.faults)
    assert seen.unsealed == 1


def test_a_change_that_is_sealed_anew_breaks_the_chain(session):
    for _ in range(2):
        write(session)
        audit.seal(session, at=NOON)
    change(session, f"UPDATE audit_seal SET digest = decode(repeat('ab', 32), 'hex') WHERE id = {seals(session)[0].id}")
    session.expire_all()
    assert any("does not follow" in fault for fault in audit.verify(session).faults)


def test_rows_that_no_seal_covers_are_told(session):
    write(session)
    audit.seal(session, at=NOON)
    write(session, 2)
    seen = audit.verify(session)
    assert (seen.unsealed, seen.faults) == (2, ())


def test_a_row_that_commits_behind_a_sealed_one_is_sealed_later(database):
    with database.transaction() as slow:
        write(slow)
        with database.transaction() as quick:
            write(quick)
        with database.transaction() as sealer:
            assert audit.seal(sealer, at=NOON) == 1
    with database.transaction() as sealer:
        assert audit.seal(sealer, at=NOON) == 1
        first, second = seals(sealer)
        assert second.rows < first.rows
        seen = audit.verify(sealer)
    assert (seen.unsealed, seen.faults) == (0, ())


def test_a_seal_tells_the_hour_alone_for_reports_lie_under_it(session):
    write(session)
    audit.seal(session, at=NOON + timedelta(minutes=37, seconds=5))
    assert session.scalars(select(AuditSeal.sealed_at)).all() == [NOON]


def test_a_row_too_far_behind_for_the_job_is_found_before_the_record_is_verified(session):
    write(session, 2)
    first = session.scalars(select(func.min(AuditRecord.id))).one()
    session.execute(text("SELECT setval(pg_get_serial_sequence('audit_record', 'id'), :far)"), {"far": first + 2 * policy.SEAL_LOOKBACK})
    write(session)
    late = session.scalars(select(AuditRecord).where(AuditRecord.id > first).order_by(AuditRecord.id)).all()[-1:]
    seal = AuditSeal(rows=[late[0].id], last_row=late[0].id, previous=audit.GENESIS, sealed_at=NOON)
    seal.digest = audit._digest(audit.GENESIS, late)
    session.add(seal)
    session.flush()
    assert audit.seal(session, at=NOON) == 0
    assert audit.seal_everything(session, at=NOON) == 2
    assert audit.verify(session).faults == ()


def test_two_sealers_at_once_never_fork_the_chain(database):
    with database.transaction() as session:
        write(session, 20)

    def seal() -> int:
        with database.transaction() as session:
            write(session)
            return audit.seal(session, at=NOON)

    counts = all_at_once([seal] * 6)
    with database.reading() as session:
        seen = audit.verify(session)
        chain = [(seal.previous, seal.digest) for seal in seals(session)]
    assert sum(counts) == 26
    assert (seen.unsealed, seen.faults) == (0, ())
    assert [previous for previous, _ in chain[1:]] == [digest for _, digest in chain[:-1]]


def test_sealing_leaves_the_callers_own_work_alone(session):
    found = builders.case(session)
    found.priority = 77
    audit.seal(session, at=NOON)
    session.flush()
    assert session.scalars(select(Case.priority)).one() == 77


def test_the_record_holds_nothing_that_a_reporter_typed_or_could_be_known_by(session):
    made = builders.report(session, "https://jobs.test/offer/7?name=ada", at=NOON + timedelta(minutes=41))
    rows = session.scalars(select(AuditRecord).where(AuditRecord.subject == f"report:{made.reference}")).all()
    assert [(row.actor, row.at, row.detail) for row in rows] == [
        ("system", NOON, {"resources": 1, "category": "labour", "lane": "standard"}),
    ]


def test_people_are_in_the_record_by_role_and_number_alone(session):
    moderator = builders.person(session, name="Ada Lovelace", email="ada@desk.example")
    found = builders.claimed(session, builders.case(session), moderator)
    builders.propose(session, found, moderator)
    written = " ".join(session.scalars(select(func.concat(AuditRecord.actor, AuditRecord.action, AuditRecord.subject, AuditRecord.detail))))
    assert f"moderator:{moderator.person_id}" in written
    assert "Ada" not in written
    assert "ada@" not in written
