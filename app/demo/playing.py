"""Acts the demo stories out through the verbs, in the order of their times, safeguards included. Inserts no row by itself."""

import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, sealing
from app.demo.answering import answers_for, target_of
from app.demo.people import reviewers
from app.demo.stories import Fate, Story, stories
from app.keys import Keys
from moderation import cases, publishing, queue, reporting, resources, reviewing
from moderation.models import Case, CaseReport, Report
from moderation.vocabulary import Actor, Answers, Lane, Outcome, Proposed, Resource, Submission, Target

STEP = timedelta(minutes=20)
"""Between one person's act and the next."""

Act = tuple[datetime, Callable[[], object]]


class DemoStoryFailedError(Exception):
    """A demo story did not go as written: a safeguard or a rule has changed under it."""


def play(session: Session, keys: Keys, *, at: datetime) -> int:
    """Act out every story, ending at `at`; returns how many cases there are then. All in the caller's transaction."""
    stage = Stage(session, keys)
    acts = [act for story in stories() for act in stage.acts_of(story, at)]
    for _, act in sorted(acts, key=lambda each: each[0]):
        act()
    publishing.release(session, at=at)
    return len(session.scalars(select(Case.id)).all())


class Stage:
    """The people who act, and where."""

    def __init__(self, session: Session, keys: Keys) -> None:
        self.session = session
        self.keys = keys
        self.first, self.second, self.senior = reviewers(session)

    def acts_of(self, story: Story, now: datetime) -> Iterator[Act]:
        """What happens in one story, and when."""
        start = now - timedelta(hours=story.hours_ago)
        case = OneCase(self, story)
        for number, (language, text) in enumerate(story.told):
            moment = clock.to_the_hour(start + number * timedelta(minutes=25))
            yield moment, partial(case.report, language, text, at=moment)
        if story.notice:
            sent = start + STEP
            yield sent + STEP, lambda: case.record_notice(sent, at=sent + STEP)
        yield from _SCRIPTS[story.fate](case, max(start, clock.to_the_hour(start)) + 3 * STEP, now)


class OneCase:
    def __init__(self, stage: Stage, story: Story) -> None:
        self.stage = stage
        self.session = stage.session
        self.story = story
        self.reference: uuid.UUID | None = None

    def report(self, language: str, text: str, *, at: datetime) -> None:
        found = resources.parse(self.story.what, text_digest=lambda one: sealing.text_digest(self.stage.keys, one))
        submission = _submission(self.story, found, language, text, self.stage.keys)
        reporting.receive(self.session, submission, new_reference=uuid.uuid4, at=at)
        self.reference = self.reference or self.case_of(submission)

    def case_of(self, submission: Submission) -> uuid.UUID:
        joined = select(Case.reference).join(CaseReport, CaseReport.case_id == Case.id).join(Report, Report.id == CaseReport.report_id)
        return self.session.scalars(joined.where(Report.reference == submission.reference)).one()

    def case(self) -> Case:
        if self.reference is None:
            raise DemoStoryFailedError(f"{self.story.what} was never reported.")
        return cases.fetch(self.session, self.reference)

    def record_notice(self, sent_at: datetime, *, at: datetime) -> None:
        proof = "ticket 4711 of the host's abuse desk"
        reviewing.record_notice(self.session, self.case().reference, "the host's abuse desk", proof, sent_at, by=self.stage.first, at=at)

    def claim(self, by: Actor, *, at: datetime) -> Case:
        found = self.case()
        queue.claim(self.session, found.reference, by=by, at=at)
        return found

    def propose(self, *, at: datetime, answers: Answers | None = None) -> object:
        found = self.claim(self.stage.first, at=at)
        given = answers or answers_for(self.story, self.target(found))
        return reviewing.propose(self.session, found.reference, given, by=self.stage.first, at=at, version=found.version)

    def propose_in_vain(self, *, at: datetime) -> None:
        found = self.claim(self.stage.first, at=at)
        poor = answers_for(self.story, self.target(found), lifeline="", evidence=())
        reviewing.propose(self.session, found.reference, poor, by=self.stage.first, at=at, version=found.version)

    def confirm(self, by: Actor, *, at: datetime) -> object:
        found = self.claim(by, at=at)
        given = answers_for(self.story, self.target(found))
        return reviewing.confirm(self.session, found.reference, given, by=by, at=at, version=found.version)

    def list_it(self, *, at: datetime) -> None:
        """Every seat it needs, and a release."""
        self.must(self.propose(at=at), Proposed)
        outcome = self.confirm(self.stage.second, at=at + STEP)
        if isinstance(outcome, Proposed):
            outcome = self.confirm(self.stage.senior, at=at + 2 * STEP)
        self.must(outcome, reviewing.Decided)
        publishing.release(self.session, at=at + 2 * STEP)

    def reject(self, *, at: datetime) -> None:
        found = self.claim(self.stage.second, at=at)
        reviewing.reject(
            self.session,
            found.reference,
            self.story.outcome,
            self.story.note,
            by=self.stage.second,
            at=at,
            version=found.version,
            sent_none_of_the_reports=True,
        )

    def disagree(self, *, at: datetime) -> None:
        found = self.claim(self.stage.second, at=at)
        reviewing.disagree(
            self.session,
            found.reference,
            Outcome.REJECT_LAWFUL,
            self.story.note,
            by=self.stage.second,
            at=at,
            version=found.version,
            sent_none_of_the_reports=True,
        )

    def delist(self, *, at: datetime) -> None:
        seen = reviewing.view(self.session, self.case().reference, by=self.stage.second, at=at)
        if seen.listing is None:
            raise DemoStoryFailedError(f"{self.story.what} is not listed.")
        reviewing.delist(self.session, seen.listing.reference, self.story.note, by=self.stage.second, at=at)
        publishing.release(self.session, at=at)

    def withdraw(self, *, at: datetime) -> None:
        reviewing.withdraw(self.session, self.case().reference, by=self.stage.first, at=at)

    def target(self, found: Case) -> Target:
        return target_of(resources.from_canonical(found.resource.kind, found.resource.canonical), self.story.scope)

    def must(self, outcome: object, kind: type) -> None:
        if not isinstance(outcome, kind):
            raise DemoStoryFailedError(f"{self.story.what} was to go on, but: {outcome}")


def _submission(story: Story, found: tuple[Resource, ...], language: str, text: str, keys: Keys) -> Submission:
    sealed = sealing.seal({"what": story.what, "more": text}, keys)
    return Submission(
        resources=found,
        category=story.category,
        danger_now=story.danger_now,
        language=language,
        lane=Lane.SLOW if story.slow else Lane.STANDARD,
        sealed=sealed.text,
        wrapped_identity=sealed.wrapped_identity,
        receipt_digest=hashlib.sha256(secrets.token_bytes(16)).digest(),
        reference=uuid.uuid4(),
    )


def _waits(_: OneCase, __: datetime, ___: datetime) -> Iterator[Act]:
    yield from ()


def _is_held(case: OneCase, _: datetime, now: datetime) -> Iterator[Act]:
    yield now - STEP / 4, lambda: case.claim(case.stage.second, at=now - STEP / 4)


def _is_refused(case: OneCase, _: datetime, now: datetime) -> Iterator[Act]:
    yield now - STEP / 2, lambda: case.propose_in_vain(at=now - STEP / 2)


def _is_proposed(case: OneCase, start: datetime, _: datetime) -> Iterator[Act]:
    yield start, lambda: case.must(case.propose(at=start), Proposed)


def _awaits_a_third(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.must(case.confirm(case.stage.second, at=start + STEP), Proposed)


def _is_listed(case: OneCase, start: datetime, _: datetime) -> Iterator[Act]:
    yield start, lambda: case.list_it(at=start)


def _is_rejected(case: OneCase, start: datetime, _: datetime) -> Iterator[Act]:
    yield start, lambda: case.reject(at=start)


def _is_not_listed(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.disagree(at=start + STEP)


def _is_withdrawn(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.withdraw(at=start + STEP)


def _is_delisted(case: OneCase, start: datetime, _: datetime) -> Iterator[Act]:
    yield start, lambda: case.list_it(at=start)
    later = start + timedelta(hours=30)
    yield later, lambda: case.delist(at=later)


_SCRIPTS: dict[Fate, Callable[[OneCase, datetime, datetime], Iterator[Act]]] = {
    Fate.WAITING: _waits,
    Fate.HELD: _is_held,
    Fate.REFUSED: _is_refused,
    Fate.PROPOSED: _is_proposed,
    Fate.AWAITING_THIRD: _awaits_a_third,
    Fate.LISTED: _is_listed,
    Fate.REJECTED: _is_rejected,
    Fate.NOT_LISTED: _is_not_listed,
    Fate.WITHDRAWN: _is_withdrawn,
    Fate.DELISTED: _is_delisted,
    # It expires by itself: its term is short, and a later release finds it over.
    Fate.EXPIRED: _is_listed,
}
