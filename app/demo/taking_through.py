"""Takes resources of somebody's file through every seat, by the demo people and with every safeguard. Lists nothing by itself."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, intake, sealing
from app.demo.answering import careful_answers, target_of
from app.demo.people import key_holders, reviewers
from app.intake import Arrival
from app.keys import Keys
from moderation import cases, growth, policy, queue, reporting, resources, reviewing
from moderation.errors import Refusal
from moderation.models import Case, CaseReport, Report
from moderation.reviewing import Decided
from moderation.vocabulary import Category, Lane, Outcome, Proposed, Refused, Scope, Target

NOTICE_BEFORE = policy.NOTICE_WAIT + timedelta(days=1)
"""Whoever made the file told the host so long ago."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one line."""

    listed: bool
    text: str


def allow(session: Session, lines: int, *, at: datetime) -> int:
    """Let a senior and an administrator of the demo allow a file that is more than a day's growth, as two people would have before today.

    Returns how many listings a day may bring then, 0 where nothing needs their permission.
    """
    day = growth.of_the_day(session, at=at, in_full=True)
    wanted = min(day.listed + lines, policy.BULK_ENTRIES_MOST)
    if wanted <= day.most or wanted <= day.allowed:
        return 0
    first, second = key_holders(session)
    before = at - policy.BULK_DELAY
    standing = growth.standing(session, at=at)
    if standing is not None:
        growth.take_back(session, standing.reference, by=first, at=at)
    reference = uuid.uuid4()
    growth.ask(session, "A file of listings for a demonstration.", wanted, reference=reference, by=first, at=before)
    growth.agree(session, reference, by=second, at=before)
    return wanted


def take_through(session: Session, keys: Keys, line: str, *, at: datetime) -> Taken:
    """One line `scope<TAB>resource`: report, claim, propose, confirm, and the senior where needed.

    Raises:
        moderation.errors.Refusal: a rule forbids it.
    """
    scope_text, tab, text = line.partition("\t")
    if not tab or scope_text.strip() not in tuple(Scope):
        return Taken(False, f"each line is a scope ({', '.join(Scope)}), a tab and a resource")
    found = resources.parse(text, text_digest=lambda one: sealing.text_digest(keys, one))
    if len(found) != 1:
        return Taken(False, f"one resource a line; this has {len(found)}")
    try:
        target = target_of(found[0], Scope(scope_text.strip()))
    except LookupError:
        return Taken(False, f"this is read as {found[0].kind}, which has no {scope_text.strip()} to list")
    case = _reported(session, keys, text, at=at)
    return _through_the_seats(session, case, target, at=at)


def _reported(session: Session, keys: Keys, text: str, *, at: datetime) -> Case:
    arrival = Arrival(
        typed={"what": text, "more": "From a file of listings."},
        resources=intake.read(text, keys),
        category=Category.LABOUR,
        danger_now=False,
        language="en",
        lane=Lane.STANDARD,
        code=sealing.new_receipt(),
    )
    submission = intake.sealed(arrival, keys)
    reporting.receive(session, submission, new_reference=uuid.uuid4, at=clock.to_the_hour(at))
    joined = select(Case.reference).join(CaseReport, CaseReport.case_id == Case.id).join(Report, Report.id == CaseReport.report_id)
    return cases.fetch(session, session.scalars(joined.where(Report.reference == submission.reference)).one())


def _through_the_seats(session: Session, case: Case, target: Target, *, at: datetime) -> Taken:
    answers = careful_answers(Category.LABOUR, target)
    outcome: Proposed | Refused | Decided | None = None
    for person in reviewers(session):
        queue.claim(session, case.reference, by=person, at=at)
        if outcome is None:
            told = "the host's abuse desk", "named in the file"
            reviewing.record_notice(session, case.reference, *told, at - NOTICE_BEFORE, by=person, at=at)
        act = reviewing.propose if outcome is None else reviewing.confirm
        outcome = act(session, case.reference, answers, by=person, at=at, version=case.version)
        if isinstance(outcome, Refused):
            return Taken(False, " ".join(f"{one.safeguard}: {one.reason % one.values}" for one in outcome.blocking))
        if isinstance(outcome, Decided):
            return Taken(outcome.outcome is Outcome.LIST, str(target))
    raise Refusal("The seats did not come to a decision.")
