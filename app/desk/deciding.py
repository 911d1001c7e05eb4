"""The forms of a case: each is read, given to one verb, and answered. What a rule refuses comes back with all that was typed."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock, instance
from app.audience import audience
from app.database import request_session, transaction
from app.desk import case_page, desk, forms
from app.desk.acts import tried
from app.desk.attempts import Attempt
from app.desk.frame import REVIEWERS, UNPROCESSABLE, acting
from app.desk.refusing import all_at_once
from app.errors import STATUS, words
from app.sealing_away import DeskSealer
from moderation import cases, facts, reviewing
from moderation.errors import InvalidAnswer, Refusal
from moderation.reviewing import Decided
from moderation.vocabulary import LISTS, REFERRALS, Answers, ChildMaterial, Conclusion, Conflict, Outcome, Proposed, Refused, Target

DECLARATION = "sent_none_of_the_reports"

Answered = Proposed | Refused | Decided


@desk.post("/cases/<uuid:reference>/propose")
@audience(*REVIEWERS)
def propose(reference: UUID) -> ResponseReturnValue:
    """Take the first seat."""
    return _assess(reference, reviewing.propose)


@desk.post("/cases/<uuid:reference>/confirm")
@audience(*REVIEWERS)
def confirm(reference: UUID) -> ResponseReturnValue:
    """Take the second or third seat, agreeing that it should be listed."""
    return _assess(reference, reviewing.confirm)


@desk.post("/cases/<uuid:reference>/reject")
@audience(*REVIEWERS)
def reject(reference: UUID) -> ResponseReturnValue:
    """Close the case from the first seat, put it aside, or write down that it was referred."""
    now = clock.now()
    typed = forms.read_conclusion(request.form, now=now)
    given = typed.conclusion
    if typed.faults:
        _keep_suspicion(reference, given.child_material)

        def others(session: Session) -> Mapping[str, str]:
            lacking = reviewing.lacking_in_conclusion(
                session, reference, given, goes_on=typed.go_on, by=acting(), at=now, version=typed.version
            )
            return forms.as_shown(given.outcome, lacking)

        return all_at_once(reference, "closing", typed.faults, others if request.form.get("outcome") else None)

    def act(session: Session) -> None:
        if typed.go_on:
            reviewing.refer(session, reference, given, by=acting(), at=now, version=typed.version)
        else:
            sealer = DeskSealer(instance.keys())
            reviewing.conclude(session, reference, given, sealer=sealer, by=acting(), at=now, version=typed.version)

    answered = tried(act)
    if isinstance(answered, Refusal):
        _keep_suspicion(reference, given.child_material)
        return _not_closed(reference, answered, given.outcome)
    flash(_("The referral is written down. The case stays yours; go on with it.") if typed.go_on else _concluded(given))
    return _back_to(reference)


@desk.post("/cases/<uuid:reference>/disagree")
@audience(*REVIEWERS)
def disagree(reference: UUID) -> ResponseReturnValue:
    """Close the case from the second or third seat."""
    # A hotline is told by one person, from any seat.
    return reject(reference) if request.form.get("outcome") == Outcome.REFER_HOTLINE else _close(reference, reviewing.disagree)


@desk.post("/cases/<uuid:reference>/withdraw")
@audience(*REVIEWERS)
def withdraw(reference: UUID) -> ResponseReturnValue:
    """Take back one's own proposal."""
    answered = tried(lambda session: reviewing.withdraw(session, reference, by=acting(), at=clock.now()))
    if isinstance(answered, Refusal):
        return _refused(reference, answered, Attempt(form="", typed={}, faults={}))
    flash(_("Your proposal is withdrawn. The case waits again, as if new."))
    return _back_to(reference)


@desk.post("/cases/<uuid:reference>/notices")
@audience(*REVIEWERS)
def record_notice(reference: UUID) -> ResponseReturnValue:
    """Write down a message that went out."""
    now = clock.now()
    typed = forms.read_notice(request.form, now=now)
    attempt = Attempt(form="notice", typed=request.form, faults=typed.faults)
    sent_at = typed.sent_at
    if sent_at is None or typed.faults:
        return case_page.shown(reference, attempt=attempt, status=UNPROCESSABLE)
    answered = tried(
        lambda session: reviewing.record_notice(session, reference, typed.recipient, typed.proof, sent_at, by=acting(), at=now)
    )
    if isinstance(answered, Refusal):
        return _refused(reference, answered, attempt)
    flash(_("The notice is recorded, with both times: when it was sent, and now."))
    return _back_to(reference)


def _assess(reference: UUID, verb: Callable[..., Answered]) -> ResponseReturnValue:
    typed = forms.read_answers(request.form, _ladder(reference))
    if typed.faults and not _binds(typed.answers):
        return _unfinished(reference, typed, typed.faults)
    answered = tried(
        lambda session: verb(session, reference, typed.answers, outcome=_wanted(typed), by=acting(), at=clock.now(), version=typed.version)
    )
    if typed.answers.conflict is Conflict.MINE:
        return _aside(reference, typed.answers, answered)
    if isinstance(answered, InvalidAnswer):
        return _unfinished(reference, typed, answered.faults)
    if isinstance(answered, Refusal):
        return _refused(reference, answered, _attempt("answers", {}))
    if isinstance(answered, Refused):
        attempt = Attempt(form="answers", typed=request.form, faults={}, findings=answered.findings, is_kept=True)
        return case_page.shown(reference, attempt=attempt, status=UNPROCESSABLE)
    case_page.remember_law(typed.answers.provision, typed.answers.territories)
    flash(_told(answered, is_first=verb is reviewing.propose))
    return _back_to(reference)


def _binds(answers: Answers) -> bool:
    """Whether these answers bind who gave them, so that they are stored whatever else the form lacks."""
    return answers.child_material is ChildMaterial.SUSPECTED or answers.conflict is Conflict.MINE


def _aside(reference: UUID, answers: Answers, answered: Answered | Refusal) -> ResponseReturnValue:
    """Whoever declared an interest of their own leaves the case, also where the rest of what they sent could not be taken."""
    if isinstance(answered, Refusal):
        done = tried(lambda session: reviewing.stand_aside(session, reference, answers.conflict_note, by=acting(), at=clock.now()))
        if isinstance(done, Refusal):
            return _refused(reference, done, _attempt("answers", {}))
    flash(_("A colleague will take it. You will not be offered this case again."))
    return redirect(url_for("desk.queue"), 303)


def _wanted(typed: forms.Typed) -> Outcome:
    """For how long it would be listed; where the answers bind, no choice of that keeps them from being stored."""
    if _binds(typed.answers):
        return Outcome.LIST
    return Outcome.LIST_TEMPORARY if request.form.get("for_a_week") else Outcome.LIST


def _unfinished(reference: UUID, typed: forms.Typed, faults: Mapping[str, str]) -> ResponseReturnValue:
    """An assessment that cannot be taken because of these faults, with what the checks say of the rest: all at once."""
    looked = tried(
        lambda session: reviewing.lacking_in_assessment(
            session, reference, typed.answers, outcome=_wanted(typed), by=acting(), at=clock.now(), version=typed.version
        )
    )
    if isinstance(looked, Refusal):
        return _refused(reference, looked, _attempt("answers", {}))
    # What could not be read is not in what was stored; of a box that was left open nothing is lost.
    is_kept = looked.is_kept and not typed.faults.keys() - {DECLARATION}
    told = {**looked.faults, **faults}
    attempt = Attempt(form="answers", typed=request.form, faults=told, findings=looked.findings, is_kept=is_kept)
    return case_page.shown(reference, attempt=attempt, status=UNPROCESSABLE)


def _close(reference: UUID, verb: Callable[..., Decided]) -> ResponseReturnValue:
    typed = forms.read_disagreement(request.form)
    if typed.faults:
        _keep_suspicion(reference, typed.child_material)

        def others(session: Session) -> Mapping[str, str]:
            lacking = reviewing.lacking_in_disagreement(
                session,
                reference,
                typed.outcome,
                typed.note,
                typed.child_material,
                by=acting(),
                at=clock.now(),
                version=typed.version,
            )
            return forms.as_shown(typed.outcome, lacking)

        return all_at_once(reference, "closing", typed.faults, others if request.form.get("outcome") else None)
    answered = tried(
        lambda session: verb(
            session,
            reference,
            typed.outcome,
            typed.note,
            by=acting(),
            at=clock.now(),
            version=typed.version,
            sent_none_of_the_reports=typed.sent_none_of_the_reports,
            child_material=typed.child_material,
        )
    )
    if isinstance(answered, Refusal):
        _keep_suspicion(reference, typed.child_material)
        return _not_closed(reference, answered, typed.outcome)
    flash(_told(answered, is_first=True))
    return _back_to(reference)


def _keep_suspicion(reference: UUID, answer: ChildMaterial | None) -> None:
    """What somebody suspects is not lost with a form that is refused: it binds whoever takes the case next."""
    if answer is ChildMaterial.SUSPECTED:
        with transaction() as session:
            reviewing.keep_suspicion(session, reference, by=acting(), at=clock.now())


def _not_closed(reference: UUID, refusal: Refusal, outcome: Outcome) -> ResponseReturnValue:
    if isinstance(refusal, InvalidAnswer):
        refusal = InvalidAnswer(dict(forms.as_shown(outcome, refusal.faults)))
    return _refused(reference, refusal, _attempt("closing", {}))


def _attempt(form: str, faults: Mapping[str, str]) -> Attempt:
    return Attempt(form=form, typed=request.form, faults=faults)


def _refused(reference: UUID, refusal: Refusal, attempt: Attempt) -> ResponseReturnValue:
    """The case as it is now, what the rule says, and what was typed."""
    faults = refusal.faults if isinstance(refusal, InvalidAnswer) else attempt.faults
    again = Attempt(form=attempt.form, typed=attempt.typed, faults=faults, refusal=words(refusal))
    return case_page.shown(reference, attempt=again, status=STATUS[type(refusal)].value)


def _told(answered: Proposed | Decided, *, is_first: bool) -> str:
    if isinstance(answered, Proposed):
        if not is_first:
            return str(_("Your assessment is stored. A senior must agree before anything is listed."))
        if answered.needs_third:
            return str(_("Your assessment is stored. A second person and then a senior must agree before anything is listed."))
        return str(_("Your assessment is stored. A second person must agree before anything is listed."))
    if answered.outcome in LISTS:
        return str(_("Listed. It reaches every format of the feed within seconds."))
    if answered.outcome is Outcome.NOT_LISTED:
        return str(_("Not listed. Where people disagree, nothing is listed."))
    return str(_("Rejected. Nothing is listed."))


def _put_aside(until: str, *, on_hold: bool) -> str:
    if on_hold:
        return str(_("Put aside until %(day)s, as the police asked. What comes in meanwhile does not bring it back.", day=until))
    return str(_("Put aside. The case comes back to the queue on %(day)s, or sooner if something new comes in.", day=until))


def _concluded(given: Conclusion) -> str:
    """What happens next, in a sentence."""
    day = given.back_at or given.hold_until
    until = f"{day:%Y-%m-%d}" if day else ""
    if given.outcome is Outcome.MORE_EVIDENCE and given.hand_on:
        return str(_("Left to somebody else. The case waits in the queue; it will not be offered to you again."))
    if until:
        return _put_aside(until, on_hold=given.hold_until is not None)
    if given.outcome in REFERRALS:
        return _referred(given)
    if given.outcome is Outcome.DUPLICATE:
        return str(_("Closed as the same. Its reports are now with the other case."))
    if given.outcome is Outcome.DELIST:
        return str(_("Off the list. The removal reaches every format of the feed within seconds."))
    return str(_("Rejected. Nothing is listed."))


def _referred(given: Conclusion) -> str:
    if given.outcome is Outcome.REFER_HOTLINE and given.child_material is ChildMaterial.SUSPECTED:
        return str(_("Referred, and closed here. The address is sealed. Write down the hotline’s receipt when it comes."))
    return str(_("Referred, and closed here. A new report opens a new case that shows this one."))


def _ladder(reference: UUID) -> tuple[Target, ...]:
    return facts.resource_of(cases.fetch(request_session(), reference).resource).ladder


def _back_to(reference: UUID) -> ResponseReturnValue:
    return redirect(url_for("desk.case", reference=reference), 303)
