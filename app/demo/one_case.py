"""What people do with one demo case, each act through its verb. Knows neither the order nor the times; app/demo/playing.py does."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import intake, sealing
from app.demo.answering import answers_for, mistaken_answers, target_of
from app.demo.stories import Story, Telling
from app.intake import Arrival
from app.keys import Keys
from app.sealing_away import DeskSealer
from moderation import cases, policy, publishing, queue, reporting, resources, reviewing
from moderation.models import Case, CaseReport, ReferralRow, Report
from moderation.states import State
from moderation.vocabulary import (
    LISTS,
    Actor,
    Answers,
    ChildMaterial,
    Conclusion,
    EmergencyReason,
    Lane,
    Outcome,
    Presence,
    Proposed,
    Refused,
    Resource,
    Submission,
    Target,
)

STEP = timedelta(minutes=20)
"""Between one person's act and the next."""


class DemoStoryFailedError(Exception):
    """A demo story did not go as written: a safeguard or a rule has changed under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Who acts, and where."""

    session: Session
    keys: Keys
    moderators: tuple[Actor, Actor]
    senior: Actor


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
        return reviewing.propose(self.session, found.reference, answers, outcome=self.lists_as, by=self.first, at=at, version=found.version)

    def hand_back(self, *, at: datetime) -> None:
        """Whoever stands aside has let it go already."""
        if self.case().holder_id is not None:
            queue.hand_back(self.session, self.case().reference, by=self.first, at=at)

    def confirm(self, by: Actor, *, seat: int, at: datetime) -> Proposed | Refused | reviewing.Decided:
        found = self.claim(by, at=at)
        answers = answers_for(self.story, self.target(), seat=seat)
        return reviewing.confirm(self.session, found.reference, answers, outcome=self.lists_as, by=by, at=at, version=found.version)

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

    def conclude_alone(self, now: datetime, *, at: datetime) -> None:
        """Whoever slipped before holds the case still."""
        found = self.claim(self.first, at=at)
        given = _conclusion(self.story, now, at=at)
        sealer = DeskSealer(self.stage.keys)
        reviewing.conclude(self.session, found.reference, given, sealer=sealer, by=self.first, at=at, version=found.version)

    def acknowledge(self, *, at: datetime) -> None:
        """The hotline says that it has it."""
        row = self.session.scalars(select(ReferralRow).where(ReferralRow.case_id == self.case().id)).one()
        reviewing.record_receipt(self.session, row.reference, self.story.receipt, at, by=self.second, at=at)

    def look(self, presence: Presence, *, at: datetime) -> None:
        reviewing.record_look(self.session, self.case().reference, presence, self.story.note, by=self.second, at=at)
        publishing.release(self.session, at=at)

    def delist(self, *, at: datetime) -> None:
        reviewing.delist(self.session, self.listing(at=at), self.story.note, by=self.second, at=at)
        publishing.release(self.session, at=at)

    def delist_now(self, *, at: datetime) -> None:
        reason = EmergencyReason.SOMEONE_AT_RISK
        reviewing.delist_now(self.session, self.listing(at=at), reason, self.story.note, by=self.second, at=at)
        publishing.release(self.session, at=at)

    def narrow(self, *, at: datetime) -> None:
        found = self.case().resource
        target = target_of(resources.from_canonical(found.kind, found.canonical), self.story.narrower)
        reviewing.narrow(self.session, self.listing(at=at), target, self.story.note, by=self.second, at=at)
        publishing.release(self.session, at=at)

    def keep(self, *, at: datetime) -> None:
        """Somebody who took no part looks again, once it is due."""
        reviewing.bring_back(self.session, at=at)
        found, senior = self.claim(self.stage.senior, at=at), self.stage.senior
        again = policy.REVIEW_AFTER[self.story.scope] / 3
        kept = reviewing.keep(
            self.session,
            found.reference,
            self.story.note,
            again,
            by=senior,
            at=at,
            version=found.version,
            sent_none_of_the_reports=True,
        )
        self.must(kept, reviewing.Decided)

    def listing(self, *, at: datetime) -> uuid.UUID:
        seen = reviewing.view(self.session, self.case().reference, by=self.second, at=at)
        if seen.listing is None:
            raise DemoStoryFailedError(f"{self.story.what} is not listed.")
        return seen.listing.reference

    def withdraw(self, *, at: datetime) -> None:
        reviewing.withdraw(self.session, self.case().reference, by=self.first, at=at)

    @property
    def lists_as(self) -> Outcome:
        return self.story.outcome if self.story.outcome in LISTS else Outcome.LIST

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


def _conclusion(story: Story, now: datetime, *, at: datetime) -> Conclusion:
    given = dict(story.fields)
    hold, back, child = (given.pop(name, None) for name in ("hold_days", "back_days", "child_material"))
    return Conclusion(
        outcome=story.outcome,
        note=story.note,
        sent_none_of_the_reports=True,
        referred_at=at - STEP,
        sent_at=at - STEP if "proof" in given else None,
        hold_until=now + timedelta(days=hold) if hold else None,
        back_at=now + timedelta(days=back) if back else None,
        child_material=ChildMaterial(child) if child else None,
        **given,
    )
