"""Signing in, resting after failures, and how long a sign-in lives."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from moderation import people, policy
from moderation.errors import AlreadyExists, InvalidAnswer, NotFound, SignInRefused, UnknownRole
from moderation.models import AuditRecord, Person, SignIn
from moderation.vocabulary import SYSTEM, Actor, Role
from tests import builders
from tests.builders import NOON

EMAIL = "ada@desk.example"
SECOND = timedelta(seconds=1)
STEP = 1000


def token(text: str = "a token") -> bytes:
    return hashlib.sha256(text.encode()).digest()


def new(email: str = EMAIL, **changes) -> people.NewPerson:
    given = {"name": "Ada", "role": Role.MODERATOR, "password_hash": "hash of secret", "sealed_code_secret": b"sealed"}
    return people.NewPerson(email=email, **{**given, **changes})


def ada(session, **changes) -> Actor:
    people.add(session, new(**changes), reference=uuid.uuid4(), by=SYSTEM, at=NOON)
    return people.actor_by_email(session, EMAIL)


def enter(session, *, email=EMAIL, password="secret", step: int | None = STEP, at=NOON, given=None) -> Actor | SignInRefused:
    """Knock with a password, and with a code of this time step (None for a code of no step)."""
    return people.sign_in(
        session,
        email,
        password_matches=lambda stored: stored == f"hash of {password}",
        code_step=lambda sealed: step if sealed == b"sealed" else None,
        token_digest=given or token(str(uuid.uuid4())),
        at=at,
    )


@contextmanager
def told(session: Session, said: list[str]) -> Iterator[None]:
    """Gather in `said` what the database is asked meanwhile."""

    def listen(_connection, _cursor, statement, *_rest) -> None:
        said.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def refused(answer) -> bool:
    return isinstance(answer, SignInRefused)


class TestGettingIn:
    def test_the_right_password_and_code_get_in(self, session):
        actor = ada(session)
        assert enter(session, given=token()) == actor
        assert people.seen(session, token(), at=NOON) == actor
        assert session.scalars(select(AuditRecord.action).order_by(AuditRecord.id.desc())).first() == "signed in"

    def test_a_password_that_is_changed_while_it_is_checked_gets_nobody_in(self, session):
        ada(session)

        def changed_meanwhile(stored: str | None) -> bool:
            session.execute(update(Person).values(password_hash="hash of another"))
            return stored == "hash of secret"

        answer = people.sign_in(
            session, EMAIL, password_matches=changed_meanwhile, code_step=lambda _sealed: STEP, token_digest=token(), at=NOON
        )
        assert refused(answer)

    def test_nobody_waits_for_an_account_while_a_password_is_hashed(self, session):
        ada(session)
        locks: list[bool] = []

        def watched(stored: str | None) -> bool:
            locks.append(" FOR UPDATE" in " ".join(said))
            return stored == "hash of secret"

        said: list[str] = []
        with told(session, said):
            people.sign_in(session, EMAIL, password_matches=watched, code_step=lambda _sealed: STEP, token_digest=token(), at=NOON)
        assert locks == [False]
        assert " FOR UPDATE" in " ".join(said)

    def test_the_address_may_be_typed_in_any_case(self, session):
        actor = ada(session)
        assert enter(session, email="  ADA@Desk.Example ") == actor

    @pytest.mark.parametrize("wrong", [{"password": "guess"}, {"step": None}, {"email": "nobody@desk.example"}])
    def test_one_thing_wrong_is_refused_without_saying_which(self, session, wrong):
        ada(session)
        answer = enter(session, **wrong)
        assert str(answer) == people.REFUSED
        assert session.scalars(select(SignIn)).all() == []

    def test_an_unknown_persons_password_is_checked_as_long_as_anyones(self, session):
        asked = []
        people.sign_in(
            session,
            "nobody@desk.example",
            password_matches=lambda stored: bool(asked.append(stored)),
            code_step=lambda _: STEP,
            token_digest=token(),
            at=NOON,
        )
        assert asked == [None]

    def test_a_disabled_person_does_not_get_in(self, session):
        ada(session)
        people.disable(session, EMAIL, by=SYSTEM, at=NOON)
        assert refused(enter(session))


class TestCodes:
    def test_a_code_works_once(self, session):
        ada(session)
        enter(session)
        assert refused(enter(session, at=NOON + SECOND))

    def test_a_code_older_than_one_used_does_not_work(self, session):
        ada(session)
        enter(session)
        assert refused(enter(session, step=STEP - 1))

    def test_the_next_code_works(self, session):
        actor = ada(session)
        enter(session)
        assert enter(session, step=STEP + 1) == actor

    def test_a_code_typed_with_a_wrong_password_is_not_used_up(self, session):
        actor = ada(session)
        enter(session, password="guess")
        assert enter(session) == actor

    def test_a_demo_persons_code_works_more_than_once(self, session):
        actor = ada(session, is_demo=True)
        enter(session)
        assert enter(session) == actor


class TestResting:
    @staticmethod
    def fail(session, times: int, *, at=NOON) -> None:
        for _ in range(times):
            assert refused(enter(session, step=None, at=at))

    def test_one_failure_fewer_than_the_limit_rests_nobody(self, session):
        actor = ada(session)
        self.fail(session, policy.SIGN_IN_ATTEMPTS - 1)
        assert enter(session) == actor

    def test_too_many_failures_rest_the_account_even_for_the_right_password(self, session):
        ada(session)
        self.fail(session, policy.SIGN_IN_ATTEMPTS)
        assert refused(enter(session, at=NOON + policy.SIGN_IN_REST - SECOND))
        assert "sign-in rests" in session.scalars(select(AuditRecord.action)).all()

    def test_wrong_passwords_rest_nobody_so_no_stranger_can_keep_a_moderator_out(self, session):
        actor = ada(session)
        for _ in range(3 * policy.SIGN_IN_ATTEMPTS):
            assert refused(enter(session, password="guess"))
        assert enter(session) == actor

    def test_it_opens_again_by_itself(self, session):
        actor = ada(session)
        self.fail(session, policy.SIGN_IN_ATTEMPTS)
        assert enter(session, at=NOON + policy.SIGN_IN_REST) == actor

    def test_failures_while_resting_do_not_lengthen_the_rest(self, session):
        actor = ada(session)
        self.fail(session, 3 * policy.SIGN_IN_ATTEMPTS)
        assert enter(session, at=NOON + policy.SIGN_IN_REST) == actor

    def test_a_success_forgets_the_failures_before_it(self, session):
        ada(session)
        self.fail(session, policy.SIGN_IN_ATTEMPTS - 1)
        enter(session)
        self.fail(session, policy.SIGN_IN_ATTEMPTS - 1)
        assert not refused(enter(session, step=STEP + 1))

    def test_ones_failures_rest_nobody_else(self, session):
        ada(session)
        people.add(session, new("grace@desk.example", name="Grace"), reference=uuid.uuid4(), by=SYSTEM, at=NOON)
        self.fail(session, policy.SIGN_IN_ATTEMPTS)
        assert enter(session, email="grace@desk.example").name == "Grace"

    def test_a_wrong_code_counts_as_a_wrong_password_does(self, session):
        ada(session)
        for _ in range(policy.SIGN_IN_ATTEMPTS):
            enter(session, step=None)
        assert refused(enter(session))


class TestSignIns:
    def test_an_idle_sign_in_ends(self, session):
        ada(session)
        enter(session, given=token())
        assert people.seen(session, token(), at=NOON + policy.SESSION_IDLE - SECOND) is not None
        assert people.seen(session, token(), at=NOON + policy.SESSION_IDLE) is None

    def test_use_keeps_it_alive(self, session):
        ada(session)
        enter(session, given=token())
        people.touch(session, token(), at=NOON + timedelta(minutes=20))
        assert people.seen(session, token(), at=NOON + timedelta(minutes=45)) is not None

    def test_use_is_written_once_a_minute_at_most(self, session):
        ada(session)
        enter(session, given=token())
        times = [NOON + minutes * timedelta(seconds=30) for minutes in range(1, 7)]
        assert [people.touch(session, token(), at=at) for at in times] == [False, False, True, False, False, True]

    def test_no_use_keeps_it_beyond_one_long_shift(self, session):
        ada(session)
        enter(session, given=token())
        for minutes in range(20, 12 * 60, 20):
            people.touch(session, token(), at=NOON + timedelta(minutes=minutes))
        assert people.seen(session, token(), at=NOON + policy.SESSION_ABSOLUTE - SECOND) is not None
        assert people.seen(session, token(), at=NOON + policy.SESSION_ABSOLUTE) is None

    def test_signing_out_ends_this_sign_in_and_no_other(self, session):
        ada(session, is_demo=True)
        enter(session, given=token("phone"))
        enter(session, given=token("desk"))
        people.sign_out(session, token("phone"), at=NOON)
        assert people.seen(session, token("phone"), at=NOON) is None
        assert people.seen(session, token("desk"), at=NOON) is not None

    def test_disabling_a_person_ends_every_sign_in_at_once(self, session):
        ada(session, is_demo=True)
        enter(session, given=token("phone"))
        enter(session, given=token("desk"))
        people.disable(session, EMAIL, by=SYSTEM, at=NOON)
        assert [people.seen(session, token(one), at=NOON) for one in ("phone", "desk")] == [None, None]
        assert session.scalars(select(SignIn.ended_at)).all() == [NOON, NOON]

    def test_an_unknown_token_is_nobodys(self, session):
        assert people.seen(session, token(), at=NOON) is None


class TestAdding:
    def test_an_address_is_kept_in_small_letters_and_once(self, session):
        people.add(session, new("ADA@Desk.Example"), reference=uuid.uuid4(), by=SYSTEM, at=NOON)
        with pytest.raises(AlreadyExists):
            people.add(session, new(), reference=uuid.uuid4(), by=SYSTEM, at=NOON)
        assert session.scalars(select(Person.email)).all() == [EMAIL]

    @pytest.mark.parametrize("email", ["", "@", "ada", "ada@", "@desk.example", "a da@desk.example"])
    def test_what_is_no_address_is_refused(self, session, email):
        with pytest.raises(InvalidAnswer):
            people.add(session, new(email), reference=uuid.uuid4(), by=SYSTEM, at=NOON)

    def test_an_unknown_role_is_refused(self, session):
        with pytest.raises(UnknownRole):
            ada(session, role="king")

    def test_who_is_not_here_is_not_found(self, session):
        with pytest.raises(NotFound):
            people.disable(session, EMAIL, by=SYSTEM, at=NOON)
        with pytest.raises(NotFound):
            people.actor_by_email(session, EMAIL)

    def test_demo_people_are_told_apart(self, session):
        ada(session, is_demo=True)
        builders.person(session)
        assert [person.email for person in people.demo_people(session)] == [EMAIL]
