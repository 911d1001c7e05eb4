"""A refused attempt that its writer comes back to: what still stands in its way. What was done since is not told again."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from moderation import facts, safeguards, suspicion
from moderation.models import Case, RefusedAssessment
from moderation.reviewing import papers
from moderation.reviewing.seen import RefusedSeen
from moderation.vocabulary import Actor, ChildMaterial, Effect, Finding


def still_refused(session: Session, case: Case, refused: RefusedAssessment, *, by: Actor, at: datetime) -> RefusedSeen:
    """The attempt as it was written, with what the checks that refused it say now; its answer on a child is the one given last."""
    answers, then = papers.answers_from_json(refused.answers), papers.findings_from_json(refused.findings)
    answers = replace(answers, child_material=suspicion.said_last(session, case, by=by) or answers.child_material)
    if answers.child_material is ChildMaterial.SUSPECTED:
        left: tuple[Finding, ...] = (safeguards.SUSPECTED_CHILD,)
    elif answers.note:
        # What was to be kept on the list as it is: nothing was to be listed anew, so there is nothing to check anew.
        left = then
    else:
        left = _still(then, safeguards.run(facts.gather(session, case, answers, seat=refused.seat, by=by, at=at)))
    return RefusedSeen(answers=answers, findings=left, made_at=refused.made_at)


def _still(then: tuple[Finding, ...], now: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is found now, but for what refuses now and did not then: that is told once the attempt is sent again."""
    refused = {(finding.safeguard, finding.field) for finding in safeguards.blocks(then)}
    return tuple(finding for finding in now if finding.effect is not Effect.BLOCK or (finding.safeguard, finding.field) in refused)
