"""Suspected sexual images of a child: with the referral to a hotline the address leaves all that is kept in clear, and only it does."""

import pytest
from sqlalchemy import select

from app import sealing
from app.sealing_away import DeskSealer
from moderation import queue, reporting, reviewing
from moderation.errors import IllegalTransition, InvalidAnswer
from moderation.models import (
    Assessment,
    ContactKey,
    Decision,
    Observation,
    ReferralRow,
    Report,
    ReportKey,
    ResourceRow,
    SealedAddress,
)
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import ChildMaterial, Conclusion, Outcome, Presence
from tests import builders
from tests.builders import NOON
from tests.verbs.sealed import DAY, OTHER, WHAT, acts, case_of, holding, opened, report_of, shown, told, written_about_everywhere


class TestAfterTheReferral:
    def test_no_table_holds_the_address_or_what_was_written_about_it(self, session, amira, dora):
        found = written_about_everywhere(session, amira, dora)
        words = ("files.test", "osprey")
        everywhere = {"assessment", "case_note", "notice", "observation", "referral", "refused_assessment", "resource", "stood_aside"}
        assert set(holding(session, *words)) == everywhere
        builders.sealed_away(session, found, amira, note=f"An osprey at {WHAT}", passed_on=f"An osprey at {WHAT}")
        assert holding(session, *words) == []

    def test_an_earlier_decision_about_the_same_is_emptied_and_stays(self, session, amira):
        told(session)
        builders.concluded(session, case_of(session), builders.person(session), Outcome.REJECT_SCOPE, note=f"A heron at {WHAT}")
        earlier = case_of(session)
        told(session)
        builders.sealed_away(session, case_of(session), amira)
        assert holding(session, "files.test", "heron") == []
        outcomes = select(Decision.outcome).order_by(Decision.id)
        assert session.scalars(outcomes).all() == [Outcome.REJECT_SCOPE, Outcome.REFER_HOTLINE]
        assert acts(session, earlier)[-1] == "address sealed"

    def test_the_case_its_time_and_the_referrals_reference_stay(self, session, amira):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira, their_reference="H-1")
        row = session.scalars(select(ReferralRow)).one()
        assert (found.state, found.closed_at, row.their_reference, row.recipient) == (State.REFERRED, NOON, "H-1", "The national hotline")
        assert session.scalars(select(Assessment.answers)).one()["child_material"] == ChildMaterial.SUSPECTED

    def test_its_reports_are_destroyed_with_their_contacts(self, session, amira):
        told(session)
        builders.sealed_away(session, case_of(session), amira)
        for column in (ReportKey.wrapped, ContactKey.wrapped, Report.sealed, Report.contact, Report.text_signature):
            assert session.scalars(select(column)).all() == [None]

    def test_its_reporter_still_learns_that_it_was_referred(self, session, amira):
        code = told(session)
        builders.sealed_away(session, case_of(session), amira)
        (one,) = reporting.status(session, sealing.receipt_digest(code)).resources
        assert (one.state, one.is_sealed, one.address, one.may_be_own) == (State.REFERRED, True, None, False)

    def test_nobody_finds_it_by_its_address_or_its_host(self, session, amira):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        told(session, "https://www.files.test/another")
        for words in (WHAT, "www.files.test", "files.test"):
            rows = queue.page(session, Filters(state=None, text=words), by=amira, at=NOON).rows
            assert found.reference not in [row.reference for row in rows]
        neighbour = case_of(session, "https://www.files.test/another")
        assert reviewing.view(session, neighbour.reference, by=amira, at=NOON).related == ()
        by_reference = queue.page(session, Filters(state=None, text=str(found.reference)), by=amira, at=NOON).rows
        assert [row.canonical for row in by_reference] == [f"sealed:{found.reference}"]

    def test_its_page_shows_no_report_no_note_and_no_step_to_list(self, session, amira, dora):
        found = written_about_everywhere(session, amira, dora)
        builders.sealed_away(session, found, amira)
        view = reviewing.view(session, found.reference, by=dora, at=NOON)
        assert (view.reports, view.notes, view.notices, view.rungs, view.resource.host) == ((), (), (), (), None)
        assert (view.sealed.is_kept, view.sealed.at) == (True, NOON)
        assert reviewing.standing(session, found.reference, at=NOON).looks == ()

    def test_nothing_more_is_written_about_it(self, session, amira):
        told(session)
        found = case_of(session)
        builders.sealed_away(session, found, amira)
        for write in (
            lambda: reviewing.write_note(session, found.reference, WHAT, by=amira, at=NOON),
            lambda: reviewing.record_look(session, found.reference, Presence.SAME, WHAT, by=amira, at=NOON),
            lambda: reviewing.record_notice(session, found.reference, "the host", WHAT, NOON, by=amira, at=NOON),
        ):
            with pytest.raises(IllegalTransition, match="sealed"):
                write()

    def test_the_same_address_reported_again_is_a_case_of_its_own(self, session, amira):
        told(session)
        first = case_of(session)
        builders.sealed_away(session, first, amira)
        told(session)
        again = case_of(session)
        assert (again.state, again.id != first.id) == (State.WAITING, True)
        builders.sealed_away(session, again, amira)
        assert holding(session, "files.test") == []

    def test_a_duplicate_of_it_is_sealed_with_it(self, session, amira):
        told(session)
        told(session, "https://files.test/mirror")
        found, same = case_of(session), case_of(session, "https://files.test/mirror")
        builders.concluded(session, same, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(found.reference))
        builders.sealed_away(session, found, amira)
        assert holding(session, "files.test") == []
        assert [one["address"] for one in shown(session, found.reference, amira)] == [WHAT, "https://files.test/mirror"]
        assert [one["address"] for one in shown(session, same.reference, amira)] == ["https://files.test/mirror"]

    def test_so_is_what_a_colleague_typed_to_name_it(self, session, amira):
        told(session)
        told(session, "https://files.test/mirror")
        same = case_of(session, "https://files.test/mirror")
        builders.concluded(session, same, amira, Outcome.DUPLICATE, duplicate_of=f" hxxps://{WHAT.removeprefix('https://')} ")
        detail = session.scalars(select(Decision.detail).where(Decision.case_id == same.id)).one()
        assert detail == {"duplicate_of": str(case_of(session).reference)}

    def test_nor_does_a_look_at_something_else_say_any_more_that_it_led_there(self, session, amira, dora):
        told(session)
        told(session, OTHER)
        reviewing.record_look(session, case_of(session, OTHER).reference, Presence.REDIRECTS, to=f"{WHAT}#top", by=dora, at=NOON)
        reviewing.record_look(session, case_of(session, OTHER).reference, Presence.REDIRECTS, to="https://far.test/", by=dora, at=NOON)
        builders.sealed_away(session, case_of(session), amira)
        assert holding(session, "files.test") == []
        assert session.scalars(select(Observation.value["to"].astext).order_by(Observation.id)).all() == ["", "far.test"]

    def test_nobody_destroys_unrelated_cases_by_merging_them_into_one_that_they_seal(self, session, amira):
        told(session)
        places = [OTHER, "https://www.files.test/y"]
        codes = [told(session, what, "A girl of nineteen is held here.") for what in places]
        for what in places:
            builders.concluded(session, case_of(session, what), amira, Outcome.DUPLICATE, duplicate_of=str(case_of(session).reference))
        builders.sealed_away(session, case_of(session), amira)
        assert session.scalars(select(ResourceRow.canonical).where(ResourceRow.sealed_at.is_(None))).all() == [OTHER]
        assert opened(session, codes[0])["more"] == "A girl of nineteen is held here."
        assert report_of(session, codes[1]).sealed is None
        assert holding(session, "www.files.test") == []

    def test_a_duplicate_that_was_reported_again_waits_for_its_own_decision(self, session, amira):
        told(session)
        told(session, "https://files.test/mirror")
        found, same = case_of(session), case_of(session, "https://files.test/mirror")
        builders.concluded(session, same, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(found.reference))
        told(session, "https://files.test/mirror")
        builders.sealed_away(session, found, amira)
        assert case_of(session, "https://files.test/mirror").state == State.WAITING
        assert holding(session, "www.files.test") == []


class TestAHoldOfThePolice:
    @pytest.fixture
    def held(self, session, amira):
        """Referred to the police, who asked for a week, and gone on with."""
        told(session)
        found = builders.claimed(session, case_of(session), amira)
        given = Conclusion(outcome=Outcome.REFER_POLICE, **builders.referral(hold_until=NOON + 7 * DAY))
        reviewing.refer(session, found.reference, given, by=amira, at=NOON, version=found.version)
        return found

    def test_it_is_lifted_before_the_address_is_sealed(self, session, amira, held):
        begun = session.begin_nested()
        with pytest.raises(IllegalTransition, match="lift the hold"):
            builders.sealed_away(session, held, amira)
        begun.rollback()
        session.expire_all()
        assert (held.resource.canonical, held.state) == (WHAT, State.WAITING)
        reviewing.lift_hold(session, session.scalars(select(ReferralRow.reference)).one(), by=amira, at=NOON)
        builders.sealed_away(session, held, amira)
        assert holding(session, "files.test") == []

    def test_one_that_stands_on_a_duplicate_counts_too(self, session, amira, held):
        told(session, "https://www.files.test/mirror")
        main = case_of(session, "https://www.files.test/mirror")
        builders.concluded(session, held, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(main.reference), at=NOON + DAY)
        with pytest.raises(IllegalTransition, match="lift the hold"):
            builders.sealed_away(session, main, amira, at=NOON + DAY)

    def test_one_that_ended_by_itself_binds_nothing(self, session, amira, held):
        builders.sealed_away(session, held, amira, at=NOON + 8 * DAY)
        assert holding(session, "files.test") == []


class TestWhomItNeverHits:
    @pytest.mark.parametrize(
        ("outcome", "answer"),
        [
            (Outcome.REFER_HOTLINE, ChildMaterial.NO),
            (Outcome.REFER_POLICE, ChildMaterial.NO),
            (Outcome.REFER_SUPPORT, ChildMaterial.NO),
        ],
    )
    def test_another_referral_keeps_all_it_had(self, session, amira, outcome, answer):
        code = told(session)
        found = case_of(session)
        sealer = DeskSealer(builders.desk_keys())
        builders.concluded(session, found, amira, outcome, sealer=sealer, **builders.referral(child_material=answer))
        assert found.resource.canonical == WHAT
        assert session.scalars(select(ReferralRow.passed_on)).one() == "The address and what three reporters wrote."
        assert opened(session, code)["what"] == WHAT
        assert session.scalars(select(SealedAddress)).all() == []

    def test_a_hotline_is_told_whether_such_images_are_suspected(self, session, amira):
        told(session)
        with pytest.raises(InvalidAnswer) as refused:
            builders.concluded(session, case_of(session), amira, Outcome.REFER_HOTLINE, **builders.referral(child_material=None))
        assert set(refused.value.faults) == {"child_material"}

    def test_such_a_case_never_goes_on_after_its_referral(self, session, amira):
        told(session)
        found = builders.claimed(session, case_of(session), amira)
        given = Conclusion(outcome=Outcome.REFER_HOTLINE, **builders.referral(child_material=ChildMaterial.SUSPECTED))
        with pytest.raises(InvalidAnswer) as refused:
            reviewing.refer(session, found.reference, given, by=amira, at=NOON, version=found.version)
        assert set(refused.value.faults) == {"child_material"}

    @pytest.mark.parametrize("field", ["recipient", "their_reference"])
    def test_what_stays_names_no_address(self, session, amira, field):
        told(session)
        with pytest.raises(InvalidAnswer) as refused:
            builders.sealed_away(session, case_of(session), amira, **{field: f"see {WHAT}"})
        assert set(refused.value.faults) == {field}

    def test_nothing_is_decided_without_a_way_to_seal(self, session, amira):
        told(session)
        given, begun = builders.referral(child_material=ChildMaterial.SUSPECTED), session.begin_nested()
        with pytest.raises(TypeError):
            builders.concluded(session, case_of(session), amira, Outcome.REFER_HOTLINE, **given)
        begun.rollback()
        session.expire_all()
        assert case_of(session).state == State.WAITING
