"""A reporter finds their own number among what was read from their report, and takes it out with the receipt alone."""

import re

import pytest
from sqlalchemy import select, text

from app import create_app, marking, sealing
from moderation.models import AuditRecord, Case, CaseReport, Report, ReportMark, ResourceRow
from moderation.vocabulary import Resource
from tests.web.reporters import Reporter, code_on, opened, words
from tests.web.visitors import claim, database_of, new_site, one_app, signed_in

NUMBER = "+33655987{:03}"
FORM = re.compile(r'<form method="post" action="/../status/mine">(.*?)</form>', re.S)
SAID = re.compile(r'role="status">(.*?)</p>')
HIDDEN = re.compile(r'name="([^"]+)" value="([^"]*)"')


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


class Frightened:
    """Somebody who wrote their own number where the link belongs."""

    count = 0

    def __init__(self, app, what="{site}\nplease call me: {number}", **typed):
        Frightened.count += 1
        self.app, self.site, self.number = app, new_site(), NUMBER.format(Frightened.count)
        self.client = app.test_client(use_cookies=True)
        self.receipt = Reporter(app).send(what=what.format(site=self.site, number=self.number), **typed)
        self.code = code_on(self.receipt)

    def rows(self, query):
        with database_of(self.app).reading() as session:
            return session.execute(query).all()

    def report(self):
        return self.rows(select(Report).where(Report.receipt_digest == sealing.receipt_digest(self.code)))[0].Report

    def resource(self, canonical=None):
        return self.rows(select(ResourceRow).where(ResourceRow.canonical == (canonical or self.number)))

    def case_of(self, canonical):
        return self.rows(select(Case).join(ResourceRow).where(ResourceRow.canonical == canonical).order_by(Case.id.desc()))[0].Case

    def named(self):
        joined = select(ResourceRow.canonical).join(Case).join(CaseReport).where(CaseReport.report_id == self.report().id)
        return {row.canonical for row in self.rows(joined)}

    def follow(self):
        return self.client.post("/en/status", data={"code": self.code})

    def says_this_is_mine(self, page=None):
        """Press the button beside the number, as it stands on the page."""
        (form,) = [dict(HIDDEN.findall(found)) for found in FORM.findall((page or self.receipt).text) if self.number in found]
        return self.client.post("/en/status/mine", data=form)

    def held_in_clear(self):
        """Every table that holds the number, of all that there are."""
        names = text("SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'")
        with database_of(self.app).reading() as session:
            tables = [row for row in session.execute(names) if row.table_schema not in ("pg_catalog", "information_schema")]
            like = f"%{self.number.removeprefix('+')}%"
            return [
                row.table_name
                for row in tables
                if session.scalar(
                    text(f'SELECT count(*) FROM "{row.table_schema}"."{row.table_name}" AS t WHERE t::text LIKE :like'),
                    {"like": like},
                )
            ]


@pytest.fixture
def afraid(app):
    return Frightened(app)


def test_the_receipt_shows_what_was_read_and_a_way_out_beside_what_leads_to_a_person(afraid):
    page = words(afraid.receipt)
    assert f"Telephone number {afraid.number}" in page
    assert f"Web page {afraid.site}" in page
    assert f'<bdi class="address" dir="ltr">{afraid.number}</bdi>' in afraid.receipt.text
    assert len(FORM.findall(afraid.receipt.text)) == 1


def test_a_report_in_words_alone_is_read_as_nothing_else(app):
    page = Reporter(app).send(what="A man at the station takes passports.")
    assert "What we read from your report" not in words(page)


def test_what_is_theirs_leaves_the_report_and_lies_nowhere_in_clear(afraid):
    assert afraid.held_in_clear() == ["resource"]
    answer = words(afraid.says_this_is_mine())
    assert "We took it out of your report." in answer
    assert afraid.number not in answer
    assert afraid.held_in_clear() == []
    assert afraid.named() == {afraid.site}


@pytest.mark.long
def test_the_report_stays_as_it_was_written_for_the_desk(app, afraid):
    afraid.says_this_is_mine()
    assert afraid.number in opened(app, afraid.report())["what"]
    moderator, case = signed_in(app), afraid.case_of(afraid.site).reference
    claim(moderator, case)
    assert "please call me" in words(moderator.get(f"/desk/cases/{case}"))


def test_its_case_is_closed_and_names_nothing_at_the_desk(app, afraid):
    case = afraid.case_of(afraid.number)
    moderator = signed_in(app)
    claim(moderator, case.reference)
    afraid.says_this_is_mine()
    page = moderator.get(f"/desk/cases/{case.reference}")
    assert page.status_code == 200
    assert afraid.number not in page.text
    assert afraid.rows(select(Case.state, Case.holder_id).where(Case.id == case.id)) == [("rejected", None)]


def test_a_number_that_others_reported_too_stays_for_them_and_the_answer_is_the_same(app, afraid):
    other = Frightened(app, what=f"{{site}} {afraid.number}")
    told = afraid.says_this_is_mine()
    assert afraid.named() == {afraid.site}
    assert afraid.number in other.named()
    assert afraid.case_of(afraid.number).closed_at is None
    assert SAID.findall(Frightened(app).says_this_is_mine().text) == SAID.findall(told.text) != []


def test_a_report_that_named_nothing_else_is_still_read(app):
    alone = Frightened(app, what="{number}", more="They keep my passport.")
    page = words(alone.says_this_is_mine())
    assert "What you described in words" in page
    (canonical,) = alone.named()
    case = alone.case_of(canonical)
    assert case.closed_at is None
    moderator = signed_in(app)
    claim(moderator, case.reference)
    assert "They keep my passport." in words(moderator.get(f"/desk/cases/{case.reference}"))


def test_reports_are_found_by_the_number_no_more(app, afraid):
    mark = marking.of_resource(Resource(kind="phone", canonical=afraid.number), app.extensions["keys"])
    marked = select(ReportMark).where(ReportMark.report_id == afraid.report().id, ReportMark.mark == mark)
    assert len(afraid.rows(marked)) == 1
    afraid.says_this_is_mine()
    assert afraid.rows(marked) == []


def test_the_code_is_shown_again_to_who_comes_from_the_receipt(afraid):
    assert code_on(afraid.says_this_is_mine()) == afraid.code


def test_the_status_page_offers_the_same_and_does_not_show_the_code(afraid):
    page = afraid.follow()
    answer = afraid.says_this_is_mine(page)
    assert "We took it out of your report." in words(answer)
    assert code_on(answer) == ""
    assert afraid.named() == {afraid.site}


def test_after_the_report_was_taken_back_the_number_can_still_be_taken_out(afraid):
    afraid.client.post("/en/status/withdraw", data={"code": afraid.code, "sure": "1"})
    afraid.says_this_is_mine(afraid.follow())
    assert afraid.held_in_clear() == []


def test_saying_it_twice_does_no_harm(afraid):
    assert [afraid.says_this_is_mine().status_code for _ in range(2)] == [200, 200]
    assert afraid.named() == {afraid.site}


def test_the_same_number_reported_later_opens_a_case_of_its_own(app, afraid):
    afraid.says_this_is_mine()
    Reporter(app).send(what=afraid.number)
    assert afraid.case_of(afraid.number).closed_at is None


def test_the_record_tells_that_something_was_taken_out_and_not_what(afraid):
    afraid.says_this_is_mine()
    subject = f"report:{afraid.report().reference}"
    noted = afraid.rows(select(AuditRecord.action, AuditRecord.detail, AuditRecord.actor).where(AuditRecord.subject == subject))
    assert ("own resource taken out", {}, "system") in [tuple(row) for row in noted]


def test_a_link_cannot_be_taken_out(afraid):
    answer = afraid.client.post("/en/status/mine", data={"code": afraid.code, "kind": "web_page", "canonical": afraid.site})
    assert answer.status_code == 404
    assert "You can take the whole report back." in words(answer)
    assert afraid.site in afraid.named()


def test_another_code_takes_nothing_out(app, afraid):
    other = Frightened(app)
    data = {"code": other.code, "kind": "phone", "canonical": afraid.number}
    assert other.client.post("/en/status/mine", data=data).status_code == 200
    assert afraid.number in afraid.named()
    unknown = other.client.post("/en/status/mine", data={**data, "code": sealing.new_receipt()})
    assert unknown.status_code == 422


def test_no_address_carries_the_code_or_the_number(afraid):
    pages = [afraid.receipt, afraid.follow(), afraid.says_this_is_mine()]
    addresses = "".join(found for page in pages for found in re.findall(r'(?:href|action)="([^"]*)"', page.text))
    assert afraid.code not in addresses
    assert afraid.number.removeprefix("+") not in addresses
    assert afraid.client.get("/en/status/mine").status_code == 405


def test_while_the_database_is_away_it_can_be_sent_once_more(settings):
    alone = create_app(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing").test_client()
    sent = {"code": sealing.new_receipt(), "kind": "phone", "canonical": "+33655987001", "receipt": "1"}
    answer = alone.post("/en/status/mine", data=sent)
    assert answer.status_code == 503
    assert dict(HIDDEN.findall(answer.text.partition('action="/en/status/mine"')[2])) == sent
