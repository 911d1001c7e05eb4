"""Acts the demo stories out through the verbs, in the order of their times, safeguards included. Inserts no case or report by itself."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock, intake, sealing
from app.demo.answering import answers_for, mistaken_answers, target_of
from app.demo.known import add_known_hosts
from app.demo.people import reviewers
from app.demo.stories import Fate, Story, Telling, stories
from app.intake import Arrival
from app.keys import Keys
from moderation import cases, policy, publishing, queue, reporting, resources, reviewing
from moderation.models import Case, CaseReport, Report
from moderation.states import State
from moderation.vocabulary import Actor, Answers, Lane, Outcome, Proposed, Refused, Resource, Submission, Target

STEP = timedelta(minutes=20)
"""Between one person's act and the next."""

NOTICE_BEFORE = policy.NOTICE_WAIT + timedelta(days=1)
"""Somebody told the host so long before it was written down here."""

UNDECIDED = frozenset({Fate.WAITING, Fate.HELD, Fate.REJECTED})

Act = tuple[datetime, Callable[[], object]]


class DemoStoryFailedError(Exception):
    """A demo story did not go as written: a safeguard or a rule has changed under it."""


def play(session: Session, keys: Keys, *, at: datetime) -> int:
    """Act out every story, ending at `at`; returns how many cases there are then. All in the caller's transaction."""
    add_known_hosts(session)
    stage = Stage(session, keys)
    acts = [act for story in stories() for act in stage.acts_of(story, at)]
    for _, act in sorted(acts, key=lambda each: each[0]):
        act()
    publishing.release(session, at=at)
    return session.scalar(select(func.count()).select_from(Case)) or 0


class Stage:
    """The people who act, and where."""

    def __init__(self, session: Session, keys: Keys) -> None:
        self.session = session
        self.keys = keys
        *self.moderators, self.senior = reviewers(session)
        self._turns: Counter[Fate] = Counter()

    def acts_of(self, story: Story, now: datetime) -> Iterator[Act]:
        """What happens in one story, and when: the reports, then what its fate says. The two moderators take turns."""
        first, second = self.moderators[:: -1 if self._turns[story.fate] % 2 else 1]
        self._turns[story.fate] += 1
        case = OneCase(self, story, first=first, second=second)
        start = now - timedelta(hours=story.hours_ago)
        moments = _moments(story, start)
        yield from ((moment, partial(case.report, telling, at=moment)) for telling, moment in moments)
        if story.notice or story.fate not in UNDECIDED:
            told = start + STEP
            yield told, lambda: case.record_notice(told - NOTICE_BEFORE, at=told)
        yield from _SCRIPTS[story.fate](case, max(start, moments[-1][1]) + 3 * STEP, now)


def _moments(story: Story, start: datetime) -> list[tuple[Telling, datetime]]:
    """Each report and its hour: 25 minutes apart, and five where many send the same words."""
    moments, moment = [], start
    for telling in story.told:
        for _ in range(telling.times):
            moments.append((telling, clock.to_the_hour(moment)))
            moment += timedelta(minutes=25 if telling.times == 1 else 5)
    return moments


class OneCase:
    """One story's case, and what people do with it."""

    def __init__(self, stage: Stage, story: Story, *, first: Actor, second: Actor) -> None:
        self.stage = stage
        self.session = stage.session
        self.story = story
        self.first = first
        self.second = second
        self.reference: uuid.UUID | None = None

    def report(self, telling: Telling, *, at: datetime) -> None:
        found = resources.parse(self.story.what, text_digest=lambda one: sealing.text_digest(self.stage.keys, one))
        submission = _submission(self.story, found, telling, self.stage.keys)
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
        reviewing.record_notice(self.session, self.case().reference, "the host's abuse desk", proof, sent_at, by=self.first, at=at)

    def claim(self, by: Actor, *, at: datetime) -> Case:
        found = self.case()
        queue.claim(self.session, found.reference, by=by, at=at)
        return found

    def propose(self, *, at: datetime) -> None:
        self.must(self._propose(answers_for(self.story, self.target(), seat=1), at=at), Proposed)

    def propose_in_vain(self, *, at: datetime) -> None:
        self.must(self._propose(mistaken_answers(self.story, self.target()), at=at), Refused)

    def _propose(self, answers: Answers, *, at: datetime) -> Proposed | Refused:
        found = self.claim(self.first, at=at)
        return reviewing.propose(self.session, found.reference, answers, by=self.first, at=at, version=found.version)

    def hand_back(self, *, at: datetime) -> None:
        queue.hand_back(self.session, self.case().reference, by=self.first, at=at)

    def confirm(self, by: Actor, *, seat: int, at: datetime) -> Proposed | Refused | reviewing.Decided:
        found = self.claim(by, at=at)
        answers = answers_for(self.story, self.target(), seat=seat)
        return reviewing.confirm(self.session, found.reference, answers, by=by, at=at, version=found.version)

    def pass_on(self, *, at: datetime) -> None:
        self.must(self.confirm(self.second, seat=2, at=at), Proposed)

    def conclude(self, *, at: datetime) -> None:
        """The senior's seat where one is needed; and in any case there is a listing now."""
        if self.case().state == State.AWAITING_THIRD:
            self.must(self.confirm(self.stage.senior, seat=3, at=at), reviewing.Decided)
        if self.case().state != State.LISTED:
            raise DemoStoryFailedError(f"{self.story.what} was to be listed.")
        publishing.release(self.session, at=at)

    def reject(self, *, at: datetime) -> None:
        found = self.claim(self.second, at=at)
        reviewing.reject(
            self.session,
            found.reference,
            self.story.outcome,
            self.story.note,
            by=self.second,
            at=at,
            version=found.version,
            sent_none_of_the_reports=True,
        )

    def disagree(self, *, at: datetime) -> None:
        found = self.claim(self.second, at=at)
        reviewing.disagree(
            self.session,
            found.reference,
            Outcome.REJECT_LAWFUL,
            self.story.note,
            by=self.second,
            at=at,
            version=found.version,
            sent_none_of_the_reports=True,
        )

    def delist(self, *, at: datetime) -> None:
        seen = reviewing.view(self.session, self.case().reference, by=self.second, at=at)
        if seen.listing is None:
            raise DemoStoryFailedError(f"{self.story.what} is not listed.")
        reviewing.delist(self.session, seen.listing.reference, self.story.note, by=self.second, at=at)
        publishing.release(self.session, at=at)

    def withdraw(self, *, at: datetime) -> None:
        reviewing.withdraw(self.session, self.case().reference, by=self.first, at=at)

    def target(self) -> Target:
        found = self.case().resource
        return target_of(resources.from_canonical(found.kind, found.canonical), self.story.scope)

    def must(self, outcome: object, kind: type) -> None:
        if not isinstance(outcome, kind):
            raise DemoStoryFailedError(f"{self.story.what} was to be {kind.__name__}, but: {outcome}")


def _submission(story: Story, found: tuple[Resource, ...], telling: Telling, keys: Keys) -> Submission:
    typed = {"what": story.what, "where_seen": telling.where_seen, "how_known": telling.how_known, "stages": telling.stages}
    arrival = Arrival(
        typed={field: text for field, text in {**typed, "more": telling.text}.items() if text},
        resources=found,
        category=story.category,
        danger_now=story.danger_now,
        language=telling.language,
        lane=Lane.SLOW if story.slow else Lane.STANDARD,
        code=sealing.new_receipt(),
    )
    return intake.sealed(arrival, keys)


def _waits(_: OneCase, __: datetime, ___: datetime) -> Iterator[Act]:
    yield from ()


def _is_held(case: OneCase, _: datetime, now: datetime) -> Iterator[Act]:
    yield now - STEP / 4, lambda: case.claim(case.first, at=now - STEP / 4)


def _is_refused(case: OneCase, start: datetime, _: datetime) -> Iterator[Act]:
    yield start, lambda: case.propose_in_vain(at=start)
    yield start + STEP / 2, lambda: case.hand_back(at=start + STEP / 2)


def _is_proposed(case: OneCase, start: datetime, _: datetime) -> Iterator[Act]:
    yield start, lambda: case.propose(at=start)


def _awaits_a_third(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.pass_on(at=start + STEP)


def _is_listed(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.confirm(case.second, seat=2, at=start + STEP)
    yield start + 2 * STEP, lambda: case.conclude(at=start + 2 * STEP)


def _is_rejected(case: OneCase, start: datetime, _: datetime) -> Iterator[Act]:
    yield start, lambda: case.reject(at=start)


def _is_not_listed(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.disagree(at=start + STEP)


def _is_withdrawn(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.withdraw(at=start + STEP)


def _is_delisted(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_listed(case, start, now)
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
