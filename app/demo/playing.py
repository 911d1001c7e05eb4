"""Acts the demo stories out through the verbs, in the order of their times, safeguards included. Inserts no case or report by itself."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.demo.known import add_known_hosts
from app.demo.one_case import STEP, OneCase, Stage
from app.demo.people import reviewers
from app.demo.stories import Fate, Story, Telling, stories
from app.keys import Keys
from moderation import policy, publishing, reviewing
from moderation.models import Case
from moderation.vocabulary import Presence

NOTICE_BEFORE = policy.NOTICE_WAIT + timedelta(days=1)
"""Somebody told the host so long before it was written down here."""

UNDECIDED = frozenset({Fate.WAITING, Fate.HELD, Fate.REJECTED, Fate.CONCLUDED, Fate.REMOVED, Fate.ACKNOWLEDGED})

Act = tuple[datetime, Callable[[], object]]
Script = Callable[[OneCase, datetime, datetime], Iterator[Act]]


def play(session: Session, keys: Keys, *, at: datetime) -> int:
    """Act out every story, ending at `at`; returns how many cases there are then. All in the caller's transaction."""
    add_known_hosts(session)
    first, second, senior = reviewers(session)
    plan = Acts(Stage(session=session, keys=keys, moderators=(first, second), senior=senior))
    acts = [act for story in stories() for act in plan.of(story, at)]
    for _, act in sorted(acts, key=lambda each: each[0]):
        act()
    reviewing.bring_back(session, at=at)
    publishing.release(session, at=at)
    return session.scalar(select(func.count()).select_from(Case)) or 0


class Acts:
    """Turns stories into acts and their times; the two moderators take turns."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._turns: Counter[Fate] = Counter()

    def of(self, story: Story, now: datetime) -> Iterator[Act]:
        """What happens in one story, and when: the reports, then what its fate says."""
        first, second = self.stage.moderators[:: -1 if self._turns[story.fate] % 2 else 1]
        self._turns[story.fate] += 1
        case = OneCase(self.stage, story, first=first, second=second)
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


def _is_rejected(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    if case.story.mistake:
        yield from _is_refused(case, start, now)
    yield start + STEP, lambda: case.reject(at=start + STEP)


def _is_concluded(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    if case.story.mistake:
        yield start, lambda: case.propose_in_vain(at=start)
    looks = [start + timedelta(days=day) for day in range(case.story.gone)]
    yield from ((moment, partial(case.look, Presence.GONE, at=moment)) for moment in looks)
    end = max(start, *looks) + STEP if looks else start + STEP
    yield end, lambda: case.conclude_alone(now, at=end)


def _is_removed(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_concluded(case, start, now)
    looks = [start + timedelta(days=1), start + timedelta(days=1) + policy.DEAD_APART]
    yield from ((moment, partial(case.look, Presence.GONE, at=moment)) for moment in looks)


def _is_acknowledged(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_concluded(case, start, now)
    later = start + timedelta(hours=9)
    yield later, lambda: case.acknowledge(at=later)


def _is_not_listed(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.disagree(at=start + STEP)


def _is_withdrawn(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
    yield from _is_proposed(case, start, now)
    yield start + STEP, lambda: case.withdraw(at=start + STEP)


def _then(act: Callable[..., None], after: timedelta) -> Script:
    """It is listed, and so long after that something else happens."""

    def script(case: OneCase, start: datetime, now: datetime) -> Iterator[Act]:
        yield from _is_listed(case, start, now)
        yield start + after, partial(act, case, at=start + after)

    return script


def _changes(case: OneCase, *, at: datetime) -> None:
    case.look(Presence.CHANGED, at=at)


_SCRIPTS: dict[Fate, Script] = {
    Fate.WAITING: _waits,
    Fate.HELD: _is_held,
    Fate.REFUSED: _is_refused,
    Fate.PROPOSED: _is_proposed,
    Fate.AWAITING_THIRD: _awaits_a_third,
    Fate.LISTED: _is_listed,
    Fate.REJECTED: _is_rejected,
    Fate.NOT_LISTED: _is_not_listed,
    Fate.WITHDRAWN: _is_withdrawn,
    Fate.CONCLUDED: _is_concluded,
    Fate.REMOVED: _is_removed,
    Fate.ACKNOWLEDGED: _is_acknowledged,
    Fate.DELISTED: _then(OneCase.delist, timedelta(hours=30)),
    Fate.EMERGENCY: _then(OneCase.delist_now, timedelta(hours=60)),
    Fate.NARROWED: _then(OneCase.narrow, timedelta(days=3)),
    Fate.SUSPENDED: _then(_changes, timedelta(days=4)),
    Fate.KEPT: _then(OneCase.keep, timedelta(days=11)),
    # Their times come by themselves.
    Fate.RE_REVIEW: _is_listed,
    Fate.EXPIRING: _is_listed,
    # It expires by itself: its term is short, and a later release finds it over.
    Fate.EXPIRED: _is_listed,
}
