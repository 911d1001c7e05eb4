"""Two administrators name two networks alike at the same moment: one of them is told, and no two networks look the same."""

import uuid

import pytest
from sqlalchemy import select

from moderation import consumers
from moderation.consumers import Asked
from moderation.errors import AlreadyExists, InvalidAnswer
from moderation.models import Consumer, ConsumerApplication
from moderation.vocabulary import SYSTEM, Role, tidied
from tests import builders
from tests.builders import NOON
from tests.verbs.together import all_at_once, begun, until_somebody_waits

ALIKE = ("Example Net", "EXAMPLE\u00a0NET", "Example \u200bNet", "ＥＸＡＭＰＬＥ Net")
"""What one sees of them is the same, and to the database they are four."""


@pytest.fixture
def applied(database):
    """As many applications as there are names, and an administrator for each."""
    references = [uuid.uuid4() for _ in ALIKE]
    with database.transaction() as session:
        for reference in references:
            asked = Asked(
                organisation="Example Net",
                contact_name="Ada",
                contact_email="noc@example.net",
                territory="Utopia",
                software="BIND",
                formats=("rpz.zone",),
                purpose="To block what is listed.",
            )
            consumers.apply(session, asked, reference=reference, at=NOON)
        people = [builders.person(session, Role.ADMIN) for _ in ALIKE]
    return list(zip(references, ALIKE, people, strict=True))


def approve(database, reference, name, by):
    """What became of it: the name, or that it was refused."""
    digest = uuid.uuid4().bytes * 2
    try:
        with database.transaction() as session:
            consumers.approve(session, reference, name, consumer=uuid.uuid4(), invitation_digest=digest, by=by, at=NOON)
    except InvalidAnswer as refusal:
        return sorted(refusal.faults)
    return name


def add(session, name):
    consumers.add_consumer(
        session, name, token_digest=uuid.uuid4().bytes * 2, reference=uuid.uuid4(), address_formats=(), by=SYSTEM, at=NOON
    )


def names(database):
    with database.reading() as session:
        return session.scalars(select(Consumer.name)).all()


def test_of_several_at_the_same_moment_one_gets_the_name(database, applied):
    outcomes = all_at_once([lambda one=one: approve(database, *one) for one in applied])
    assert outcomes.count(["name"]) == len(ALIKE) - 1
    assert names(database) == [tidied(name) for name in outcomes if name != ["name"]]
    with database.reading() as session:
        still = session.scalars(select(ConsumerApplication.outcome)).all()
    assert sorted(str(outcome) for outcome in still) == ["None"] * (len(ALIKE) - 1) + ["approved"]


def test_the_second_waits_for_the_first_and_then_sees_its_name(database, applied):
    (first, name, by), second = applied[:2]
    with database.transaction() as session:
        consumers.approve(session, first, name, consumer=uuid.uuid4(), invitation_digest=b"1" * 32, by=by, at=NOON)
        later = begun(lambda: approve(database, *second))
        until_somebody_waits(database)
    assert later.result() == ["name"]
    assert names(database) == [name]


def test_where_the_first_is_taken_back_the_second_gets_the_name(database, applied):
    (first, name, by), second = applied[:2]

    class TakenBack(Exception):
        """The first changes their mind, or their connection breaks."""

    def begin_and_take_back():
        with database.transaction() as session:
            consumers.approve(session, first, name, consumer=uuid.uuid4(), invitation_digest=b"1" * 32, by=by, at=NOON)
            later = begun(lambda: approve(database, *second))
            until_somebody_waits(database)
            raise TakenBack(later)

    with pytest.raises(TakenBack) as told:
        begin_and_take_back()
    assert told.value.args[0].result() == second[1]
    assert names(database) == [tidied(second[1])]


def test_the_command_line_waits_for_the_desk_too(database, applied):
    (first, name, by), *_ = applied

    def at_the_command_line():
        with database.transaction() as session, pytest.raises(AlreadyExists):
            add(session, name.upper())

    with database.transaction() as session:
        consumers.approve(session, first, name, consumer=uuid.uuid4(), invitation_digest=b"1" * 32, by=by, at=NOON)
        later = begun(at_the_command_line)
        until_somebody_waits(database)
    later.result()
    assert names(database) == [name]
