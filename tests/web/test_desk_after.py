"""What the desk says after an act: where one comes back to, which words stand there, and what no longer does."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from moderation.models import Case, Listing, ReferralRow
from moderation.vocabulary import Role
from tests.web.visitors import answers, assess, claim, database_of, one_app, report, rung, send, signed_in

NOTE = {"note": "Looked at with care; see the fields.", "sent_none_of_the_reports": "1"}
POLICE = {
    "outcome": "refer_police",
    "refer_recipient": "The national unit",
    "refer_passed_on": "The address and the reports.",
    "refer_child_material": "no",
}


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app)


@pytest.fixture(scope="module")
def luis(app):
    return signed_in(app)


@pytest.fixture(scope="module")
def dora(app):
    return signed_in(app, Role.SENIOR)


@pytest.fixture
def case(app):
    return report(app)


def faults(page):
    summary = re.search(r'<div class="errors".*?</div>', page, re.DOTALL)
    return re.findall(r'href="#([^"]*)"', summary[0]) if summary else []


def in_days(days):
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}"


def listing(app, case):
    with database_of(app).reading() as session:
        query = select(Listing.reference).join(Case, Case.id == Listing.case_id)
        return session.scalar(query.where(Case.reference == case, Listing.ended_at.is_(None)))


def listed(app, amira, luis, case):
    assess(amira, case, "propose")
    assess(luis, case, "confirm")
    return listing(app, case)


class TestARefusalThatWasKept:
    @pytest.mark.long
    def test_a_notice_that_is_recorded_since_takes_its_red_away(self, amira, case):
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        send(amira, case, "propose", {"target": rung(amira, "page"), **answers(lifeline="")})
        assert faults(amira.page) == ["notice", "lifeline"]
        told = {"recipient": "abuse@host.example", "proof": "Ticket 4711", "sent_at": in_days(-4)}
        amira.post(f"/desk/cases/{case}/notices", told)
        page = amira.follow().text
        assert "The notice is recorded" in page
        assert faults(page) == ["lifeline"]
        assert 'id="notice-fault"' not in page

    @pytest.mark.long
    def test_a_referral_that_is_only_written_down_takes_its_red_away(self, app, amira):
        case = report(app, danger_now=True)
        assess(amira, case, "propose")
        assert faults(amira.page) == ["referral"]
        assert send(amira, case, "reject", {**POLICE, "refer_at": in_days(0), "refer_go_on": "1"}).status_code == 303
        page = amira.follow().text
        assert "The referral is written down." in page
        assert faults(page) == []


class TestAHold:
    def held(self, amira, case):
        claim(amira, case)
        hold = {**POLICE, **NOTE, "refer_at": in_days(0), "refer_hold_until": in_days(30)}
        assert send(amira, case, "reject", hold).status_code == 303

    def lift(self, app, amira, case):
        with database_of(app).reading() as session:
            query = select(ReferralRow.reference).join(Case, Case.id == ReferralRow.case_id).where(Case.reference == case)
            referral = session.scalar(query)
        amira.get(f"/desk/cases/{case}")
        assert amira.post(f"/desk/cases/{case}/referrals/{referral}/lift").status_code == 303

    def row(self, amira, case):
        page = amira.get(f"/desk/queue?text={case}").text
        return re.search(rf'<td class="q-resource[^"]*">.*?{case}.*?</td>', page, re.DOTALL)[0]

    def test_a_case_that_is_taken_back_while_its_hold_lives_says_one_thing(self, amira, case):
        self.held(amira, case)
        amira.get(f"/desk/cases/{case}")
        amira.post(f"/desk/cases/{case}/wake")
        page = amira.follow().text
        assert "nothing is listed before that" in page
        assert "The hold that the police asked for ends" not in page
        assert f"On hold until {in_days(30)}" in self.row(amira, case)
        assert "Due" not in self.row(amira, case)

    def test_a_case_whose_hold_is_lifted_is_due_for_nothing(self, app, amira, case):
        self.held(amira, case)
        self.lift(app, amira, case)
        page = amira.follow().text
        assert "The hold is lifted." in page
        assert "The hold that the police asked for" not in page
        assert "Nothing is listed until" not in page
        assert "Due" not in self.row(amira, case)
        assert "On hold until" not in self.row(amira, case)

    def test_what_came_back_sooner_than_its_date_is_not_due_yet(self, amira, case):
        claim(amira, case)
        send(amira, case, "reject", {**NOTE, "outcome": "monitor", "monitor_back_at": in_days(5)})
        assert f"Due {in_days(5)}" in self.row(amira, case)
        amira.get(f"/desk/cases/{case}")
        amira.post(f"/desk/cases/{case}/wake")
        assert "it came back sooner" in amira.follow().text
        assert "Due" not in self.row(amira, case)


class TestDelistingFromTheCase:
    @pytest.mark.long
    def test_without_a_reason_the_case_asks_for_one_in_its_own_form(self, app, amira, luis, dora, case):
        there = listed(app, amira, luis, case)
        dora.get(f"/desk/cases/{case}")
        refused = dora.post(f"/desk/listings/{there}/delist", {"because": "", "case": case})
        assert refused.status_code == 422
        assert f"/desk/cases/{case}/look" in dora.page
        assert faults(dora.page) == ["because"]
        assert re.search(r'<details class="delist" open>', dora.page)
        assert listing(app, case) == there

    @pytest.mark.long
    def test_a_reason_that_is_too_short_stays_in_the_form_and_is_told_as_such(self, app, amira, luis, dora, case):
        there = listed(app, amira, luis, case)
        dora.get(f"/desk/cases/{case}")
        dora.post(f"/desk/listings/{there}/delist", {"because": "gone", "case": case})
        assert "This is too short to tell anybody anything." in dora.page
        assert re.search(r'<textarea id="because"[^>]*>\ngone</textarea>', dora.page)

    @pytest.mark.long
    def test_once_it_is_off_the_list_the_case_says_so(self, app, amira, luis, dora, case):
        there = listed(app, amira, luis, case)
        dora.get(f"/desk/cases/{case}")
        done = dora.post(f"/desk/listings/{there}/delist", {"because": "The owner took it down.", "case": case})
        assert done.headers["Location"] == f"/desk/cases/{case}"
        assert "Delisted." in dora.follow().text
        assert listing(app, case) is None

    def test_narrowing_without_a_reason_leads_to_its_own_field(self, app, amira, luis, dora, case):
        assess(amira, case, "propose", "path")
        assess(luis, case, "confirm", "path")
        dora.get(f"/desk/cases/{case}")
        page = next(each for each in re.findall(r'name="narrow_to" value="([^"]+)"', dora.page))
        dora.post(f"/desk/cases/{case}/listings/{listing(app, case)}/narrow", {"narrow_to": page, "because": ""})
        assert faults(dora.page) == ["narrow_because"]
        assert 'id="narrow_because"' in dora.page


class TestTheOrderOfWhatIsWrong:
    def test_of_a_takedown_it_is_that_of_its_fields(self, amira, case):
        claim(amira, case)
        send(amira, case, "reject", {"outcome": "takedown_only", "takedown_sent_at": "yesterday"})
        fields = ["takedown_recipient", "takedown_asked", "takedown_back_at", "takedown_proof", "takedown_sent_at", "note"]
        assert faults(amira.page) == [*fields, "sent_none_of_the_reports"]

    def test_of_evidence_that_cannot_be_read_it_is_that_of_the_page(self, amira, case):
        claim(amira, case)
        amira.get(f"/desk/cases/{case}")
        wrong = answers(evidence_act_source="a dream", sent_none_of_the_reports="", provision="")
        send(amira, case, "propose", {"target": rung(amira, "page"), **wrong})
        assert faults(amira.page) == ["notice", "provision", "evidence_act_source", "sent_none_of_the_reports"]

    def test_what_is_written_and_too_short_is_not_called_missing(self, amira, case):
        claim(amira, case)
        send(amira, case, "reject", {"outcome": "reject_scope", "note": "no", "sent_none_of_the_reports": "1"})
        assert "This is too short to tell anybody anything." in amira.page
        assess(amira, case, "propose", lifeline="None")
        assert "What is written here says too little." in amira.page
        assert "Nothing is written on who might lose a lifeline." not in amira.page


class TestAWordAfterAnAct:
    def test_a_note_that_is_kept_is_told(self, amira, case):
        amira.get(f"/desk/cases/{case}")
        amira.post(f"/desk/cases/{case}/notes", {"note_text": "The host answers by telephone."})
        assert "The note is kept." in amira.follow().text

    def test_a_note_with_a_phone_number_is_refused_beside_its_field(self, amira, case):
        amira.get(f"/desk/cases/{case}")
        assert amira.post(f"/desk/cases/{case}/notes", {"note_text": "Call +33 6 12 34 56 78."}).status_code == 422
        assert "A phone number would be kept here." in amira.page
        assert faults(amira.page) == ["note_text"]
        assert "Call +33 6 12 34 56 78." in amira.page

    def test_a_senior_who_takes_a_case_over_is_told(self, amira, dora, case):
        claim(amira, case)
        dora.get(f"/desk/cases/{case}")
        dora.post(f"/desk/cases/{case}/take-over", {"because_taken": "asked"})
        assert "The case is yours now." in dora.follow().text

    @pytest.mark.long
    def test_a_senior_who_sets_a_case_free_is_told(self, amira, luis, dora, case):
        assess(amira, case, "propose")
        claim(luis, case)
        dora.get(f"/desk/cases/{case}")
        dora.post(f"/desk/cases/{case}/take-over", {"because_taken": "asked"})
        assert "The case is free now, for others." in dora.follow().text


def test_the_page_with_a_sealed_address_asked_for_again_is_the_case_without_it(amira, case):
    again = amira.get(f"/desk/cases/{case}/address")
    assert (again.status_code, again.headers["Location"]) == (303, f"/desk/cases/{case}")
