"""Reports that name a sealed address and other things too: what is told of the address is cut out, and the rest serves its case."""

import uuid

from sqlalchemy import select

from app import intake, marking, sealing
from moderation import conversing
from moderation.models import Message, ReportKey, ReportMark
from moderation.states import State
from moderation.vocabulary import Lane
from tests import builders
from tests.builders import NOON
from tests.verbs.sealed import OTHER, WHAT, case_of, opened, report_of, told


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
