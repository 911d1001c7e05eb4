"""Suspected sexual images of a child: the address goes to a hotline and leaves all that is kept, for good once the hotline has it."""

import uuid
from datetime import timedelta

import pytest
from pyrage import x25519
from sqlalchemy import select, text, update

from app import intake, keys, marking, sealing
from app.intake import Arrival
from app.sealing_away import DeskSealer
from moderation import conversing, overview, policy, queue, reporting, retention, reviewing, rewrapping
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent
from moderation.models import (
    AddressKey,
    Assessment,
    AuditRecord,
    Base,
    Case,
    ContactKey,
    Decision,
    Message,
    Observation,
    ReferralRow,
    Report,
    ReportKey,
    ReportMark,
    ResourceRow,
    SealedAddress,
)
from moderation.overview import Overdue
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import Category, ChildMaterial, Conclusion, Lane, Outcome, Presence, Proposed, Refused, Role
from tests import builders
from tests.builders import NOON

WHAT, OTHER = "https://www.files.test/x/album", "https://jobs.test/offer/7"
DAY = timedelta(days=1)


@pytest.fixture
def amira(session):
    return builders.person(session, name="Amira")


@pytest.fixture
def dora(session):
    return builders.person(session, Role.SENIOR, name="Dora")


def told(session, what=WHAT, more="I saw an osprey and closed it.", *, at=NOON, code=""):
    """A report as intake seals it; returns its receipt."""
    held, code = builders.desk_keys(), code or sealing.new_receipt()
    arrival = Arrival(
        typed={"what": what, "more": more, "contact": "pelican@mail.test"},
        resources=intake.read(what, held),
        category=Category.CHILD,
        danger_now=False,
        language="en",
        lane=Lane.STANDARD,
        code=code,
    )
    assert intake.take(session, arrival, held, at=at)
    return code


def case_of(session, what=WHAT):
    query = select(Case).join(ResourceRow).where(ResourceRow.canonical == what)
    return session.scalars(query.order_by(Case.id.desc()).limit(1)).one()


def report_of(session, code):
    return session.scalars(select(Report).where(Report.receipt_digest == sealing.receipt_digest(code))).one()


def opened(session, code):
    report = report_of(session, code)
    wrapped = session.scalar(select(ReportKey.wrapped).where(ReportKey.report_id == report.id))
    return sealing.open_sealed(report.sealed, wrapped, builders.desk_keys())


def holding(session, *words):
    """The tables in which any of these words can be read."""
    session.flush()
    tables = sorted(table.fullname for table in Base.metadata.tables.values())
    quoted = {name: '."'.join(name.split(".")) + '"' if "." in name else f'"{name}"' for name in tables}
    found = {name: " ".join(session.scalars(text(f"SELECT whole::text FROM {quoted[name]} AS whole"))) for name in tables}
    return [name for name, rows in found.items() if any(word in rows for word in words)]


def shown(session, reference, by):
    found = reviewing.reveal(session, reference, by=by, at=NOON)
    return [sealing.open_sealed(one.text, one.wrapped_identity, builders.desk_keys()) for one in found]


def receipt(session, case, by, *, number="H-2207", came_at=NOON, at=NOON):
    row = session.scalars(select(ReferralRow).where(ReferralRow.case_id == case.id).order_by(ReferralRow.id.desc()).limit(1)).one()
    return reviewing.record_receipt(session, row.reference, number, came_at, by=by, at=at)


def acts(session, case):
    return list(session.scalars(select(AuditRecord.action).where(AuditRecord.subject == f"case:{case.reference}").order_by(AuditRecord.id)))


def written_about_everywhere(session, amira, dora):
    """A case in whose every field somebody wrote of the osprey at the address."""
    told(session)
    found, words = case_of(session), f"An osprey at {WHAT}"
    reviewing.write_note(session, found.reference, words, by=dora, at=NOON)
    reviewing.stand_aside(session, found.reference, words, by=builders.person(session), at=NOON)
    given = builders.answers(builders.target(WHAT), facilitation=words, lifeline=words, explained={"RS22": words})
    proposer = builders.person(session)
    assert isinstance(builders.propose(session, found, proposer, given), Proposed)
    reviewing.record_notice(session, found.reference, "abuse@www.files.test", words, NOON - DAY, by=amira, at=NOON)
    reviewing.withdraw(session, found.reference, by=proposer, at=NOON)
    reviewing.record_look(session, found.reference, Presence.REDIRECTS, words, to=WHAT, by=dora, at=NOON)
    builders.claimed(session, found, amira)
    police = Conclusion(outcome=Outcome.REFER_POLICE, **builders.referral(passed_on=words))
    reviewing.refer(session, found.reference, police, by=amira, at=NOON, version=found.version)
    refused = builders.answers(builders.target(WHAT), facilitation=words, child_material=ChildMaterial.SUSPECTED)
    assert isinstance(builders.propose(session, found, amira, refused), Refused)
    return found


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


class TestReportsThatNameOtherThingsToo:
    def test_such_a_report_serves_its_other_case_without_the_address(self, session, amira):
        code = told(
            session, f"hxxps://www.files[.]test/x/album\n{OTHER}", f"The man at {OTHER} sent me to (www.files.test/x/album), 2 years ago."
        )
        builders.sealed_away(session, case_of(session), amira)
        left = opened(session, code)
        assert left["what"].split("\n") == ["[…]", OTHER]
        assert left["more"] == f"The man at {OTHER} sent me to ([…]), 2 years ago."
        assert report_of(session, code).contact is not None
        assert case_of(session, OTHER).state == State.WAITING

    def test_what_was_said_of_it_since_is_cut_too(self, session, amira):
        code = told(session, f"{WHAT}\n{OTHER}")
        other, held, luis = case_of(session, OTHER), builders.desk_keys(), builders.person(session)
        builders.claimed(session, other, luis)
        asked = f"Is {WHAT} by the same man?"
        conversing.ask(session, other.reference, None, lambda *to: sealing.seal_message(asked, *to), once=uuid.uuid4(), by=luis, at=NOON)
        question = session.scalars(select(Message)).one().reference
        assert intake.answer(session, code, question, f"Yes, {WHAT} is his.", held, at=NOON)
        assert intake.add(session, code, f"I saw {WHAT} again.", held, lane=Lane.STANDARD, once=uuid.uuid4(), at=NOON)
        builders.sealed_away(session, case_of(session), amira)
        identity = sealing.unwrap(session.scalars(select(ReportKey.wrapped)).one(), held)
        left = session.scalars(select(Message.sealed).order_by(Message.id)).all()
        said = [sealing.open_message(one, identity) for one in left]
        assert said == ["Is […] by the same man?", "Yes, […] is his.", "I saw […] again."]
        assert sealing.open_message(left[0], sealing.receipt_identity(code, held)) == "Is […] by the same man?"

    def test_what_was_asked_in_the_sealed_case_is_gone(self, session, amira):
        told(session, f"{WHAT}\n{OTHER}")
        found = builders.claimed(session, case_of(session), amira)
        asked = "Who showed it to you?"
        conversing.ask(session, found.reference, None, lambda *to: sealing.seal_message(asked, *to), once=uuid.uuid4(), by=amira, at=NOON)
        builders.sealed_away(session, found, amira)
        assert session.scalars(select(Message)).all() == []

    def test_a_report_that_only_tells_of_it_is_cut(self, session, amira):
        code = told(session, OTHER, f"They also run {WHAT} I think.")
        told(session)
        (address,) = intake.read(WHAT, builders.desk_keys())
        names_it = select(ReportMark.report_id).where(ReportMark.mark == marking.of_resource(address, builders.desk_keys()))
        assert session.scalars(names_it).all() == [report_of(session, code).id]
        builders.sealed_away(session, case_of(session), amira)
        assert opened(session, code)["more"] == "They also run […] I think."
        assert session.scalars(names_it).all() == []

    def test_one_that_the_desk_cannot_open_is_destroyed(self, session, amira):
        builders.report(session, f"{WHAT}\n{OTHER}")
        builders.sealed_away(session, case_of(session), amira)
        assert session.scalars(select(ReportKey.wrapped)).all() == [None]

    def test_when_its_other_case_is_sealed_too_it_is_destroyed(self, session, amira):
        code = told(session, f"{WHAT}\n{OTHER}")
        builders.sealed_away(session, case_of(session), amira)
        assert opened(session, code)["what"]
        builders.sealed_away(session, case_of(session, OTHER), amira)
        assert report_of(session, code).sealed is None


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
