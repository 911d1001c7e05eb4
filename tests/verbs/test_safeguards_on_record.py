"""What safeguards read from the tables: referrals, holds, looks, what reporters said. Vignettes told through the verbs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from moderation import facts, resources, reviewing
from moderation.models import Case
from moderation.vocabulary import (
    Actor,
    Category,
    ChildMaterial,
    Conclusion,
    Element,
    Evidence,
    EvidenceSource,
    Outcome,
    Presence,
    Proposed,
    Refused,
)
from tests import builders
from tests.builders import NOON

TOLD = Conclusion(
    outcome=Outcome.REFER_POLICE,
    recipient="the police of the place",
    country="FR",
    passed_on="The address, and that somebody may be locked in.",
    referred_at=NOON,
    note="Somebody may be in danger now.",
    sent_none_of_the_reports=True,
)


def refusals(outcome: object) -> set[str]:
    return {finding.safeguard for finding in outcome.blocking} if isinstance(outcome, Refused) else set()


def refer(session: Session, found: Case, by: Actor, **changes: object) -> None:
    builders.claimed(session, found, by)
    told = replace(TOLD, **changes)
    reviewing.refer(session, found.reference, told, by=by, at=NOON, version=found.version)


def test_v01_a_host_that_was_told_three_days_ago_and_is_silent(session: Session) -> None:
    assert isinstance(builders.propose(session, builders.case(session), builders.person(session)), Proposed)


@pytest.mark.parametrize("days", [0, 1])
def test_a_host_that_was_told_today_or_yesterday_has_time_left(session: Session, days: int) -> None:
    found, by = builders.case(session), builders.person(session)
    builders.claimed(session, found, by)
    builders.notice(session, found, by, sent_at=NOON - timedelta(days=days))
    outcome = reviewing.propose(session, found.reference, builders.answers(), by=by, at=NOON, version=found.version)
    assert refusals(outcome) == {"RS13"}


def test_v11_suspected_images_of_a_child_are_never_listed(session: Session) -> None:
    found = builders.case(session, category=Category.CHILD)
    given = builders.answers(child_material=ChildMaterial.SUSPECTED, under_18=True)
    assert refusals(builders.propose(session, found, builders.person(session), given)) == {"RS19"}


def test_where_a_child_is_concerned_it_is_asked(session: Session) -> None:
    found = builders.case(session, category=Category.CHILD)
    assert refusals(builders.propose(session, found, builders.person(session), builders.answers(child_material=None))) == {"RS19"}


def test_v12_danger_waits_for_nothing_but_a_referral(session: Session) -> None:
    found, by = builders.case(session, danger_now=True), builders.person(session)
    assert refusals(builders.propose(session, found, by)) == {"RS20"}
    refer(session, found, by)
    given = builders.answers(explained={"RS17": "They were asked today and have nothing against a listing."})
    assert isinstance(builders.propose(session, found, by, given), Proposed)


def test_v06_while_the_police_ask_to_wait_nothing_is_listed(session: Session) -> None:
    found, by = builders.case(session), builders.person(session)
    refer(session, found, by, hold_until=NOON + timedelta(days=7))
    given = builders.answers(explained={"RS17": "They will not mind, as far as I can see."})
    assert refusals(builders.propose(session, found, by, given)) == {"RS17"}


def test_v14_what_a_look_found_gone_is_not_listed(session: Session) -> None:
    found, by = builders.case(session), builders.person(session)
    reviewing.record_look(session, found.reference, Presence.GONE, by=by, at=NOON - timedelta(days=1))
    assert refusals(builders.propose(session, found, by)) == {"RS14"}
    reviewing.record_look(session, found.reference, Presence.SAME, by=by, at=NOON)
    assert isinstance(builders.propose(session, found, by), Proposed)


def test_a_victims_number_in_the_evidence_is_refused_at_its_field_and_never_repeated(session: Session) -> None:
    """Vignette V25: what would be kept shows who somebody is."""
    case, mary = builders.case(session), builders.person(session)
    told = Evidence(element=Element.MEANS, text="She can be reached at +33 6 12 34 56 78 after work.", source=EvidenceSource.REPORT)
    good = builders.answers()
    refused = builders.propose(session, case, mary, replace(good, evidence=(good.evidence[0], told, good.evidence[2])))
    assert isinstance(refused, Refused)
    (found,) = [one for one in refused.blocking if one.safeguard == "RS18"]
    assert found.field == "evidence_means"
    assert "12 34" not in str(found)


def test_the_number_that_the_case_is_about_may_be_quoted() -> None:
    (phone,) = resources.parse("+33 6 12 34 56 78", text_digest=str)
    quoted = replace(builders.answers(), facilitation="“Call +33 6 12 34 56 78 today.”")
    assert facts.personal_data(quoted, phone) == ()
    assert facts.personal_data(quoted, resources.parse("https://jobs.test/", text_digest=str)[0]) != ()
