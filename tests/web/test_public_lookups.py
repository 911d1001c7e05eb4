"""Following a report by its code, and asking whether one address is listed: exact, plain, and without a trace."""

from datetime import timedelta

import pytest

from app import clock
from moderation import reviewing
from moderation.vocabulary import Outcome, Scope
from tests import builders
from tests.web.reporters import LINK, Reporter, code_on, words


def follow(app, code, address="/en/status"):
    return app.test_client().post(address, data={"code": code})


def look_up(app, address):
    return app.test_client().post("/en/check", data={"address": address})


@pytest.fixture
def database(app):
    return app.extensions["flagstone_database"]


@pytest.fixture
def code(app):
    return code_on(Reporter(app).send())


def listed(database, **story):
    with database.transaction() as session:
        builders.listed(session, at=clock.now(), **story)


def test_the_code_tells_that_the_report_waits(app, code):
    answer = follow(app, code)
    assert LINK in answer.text
    assert "It waits for a trained person to read it." in words(answer)


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' ')} \r\n"])
def test_a_code_is_known_however_it_is_typed(app, code, change):
    assert LINK in follow(app, change(code)).text


def test_the_bare_address_takes_a_code_too(app, code):
    assert LINK in follow(app, code, "/status").text


@pytest.mark.parametrize("wrong", ["AAAA-BBBB", "\x00", "", " ", "x" * 5000, "\u202e" + "A" * 26, "<script>"])
def test_an_unknown_code_is_said_kindly_and_what_was_typed_stays(standing_app, wrong):
    answer = follow(standing_app, wrong)
    assert answer.status_code == 422
    assert 'class="errors"' in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")


def test_the_code_is_asked_by_post_alone(app, code):
    answer = app.test_client().get(f"/en/status?code={code}")
    assert LINK not in answer.text
    assert code not in answer.text


def test_a_proposal_looks_the_same_whatever_was_proposed(app, database, code):
    with database.transaction() as session:
        found = builders.case(session, LINK, at=clock.now())
        builders.propose(session, found, builders.person(session), at=clock.now())
    assert "Several people are checking it" in words(follow(app, code))


def test_a_listing_is_told_to_its_reporter(app, database, code):
    listed(database, text=LINK)
    assert "It is on the list now." in words(follow(app, code))


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome.REJECT_LAWFUL, "as far as we can tell, it is lawful"),
        (Outcome.REJECT_SCOPE, "it is not something this list is for"),
        (Outcome.REJECT_ABUSE, "We checked it and did not put it on the list."),
    ],
)
def test_a_rejection_is_told_without_blame(app, database, code, outcome, sentence):
    with database.transaction() as session:
        found, by = builders.case(session, LINK, at=clock.now()), builders.person(session)
        builders.claimed(session, found, by, at=clock.now())
        reviewing.reject(
            session,
            found.reference,
            outcome,
            "Looked at.",
            by=by,
            at=clock.now(),
            version=found.version,
            sent_none_of_the_reports=True,
        )
    assert sentence in words(follow(app, code))
    assert "abus" not in words(follow(app, code)).lower()


SOON = {"back_at": clock.now() + timedelta(days=5)}
POLICE = builders.referral(referred_at=clock.now())
ASKED = {"recipient": "The host", "asked": "Take the page down.", "proof": "Their ticket 7", "sent_at": clock.now()}


@pytest.mark.long
@pytest.mark.parametrize(
    ("outcome", "given", "sentence"),
    [
        (Outcome.MONITOR, SOON, "We looked at it and will look at it again."),
        (Outcome.MORE_EVIDENCE, {**SOON, "where": "The company register."}, "need to know more before we can decide"),
        (Outcome.TAKEDOWN_ONLY, {**SOON, **ASKED}, "We asked those who can take it down to do so"),
        (Outcome.REFER_POLICE, POLICE, "We passed it on to others who can do more about it."),
        (Outcome.REFER_POLICE, {**POLICE, "hold_until": SOON["back_at"]}, "We looked at it and will look at it again."),
    ],
)
def test_what_is_put_aside_or_passed_on_is_told_in_plain_words_and_never_to_whom(app, database, code, outcome, given, sentence):
    with database.transaction() as session:
        found, by = builders.case(session, LINK, at=clock.now()), builders.person(session)
        builders.concluded(session, found, by, outcome, at=clock.now(), **given)
    assert sentence in words(follow(app, code))
    assert "police" not in words(follow(app, code)).split("We received it")[1].split("Add something")[0].lower()


def test_a_listing_for_a_week_is_told_as_one(app, database, code):
    listed(database, text=LINK, outcome=Outcome.LIST_TEMPORARY)
    assert "It is on the list now, for a week at most" in words(follow(app, code))


def test_the_reporter_of_a_duplicate_is_told_what_became_of_the_case_that_stands(app, database, code):
    other = "https://jobs.test/offer/8"
    with database.transaction() as session:
        builders.case(session, other, at=clock.now())
        found = builders.case(session, LINK, at=clock.now())
        builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, at=clock.now(), duplicate_of=other)
    assert "It waits for a trained person to read it." in words(follow(app, code))
    listed(database, text=other)
    told = words(follow(app, code))
    assert "It is on the list now." in told
    assert (LINK in told, other in told) == (True, False)


def test_words_are_never_shown_as_their_digest(app):
    code = code_on(Reporter(app).send("a man by the harbour"))
    assert "What you described in words" in words(follow(app, code))


@pytest.mark.long
@pytest.mark.parametrize("address", [LINK, "hxxps://jobs[.]test/offer/7", "http://JOBS.test:80/offer/7"])
def test_a_listed_page_tells_scope_reasons_end_and_whom_to_write_to(app, database, address):
    listed(database, text=LINK)
    answer = words(look_up(app, address))
    assert "This address is listed" in answer
    assert "This page only: https://jobs.test/offer/7" in answer
    assert "people who answered were held without papers" in answer
    assert "Where it counts Germany and France" in answer or "Where it counts France and Germany" in answer
    assert "Ends at the latest" in answer
    assert "contact@flagstone.example" in answer


def test_a_page_below_a_listed_name_is_listed(app, database):
    listed(database, text="https://www.jobs.test/", scope=Scope.HOST)
    assert "This name, and every name below it: www.jobs.test" in words(look_up(app, "https://deep.www.jobs.test/any/page"))


@pytest.mark.long
@pytest.mark.parametrize(
    "neighbour", ["https://jobs.test/offer/8", "https://jobs.test/offer/7?x=1", "jobs.test", "https://other.test/offer/7"]
)
def test_a_neighbour_of_a_listed_page_is_not_listed(app, database, neighbour):
    listed(database, text=LINK)
    assert "This address is not listed" in words(look_up(app, neighbour))


@pytest.mark.parametrize("typed", ["", " ", "just words", "a.test/1 b.test/2", "\x00", "x" * 30_000, "*.test", "jobs.test/%"])
def test_only_one_exact_address_is_looked_up(standing_app, typed):
    answer = look_up(standing_app, typed)
    assert answer.status_code in (200, 422)
    assert answer.status_code == 422 or "This address is not listed" in words(answer)


def test_a_look_up_by_query_is_not_answered(app, database):
    listed(database, text=LINK)
    assert "This address" not in words(app.test_client().get(f"/en/check?address={LINK}"))


def test_a_look_up_leaves_nothing_in_the_database(app, database):
    look_up(app, LINK)
    with database.reading() as session:
        assert builders.reports(session) == 0
