"""People for a benchmark's cases, added through the verbs."""

import uuid

from app import clock
from app.database import Database
from moderation import people
from moderation.vocabulary import SYSTEM, Actor, Role


def moderators(database: Database, count: int, role: Role = Role.MODERATOR) -> list[Actor]:
    """Moderators with credentials that open nothing."""
    emails = [f"{role}{number}@bench.example" for number in range(count)]
    with database.transaction() as session:
        for email in emails:
            new = people.NewPerson(email=email, name=email.partition("@")[0], role=role, password_hash="none", sealed_code_secret=b"none")
            people.add(session, new, reference=uuid.uuid4(), by=SYSTEM, at=clock.now())
    with database.reading() as session:
        return [people.actor_by_email(session, email) for email in emails]
