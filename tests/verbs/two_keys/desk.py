"""Who acts, on what, from which morning on; and how any of them does anything. Says nothing of what may come of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from moderation import cases, queue, resources, reviewing
from moderation.errors import Refusal
from moderation.models import Case, Listing, ResourceRow
from moderation.reviewing import Decided, agreeing
from moderation.vocabulary import Actor, Answers, Outcome, Proposed, Resource, Role, Scope, Target
from tests import builders

SITES = (
    "https://www.jobs.test/offer/7",
    "https://www.jobs.test/offer/8",
    "https://jobs.test/home",
    "https://other.example/a/b/page",
    "https://third.example/x/y",
    "https://fourth.example/x/y/z",
    "fifth.example",
    "https://sixth.example/offer",
)
ROLES = (*(Role.MODERATOR,) * 4, *(Role.SENIOR,) * 3, Role.AUDITOR)
SENIORS = [4, 5, 6]
DAY = timedelta(days=1)
WRITTEN_ONCE = ("audit_record", "audit_seal", "assessment", "refused_assessment", "decision", "change_log")

seen: Counter[str] = Counter()
"""What came to pass over all runs of this process: a machine in which nothing is ever listed would prove nothing."""


@dataclass(frozen=True)
class Said:
    """That a person, in a case, agreed to list a target; as the machine saw it, whatever the tables hold."""

    case: UUID
    person: int
    target: Target


@dataclass(frozen=True)
class Morning:
    """How every run begins: people, a case of each kind, and what was agreed before."""

    database: Database
    people: tuple[Actor, ...]
    emails: tuple[str, ...]
    said: tuple[Said, ...]
    at: datetime


@cache
def resource_of(number: int) -> Resource:
    """What a site is read as."""
    (found,) = resources.parse(SITES[number], text_digest=builders.digest_of_text)
    return found


class Desk(RuleBasedStateMachine):
    """People at one desk, who act through the verbs alone."""

    def __init__(self, morning: Morning) -> None:
        super().__init__()
        self.session: Session = morning.database.sessions()
        self.people, self.emails = morning.people, morning.emails
        self.said = list(morning.said)
        self.now = morning.at
        self.gone: set[int] = set()
        self.written = dict.fromkeys(WRITTEN_ONCE, (0, ""))
        seen["runs"] += 1

    def attempt(self, verb, *given, **named):
        """Act as a transaction would: all of it, or, where a rule refuses, nothing. Whoever's account is closed cannot act at all."""
        seen["steps"] += 1
        if named["by"].person_id in self.gone:
            return None
        try:
            with self.session.begin_nested():
                done = verb(self.session, *given, at=self.now, **named)
        except Refusal:
            return None
        seen[f"{verb.__name__} {getattr(done, 'outcome', type(done).__name__)}"] += 1
        return done

    def newest(self, number: int) -> UUID | None:
        """The newest case of a site."""
        query = select(Case.reference).join(ResourceRow).where(ResourceRow.canonical == resource_of(number).canonical)
        return self.session.scalar(query.order_by(Case.id.desc()).limit(1))

    def seated(self, verb, person: int, number: int, *given, **named):
        reference = self.newest(number)
        if reference is None:
            return None
        actor = self.people[person]
        self.now += timedelta(minutes=8)
        self.attempt(queue.claim, reference, by=actor)
        version = cases.fetch(self.session, reference).version
        return self.attempt(verb, reference, *given, by=actor, version=version, **named)

    def answers(self, number: int, wanted: Scope) -> Answers:
        """What a careful moderator writes; where the ladder has no such step, the one above."""
        steps = resource_of(number).ladder
        return builders.answers(next((step for step in steps if step.scope is wanted), steps[-1]))

    def agree(self, verb, person: int, number: int, wanted: Scope, outcome: Outcome) -> None:
        given = self.answers(number, wanted)
        came = self.seated(verb, person, number, given, outcome=outcome)
        if isinstance(came, Proposed | Decided):
            self.said.append(Said(self.newest(number), self.people[person].person_id, given.target))

    def next_of(self, when) -> Listing | None:
        """The living listing whose time of this kind comes first."""
        return self.session.scalar(select(Listing).where(Listing.ended_at.is_(None)).order_by(when, Listing.id).limit(1))

    def bring_back(self) -> None:
        """What somebody, or a job, does every minute."""
        seen["brought back"] += reviewing.bring_back(self.session, at=self.now)

    def listing(self, number: int) -> UUID | None:
        """One of the newest listings, ended or not."""
        found = self.session.scalars(select(Listing.reference).order_by(Listing.id.desc()).limit(6)).all()
        return found[number % len(found)] if found else None


def is_within(target: Target, other: Target) -> bool:
    """Whether of one resource's ladder the target covers no more than the other."""
    return agreeing.narrowness(target) <= agreeing.narrowness(other)
