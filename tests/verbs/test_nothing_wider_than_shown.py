"""Whatever the seats choose, what is listed is a target that the page showed to each of them, and never more than the narrowest choice."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.database import Database
from moderation import queue, resources, reviewing
from moderation.models import Case, Listing
from moderation.reviewing import Decided, agreeing
from moderation.vocabulary import Outcome, Proposed, Resource, Role, Scope, Target
from tests import builders
from tests.builders import NOON

label = st.sampled_from(["a", "b7", "jobs", "xn--bcher-kva", "www"])
suffix = st.sampled_from(["test", "example", "co.uk", "github.io", "gov.zz", "kobe.jp", "nordland.no"])
folder = st.sampled_from(["offer", "u", "a%20b", "..", ".", "%2e%2e", "@agent"])


@st.composite
def addresses(draw) -> str:
    host = ".".join([*draw(st.lists(label, min_size=1, max_size=3)), draw(suffix)])
    port = draw(st.sampled_from(["", "", ":8443"]))
    path = "/".join(draw(st.lists(folder, max_size=4)))
    return f"https://{host}{port}/{path}{draw(st.sampled_from(['', '/', '?id=7']))}"


def covers(target: Target, other: Target) -> bool:
    """Whether everything of the other is covered: told by what scopes mean, not by their order."""
    if target.scope is Scope.PAGE:
        return target == other
    if target.scope is Scope.PATH:
        return not other.scope.is_wide and other.text.startswith(target.text)
    host = other.text if other.scope.is_wide else other.text.partition("://")[2].partition("/")[0].partition(":")[0]
    return host == target.text or host.endswith(f".{target.text}")


def read(text: str) -> Resource:
    return resources.parse(text, text_digest=builders.digest_of_text)[0]


@given(addresses())
@settings(max_examples=300)
def test_each_step_of_a_ladder_covers_the_one_before_and_all_cover_the_page(text):
    steps = read(text).ladder
    assert steps
    assert [agreeing.narrowness(step) for step in steps] == sorted({agreeing.narrowness(step) for step in steps})
    for narrower, wider in pairwise(steps):
        assert covers(wider, narrower)
        assert not covers(narrower, wider)


def seats_take(session, text: str, chosen: list[int], outcomes: list[Outcome]) -> None:
    """Three people choose a step of what their page shows them, one after the other; what came of it is checked."""
    found = builders.case(session, text)
    builders.notice(session, found, builders.person(session))
    steps, shown, at, decided = [], [], NOON, None
    for number, (choice, outcome) in enumerate(zip(chosen, outcomes, strict=True)):
        by = builders.person(session, Role.SENIOR)
        at += timedelta(hours=1)
        queue.claim(session, found.reference, by=by, at=at)
        page = [rung.target for rung in reviewing.view(session, found.reference, by=by, at=at).rungs]
        target = page[0] if outcome is Outcome.LIST_TEMPORARY else page[choice % len(page)]
        verb = reviewing.confirm if number else reviewing.propose
        came = verb(session, found.reference, builders.answers(target), outcome=outcome, by=by, at=at, version=found.version)
        if not isinstance(came, Proposed | Decided):
            break
        steps.append(target)
        shown.append(page)
        if isinstance(came, Decided):
            decided = came
            break
    listings = session.scalars(select(Listing).join(Case, Case.id == Listing.case_id).where(Case.reference == found.reference)).all()
    assert len(listings) == (decided is not None)
    for listing in listings:
        target = Target(Scope(listing.scope), listing.target)
        assert all(target in page for page in shown)
        assert all(covers(step, target) for step in steps), "wider than somebody chose"
        assert target in steps
        assert len(steps) >= (3 if target.scope.is_wide else 2)


def test_what_is_listed_was_shown_to_every_seat_and_is_the_narrowest_choice(shared_database: Database):
    outcome = st.sampled_from([Outcome.LIST, Outcome.LIST, Outcome.LIST, Outcome.LIST_TEMPORARY])
    reached: list[str] = []

    @given(addresses(), st.lists(st.integers(0, 6), min_size=3, max_size=3), st.lists(outcome, min_size=3, max_size=3))
    @example("https://jobs.test/", [0, 1, 1], [Outcome.LIST] * 3)
    @example("https://jobs.test/", [1, 1, 1], [Outcome.LIST] * 3)
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def played(text, chosen, outcomes):
        with shared_database.sessions() as session:
            seats_take(session, text, chosen, outcomes)
            reached.extend(session.scalars(select(Listing.scope)))
            session.rollback()

    played()
    assert set(reached) >= {Scope.PAGE, Scope.DOMAIN}
