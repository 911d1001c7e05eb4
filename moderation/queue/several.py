"""What may be done to several cases in one step: claim and park. Never list: each listing is a decision of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from moderation import policy
from moderation.errors import InvalidAnswer, Refusal
from moderation.queue import claiming, parking
from moderation.vocabulary import N_, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of each case: done, or why not."""

    done: tuple[UUID, ...]
    refused: tuple[tuple[UUID, Refusal], ...]


def claim_several(session: Session, references: Sequence[UUID], *, by: Actor, at: datetime) -> Done:
    """Hold each of these cases; what a colleague holds, or this person may not take, is left and told.

    Raises:
        InvalidAnswer: none, or more than `policy.BULK_CASES`.
    """
    return _each(session, references, lambda reference: claiming.claim(session, reference, by=by, at=at))


def park_several(session: Session, references: Sequence[UUID], *, until: datetime, because: str, by: Actor, at: datetime) -> Done:
    """Put each of these cases aside until then.

    Raises:
        InvalidAnswer: none, too many, or what `parking.require_terms` refuses.
    """
    parking.require_terms(until=until, because=because, at=at)
    return _each(session, references, lambda reference: parking.park(session, reference, until=until, because=because, by=by, at=at))


def _each(session: Session, references: Sequence[UUID], act: Callable[[UUID], None]) -> Done:
    # In one order, so that two people who choose the same cases never wait for each other in a circle.
    wanted = sorted(set(references))
    if not wanted:
        raise InvalidAnswer({"cases": N_("Tick at least one case.")})
    if len(wanted) > policy.BULK_CASES:
        raise InvalidAnswer({"cases": N_("Tick fewer cases: at most twenty-five in one step.")})
    done, refused = [], []
    for reference in wanted:
        try:
            with session.begin_nested():
                act(reference)
        except Refusal as refusal:
            refused.append((reference, refusal))
        else:
            done.append(reference)
    return Done(done=tuple(done), refused=tuple(refused))
