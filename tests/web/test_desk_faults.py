"""All that is wrong with a decision form is told at once: what cannot be read, what a rule lacks and what the checks refuse."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from moderation import reviewing
from moderation.models import AuditRecord, Case, Listing, RefusedAssessment
from tests.web.visitors import answers, assess, claim, database_of, one_app, report, rung, send, signed_in

ALONE = "stands on this page alone"
KEPT = "What you typed is kept"


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app)


@pytest.fixture(scope="module")
def luis(app):
    return signed_in(app)


@pytest.fixture
def case(app):
    return report(app)


def told(page):
    """The fields that the summary leads to, and the number of faults that it names."""
    summary = re.search(r'<div class="errors".*?</div>', page, re.DOTALL)[0]
    number = re.search(r"Not stored: (\w+) thing", summary)[1]
    return re.findall(r'href="#([^"]+)"', summary), 1 if number == "one" else int(number)


def everything_beside_its_field(page):
    fields, number = told(page)
    assert number == len(fields)
    assert [field for field in fields if f'id="{field}-fault' not in page] == []
    return set(fields)


def attempts(app, case):
    with database_of(app).reading() as session:
        query = select(RefusedAssessment.id).join(Case, Case.id == RefusedAssessment.case_id).where(Case.reference == case)
        return len(session.scalars(query).all())


class TestOfAnAssessment:
    @pytest.mark.long
    def test_what_cannot_be_read_and_what_the_checks_miss_stand_together(self, app, amira, case):
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        typed = answers(expires_after="soon", sent_none_of_the_reports="", provision="", territories="", lifeline="")
        assert send(amira, case, "propose", {"target": rung(amira, "page"), **typed}).status_code == 422
        wrong = {"notice", "provision", "territories", "lifeline", "expires_after", "sent_none_of_the_reports"}
        assert everything_beside_its_field(amira.page) == wrong
        assert ALONE in amira.page

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("typed", "also_wrong", "note"),
        [
            ({"sent_none_of_the_reports": ""}, {"sent_none_of_the_reports"}, KEPT),
            ({"target": ""}, {"target"}, KEPT),
            ({"sample_pages": "many"}, {"sample_pages"}, ALONE),
        ],
        ids=["not declared", "without a target", "not to be read"],
    )
    def test_whoever_learns_what_the_checks_say_leaves_the_attempt_behind(self, app, amira, case, typed, also_wrong, note):
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        wanted = {"target": rung(amira, "page"), **answers(lifeline="", facilitation="It books rooms by the hour."), **typed}
        assert send(amira, case, "propose", wanted).status_code == 422
        assert everything_beside_its_field(amira.page) == {"notice", "lifeline"} | also_wrong
        assert note in amira.page
        assert attempts(app, case) == 1
        with database_of(app).reading() as session:
            detail = select(AuditRecord.detail).where(AuditRecord.subject == f"case:{case}", AuditRecord.action == "assessment refused")
            assert {"RS13", "RS16"} <= {*session.scalars(detail).one()["safeguards"]}
        assert "It books rooms by the hour." in amira.get(f"/desk/cases/{case}").text

    def test_who_is_told_nothing_leaves_nothing(self, app, amira, luis, case):
        claim(amira, case)
        luis.get(f"/desk/cases/{case}")
        luis.post(f"/desk/cases/{case}/propose", {"version": "1", **answers(sent_none_of_the_reports="")})
        assert attempts(app, case) == 0

    def test_an_empty_form_is_told_of_every_part_of_every_check(self, amira, case):
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        assert send(amira, case, "propose", {"target": rung(amira, "domain"), "sent_none_of_the_reports": "1"}).status_code == 422
        parts = {f"evidence_{element}" for element in ("act", "means", "purpose")}
        parts |= {"statement_facts", "statement_legal_ground", "statement_explanation", "provision", "territories"}
        parts |= {"narrower_page", "narrower_path", "narrower_host", "sample_pages", "sample_unrelated", "expires_after", "review_after"}
        assert parts <= everything_beside_its_field(amira.page)
        assert KEPT in amira.page

    def test_without_a_target_the_rest_is_told_all_the_same_and_the_target_once(self, amira, case):
        claim(amira, case)
        send(amira, case, "propose", answers(lifeline=""))
        fields, number = told(amira.page)
        assert (sorted(fields), number) == (["lifeline", "notice", "target"], 3)

    def test_days_that_do_not_count_are_not_asked_for(self, amira, case):
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        typed = answers(sent_none_of_the_reports="", expires_after="", review_after="", for_a_week="1")
        send(amira, case, "propose", {"target": rung(amira, "page"), **typed})
        assert everything_beside_its_field(amira.page) == {"notice", "sent_none_of_the_reports"}

    def test_every_place_that_shows_a_person_is_named(self, amira, case):
        assess(
            amira,
            case,
            "propose",
            lifeline="Ask +33 6 12 34 56 78 of the house.",
            statement_facts="Write to nina@house.example, she knows.",
        )
        assert everything_beside_its_field(amira.page) == {"lifeline", "statement_facts"}

    @pytest.mark.long
    def test_who_has_not_said_what_a_colleague_suspects_is_asked_that_and_sent_to_look_at_nothing(self, app, amira, luis):
        case = report(app, category="child")
        assess(luis, case, "propose", child_material="suspected")
        luis.get(f"/desk/cases/{case}")
        luis.post(f"/desk/cases/{case}/hand-back")
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        send(amira, case, "propose", {"target": rung(amira, "page"), **answers(child_material="", still_there="", expires_after="soon")})
        assert everything_beside_its_field(amira.page) == {"child_material", "expires_after"}

    def test_a_page_that_is_out_of_date_says_that_and_nothing_else(self, amira, case):
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        refused = amira.post(
            f"/desk/cases/{case}/propose", {"version": "9", "target": rung(amira, "page"), **answers(expires_after="soon")}
        )
        assert refused.status_code == 409
        assert "expires_after-fault" not in amira.page

    def test_an_attempt_that_failed_is_work_and_gives_more_time(self, app, amira, case):
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        with database_of(app).transaction() as session:
            found = session.scalars(select(Case).where(Case.reference == case)).one()
            found.lease_until = clock.now() + timedelta(minutes=2)
        version = re.search(r'name="version" value="(\d+)"', amira.page)[1]
        amira.post(f"/desk/cases/{case}/propose", {"version": version, "target": rung(amira, "page"), **answers(expires_after="soon")})
        assert "Yours for 30 min" in amira.page


class TestOfAConclusion:
    def test_a_takedown_without_anything_names_all_that_it_needs(self, amira, case):
        claim(amira, case)
        assert send(amira, case, "reject", {"outcome": "takedown_only", "takedown_sent_at": "last week"}).status_code == 422
        wrong = {"note", "sent_none_of_the_reports", "takedown_sent_at", "takedown_recipient", "takedown_asked", "takedown_back_at"}
        assert everything_beside_its_field(amira.page) == wrong | {"takedown_proof"}
        assert ALONE in amira.page

    def test_a_referral_that_is_only_written_down_is_told_so_too(self, amira, case):
        claim(amira, case)
        send(amira, case, "reject", {"outcome": "refer_police", "refer_go_on": "1", "refer_at": "soon"})
        assert everything_beside_its_field(amira.page) == {"refer_at", "refer_recipient", "refer_passed_on"}

    @pytest.mark.long
    def test_a_later_seat_is_told_at_once_as_well(self, app, amira, luis):
        case = report(app, category="child")
        assess(amira, case, "propose")
        assess(luis, case, "confirm", child_material="suspected")
        luis.get(f"/desk/cases/{case}")
        luis.post(f"/desk/cases/{case}/hand-back")
        third = signed_in(app)
        claim(third, case)
        assert send(third, case, "disagree", {"outcome": "reject_lawful"}).status_code == 422
        assert everything_beside_its_field(third.page) == {"note", "sent_none_of_the_reports", "refer_child_material"}

    @pytest.mark.long
    def test_keeping_what_is_listed_asks_for_all_of_its_answers(self, app, amira, luis, case):
        assess(amira, case, "propose")
        assess(luis, case, "confirm")
        with database_of(app).transaction() as session:
            listing = session.scalars(select(Listing).join(Case, Case.id == Listing.case_id).where(Case.reference == case)).one()
            reviewing.bring_back(session, at=listing.review_at)
        dora = signed_in(app)
        claim(dora, case)
        assert send(dora, case, "keep", {"keep_note": "no"}).status_code == 422
        assert everything_beside_its_field(dora.page) == {"keep_note", "keep_days", "sent_none_of_the_reports"}

    def test_where_nothing_is_chosen_no_fields_are_guessed(self, amira, case):
        claim(amira, case)
        send(amira, case, "reject", {})
        assert everything_beside_its_field(amira.page) == {"outcome", "note", "sent_none_of_the_reports"}


def test_without_scripts_the_page_says_that_nothing_asks_before_words_are_lost(amira, case):
    claim(amira, case)
    page = amira.get(f"/desk/cases/{case}").text
    assert re.search(r"<noscript>.*nothing asks before you leave this page.*</noscript>", page)
    assert 'data-keeps="typed"' not in page
    send(amira, case, "reject", {"outcome": "reject_lawful", "note": "no"})
    assert re.search(r'class="stack closings" data-keeps="typed"', amira.page)
    assert amira.page.count('data-keeps="typed"') == 1
