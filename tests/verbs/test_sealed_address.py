"""An address that is sealed for a hotline: who may have it shown, and what the hotline's receipt makes of it."""

import uuid

import pytest
from pyrage import x25519
from sqlalchemy import select, update

from app import keys, sealing
from moderation import overview, policy, retention, reviewing, rewrapping
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent
from moderation.models import AddressKey, AuditRecord, ReferralRow, Report, SealedAddress
from moderation.overview import Overdue
from moderation.vocabulary import Outcome, Role
from tests import builders
from tests.builders import NOON
from tests.verbs.sealed import DAY, OTHER, WHAT, acts, case_of, shown, told, written_about_everywhere


def receipt(session, case, by, *, number="H-2207", came_at=NOON, at=NOON):
    row = session.scalars(select(ReferralRow).where(ReferralRow.case_id == case.id).order_by(ReferralRow.id.desc()).limit(1)).one()
    return reviewing.record_receipt(session, row.reference, number, came_at, by=by, at=at)


class TestShowingItAgain:
    def test_a_senior_and_who_passed_it_on_can_have_it_shown_and_stand_in_the_record(self, session, amira, dora):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira, passed_on="The address, and when.", note="Two people say so.")
        for by in (amira, dora):
            assert shown(session, found.reference, by) == [
                {"address": WHAT, "passed_on": "The address, and when.", "note": "Two people say so."}
            ]
        who = select(AuditRecord.actor).where(AuditRecord.action == "sealed address shown").order_by(AuditRecord.id)
        assert session.scalars(who).all() == [amira.label, dora.label]

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR, Role.ADMIN, Role.VOLUNTEER])
    def test_nobody_else_can(self, session, amira, role):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        with pytest.raises(NotAllowed):
            reviewing.reveal(session, found.reference, by=builders.person(session, role), at=NOON)
        assert "sealed address shown" not in acts(session, found)

    def test_what_was_passed_to_others_before_is_sealed_with_it(self, session, amira, dora):
        found = written_about_everywhere(session, amira, dora)
        builders.sealed_away(session, found, amira)
        assert shown(session, found.reference, amira)[0]["earlier"] == f"An osprey at {WHAT}"

    def test_where_nothing_is_sealed_nothing_is_shown(self, session, dora):
        told(session)
        with pytest.raises(IllegalTransition):
            reviewing.reveal(session, case_of(session).reference, by=dora, at=NOON)

    def test_it_opens_after_the_desk_has_another_key(self, session, amira):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        old, identity = builders.desk_keys(), str(x25519.Identity.generate())
        new = keys.Keys(
            secret=old.secret,
            desk_recipient=keys.recipient_of(identity),
            desk_identity=identity,
            former_identities=(old.desk_identity,),
        )
        place, left = (0, 0), rewrapping.left(session, new.desk_key)
        while place[0] < len(rewrapping.TABLES):
            place, _done, _shut = rewrapping.rewrap(session, new.desk_key, lambda one: sealing.rewrap(one, new), after=place)
        assert (left, rewrapping.left(session, new.desk_key)) == (1, 0)
        wrapped = session.scalars(select(AddressKey.wrapped)).one()
        only_new = keys.Keys(secret=b"", desk_recipient=new.desk_recipient, desk_identity=identity)
        assert sealing.open_sealed(session.scalars(select(SealedAddress.sealed)).one(), wrapped, only_new)["address"] == WHAT


class TestTheHotlinesReceipt:
    def test_a_week_later_it_destroys_the_address_and_leaves_time_and_reference(self, session, amira, dora):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        recorded, goes_at = NOON + 2 * DAY, NOON + 2 * DAY + policy.SEALED_KEPT_AFTER_RECEIPT
        assert receipt(session, found, dora, came_at=NOON + DAY, at=recorded) == goes_at
        retention.run(session, at=goes_at)
        assert shown(session, found.reference, amira)[0]["address"] == WHAT
        assert reviewing.view(session, found.reference, by=dora, at=NOON).sealed.goes_at == goes_at
        gone_at = goes_at + DAY / 24
        retention.run(session, at=gone_at)
        assert session.scalars(select(SealedAddress)).all() == []
        assert session.execute(select(AddressKey.wrapped, AddressKey.shredded_at)).all() == [(None, gone_at)]
        row = session.scalars(select(ReferralRow)).one()
        assert (row.their_reference, row.receipt_at, row.receipt_recorded_by) == ("H-2207", NOON + DAY, dora.person_id)
        assert (found.resource.canonical, found.resource.erased_at) == (f"erased:{found.reference}", gone_at)
        assert acts(session, found)[-3:] == ["receipt recorded", "sealed address shown", "sealed address destroyed"]
        with pytest.raises(IllegalTransition):
            reviewing.reveal(session, found.reference, by=dora, at=NOON)
        assert not reviewing.view(session, found.reference, by=dora, at=NOON).sealed.is_kept

    def test_a_senior_strikes_a_false_one_within_the_week_and_nothing_is_lost(self, session, amira, dora):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira, their_reference="H-1")
        receipt(session, found, builders.person(session), number="H-false")
        row = session.scalars(select(ReferralRow)).one()
        with pytest.raises(NotAllowed):
            reviewing.strike_receipt(session, row.reference, by=amira, at=NOON + DAY)
        reviewing.strike_receipt(session, row.reference, by=dora, at=NOON + DAY)
        assert (row.their_reference, row.receipt_at, row.receipt_recorded_by) == ("H-1", None, None)
        retention.run(session, at=NOON + 30 * DAY)
        assert shown(session, found.reference, amira)[0]["address"] == WHAT
        told_of = select(AuditRecord.detail).where(AuditRecord.action.in_(("receipt recorded", "receipt struck"))).order_by(AuditRecord.id)
        written, struck = session.scalars(told_of).all()
        assert (written["reference_before"], struck["struck"]) == ("H-1", "H-false")
        with pytest.raises(IllegalTransition):
            reviewing.strike_receipt(session, row.reference, by=dora, at=NOON + DAY)

    def test_after_the_week_there_is_nothing_left_to_strike(self, session, amira, dora):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        receipt(session, found, dora)
        retention.run(session, at=NOON + 8 * DAY)
        with pytest.raises(IllegalTransition):
            reviewing.strike_receipt(session, session.scalars(select(ReferralRow.reference)).one(), by=dora, at=NOON + 8 * DAY)

    def test_who_passed_it_on_leaves_the_receipt_to_somebody_else_or_is_a_senior(self, session, amira, dora):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        with pytest.raises(NotAllowed, match="somebody else"):
            receipt(session, found, amira)
        told(session, OTHER)
        other = case_of(session, OTHER)
        builders.sealed_away(session, other, dora)
        assert receipt(session, other, dora)

    def test_nobody_with_an_interest_in_it_writes_it_down(self, session, amira):
        told(session)
        found, aside = case_of(session), builders.person(session)
        reviewing.stand_aside(session, found.reference, "A neighbour.", by=aside, at=NOON)
        sender = builders.person(session)
        builders.sealed_away(session, found, amira)
        session.execute(update(Report).values(sender_id=sender.person_id))
        for by in (aside, sender):
            with pytest.raises(NotIndependent):
                receipt(session, found, by)

    def test_another_hotline_gives_receipts_that_destroy_nothing(self, session, amira):
        told(session)
        found = case_of(session)
        builders.concluded(session, found, amira, Outcome.REFER_HOTLINE, **builders.referral())
        assert not receipt(session, found, amira)
        assert found.resource.canonical == WHAT

    def test_it_is_written_down_once(self, session, amira, dora):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        receipt(session, found, dora)
        with pytest.raises(IllegalTransition):
            receipt(session, found, dora)

    def test_the_police_give_none(self, session, amira):
        told(session)
        found = case_of(session)
        builders.concluded(session, found, amira, Outcome.REFER_POLICE, **builders.referral())
        with pytest.raises(IllegalTransition):
            receipt(session, found, amira)

    def test_only_reviewers_write_it_down_and_only_of_a_referral(self, session, amira):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        with pytest.raises(NotAllowed):
            receipt(session, found, builders.person(session, Role.AUDITOR))
        with pytest.raises(NotFound):
            reviewing.record_receipt(session, uuid.uuid4(), "H-1", NOON, by=amira, at=NOON)

    @pytest.mark.parametrize(
        ("number", "came_at", "wrong"),
        [
            (" ", NOON, "their_reference"),
            (f"see {WHAT}", NOON, "their_reference"),
            ("H-1", None, "came_at"),
            ("H-1", NOON + DAY, "came_at"),
            ("H-1", NOON - DAY, "came_at"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_destroyed(self, session, amira, dora, number, came_at, wrong):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        with pytest.raises(InvalidAnswer) as refused:
            receipt(session, found, dora, number=number, came_at=came_at)
        assert set(refused.value.faults) == {wrong}
        assert len(shown(session, found.reference, amira)) == 1

    @pytest.mark.parametrize("number", ["FR-2026-0931", "2026/114", "0931.22", "by e-mail to desk@flag.example", "№ 44, 24.11.2026"])
    def test_any_number_that_a_hotline_gives_is_taken(self, session, amira, dora, number):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        assert receipt(session, found, dora, number=number)

    def test_without_one_the_address_goes_with_time(self, session, amira):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        retention.run(session, at=NOON + policy.RESOURCE_KEPT + DAY)
        assert session.scalars(select(SealedAddress)).all() == []
        assert session.scalars(select(AddressKey.wrapped)).all() == [None]

    def test_a_hotline_that_keeps_silent_is_told_of(self, session, amira, dora):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        late = NOON + policy.HOTLINE_RECEIPT_OVERDUE
        assert waiting_for_a_receipt(session, late - DAY) == []
        assert waiting_for_a_receipt(session, late) == [found.reference]
        receipt(session, found, dora, at=late)
        assert waiting_for_a_receipt(session, late) == []


def waiting_for_a_receipt(session, at):
    things = overview.overdue_things(session, Overdue.RECEIPTS, at=at)
    counted = {each.what: each.count.number for each in overview.overdue(session, at=at)}
    assert counted[Overdue.RECEIPTS] == len(things)
    return [one.case for one in things]
