"""What may be done to several cases in one step: claim, park, merge. Never list: each listing is a decision of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from moderation import cases, holding, policy, queue, reviewing
from moderation.errors import InvalidAnswer, Refusal
from moderation.reviewing import merging
from moderation.vocabulary import N_, Actor, Conclusion, Outcome, too_little


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
    return _each(session, references, lambda reference: queue.claim(session, reference, by=by, at=at))


def park_several(session: Session, references: Sequence[UUID], *, until: datetime, because: str, by: Actor, at: datetime) -> Done:
    """Put each of these cases aside until then.

    Raises:
        InvalidAnswer: none, too many, or what `queue.faults_of_terms` says; all of it.
    """
    _require(queue.faults_of_terms(until=until, because=because, at=at), references)
    return _each(session, references, lambda reference: queue.park(session, reference, until=until, because=because, by=by, at=at))


def merge_several(
    session: Session, references: Sequence[UUID], *, into: str, note: str, sent_none_of_the_reports: bool, by: Actor, at: datetime
) -> Done:
    """Let the reports of each of these cases join the case that `into` names: its reference, or the address that it is about.

    Each is claimed and concluded as a duplicate, by the same rules as from its own page. The case itself may be among those ticked.

    Raises:
        InvalidAnswer: none, too many, no case is named, nothing is said of why, or nothing declared; all of it.
    """
    target = merging.find(session, into)
    faults = {} if target else {"into": N_("Name the case that they join: its reference, or the whole address that it is about.")}
    if lack := too_little(note, least=policy.NOTE_LEAST, nothing=N_("Write a sentence that says why they are about the same thing.")):
        faults["note"] = lack
    if not sent_none_of_the_reports:
        faults["sent_none_of_the_reports"] = N_("Tick this if it is true. A case of which you sent a report is not yours to merge.")
    _require(faults, [reference for reference in references if target is None or reference != target.reference])
    if target is None:
        raise InvalidAnswer(faults)
    conclusion = Conclusion(
        outcome=Outcome.DUPLICATE,
        note=note,
        duplicate_of=str(target.reference),
        sent_none_of_the_reports=sent_none_of_the_reports,
    )
    others = _chosen(reference for reference in references if reference != target.reference)
    holding.lock_person(session, by.person_id)
    # Before anything else, and in one order: two people who merge crosswise take turns.
    merging.lock_all(session, [target.reference, *others])

    def merge(reference: UUID) -> None:
        queue.claim(session, reference, by=by, at=at)
        # The list shows no version: whatever was reported since joins the other case with the rest, and is read there.
        version = cases.fetch(session, reference).version
        reviewing.conclude(session, reference, conclusion, by=by, at=at, version=version)

    return _each(session, others, merge)


def _require(faults: Mapping[str, str], references: Iterable[UUID]) -> None:
    """Refuse what is wrong with the form, and with how many are ticked, all at once."""
    found = {**faults, **_miscounted(references)}
    if found:
        raise InvalidAnswer(found)


def _miscounted(references: Iterable[UUID]) -> dict[str, str]:
    number = len(set(references))
    if not number:
        return {"cases": N_("Tick at least one case.")}
    return {"cases": N_("Tick fewer cases: at most twenty-five in one step.")} if number > policy.BULK_CASES else {}


def _chosen(references: Iterable[UUID]) -> list[UUID]:
    wanted = set(references)
    _require({}, wanted)
    # In one order, so that two people who choose the same cases never wait for each other in a circle.
    return sorted(wanted)


def _each(session: Session, references: Sequence[UUID], act: Callable[[UUID], None]) -> Done:
    done, refused = [], []
    for reference in _chosen(references):
        try:
            with session.begin_nested():
                act(reference)
        except Refusal as refusal:
            refused.append((reference, refusal))
        else:
            done.append(reference)
    return Done(done=tuple(done), refused=tuple(refused))
