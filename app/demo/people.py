"""The demo people. Their credentials are derived from this instance's secret, so that each start can print them again."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.keys import Keys
from app.sign_in import credentials
from moderation import growth, people
from moderation.vocabulary import SYSTEM, Actor, Role

DEMO_PEOPLE = (
    ("moderator1@demo.example", "Amina Diallo", Role.MODERATOR),
    ("moderator2@demo.example", "Li Chen", Role.MODERATOR),
    ("moderator3@demo.example", "Samir Haddad", Role.MODERATOR),
    ("senior@demo.example", "Ana Ortiz", Role.SENIOR),
    ("auditor@demo.example", "Tomas Novak", Role.AUDITOR),
    ("admin@demo.example", "Mary Okafor", Role.ADMIN),
)


def are_here(session: Session) -> bool:
    """Whether the demo people were added."""
    return bool(people.demo_people(session))


def add_people(session: Session, keys: Keys, *, at: datetime) -> None:
    """Add them, once."""
    password_hash = credentials.hash_password(credentials.demo_password(keys))
    for email, name, role in DEMO_PEOPLE:
        secret = credentials.demo_code_secret(keys, email)
        new = people.NewPerson(
            email=email,
            name=name,
            role=role,
            organisation="Demonstration",
            password_hash=password_hash,
            sealed_code_secret=credentials.seal_code_secret(secret, keys),
            is_demo=True,
        )
        people.add(session, new, reference=uuid.uuid4(), by=SYSTEM, at=at)


def reviewers(session: Session) -> tuple[Actor, Actor, Actor]:
    """First moderator, second moderator, senior. The third moderator took no part in any story, so that a listing can be renewed."""
    first, second, senior = (people.actor_by_email(session, f"{name}@demo.example") for name in ("moderator1", "moderator2", "senior"))
    return first, second, senior


def key_holders(session: Session) -> tuple[Actor, Actor]:
    """Senior, administrator: the two who can allow the list to grow faster."""
    first, second = (people.actor_by_email(session, email) for email, _, role in DEMO_PEOPLE if role in growth.KEY_ROLES)
    return first, second
