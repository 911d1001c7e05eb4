"""What a newcomer finds in the demo: something to do for everyone, refusals that teach, histories; all of it on reserved names."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import demo, keys, sealing
from app.demo.known import KNOWN
from app.demo.people import reviewers
from app.demo.stories import stories
from moderation import people, publishing, queue, resources, reviewing
from moderation.models import Assessment, Case, CaseReport, Listing, RefusedAssessment, Release, Report, ReportKey, ResourceRow, Round
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import Effect
from tests import builders
from tests.builders import NOON
from tests.verbs.vignettes import FILE, vignettes

pytestmark = pytest.mark.long

RESERVED = re.compile(r"(.+\.)?(test|example|invalid|xn--0zwm56d|onion)|(www\.)?example\.(com|net|org)|192\.0\.2\.\d+")
AT = NOON + timedelta(minutes=7)


@pytest.fixture(scope="module")
def held(tmp_path_factory) -> keys.Keys:
    return keys.load(builders.settings(tmp_path_factory.mktemp("stories")))


@pytest.fixture(scope="module")
def played(shared_database, held) -> Iterator[Session]:
    """A session in which the demo was played once for the file; rolled back at the end."""
    with shared_database.sessions() as session:
        demo.add_people(session, held, at=AT)
        demo.play(session, held, at=AT)
        yield session
        session.rollback()


def test_every_name_is_reserved(played):
    hosts = set(played.scalars(select(ResourceRow.host).where(ResourceRow.host.is_not(None))))
    assert [host for host in (*hosts, *(host for host, *_ in KNOWN)) if not RESERVED.fullmatch(host)] == []


def test_all_kinds_are_there(played):
    assert set(played.scalars(select(ResourceRow.kind))) == {"web_page", "domain", "onion_service", "free_text"}


def test_every_scope_has_a_living_listing(played):
    assert set(played.scalars(select(Listing.scope).where(Listing.ended_at.is_(None)))) == {"page", "path", "host", "domain"}


def test_reports_of_one_page_join_one_case(played):
    joined = played.execute(select(CaseReport.case_id, func.count().label("reports")).group_by(CaseReport.case_id))
    assert {4, 30, 40} <= {row.reports for row in joined}


def test_closed_cases_come_back_when_they_are_reported_again(played):
    again = played.scalars(select(Case.resource_id).group_by(Case.resource_id).having(func.count() > 1)).all()
    before = played.scalars(select(Case.state).where(Case.resource_id.in_(again), Case.closed_at.is_not(None))).all()
    assert set(before) == {State.REJECTED, State.DELISTED, State.EXPIRED}


def test_refusals_of_several_safeguards_can_be_seen(played):
    findings = [finding for kept in played.scalars(select(RefusedAssessment.findings)) for finding in kept]
    refusing = {finding["safeguard"] for finding in findings if finding["effect"] == Effect.BLOCK}
    assert refusing >= {"RS02", "RS08", "RS09", "RS11", "RS16", "RS21"}


def test_each_moderator_finds_proposals_of_the_other(played):
    for moderator in reviewers(played)[:2]:
        rows = queue.page(played, Filters(state=State.PROPOSED), by=moderator, at=AT).rows
        assert Counter(row.may_claim for row in rows) == {True: 2, False: 2}


def test_the_senior_finds_cases_that_need_one(played):
    senior = reviewers(played)[2]
    assert all(row.may_claim for row in queue.page(played, Filters(state=State.AWAITING_THIRD), by=senior, at=AT).rows)


def test_each_moderator_holds_a_case_with_time_left(played):
    for moderator in reviewers(played)[:2]:
        (row,) = queue.page(played, Filters(mine=True), by=moderator, at=AT).rows
        assert row.lease_until > AT


def test_no_two_seats_of_a_round_say_the_same(played):
    for rows in played.scalars(select(func.array_agg(Assessment.answers["lifeline"].astext)).group_by(Assessment.round_id)):
        assert len(set(rows)) == len(rows)


def test_releases_come_in_the_order_of_their_times(played):
    times = played.scalars(select(Release.published_at).order_by(Release.number)).all()
    assert times == sorted(times)
    assert len(times) > 8


def test_nothing_happened_after_now(played):
    assert max(played.scalars(select(Assessment.made_at))) <= AT
    assert max(played.scalars(select(Round.opened_at))) <= AT


def test_the_desk_reads_what_was_told_in_each_language(played, held):
    rows = played.execute(
        select(Report.language, Report.sealed, ReportKey.wrapped)
        .join(ReportKey, ReportKey.report_id == Report.id)
        .where(ReportKey.wrapped.is_not(None))
    )
    read = {(row.language, sealing.open_sealed(row.sealed, row.wrapped, held)["more"]) for row in rows}
    kept = (story for story in stories() if "child_material" not in story.fields)
    assert read == {(telling.language, telling.text) for story in kept for telling in story.told}


def test_a_newcomer_can_list_the_hotel_offer_herself(played):
    moderator, colleague, _ = reviewers(played)
    found = played.scalars(select(Case).join(ResourceRow).where(ResourceRow.canonical == "https://jobs.test/offer/7")).one()
    assert reviewing.view(played, found.reference, by=moderator, at=AT).notices
    with played.begin_nested() as tried:
        builders.propose(played, found, moderator, at=AT)
        assert builders.confirm(played, found, colleague, at=AT).listing
        assert publishing.release(played, at=AT)
        tried.rollback()


def test_a_listing_that_ends_soon_can_be_renewed_by_people_who_took_no_part(played):
    fresh, senior = people.actor_by_email(played, "moderator3@demo.example"), reviewers(played)[2]
    found = played.scalars(select(Case).join(ResourceRow).where(ResourceRow.canonical == "https://cleaners.test/nights")).one()
    given = builders.answers(builders.target("https://cleaners.test/nights"))
    with played.begin_nested() as tried:
        builders.propose(played, found, fresh, given, at=AT)
        assert builders.confirm(played, found, senior, given, at=AT).listing
        tried.rollback()


@pytest.mark.skipif(not vignettes(), reason=f"no vignettes at {FILE}; set FLAGSTONE_VECTORS to their folder")
def test_each_vignette_is_a_case_that_waits_to_be_decided_or_came_out_as_written(played):
    shown = {story.vignette: story.what for story in stories() if story.vignette}
    assert shown.keys() == {vignette.id for vignette in vignettes()}
    for vignette in vignettes():
        what = next(iter(resources.parse(shown[vignette.id], text_digest=str))).canonical
        assert [name for name in vignette.names if name.rstrip("/") not in shown[vignette.id]] == []
        found = played.scalars(select(Case).join(ResourceRow).where(ResourceRow.canonical == what).order_by(Case.id)).first()
        outcomes = played.scalars(select(Round.outcome).where(Round.case_id == found.id, Round.closed_at.is_not(None))).all()
        if vignette.outcomes[0].startswith("list_") or not outcomes:
            assert found.state in (State.WAITING, State.PROPOSED, State.AWAITING_THIRD), vignette.id
        else:
            assert outcomes[-1] in vignette.outcomes, vignette.id


def test_what_may_be_images_of_a_child_is_shown_before_and_after_the_hotlines_receipt(played):
    rows = played.execute(
        select(Case.state, ResourceRow.canonical, ResourceRow.erased_at).join(ResourceRow).where(ResourceRow.sealed_at.is_not(None))
    )
    found = sorted((row.canonical.partition(":")[0], row.state, row.erased_at is not None) for row in rows)
    # A receipt destroys the address a week after it came, so the demo shows both still sealed.
    assert found == [("sealed", State.REFERRED, False), ("sealed", State.REFERRED, False)]
    assert "https://files.test/x" in set(played.scalars(select(ResourceRow.canonical)))
    assert [name for name in played.scalars(select(ResourceRow.canonical)) if "pictures.test" in name] == []
