"""People who work here and their sign-ins. Checks no password itself: what matches is asked of the caller, who has the libraries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from moderation import audit, leaving, policy
from moderation.errors import AlreadyExists, InvalidAnswer, NotFound, SignInRefused, UnknownRole
from moderation.models import Person, SignIn
from moderation.vocabulary import N_, SYSTEM, Actor, Role

REFUSED = N_("E-mail, password and code do not match. Check all three; a code is good for 30 seconds and works once.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeen:
    """A person as a list of people shows them."""

    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person to add, with their credentials hashed and sealed."""

    email: str
    name: str
    role: str
    password_hash: str
    sealed_code_secret: bytes
    organisation: str = ""
    is_demo: bool = False


def add(session: Session, new: NewPerson, *, reference: UUID, by: Actor, at: datetime) -> PersonSeen:
    """Let a person work here.

    Raises:
        UnknownRole, AlreadyExists; InvalidAnswer: not an e-mail address.
    """
    email = new.email.strip().lower()
    if new.role not in tuple(Role):
        raise UnknownRole(f"There is no role {new.role}; there are {', '.join(Role)}.")
    if "@" not in email.strip("@") or " " in email:
        raise InvalidAnswer({"email": f"{email or 'Nothing'} is not an e-mail address."})
    if session.scalar(select(Person.id).where(Person.email == email)):
        raise AlreadyExists(f"{email} is here already.")
    person = Person(
        reference=reference,
        email=email,
        name=new.name,
        role=new.role,
        organisation=new.organisation,
        password_hash=new.password_hash,
        sealed_code_secret=new.sealed_code_secret,
        is_demo=new.is_demo,
        created_at=at,
    )
    session.add(person)
    session.flush()
    audit.record(session, actor=by, action="person added", subject=f"person:{person.id}", at=at, detail={"role": new.role})
    return PersonSeen(email=email, name=new.name, role=Role(new.role))


def sign_in(
    session: Session,
    email: str,
    *,
    password_matches: Callable[[str | None], bool],
    code_step: Callable[[bytes | None], int | None],
    token_digest: bytes,
    at: datetime,
) -> Actor | SignInRefused:
    """Sign a person in, or say that it is refused: returned, not raised, so that the failed attempt is kept.

    `password_matches` gets the stored hash; `code_step` gets the sealed secret and answers with the time step that the code belongs to,
    or None. Both get None for an unknown person, and must take as long then. Too many wrong codes after a right password rest the
    account. What is told is the same for known and unknown people.
    """
    this_one = Person.email == email.strip().lower()
    # Before the row is locked: attempts on a known account would wait for each other's slow hash, and those on an unknown one would not.
    password_hash = session.scalar(select(Person.password_hash).where(this_one))
    knows_password = password_matches(password_hash)
    person = session.scalar(select(Person).where(this_one).with_for_update())
    step = code_step(person.sealed_code_secret if person else None)
    if person is None or person.disabled_at is not None or _rests(person, at):
        return SignInRefused(REFUSED)
    fresh = step is not None and (person.is_demo or step > person.last_code_step)
    if not knows_password or person.password_hash != password_hash:
        return SignInRefused(REFUSED)
    if step is None or not fresh:
        # Only who knows the password can make an account rest: anyone else could keep a moderator out for good.
        _count_failure(session, person, at=at)
        return SignInRefused(REFUSED)
    person.failed_attempts, person.rests_until, person.last_code_step = 0, None, step
    session.add(SignIn(person_id=person.id, token_digest=token_digest, created_at=at, seen_at=at, ends_at=at + policy.SESSION_ABSOLUTE))
    session.flush()
    actor = _actor(person)
    audit.record(session, actor=actor, action="signed in", subject=f"person:{person.id}", at=at)
    return actor


def seen(session: Session, token_digest: bytes, *, at: datetime) -> Actor | None:
    """Who holds this sign-in, if it lives: not ended, not idle too long, not over its absolute limit, the person not disabled."""
    row = session.execute(
        select(SignIn.id, SignIn.seen_at, Person.id.label("person_id"), Person.role, Person.name, Person.shortcuts, Person.language)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_digest == token_digest,
            SignIn.ended_at.is_(None),
            SignIn.ends_at > at,
            SignIn.seen_at > at - policy.SESSION_IDLE,
            Person.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return Actor(person_id=row.person_id, role=Role(row.role), name=row.name, shortcuts=row.shortcuts, language=row.language)


def touch(session: Session, token_digest: bytes, *, at: datetime) -> bool:
    """Note that a sign-in was used, at most once a minute; returns whether there was anything to write."""
    stale = (SignIn.token_digest == token_digest) & SignIn.ended_at.is_(None) & (SignIn.seen_at < at - policy.SESSION_TOUCH)
    return bool(session.execute(update(SignIn).where(stale).values(seen_at=at).returning(SignIn.id)).all())


def switch_shortcuts(session: Session, *, on: bool, by: Actor) -> None:
    """Keep whether single keys do something for this person, at every sign-in to come."""
    session.execute(update(Person).where(Person.id == by.person_id).values(shortcuts=on))


def choose_language(session: Session, language: str, *, by: Actor) -> None:
    """Keep the language that the desk speaks to this person at every sign-in to come; empty for whatever their browser asks for."""
    session.execute(update(Person).where(Person.id == by.person_id).values(language=language))


def sign_out(session: Session, token_digest: bytes, *, at: datetime) -> None:
    """End one sign-in."""
    session.execute(update(SignIn).where(SignIn.token_digest == token_digest, SignIn.ended_at.is_(None)).values(ended_at=at))


def disable(session: Session, email: str, *, by: Actor, at: datetime) -> None:
    """Close an account, end all its sign-ins and let its open work go, at once.

    Raises:
        NotFound
    """
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if person is None:
        raise NotFound(f"Nobody here has the address {email}.")
    # This takes the person's row, which whoever gives them a case or a seat holds (`holding`): what was claimed until now is seen below.
    person.disabled_at = at
    session.flush()
    session.execute(update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=at))
    leaving.let_go(session, person.id, by=by, at=at)
    audit.record(session, actor=by, action="person disabled", subject=f"person:{person.id}", at=at)


def let_left_go(session: Session, *, at: datetime) -> int:
    """Let go whatever still hangs on one closed account; returns 0 where nothing does. Call again until then."""
    return leaving.let_left_go(session, at=at)


def count(session: Session) -> int:
    """How many people there are."""
    return session.scalar(select(func.count()).select_from(Person)) or 0


def demo_people(session: Session) -> tuple[PersonSeen, ...]:
    """The demo people, in order of their making."""
    rows = session.execute(
        select(Person.email, Person.name, Person.role).where(Person.is_demo, Person.disabled_at.is_(None)).order_by(Person.id)
    )
    return tuple(PersonSeen(email=row.email, name=row.name, role=Role(row.role)) for row in rows)


def actor_by_email(session: Session, email: str) -> Actor:
    """The person as an actor, for commands and demo data.

    Raises:
        NotFound
    """
    person = session.scalar(select(Person).where(Person.email == email.strip().lower(), Person.disabled_at.is_(None)))
    if person is None:
        raise NotFound(f"Nobody here has the address {email}.")
    return _actor(person)


def _actor(person: Person) -> Actor:
    return Actor(person_id=person.id, role=Role(person.role), name=person.name, shortcuts=person.shortcuts, language=person.language)


def _rests(person: Person, at: datetime) -> bool:
    return person.rests_until is not None and person.rests_until > at


def _count_failure(session: Session, person: Person, *, at: datetime) -> None:
    person.failed_attempts += 1
    if person.failed_attempts >= policy.SIGN_IN_ATTEMPTS:
        person.failed_attempts = 0
        person.rests_until = at + policy.SIGN_IN_REST
        audit.record(session, actor=SYSTEM, action="sign-in rests", subject=f"person:{person.id}", at=at)
    session.flush()
