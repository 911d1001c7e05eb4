"""Reporting: mess is welcome, nothing typed is lost, one form is one report, and nothing lies in clear."""

import tempfile
from dataclasses import replace
from io import BytesIO

import pytest
from markupsafe import escape
from sqlalchemy import select, text

from app import create_app, intake, sealing
from app.database import Database
from moderation import policy
from moderation.models import Case, ResourceRow
from tests.web.reporters import LINK, Reporter, code_on, opened, stored, words

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }} %(length)s </textarea>'


def everything_in(app):
    """Every value of every table, as text: where a secret in clear would show."""
    database: Database = app.extensions["flagstone_database"]
    with database.reading() as session:
        tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return "\n".join(str(row) for table in tables for row in session.execute(text(f'SELECT t::text FROM "{table}" t')).all())


def test_two_answers_are_enough(app, reporter):
    assert reporter.send().status_code == 200
    assert len(stored(app)) == 1


def test_the_receipt_page_shows_a_code_of_at_least_112_bits(passer_by):
    code = code_on(passer_by.send()).replace("-", "")
    assert len(code) * 5 >= policy.RECEIPT_BITS >= 112


def test_the_code_is_stored_as_a_digest_only(app, reporter):
    code = code_on(reporter.send())
    assert stored(app)[0].receipt_digest == sealing.receipt_digest(code)
    assert code not in everything_in(app)


def test_what_is_typed_can_be_opened_at_the_desk_and_lies_nowhere_in_clear(app, reporter):
    reporter.send(
        what=f"{LINK} ask for Selkie",
        more="zebra crossing",
        contact="heron@mail.test",
        where_seen="the otter group",
        forms=["begging", "labour"],
        stages=["moving", "paying"],
    )
    typed = opened(app, stored(app)[0])
    assert typed == {
        "what": f"{LINK} ask for Selkie",
        "more": "zebra crossing",
        "contact": "heron@mail.test",
        "where_seen": "the otter group",
        "forms": "labour,begging",
        "stages": "moving,paying",
    }
    assert not [secret for secret in ("Selkie", "zebra", "heron", "otter") if secret in everything_in(app)]


def test_words_alone_are_a_report_and_their_text_lies_nowhere_in_clear(app, reporter):
    reporter.send(what="a man called Selkie by the harbour")
    with app.extensions["flagstone_database"].reading() as session:
        (resource,) = session.scalars(select(ResourceRow)).all()
    assert resource.host is None
    assert "Selkie" not in everything_in(app)


@pytest.mark.parametrize(
    "what",
    [
        "\x00",
        f"\x00{LINK}\x00",
        "\u202egnp.exe\u202c moc.live//:sptth",
        f"https://jobs.test/{'a' * 10_000}",
        "a" * policy.REPORT_TEXT_LIMIT,
        "a" * 900_000,
        HOSTILE,
        "\ud83d",
        "http://[::1",
        "javascript:alert(1)",
        "😀" * 3000,
        "\r\n \t\u200b\u2060",
        "\n".join(f"https://jobs.test/{number}" for number in range(300)),
        "\n".join(f"https://jobs.test/{number}" for number in range(policy.RESOURCES_PER_REPORT)),
        "' OR 1=1; DROP TABLE report; --",
    ],
    ids=lambda what: ascii(what[:20]),
)
def test_whatever_is_typed_gets_a_clear_answer(passer_by, what):
    answer = passer_by.send(what.encode("utf-8", "surrogatepass"))
    assert answer.status_code in (200, 422)
    assert code_on(answer) or "needs your attention" in answer.text


@pytest.mark.parametrize("shown_in", ["what", "more", "contact"])
def test_hostile_text_comes_back_as_text(passer_by, shown_in):
    answer = passer_by.send(**{"what": LINK, "category": "", shown_in: HOSTILE})
    assert "<script>alert" not in answer.text
    assert escape(HOSTILE) in answer.text


def test_a_file_that_is_sent_along_never_reaches_the_disk(passer_by, monkeypatch):
    for name in ("TemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, lambda *_, **__: pytest.fail("written to the disk"))
    assert passer_by.send(upload=(BytesIO(b"a picture" * 100_000), "picture.jpg")).status_code == 200


def test_nothing_typed_is_lost_when_something_is_wrong(passer_by):
    given = {
        "where_seen": "wheretyped",
        "when_seen": "whentyped",
        "seen_language": "langtyped",
        "more": "moretyped",
        "contact": "contacttyped",
    }
    answer = passer_by.send(
        what="typed\r\ntwice", category="", danger_now="y", how_known="told", forms=["organs"], stages=["moving"], **given
    )
    assert answer.status_code == 422
    assert not [each for each in given.values() if each not in answer.text]
    assert "typed\r\ntwice</textarea>" in answer.text
    assert 'value="told" selected' in answer.text
    assert 'value="organs" autocomplete="off" checked' in answer.text
    assert 'value="moving" autocomplete="off" checked' in answer.text
    assert 'name="danger_now" value="y" autocomplete="off" aria-describedby="danger-hint danger-advice" checked' in answer.text
    assert '<details class="more" open>' in answer.text


def test_300_addresses_come_back_with_their_number_and_the_limit(passer_by):
    lines = "\r\n".join(f"https://jobs.test/{number}" for number in range(300))
    answer = passer_by.send(what=lines)
    assert f"This names 300 different things; one report can hold {policy.RESOURCES_PER_REPORT}." in words(answer)
    assert lines in answer.text


@pytest.mark.parametrize("field", ["what", "where_seen", "more", "contact"])
def test_a_text_that_is_too_long_comes_back_whole_with_both_numbers(passer_by, field):
    long = "ab " * (policy.REPORT_TEXT_LIMIT // 3) + "!!!"
    answer = passer_by.send(**{"what": LINK, field: long})
    assert answer.status_code == 422
    assert "This is 20,001 characters long; 20,000 fit here." in words(answer)
    assert long in answer.text


def test_each_fault_is_linked_from_the_summary_to_its_field(passer_by):
    answer = passer_by.send(what="", category="")
    for place in ("what", "category-sexual"):
        assert f'href="#{place}"' in answer.text
        assert f'id="{place}"' in answer.text


def test_a_category_of_ones_own_is_asked_again(app, reporter):
    assert reporter.send(category="revenge").status_code == 422
    assert stored(app) == []


def test_the_form_sent_twice_is_one_report_with_one_code(app, reporter):
    first, second = reporter.send(), reporter.send()
    assert code_on(first) == code_on(second)
    assert len(stored(app)) == 1


def test_other_answers_on_the_same_form_are_another_report(app, reporter):
    first, second = reporter.send(), reporter.send(more="I remember more now")
    assert code_on(first) != code_on(second)
    assert len(stored(app)) == 2


def test_two_people_who_report_the_same_get_codes_of_their_own(standing_app):
    assert code_on(Reporter(standing_app).send()) != code_on(Reporter(standing_app).send())


def test_without_a_token_two_equal_reports_get_codes_of_their_own(app, passer_by):
    passer_by.token = ""
    assert code_on(passer_by.send()) != code_on(passer_by.send())


def test_two_reports_of_one_address_join_one_case(app):
    Reporter(app).send("https://jobs.test/offer/7?utm_source=x")
    Reporter(app).send("hxxps://jobs[.]test/offer/7")
    with app.extensions["flagstone_database"].reading() as session:
        assert len(session.scalars(select(Case)).all()) == 1


def test_while_the_database_is_away_nothing_typed_is_lost(settings):
    alone = create_app(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    answer = Reporter(alone).send(what=LINK, more="moretyped")
    assert answer.status_code == 503
    assert "We could not save your report just now" in words(answer)
    assert LINK in answer.text
    assert "moretyped" in answer.text


def test_a_report_that_postgresql_ended_for_anothers_sake_is_stored_at_the_second_try(app, reporter, monkeypatch):
    store, tries = intake.store, []

    def meets_another(session, submission, *, at):
        tries.append(submission.reference)
        if len(tries) == 1:
            # As where a sealing and a report wait for each other: the statement fails, and the transaction with it.
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = 'deadlock_detected'; END $$"))
        return store(session, submission, at=at)

    monkeypatch.setattr(intake, "store", meets_another)
    assert reporter.send().status_code == 200
    assert (len(tries), len(stored(app))) == (2, 1)


def test_a_public_surface_takes_reports_without_the_key_that_opens_them(app, settings, database_url):
    without_desk = create_app(replace(settings, surfaces="public"), database_url=database_url)
    assert without_desk.extensions["keys"].desk_identity is None
    assert code_on(Reporter(without_desk).send(more="for the desk"))
    assert opened(app, stored(app)[0])["more"] == "for the desk"
    without_desk.extensions["flagstone_database"].engine.dispose()


def test_a_card_number_lies_nowhere_and_the_receipt_says_so(app, reporter):
    answer = reporter.send(what="evil.test took 4111 1111 1111 1111", more="also GB82 WEST 1234 5698 7654 32")
    assert "We hid it and did not keep it." in answer.text
    typed = opened(app, stored(app)[0])
    assert (typed["what"], typed["more"]) == ("evil.test took •••• •••• •••• ••••", "also •••• •••• •••• •••• •••• ••")
    assert "4111" not in everything_in(app)


def test_a_receipt_says_nothing_of_cards_where_none_was_written(passer_by):
    assert "bank card" not in passer_by.send().text


def test_what_a_reporter_gives_as_their_own_number_opens_no_case_and_lies_nowhere_in_clear(app, reporter):
    reporter.send(what="See https://offers.test/a or reach me at ann@mail.test", contact="ann@mail.test, evenings")
    assert "https://offers.test/a" in everything_in(app)
    assert "ann@mail.test" not in everything_in(app)


def test_a_report_that_names_nothing_but_the_reporter_is_kept_as_words(app, reporter):
    answer = reporter.send(what="My name is Ann, reach me at ann@mail.test", contact="Ann@mail.test")
    assert code_on(answer)
    assert "mail.test" not in everything_in(app)


def test_a_number_that_the_reporter_does_not_give_as_their_own_is_reported(app, reporter):
    reporter.send(what="They answer at boss@mail.test", contact="ann@mail.test")
    assert "boss@mail.test" in everything_in(app)
