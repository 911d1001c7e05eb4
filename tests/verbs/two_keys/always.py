"""What is so at any time, whatever people did before. Changes nothing."""

from uuid import UUID

from hypothesis.stateful import invariant
from sqlalchemy import func, select, text

from moderation import publishing, reporting, states
from moderation.models import Assessment, Case, CaseReport, ChangeLog, Decision, EmergencyDelisting, Listing, Report, ResourceRow, Round
from moderation.states import State
from moderation.vocabulary import LISTS, Outcome, Scope, Target
from tests.verbs.two_keys.desk import SITES, Desk, is_within, resource_of


class AlwaysSo(Desk):
    """What is looked at after each act, and, of what is never taken away, with each release."""

    @invariant()
    def what_is_written_once_only_grows(self) -> None:
        """No row of it changes or vanishes: what was there before has the digest that it had."""
        parts = [
            f"SELECT '{table}', coalesce(max(id), 0), md5(coalesce(string_agg(md5(row::text), '' ORDER BY id), '')),"
            f" md5(coalesce(string_agg(md5(row::text), '' ORDER BY id) FILTER (WHERE id <= {last}), '')) FROM {table} AS row"
            for table, (last, _) in self.written.items()
        ]
        for table, last, digest, before in self.session.execute(text(" UNION ALL ".join(parts))):
            assert self.written[table][1] in ("", before), f"{table} is not what it was"
            self.written[table] = (last, digest)

    @invariant()
    def nothing_is_listed_but_what_a_case_says(self) -> None:
        listed = select(func.count()).where(Listing.case_id == Case.id, Listing.ended_at.is_(None)).scalar_subquery()
        for state, living in self.session.execute(select(Case.state, listed)):
            least, most = state in (State.LISTED, State.RE_REVIEW), state in states.LIVING
            assert least <= living <= most, f"{living} living listings of a case that is {state}"

    def look_through(self) -> None:
        """What can be told from the tables at any time later, since none of it is ever taken away."""
        self.every_listing_has_its_people()
        self.every_listing_is_on_the_ladder_of_what_was_reported()
        self.nobody_had_a_say_on_a_report_of_their_own()
        self.nothing_hangs_on_a_closed_account()
        self.emergencies_are_looked_at_by_another()
        for digest in self.session.scalars(select(Report.receipt_digest).order_by(Report.id.desc()).limit(1)):
            assert reporting.status(self.session, digest).resources

    def every_listing_has_its_people(self) -> None:
        rows = self.session.execute(
            select(Listing, Decision, Case.reference)
            .join(Decision, Decision.id == Listing.decision_id)
            .join(Case, Case.id == Listing.case_id)
            .order_by(Listing.id)
        ).all()
        seats_of = self.seats()
        for number, (listing, decision, case) in enumerate(rows):
            target = Target(Scope(listing.scope), listing.target)
            named = {one for one in (listing.first_id, listing.second_id, listing.third_id) if one}
            least = 3 if target.scope.is_wide else 2
            agreed = {said.person for said in self.said if said.case == case and is_within(target, said.target)}
            assert named <= agreed, "somebody stands for it who never agreed to as much"
            assert len(named) >= least, "too few people agreed"
            if decision.outcome == Outcome.NARROW:
                old = next(row.Listing for row in reversed(rows[:number]) if row.Listing.case_id == listing.case_id)
                assert (old.ended_because, old.ended_at) == ("narrowed", listing.starts_at)
                assert is_within(target, Target(Scope(old.scope), old.target))
                assert listing.expires_at <= old.expires_at
                continue
            seats = seats_of[decision.round_id]
            assert {seat.moderator_id for seat in seats if seat.outcome in LISTS} == named, "other people than those who agreed"
            assert len(seats) == len(named), "somebody sat twice"
            assert all(seat.sent_none_of_the_reports for seat in seats)
            assert all(set(listing.territories) <= set(seat.answers["territories"]) for seat in seats)
            assert target in [Target(Scope(seat.scope), seat.target) for seat in seats]
            assert listing.temporary == any(seat.outcome == Outcome.LIST_TEMPORARY for seat in seats)

    def seats(self) -> dict[int, list[Assessment]]:
        found: dict[int, list[Assessment]] = {}
        for seat in self.session.scalars(select(Assessment).order_by(Assessment.id)):
            found.setdefault(seat.round_id, []).append(seat)
        return found

    def every_listing_is_on_the_ladder_of_what_was_reported(self) -> None:
        ladders = {resource_of(number).canonical: resource_of(number).ladder for number in range(len(SITES))}
        placed = select(ResourceRow.canonical, Listing.scope, Listing.target).join(Case, Case.resource_id == ResourceRow.id)
        for canonical, *covered in self.session.execute(placed.join(Listing, Listing.case_id == Case.id)):
            assert tuple(covered) in [(step.scope, step.text) for step in ladders[canonical]]

    def nobody_had_a_say_on_a_report_of_their_own(self) -> None:
        # Of a report of the same hour nobody can tell whether it came before: times are kept to the hour. One that was merged came later.
        sent_before = Report.received_at < func.date_trunc("hour", Assessment.made_at, "UTC")
        own = (
            select(Assessment.id)
            .join(Round, Round.id == Assessment.round_id)
            .join(CaseReport, CaseReport.case_id == Round.case_id)
            .join(Report, Report.id == CaseReport.report_id)
            .where(Report.sender_id == Assessment.moderator_id, sent_before, ~CaseReport.merged)
        )
        assert self.session.scalars(own).all() == []

    def nothing_hangs_on_a_closed_account(self) -> None:
        sits = select(Assessment.id).join(Round, Round.id == Assessment.round_id).where(Round.closed_at.is_(None))
        assert self.session.scalars(sits.where(Assessment.moderator_id.in_(self.gone))).all() == []
        assert self.session.scalars(select(Case.id).where(Case.holder_id.in_(self.gone))).all() == []

    def emergencies_are_looked_at_by_another(self) -> None:
        alone = EmergencyDelisting.reviewed_by == EmergencyDelisting.delisted_by
        assert self.session.scalars(select(EmergencyDelisting.id).where(alone)).all() == []

    def in_force(self) -> set[UUID]:
        """What the log alone says is on the list; and the newest release's own entries say the same."""
        living: set[str] = set()
        for change in self.session.execute(select(ChangeLog.action, ChangeLog.listing_reference).order_by(ChangeLog.id)):
            assert (change.listing_reference in living) == (change.action == "remove"), "added twice, or removed without being there"
            (living.add if change.action == "add" else living.remove)(change.listing_reference)
        newest = publishing.newest(self.session)
        entries = {entry.reference for entry in publishing.entries(self.session, newest.number)} if newest else set()
        assert entries == {UUID(reference) for reference in living}
        assert len(entries) == (newest.entries if newest else 0)
        return entries
