"""The vignettes come out as their file says: by the verbs, with the people it takes, and the safeguards it names refuse whoever slips.

The suspension of V21 is its verb alone: the appeal against it has no page yet.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sealing_away import DeskSealer
from moderation import partners, policy, publishing, queue, reviewing
from moderation.errors import InvalidAnswer, NotIndependent, TooManyResources
from moderation.models import Assessment, Case, ChangeLog, Decision, Listing, Report, Round
from moderation.reviewing import Decided
from moderation.states import State
from moderation.vocabulary import Effect, Outcome, Proposed, Refused, Role, Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.vignettes import (
    ACT,
    DAY,
    FILE,
    MEANS,
    NAME,
    PURPOSE,
    SLIPS,
    STORIES,
    Slip,
    Told,
    Vignette,
    begun,
    rung,
    rungs,
    told_of,
    vignettes,
)

ALL = vignettes()
pytestmark = pytest.mark.skipif(not ALL, reason=f"no vignettes at {FILE}; set FLAGSTONE_VECTORS to their folder")

LISTS = {
    **{f"list_{scope}": (scope, Outcome.LIST) for scope in Scope},
    "list_temporary": (Scope.PAGE, Outcome.LIST_TEMPORARY),
}
FIELDS = {
    Outcome.TAKEDOWN_ONLY: {
        "recipient": "The owner of the site",
        "asked": "Take out the folder and mend the door it came in by.",
        "back_at": NOON + 5 * DAY,
        "proof": "ticket 114",
        "sent_at": NOON - timedelta(hours=1),
    },
    Outcome.MONITOR: {"back_at": NOON + 14 * DAY},
    Outcome.MORE_EVIDENCE: {"where": "The reporter, for the same picture without the face.", "back_at": NOON + 7 * DAY},
    **dict.fromkeys((Outcome.REFER_POLICE, Outcome.REFER_HOTLINE, Outcome.REFER_SUPPORT), builders.referral()),
}
NOT_OPENED = "open, fetch or show it"
"""Told in tests/web/test_unseen.py: it takes pages to show something."""

each_vignette = pytest.mark.parametrize("vignette", ALL, ids=lambda vignette: vignette.id)
each_outcome = pytest.mark.parametrize(
    ("vignette", "word"), [pytest.param(each, word, id=f"{each.id}-{word}") for each in ALL for word in each.outcomes]
)
each_reason = pytest.mark.parametrize(
    ("vignette", "safeguard"),
    [pytest.param(each, name, id=f"{each.id}-{name}") for each in ALL for name in each.why if name != "misuse"],
)


def reached(session: Session, told: Told, word: str) -> Decided:
    """The decision by which the outcome of this word comes about, through every seat it takes."""
    found = begun(session, told)
    if word not in LISTS:
        outcome = Outcome(word)
        fields, sealer = {**FIELDS.get(outcome, {}), **told.fields}, DeskSealer(builders.desk_keys())
        return builders.concluded(session, found, builders.person(session), outcome, sealer=sealer, **fields)
    scope, outcome = LISTS[word]
    given = builders.answers(rung(told.what, scope), **told.answers)
    builders.propose(session, found, builders.person(session), given, outcome=outcome)
    seated = builders.confirm(session, found, builders.person(session), given, outcome=outcome)
    if isinstance(seated, Proposed):
        seated = builders.confirm(session, found, builders.person(session, Role.SENIOR), given, outcome=outcome)
    assert isinstance(seated, Decided), seated
    return seated


def tried(session: Session, found: Case, told: Told, slip: Slip) -> Proposed | Refused:
    """What comes of it when somebody proposes a listing and slips in one way."""
    by = builders.person(session)
    slip.before(session, found, by)
    given = builders.answers(rung(told.what, slip.scope), **{**told.answers, **slip.answers})
    builders.claimed(session, found, by)
    if slip.tells_the_host:
        builders.notice(session, found, by)
    return reviewing.propose(session, found.reference, given, by=by, at=NOON, version=found.version)


@each_vignette
def test_each_vignette_has_its_story_about_the_same_thing(vignette: Vignette) -> None:
    assert vignette.id in STORIES, f"Tell {vignette.id} in tests/verbs/vignettes.py and in app/demo/stories.toml."
    assert [name for name in vignette.names if name.rstrip("/") not in STORIES[vignette.id].what] == []


def test_no_story_is_left_whose_vignette_is_gone() -> None:
    assert set(STORIES) == {vignette.id for vignette in ALL}


@each_outcome
def test_it_comes_out_as_written(session: Session, vignette: Vignette, word: str) -> None:
    decided = reached(session, told_of(vignette), word)
    decision = session.scalars(select(Decision).where(Decision.reference == decided.decision)).one()
    seats = session.scalar(select(func.count()).select_from(Assessment).where(Assessment.round_id == decision.round_id))
    assert seats == (1 if word not in LISTS else 3 if vignette.third else 2)
    if word in LISTS:
        listing = session.scalars(select(Listing).where(Listing.reference == decided.listing)).one()
        scope, outcome = LISTS[word]
        assert (decided.outcome, listing.scope, listing.temporary) == (outcome, scope, outcome is Outcome.LIST_TEMPORARY)
    else:
        assert (decided.outcome, decided.listing) == (Outcome(word), None)
        assert session.scalars(select(Listing).where(Listing.ended_at.is_(None))).all() == []


BESIDE = {"RS05": ("RS04",)}
"""What else refuses the same slip: where all rests on weak cues, no item of evidence is left to count."""


@each_reason
def test_its_safeguard_refuses_whoever_slips(session: Session, vignette: Vignette, safeguard: str) -> None:
    told = told_of(vignette)
    found = begun(session, told)
    before = found.state
    outcome = tried(session, found, told, told.slips.get(safeguard) or SLIPS[safeguard])
    assert {finding.safeguard for finding in outcome.findings if finding.effect is Effect.BLOCK} == {safeguard, *BESIDE.get(safeguard, ())}
    assert found.state == before
    assert session.scalars(select(Assessment).join(Round).where(Round.case_id == found.id, Round.closed_at.is_(None))).all() == []


@pytest.mark.parametrize("vignette", [each for each in ALL if each.third], ids=lambda vignette: vignette.id)
def test_the_reason_itself_asks_for_a_third(session: Session, vignette: Vignette) -> None:
    told = told_of(vignette)
    scope, _ = LISTS[vignette.outcomes[0]]
    outcome = tried(session, begun(session, told), told, Slip(scope=scope))
    assert isinstance(outcome, Proposed)
    assert outcome.needs_third
    assert {finding.safeguard for finding in outcome.findings if finding.effect is Effect.THIRD} & set(vignette.why)


@pytest.mark.parametrize("vignette", [each for each in ALL if each.critical], ids=lambda vignette: vignette.id)
def test_on_a_critical_one_no_step_of_the_ladder_helps_who_slips(session: Session, vignette: Vignette) -> None:
    told = told_of(vignette)
    found = begun(session, told)
    for safeguard in set(vignette.why) - {"RS11", "RS12"}:
        slip = told.slips.get(safeguard) or SLIPS[safeguard]
        for target in rungs(told.what):
            with session.begin_nested() as attempt:
                given = builders.answers(target, **{**told.answers, **slip.answers})
                by = builders.person(session)
                slip.before(session, found, by)
                outcome = builders.propose(session, found, by, given)
                assert safeguard in {finding.safeguard for finding in outcome.blocking}, target
                attempt.rollback()
    assert session.scalars(select(Listing)).all() == []


@pytest.mark.parametrize("vignette", [each for each in ALL if each.never], ids=lambda vignette: vignette.id)
def test_what_must_never_be_is_not(session: Session, vignette: Vignette) -> None:
    if vignette.never == NOT_OPENED:
        return
    assert NAME.fullmatch(vignette.never), f"Tell how “{vignette.never}” is held."
    told = told_of(vignette)
    begun(session, told)
    name = vignette.never
    whole = {name, f"www.{name}", f"https://{name}/", f"https://www.{name}/"}
    for what in (told.what, name, f"https://{name}/", f"https://www.{name}/offer"):
        found = builders.case(session, what)
        for target in (each for each in rungs(what) if each.text in whole and each.scope is not Scope.PAGE):
            by = builders.person(session, Role.SENIOR)
            assert isinstance(builders.propose(session, found, by, builders.answers(target)), Refused), target
            queue.hand_back(session, found.reference, by=by, at=NOON)
    assert session.scalars(select(Listing)).all() == []


def reassigned(session: Session, told: Told) -> None:
    found, rival = begun(session, told), builders.person(session)
    builders.concluded(session, found, rival, Outcome.MORE_EVIDENCE, note="I work for a rival of theirs.", hand_on=True)
    assert found.state == State.WAITING
    with pytest.raises(NotIndependent):
        queue.claim(session, found.reference, by=rival, at=NOON)
    assert isinstance(builders.propose(session, found, builders.person(session), builders.answers(rung(told.what, Scope.PAGE))), Proposed)


def redacted(session: Session, told: Told) -> None:
    found, by = begun(session, told), builders.person(session)
    builders.concluded(session, found, by, Outcome.MORE_EVIDENCE, **FIELDS[Outcome.MORE_EVIDENCE])
    assert found.state == State.AWAITING_EVIDENCE
    reviewing.wake(session, found.reference, by=by, at=NOON + DAY)
    given = builders.answers(rung(told.what, Scope.PAGE))
    assert isinstance(builders.propose(session, found, by, given, at=NOON + DAY), Proposed)


def suspended(session: Session, told: Told) -> None:
    partner = builders.partner(session, "A company", token="the company's token")
    with pytest.raises(InvalidAnswer):
        partners.suspend(session, partner.name, "", by=builders.person(session, Role.ADMIN), at=NOON)
    why = "Forty unfounded reports of one shop, after a warning."
    until = partners.suspend(session, partner.name, why, by=builders.person(session, Role.ADMIN), at=NOON)
    assert until == NOON + policy.MISUSE_SUSPENSION
    seen = partners.named_partner(session, partner.name)
    assert (seen.is_suspended(NOON), seen.is_suspended(until)) == (True, False)


ACTIONS: dict[str, Callable[[Session, Told], None]] = {
    "reassign": reassigned,
    "redact": redacted,
    "suspend the key, appealable": suspended,
}


@pytest.mark.parametrize("vignette", [each for each in ALL if each.action], ids=lambda vignette: vignette.id)
def test_what_is_done_beside_the_outcome(session: Session, vignette: Vignette) -> None:
    assert vignette.action in ACTIONS, f"Tell how “{vignette.action}” is done."
    ACTIONS[vignette.action](session, told_of(vignette))


@pytest.mark.parametrize("vignette", [each for each in ALL if "misuse" in each.why], ids=lambda vignette: vignette.id)
def test_misuse_is_written_down_and_its_forty_reports_gain_nothing(session: Session, vignette: Vignette) -> None:
    alone = builders.case(session, "https://alone.test/coats")
    told = told_of(vignette)
    assert begun(session, told).priority == alone.priority
    assert session.scalar(select(func.count()).select_from(Report)) == told.times + 1
    decided = builders.concluded(session, builders.case(session, told.what), builders.person(session), Outcome.REJECT_ABUSE, **told.fields)
    kept = session.scalars(select(Decision).where(Decision.reference == decided.decision)).one()
    assert kept.detail == told.fields


def test_v08_even_one_page_of_a_helpline_takes_a_senior(session: Session) -> None:
    told = STORIES["V08"]
    outcome = tried(session, begun(session, told), told, Slip())
    assert {finding.safeguard: finding.effect for finding in outcome.findings}["RS07"] is Effect.THIRD


def test_v15_what_was_cleaned_left_the_list_before_anyone_decided_and_leaves_a_tombstone(session: Session) -> None:
    told = STORIES["V15"]
    builders.listed(session, told.what, at=NOON - 2 * DAY)
    publishing.release(session, at=NOON - 2 * DAY)
    found = session.scalars(select(Case)).one()
    told.on_record(session, found, builders.person(session))
    assert found.state == State.SUSPENDED
    publishing.release(session, at=NOON - DAY)
    assert session.scalars(select(ChangeLog.target).order_by(ChangeLog.id)).all() == [told.what] * 2
    builders.concluded(session, found, builders.person(session), Outcome.DELIST)
    assert found.state == State.DELISTED


@pytest.mark.long
def test_v19_a_file_of_thousands_is_no_report(session: Session) -> None:
    with pytest.raises(TooManyResources):
        builders.report(session, "\n".join(f"name{number}.test" for number in range(8_000)) + "\nsearch.example")


def test_v25_a_victims_phone_is_found_though_nobody_ticked_it(session: Session) -> None:
    told = STORIES["V25"]
    said = [replace(item, text=f"{item.text} Call +33 1 99 00 12 34.") if item is MEANS else item for item in (ACT, MEANS, PURPOSE)]
    outcome = tried(session, begun(session, told), told, Slip(answers={"evidence": tuple(said)}))
    assert [finding.safeguard for finding in outcome.blocking] == ["RS18"]
