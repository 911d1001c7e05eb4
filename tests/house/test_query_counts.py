"""How often the database is asked, pinned: a page or a report that asks once for each of anything grows with its success."""

import pytest

from moderation.vocabulary import Role
from tests import builders
from tests.statements import statements
from tests.web.visitors import claim, database_of, new_site, one_app, report, signed_in

# Two of each page's statements look up its reader, and note that they were seen.
QUEUE = 7
LISTINGS = 4
AUDIT = 4
OVERVIEW = 8
CASE = 28
CASE_HELD = 30

REPORT_OF_WHAT_IS_NEW = 1
REPORT_OF_WHAT_IS_KNOWN = 2


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def moderator(app):
    return signed_in(app)


def asked_by(app, visitor, address):
    with statements(database_of(app).engine) as asked:
        assert visitor.get(address).status_code == 200
    return len(asked)


def asked_by_report(session, text, **changes):
    with statements(session.get_bind()) as asked:
        builders.report(session, text, **changes)
        session.flush()
    return len(asked)


def names(number, *, of="jobs"):
    return " ".join(f"https://{of}{each}.test/offer" for each in range(number))


def test_the_queue_asks_the_same_for_one_case_and_for_ten(app, moderator):
    report(app)
    few = asked_by(app, moderator, "/desk/queue")
    for _ in range(10):
        report(app)
    assert (few, asked_by(app, moderator, "/desk/queue")) == (QUEUE, QUEUE)


def test_a_case_asks_the_same_for_one_report_and_for_ten(app, moderator):
    site = new_site()
    case = report(app, site)
    few = asked_by(app, moderator, f"/desk/cases/{case}")
    for _ in range(10):
        report(app, site)
    assert (few, asked_by(app, moderator, f"/desk/cases/{case}")) == (CASE, CASE)


def test_a_case_in_ones_own_hands_asks_the_same_for_one_report_and_for_ten(app, moderator):
    site = new_site()
    case = report(app, site)
    claim(moderator, case)
    few = asked_by(app, moderator, f"/desk/cases/{case}")
    for _ in range(10):
        report(app, site)
    assert (few, asked_by(app, moderator, f"/desk/cases/{case}")) == (CASE_HELD, CASE_HELD)


def test_a_case_asks_the_same_for_a_long_ladder(app, moderator):
    case = report(app, new_site().replace("www.", "a.b.c.d.") + "/and/further/folders/below/it")
    assert asked_by(app, moderator, f"/desk/cases/{case}") == CASE


def test_listings_ask_the_same_for_one_and_for_ten(app, moderator):
    with database_of(app).transaction() as session:
        builders.listed(session, new_site())
    few = asked_by(app, moderator, "/desk/listings")
    with database_of(app).transaction() as session:
        for _ in range(10):
            builders.listed(session, new_site())
    assert (few, asked_by(app, moderator, "/desk/listings")) == (LISTINGS, LISTINGS)


def test_the_audit_record_asks_the_same_however_long_it_is(app):
    auditor = signed_in(app, Role.AUDITOR)
    few = asked_by(app, auditor, "/desk/audit")
    for _ in range(10):
        report(app)
    assert (few, asked_by(app, auditor, "/desk/audit")) == (AUDIT, AUDIT)


def test_the_overview_asks_the_same_for_one_case_and_for_ten(app):
    senior = signed_in(app, Role.SENIOR)
    report(app)
    few = asked_by(app, senior, "/desk/overview")
    for _ in range(10):
        report(app)
    assert (few, asked_by(app, senior, "/desk/overview?days=30")) == (OVERVIEW, OVERVIEW)


def test_a_report_of_something_new_asks_a_fixed_number_of_times(session):
    assert asked_by_report(session, names(1)) == REPORT_OF_WHAT_IS_NEW


def test_a_report_of_something_known_asks_less(session):
    builders.report(session, names(1))
    assert asked_by_report(session, names(1)) == REPORT_OF_WHAT_IS_KNOWN


def test_a_report_of_a_hundred_new_things_asks_as_often_as_of_one(session):
    assert asked_by_report(session, names(100)) == REPORT_OF_WHAT_IS_NEW


def test_a_report_of_a_hundred_known_things_asks_as_often_as_of_one(session):
    builders.report(session, names(100))
    assert asked_by_report(session, names(100)) == REPORT_OF_WHAT_IS_KNOWN


def test_the_same_form_sent_twice_asks_once(session):
    sent = builders.report(session, names(1))
    assert asked_by_report(session, names(1), receipt_digest=sent.receipt_digest) == 1
