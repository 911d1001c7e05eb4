"""One person's conclusions that list nothing: rejecting, asking, referring, putting aside. The way out is cheaper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from moderation import cases, facts, holding, independence, listings, policy
from moderation.errors import DeclarationMissing, IllegalTransition, InvalidAnswer, NotAllowed
from moderation.models import Case, CaseReport, NoticeRow
from moderation.reviewing import delisting, merging, notices, outcomes, referring, sealing_away, seats, suspecting
from moderation.reviewing.outcomes import Decided
from moderation.states import Action, State
from moderation.vocabulary import (
    N_,
    REFERRALS,
    REJECTIONS,
    REVIEWING_ROLES,
    Actor,
    Answers,
    Category,
    ComesBack,
    Conclusion,
    Outcome,
    Sealer,
    too_little,
)

ONE_PERSONS = (
    *(Outcome.TAKEDOWN_ONLY, Outcome.MONITOR, Outcome.MORE_EVIDENCE),
    *REFERRALS,
    Outcome.DUPLICATE,
    *REJECTIONS,
)
"""What one person may conclude of a case that is not listed."""

LATEST = {
    Outcome.TAKEDOWN_ONLY: policy.TAKEDOWN_LATEST,
    Outcome.MONITOR: policy.MONITOR_LATEST,
    Outcome.MORE_EVIDENCE: policy.EVIDENCE_LATEST,
}
"""How long each of these may put a case aside."""

Step = tuple[Action, tuple[ComesBack, datetime] | None]


def conclude(
    session: Session, reference: UUID, conclusion: Conclusion, *, sealer: Sealer | None = None, by: Actor, at: datetime, version: int
) -> Decided:
    """Take the first seat and decide without listing.

    Where sexual images of a child are suspected and the case goes to a hotline, any seat decides so, and of what is listed anybody: the
    round ends, and so does what is listed. `sealer` is needed then: the address is sealed with that.

    Raises:
        IllegalTransition, HeldByAnother, Stale, NotIndependent, NotAllowed, DeclarationMissing, InvalidAnswer, NotFound.
    """
    holding.lock_person(session, by.person_id)
    if conclusion.outcome is Outcome.DUPLICATE:
        conclusion = replace(conclusion, duplicate_of=merging.lock_both(session, reference, conclusion.duplicate_of))
    if sealing_away.is_asked_for(conclusion):
        return _pass_to_hotline(session, reference, conclusion, sealer, by=by, at=at, version=version)
    case, seat = seats.seated(session, reference, by=by, at=at, version=version)
    require_first_seat(seat)
    _require_declared(conclusion)
    require_may_conclude(session, case, conclusion.outcome, by=by)
    faults = faults_of(session, case, conclusion, by=by, at=at)
    if faults:
        raise InvalidAnswer(faults)
    if case.state != State.WAITING:
        listing = listings.living(session, case, lock=True)
        return delisting.take_off(session, case, listing, conclusion.note, because="delisted", by=by, at=at)
    return _decide(session, case, seat, conclusion, by=by, at=at)


def require_first_seat(seat: int) -> None:
    """Refuse to conclude for everybody where a listing waits for another seat.

    Raises:
        IllegalTransition
    """
    if seat != 1:
        raise IllegalTransition(N_("A listing is proposed already. If you think it should not be listed, say so in your own assessment."))


def require_may_conclude(session: Session, case: Case, outcome: Outcome, *, by: Actor) -> None:
    """Refuse to put aside what only a senior may keep going.

    Raises:
        NotAllowed
    """
    if case.state == State.WAITING and outcome in LATEST:
        outcomes.require_may_open(session, case, by=by)


def faults_of(session: Session, case: Case, given: Conclusion, *, by: Actor, at: datetime) -> dict[str, str]:
    """What one person's conclusion lacks, by field, all of it."""
    if sealing_away.is_asked_for(given):
        return _faults(session, case, given, at=at)
    suspected = suspecting.faults(session, case, given.child_material, given.outcome, by=by)
    if suspected and not suspecting.unanswered(session, case, given.child_material, by=by):
        # Another outcome is the way forward, so what this one lacks besides does not matter.
        return suspected
    faults = _faults(session, case, given, at=at) if case.state == State.WAITING else _faults_of_leaving(given)
    return suspected | faults | facts.people_named({"note": given.note, "misuse": given.misuse}, case)


def _pass_to_hotline(
    session: Session, reference: UUID, conclusion: Conclusion, sealer: Sealer | None, *, by: Actor, at: datetime, version: int
) -> Decided:
    """Close the case from whatever seat it waits for, end what is listed, and seal the address."""
    sealing_away.lock_first(session, reference)
    case, seat = seated_or_listed(session, reference, by=by, at=at, version=version)
    _require_declared(conclusion)
    faults = faults_of(session, case, conclusion, by=by, at=at)
    if faults:
        raise InvalidAnswer(faults)
    if sealer is None:
        raise TypeError("Nothing that may be sexual images of a child is decided without a way to seal its address.")
    # What was written of it is never kept in clear, not even until it is sealed.
    decided = _decide(session, case, seat, replace(conclusion, note="", passed_on=""), by=by, at=at)
    words = {"passed_on": conclusion.passed_on.strip(), "note": conclusion.note.strip()}
    sealing_away.seal_away(session, case, words, sealer, by=by, at=at)
    return decided


def seated_or_listed(session: Session, reference: UUID, *, by: Actor, at: datetime, version: int) -> tuple[Case, int]:
    """As `seats.seated`; what is listed waits for nobody, and whoever may take it off the list may close it."""
    case = cases.fetch(session, reference, lock=True)
    if case.state != State.LISTED:
        return seats.seated(session, reference, by=by, at=at, version=version)
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    independence.require_no_report(session, case, by=by)
    independence.require_not_aside(session, case, by=by)
    cases.require_unchanged(case, version=version)
    return case, 1


def _require_declared(conclusion: Conclusion) -> None:
    if not conclusion.sent_none_of_the_reports:
        raise DeclarationMissing(N_("Tick that you sent none of this case's reports. If you sent one, hand the case back."))


def _decide(session: Session, case: Case, seat: int, given: Conclusion, *, by: Actor, at: datetime) -> Decided:
    round_ = outcomes.open_round(session, case, at=at) if seat == 1 else outcomes.the_open_round(session, case)
    answers = Answers(note=given.note.strip(), child_material=given.child_material, sent_none_of_the_reports=True)
    outcomes.take_seat(session, round_, seat, given.outcome, answers=answers, findings=(), by=by, at=at)
    action, due = _prepare(session, case, given, by=by, at=at)
    listing = listings.living(session, case, lock=True)
    if listing is not None:
        listings.end(session, listing, because="delisted" if seat == 1 else "not renewed", by=by, at=at)
    case.newest_report_then = session.scalar(select(func.max(CaseReport.report_id)).where(CaseReport.case_id == case.id))
    cases.advance(session, case, action, by=by, at=at, detail={"round": round_.number, "outcome": given.outcome}, due=due)
    return outcomes.decide(session, case, round_, given.outcome, detail=_kept(given), by=by, at=at)


def reject(
    session: Session,
    reference: UUID,
    outcome: Outcome,
    note: str,
    *,
    by: Actor,
    at: datetime,
    version: int,
    sent_none_of_the_reports: bool,
) -> Decided:
    """Close a case as lawful, out of scope or abusive.

    Raises:
        as `conclude`.
    """
    if outcome not in REJECTIONS:
        raise InvalidAnswer({"outcome": N_("Choose why this should not be listed."), **_note_missing(note)})
    conclusion = Conclusion(outcome=outcome, note=note, sent_none_of_the_reports=sent_none_of_the_reports)
    return conclude(session, reference, conclusion, by=by, at=at, version=version)


def latest(outcome: Outcome, *, danger_now: bool) -> timedelta:
    """How long this outcome may put a case aside."""
    return min(LATEST[outcome], policy.DANGER_BACK_WITHIN) if danger_now else LATEST[outcome]


def _faults_of_leaving(given: Conclusion) -> dict[str, str]:
    """What keeps something from leaving the list, that is on it or was until it was suspended."""
    faults = {}
    if given.outcome not in (Outcome.DELIST, *REJECTIONS):
        faults["outcome"] = N_("This case is on the list, or was until a moment ago. Take it off, or say why it should stay.")
    nothing = N_("Write a sentence that says why it comes off the list; the owner may read it.")
    if lack := too_little(given.note, least=policy.NOTE_LEAST, nothing=nothing):
        faults["note"] = lack
    return faults


def _faults(session: Session, case: Case, given: Conclusion, *, at: datetime) -> dict[str, str]:
    if given.outcome not in ONE_PERSONS:
        return {"outcome": N_("Choose one of the ways to close or put aside this case.")}
    own = FAULTS.get(given.outcome)
    return _note_missing(given.note) | (own(session, case, given, at) if own else {})


def _note_missing(note: str) -> dict[str, str]:
    lack = too_little(note, least=policy.NOTE_LEAST, nothing=N_("Write a sentence that says why, for whoever reads this case next."))
    return {"note": lack} if lack else {}


def _takedown(session: Session, case: Case, given: Conclusion, at: datetime) -> dict[str, str]:
    faults = _said(given.recipient, "recipient", N_("Name who is asked to act: the host, the registrar, the platform or the owner."))
    faults |= _said(given.asked, "asked", N_("Say what they are asked to do."))
    faults |= _within(given.back_at, at, policy.MONITOR_SOONEST, latest(Outcome.TAKEDOWN_ONLY, danger_now=case.danger_now))
    told = session.scalar(select(exists().where(NoticeRow.case_id == case.id)))
    if given.proof.strip() or given.sent_at is not None or not told:
        faults |= notices.faults(given.recipient, given.proof, given.sent_at, at=at)
    return faults


def _monitor(session: Session, case: Case, given: Conclusion, at: datetime) -> dict[str, str]:
    return _within(given.back_at, at, policy.MONITOR_SOONEST, latest(Outcome.MONITOR, danger_now=case.danger_now))


def _evidence(session: Session, case: Case, given: Conclusion, at: datetime) -> dict[str, str]:
    if given.hand_on:
        return {}
    faults = _said(given.where, "where", N_("Say where to look for it: which page, which register, whom to ask."))
    return faults | _within(given.back_at, at, policy.MONITOR_SOONEST, latest(Outcome.MORE_EVIDENCE, danger_now=case.danger_now))


def _referral(session: Session, case: Case, given: Conclusion, at: datetime) -> dict[str, str]:
    asked = {"child_material": referring.NOT_SAID} if case.category == Category.CHILD and given.child_material is None else {}
    return asked | referring.faults(given, at=at)


def _duplicate(session: Session, case: Case, given: Conclusion, at: datetime) -> dict[str, str]:
    return merging.faults(session, case, given.duplicate_of)


FAULTS: dict[Outcome, Callable[[Session, Case, Conclusion, datetime], dict[str, str]]] = {
    Outcome.TAKEDOWN_ONLY: _takedown,
    Outcome.MONITOR: _monitor,
    Outcome.MORE_EVIDENCE: _evidence,
    **dict.fromkeys(REFERRALS, _referral),
    Outcome.DUPLICATE: _duplicate,
}


def _prepare(session: Session, case: Case, given: Conclusion, *, by: Actor, at: datetime) -> Step:
    """Write what the outcome needs beside the decision; returns the step to take, and why and when the case comes back."""
    outcome, back = given.outcome, given.back_at or at
    if outcome is Outcome.TAKEDOWN_ONLY:
        if given.sent_at is not None:
            notices.write(session, case, given.recipient, given.proof, given.sent_at, by=by, at=at)
        return Action.ASK_TAKEDOWN, (ComesBack.TAKEDOWN, back)
    if outcome is Outcome.MONITOR:
        return Action.MONITOR, (ComesBack.MONITOR, back)
    if outcome is Outcome.MORE_EVIDENCE:
        return (Action.HAND_ON, None) if given.hand_on else (Action.AWAIT_EVIDENCE, (ComesBack.EVIDENCE, back))
    if outcome in REFERRALS:
        referring.write(session, case, given, by=by, at=at)
        return (Action.HOLD, (ComesBack.HOLD, given.hold_until)) if given.hold_until else (Action.REFER, None)
    if outcome is Outcome.DUPLICATE:
        merging.join(session, case, given.duplicate_of, by=by, at=at)
        return Action.MERGE, None
    return Action.REJECT, None


def _kept(given: Conclusion) -> dict[str, Any]:
    """The fields that the outcome used, for the page; times as text."""
    fields = FIELDS.get(given.outcome, ())
    kept = {name: getattr(given, name) for name in fields}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in kept.items() if value}


FIELDS = {
    Outcome.TAKEDOWN_ONLY: ("recipient", "asked", "back_at"),
    Outcome.MONITOR: ("back_at",),
    Outcome.MORE_EVIDENCE: ("where", "back_at", "hand_on"),
    **dict.fromkeys(REFERRALS, ("recipient", "country", "their_reference", "passed_on", "referred_at", "hold_until")),
    Outcome.DUPLICATE: ("duplicate_of",),
    Outcome.REJECT_ABUSE: ("misuse",),
}
"""The fields of each outcome beside its note."""


def _said(value: str, field: str, sentence: str) -> dict[str, str]:
    return {} if len(value.strip()) >= policy.NAMED_LEAST else {field: sentence}


def _within(when: datetime | None, at: datetime, soonest: timedelta, latest: timedelta) -> dict[str, str]:
    # A day's grace at both ends: a form carries a day, not a time.
    if when is None or not at + soonest - timedelta(days=1) < when <= at + latest + timedelta(days=1):
        return {"back_at": N_("Choose a date from tomorrow on, and not later than the page says.")}
    return {}
