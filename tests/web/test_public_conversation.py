"""After the report: a moderator asks, its reporter answers with the receipt alone, adds something, or takes it all back."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, create_app, sealing
from moderation import policy
from moderation.models import AuditRecord, Case, ContactKey, Message, Report, ReportKey, ReportMark, ResourceRow
from moderation.vocabulary import Budget, Lane, Role
from tests.web.reporters import Reporter, code_on, words
from tests.web.visitors import claim, database_of, new_site, one_app, report, send, signed_in

QUESTION = "Is the phone number still the same?"
ANSWER = "No, since Monday they use another one: pelican."


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


class Story:
    """One report, its case, and a moderator who holds it."""

    def __init__(self, app, **typed):
        self.app, self.site = app, new_site()
        self.code = code_on(Reporter(app).send(what=self.site, **typed))
        self.moderator = signed_in(app)
        self.case = self.newest_case()
        claim(self.moderator, self.case)
        self.client = app.test_client(use_cookies=True)

    def rows(self, query):
        with database_of(self.app).reading() as session:
            return session.execute(query).all()

    def newest_case(self):
        return str(self.rows(select(Case.reference).order_by(Case.id.desc()).limit(1))[0].reference)

    def report(self):
        return self.rows(select(Report).where(Report.receipt_digest == sealing.receipt_digest(self.code)))[0].Report

    def ask(self, question=QUESTION, **more):
        self.moderator.get(f"/desk/cases/{self.case}")
        return self.moderator.post(
            f"/desk/cases/{self.case}/questions", {"question": question, "once": once_on(self.moderator.page), **more}
        )

    def follow(self, code=None):
        return self.client.post("/en/status", data={"code": code or self.code})

    def answer(self, text=ANSWER, **more):
        return self.client.post("/en/status/answer", data={"code": self.code, fields_on(self.follow().text)[0]: text, **more})

    def add(self, text, once=None):
        once = once or once_on(self.follow().text)
        return self.client.post("/en/status/add", data={"code": self.code, "once": once, "more": text})

    def withdraw(self, **more):
        return self.client.post("/en/status/withdraw", data={"code": self.code, **more})

    def desk(self):
        return words(self.moderator.get(f"/desk/cases/{self.case}"))


def fields_on(page):
    """The names of the fields for answers."""
    return re.findall(r'name="(answer-[^"]+)"', page)


def once_on(page):
    return re.search(r'name="once" value="([^"]+)"', page)[1]


@pytest.fixture
def story(app):
    return Story(app, contact="heron@mail.test", more="They keep passports.")


def test_a_reporter_reads_the_question_and_the_desk_reads_the_answer(story):
    assert story.ask().status_code == 303
    assert QUESTION in words(story.follow())
    assert "We have your answer" in words(story.answer())
    assert ANSWER in story.desk()


def test_only_who_holds_the_case_sees_how_to_reach_the_reporter(story, app):
    assert "heron@mail.test" in story.desk()
    other = signed_in(app, Role.MODERATOR)
    page = other.get(f"/desk/cases/{story.case}").text
    assert "heron@mail.test" not in page
    assert "Only who holds the case can see it" in page


def test_a_question_names_nobody_to_the_reporter(story):
    story.ask()
    page = story.follow().text
    assert "Questions from the people who check" in page
    assert "demo.example" not in page
    assert "moderator" not in page.lower()


def test_another_receipt_does_not_open_the_question(story, app):
    story.ask()
    (row,) = story.rows(select(Message.sealed).where(Message.report_id == story.report().id))
    other = sealing.receipt_identity(sealing.new_receipt(), app.extensions["keys"])
    with pytest.raises(sealing.CannotOpen):
        sealing.open_message(row.sealed, other)


def test_a_receipt_opens_no_answer_and_no_report(story, app):
    story.ask()
    story.answer()
    mine, found = sealing.receipt_identity(story.code, app.extensions["keys"]), story.report()
    (answer,) = story.rows(select(Message.sealed).where(Message.report_id == found.id, Message.kind == "answer"))
    for sealed in (answer.sealed, found.sealed, found.contact):
        with pytest.raises(sealing.CannotOpen):
            sealing.open_message(sealed, mine)


def test_what_was_said_lies_nowhere_in_clear(story):
    story.ask("Did the heron call?")
    story.answer("The pelican did.")
    story.add("A flamingo came.")
    with database_of(story.app).reading() as session:
        held = repr([session.execute(select(table.__table__)).all() for table in (Message, Report, AuditRecord, ReportKey, ContactKey)])
    assert not [secret for secret in ("heron", "pelican", "flamingo") if secret in held]


def test_an_answer_is_taken_once_however_often_it_is_sent(story):
    story.ask()
    data = {"code": story.code, fields_on(story.follow().text)[0]: ANSWER}
    answers = [story.client.post("/en/status/answer", data=data) for _ in range(3)]
    assert {one.status_code for one in answers} == {200}
    assert len(story.rows(select(Message).where(Message.report_id == story.report().id, Message.kind == "answer"))) == 1


def test_what_an_answer_names_leads_to_its_case(app, story):
    story.ask()
    site = new_site()
    story.answer(f"They moved to {site} on Monday.")
    Reporter(app).send(what=site)
    page = story.moderator.get(f"/desk/cases/{story.newest_case()}").text
    assert f"/desk/cases/{story.case}" in page
    assert "A report’s text there names this" in html.unescape(page)


def test_a_number_of_their_own_in_an_answer_leads_to_no_case(story):
    story.ask()
    story.answer("Call me: +33 6 55 12 34 56")
    assert story.rows(select(ReportMark).where(ReportMark.report_id == story.report().id)) == []


def test_a_question_sent_twice_is_asked_once(story):
    story.moderator.get(f"/desk/cases/{story.case}")
    form = {
        "question": QUESTION,
        "once": once_on(story.moderator.page),
        "csrf_token": re.search(r'csrf_token" value="([^"]+)', story.moderator.page)[1],
    }
    for _ in range(2):
        story.moderator.post(f"/desk/cases/{story.case}/questions", form)
    assert story.follow().text.count(QUESTION) == 1


def test_no_more_questions_wait_than_policy_lets(story):
    for number in range(policy.OPEN_QUESTIONS_PER_REPORT):
        assert story.ask(f"Question {number}?").status_code == 303
    refused = story.ask("One more?")
    assert refused.status_code == 409
    assert "One more?" in words(refused)


def test_who_does_not_hold_the_case_cannot_ask(story, app):
    other = signed_in(app)
    other.get(f"/desk/cases/{story.case}")
    assert other.post(f"/desk/cases/{story.case}/questions", {"question": QUESTION}).status_code == 409
    assert QUESTION not in words(story.follow())


def test_asking_all_tells_nobody_how_many_there_are(story):
    Reporter(story.app).send(what=story.site)
    Reporter(story.app).send(what=story.site)
    story.ask()
    told = words(story.moderator.follow())
    assert "The question waits behind the receipt." in told
    assert (
        len(story.rows(select(Message).join(ResourceRow, ResourceRow.canonical == story.site).where(Message.kind == "question").distinct()))
        >= 3
    )


def test_a_question_to_one_reporter_reaches_that_one_alone(story):
    other = code_on(Reporter(story.app).send(what=story.site))
    story.ask(report=str(story.report().reference))
    assert QUESTION in words(story.follow())
    assert QUESTION not in words(story.follow(other))


def test_an_empty_question_comes_back_with_a_fault(story):
    answer = story.ask("  ")
    assert answer.status_code == 422
    assert "Write the question." in words(answer)


def test_two_questions_are_answered_in_one_form(story):
    story.ask("Where is it?")
    story.ask("Who is it?")
    page = story.follow().text
    assert page.count("/status/answer") == 1
    where, who = reversed(fields_on(page))
    answer = story.client.post("/en/status/answer", data={"code": story.code, where: "By the pelicans.", who: "A heron."})
    assert fields_on(answer.text) == []
    assert [text in story.desk() for text in ("By the pelicans.", "A heron.")] == [True, True]


def test_one_of_two_questions_can_be_left_for_later(story):
    story.ask("Where is it?")
    story.ask("Who is it?")
    who, where = fields_on(story.follow().text)
    answer = story.client.post("/en/status/answer", data={"code": story.code, where: "By the pelicans.", who: " "})
    assert "We have your answer." in words(answer)
    assert fields_on(answer.text) == [who]


def test_what_was_typed_below_the_other_question_comes_back_when_one_is_too_long(story):
    story.ask("Where is it?")
    story.ask("Who is it?")
    who, where = fields_on(story.follow().text)
    answer = story.client.post("/en/status/answer", data={"code": story.code, where: "a" * (policy.MESSAGE_LIMIT + 1), who: "A heron."})
    assert answer.status_code == 422
    assert "A heron." in answer.text
    assert f'href="#{where}"' in answer.text
    assert f'id="{where}"' in answer.text


def test_an_answer_that_nobody_wants_any_more_comes_back_and_keeps_no_other_away(story, app):
    story.ask("Where is it?")
    (late,) = fields_on(story.follow().text)
    more = new_site()
    story.add(more)
    other = signed_in(app)
    case = story.newest_case()
    claim(other, case)
    other.get(f"/desk/cases/{case}")
    other.post(f"/desk/cases/{case}/questions", {"question": "Who is it?", "once": str(uuid.uuid4())})
    in_time = next(name for name in fields_on(story.follow().text) if name != late)
    rejected = {"outcome": "reject_scope", "note": "Nothing of it is here.", "sent_none_of_the_reports": "1"}
    send(story.moderator, story.case, "reject", rejected)
    answer = story.client.post("/en/status/answer", data={"code": story.code, late: "By the pelicans.", in_time: "A heron."})
    assert answer.status_code == 409
    assert "no answer is needed any more" in words(answer)
    assert "By the pelicans." in answer.text
    assert "A heron." in words(other.get(f"/desk/cases/{case}"))


def test_nothing_typed_at_all_is_told_at_the_first_question(story):
    story.ask()
    answer = story.answer("  ")
    assert answer.status_code == 422
    assert "Write something first" in words(answer)


def test_a_hostile_answer_is_shown_as_text(story):
    story.ask()
    story.answer("<script>alert(1)</script>\u202egnp.exe")
    page = story.moderator.get(f"/desk/cases/{story.case}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_an_answer_that_is_too_long_comes_back_as_it_was_typed(story):
    story.ask()
    long = "a" * (policy.MESSAGE_LIMIT + 1)
    page = story.answer(long)
    assert page.status_code == 422
    assert long in page.text
    assert "Shorten it" in words(page)


def test_the_queue_and_the_case_say_that_an_answer_came_until_it_is_read(story):
    story.ask()
    story.answer()
    assert "a reporter wrote" in words(story.moderator.get("/desk/queue?mine=1"))
    assert "Mark as read" in story.desk()
    story.moderator.post(f"/desk/cases/{story.case}/read", {"newest": re.search(r'name="newest" value="([^"]+)"', story.moderator.page)[1]})
    assert "Mark as read" not in story.desk()
    assert "a reporter wrote" not in words(story.moderator.get("/desk/queue?mine=1"))


def test_what_is_decided_wants_no_answer_any_more(story):
    story.ask()
    send(
        story.moderator,
        story.case,
        "reject",
        {"outcome": "reject_scope", "note": "Nothing of it is here.", "sent_none_of_the_reports": "1"},
    )
    page = story.follow()
    assert "No answer is needed any more" in words(page)
    assert fields_on(page.text) == []
    assert 'name="more"' not in page.text


def test_something_is_added_and_read_at_the_desk(story):
    assert "We added it" in words(story.add("The man is called Pelican."))
    assert "The man is called Pelican." in story.desk()


def test_a_link_that_is_added_joins_its_case_and_is_followed_by_the_same_receipt(story):
    more = new_site()
    page = words(story.add(f"They also use {more} now."))
    assert more in page
    assert story.site in page


@pytest.mark.parametrize(
    "told",
    [
        "It is me again. Please write to heron@mail.test or call +33 6 12 34 56 78.",
        "My number: +33 6 12 34 56 78",
        "me: heron@mail.test",
        "I am on telegram @heron_me\nand https://www.instagram.com/heron_me/ too",
        "My wallet is 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    ],
)
def test_a_way_to_reach_the_reporter_in_what_they_add_opens_no_case_and_lies_nowhere_in_clear(story, told):
    before = story.rows(select(Case.id))
    assert "We added it" in words(story.add(told))
    assert len(story.rows(select(Case.id))) == len(before)
    assert told.splitlines()[0] in story.desk()


def test_numbers_and_names_that_are_added_on_lines_of_their_own_join_their_cases(story):
    page = words(story.add("They use these now:\n+33 6 98 76 54 32\r\npelican@mail.test, telegram @pelican_jobs"))
    assert [name in page for name in ("+33698765432", "pelican@mail.test", "https://t.me/pelican_jobs")] == [True] * 3


def test_what_is_added_over_a_budget_takes_the_slower_lane_like_a_report(story, monkeypatch):
    monkeypatch.setattr(policy, "REPORTS_TOGETHER", Budget(1, timedelta(hours=1)))
    sites = [new_site(), new_site()]
    for site in sites:
        story.add(site)
    lanes = select(Case.lane).join(ResourceRow, ResourceRow.id == Case.resource_id).where(ResourceRow.canonical == sites[-1])
    assert [row.lane for row in story.rows(lanes)] == [Lane.SLOW]


def test_words_that_are_added_open_no_case_of_their_own(story):
    before = story.rows(select(Case.id))
    story.add("Only words.")
    assert len(story.rows(select(Case.id))) == len(before)


def test_an_addition_sent_twice_is_stored_once(story):
    once = once_on(story.follow().text)
    for _ in range(2):
        assert story.add("The same.", once).status_code == 200
    assert len(story.rows(select(Message).where(Message.report_id == story.report().id))) == 1


def test_a_report_that_is_full_says_so_and_keeps_what_was_typed(story, monkeypatch):
    monkeypatch.setattr(policy, "ADDITIONS_PER_REPORT", 1)
    story.add("One.")
    page = story.add("Two pelicans.")
    assert page.status_code == 409
    assert "Two pelicans." in page.text
    assert "This report is full" in words(page)


def test_withdrawing_asks_first(story):
    page = words(story.withdraw())
    assert "This cannot be undone." in page
    assert "They keep passports." in story.desk()


def test_a_withdrawn_report_cannot_be_opened_by_the_desk_any_more(story):
    story.ask()
    story.answer()
    assert "Your report is withdrawn" in words(story.withdraw(sure="1"))
    page = story.desk()
    assert "Withdrawn by its reporter" in page
    assert not [text for text in ("They keep passports.", "heron@mail.test", QUESTION, ANSWER) if text in page]
    found = story.report()
    assert (found.sealed, found.contact, found.recipient) == (None, None, None)
    for table in (ReportKey, ContactKey):
        assert story.rows(select(table.wrapped).where(table.report_id == found.id)) == [(None,)]
    assert story.rows(select(Message).where(Message.report_id == found.id)) == []


def test_the_case_of_a_withdrawn_report_goes_on_and_its_receipt_still_tells(story):
    story.withdraw(sure="1")
    page = words(story.follow())
    assert "You took this report back" in page
    assert story.site in page
    assert story.moderator.get(f"/desk/cases/{story.case}").status_code == 200


def test_a_withdrawn_report_takes_no_additions_and_no_questions(story):
    once = once_on(story.follow().text)
    story.withdraw(sure="1")
    assert story.add("Too late.", once).status_code == 409
    assert story.moderator.post(f"/desk/cases/{story.case}/questions", {"question": QUESTION}).status_code in (400, 409)


def test_withdrawing_twice_does_no_harm(story):
    story.withdraw(sure="1")
    assert story.withdraw(sure="1").status_code == 200
    assert story.withdraw().status_code == 200


@pytest.mark.parametrize("act", ["answer", "add", "withdraw"])
def test_an_unknown_code_is_told_and_no_address_carries_one(story, act):
    code = sealing.new_receipt()
    answer = story.client.post(f"/en/status/{act}", data={"code": code, f"answer-{uuid.uuid4()}": "x", "more": "x", "once": "x"})
    assert answer.status_code == 422
    assert "We know no report with this code." in words(answer)
    assert code not in "".join(re.findall(r'(?:href|action)="([^"]*)"', answer.text))


def test_no_page_of_the_conversation_sets_a_cookie(story):
    story.ask()
    pages = [story.follow(), story.answer(), story.add("More."), story.withdraw(), story.withdraw(sure="1")]
    assert not [page for page in pages if "Set-Cookie" in page.headers]


def test_times_of_the_conversation_are_kept_to_the_hour(story):
    story.ask()
    story.answer()
    story.add("More.")
    assert {row.at for row in story.rows(select(Message.at).where(Message.report_id == story.report().id))} <= {
        clock.to_the_hour(clock.now())
    }


def test_the_record_says_that_it_happened_and_never_what(story):
    story.ask()
    story.answer()
    reference = story.report().reference
    noted = story.rows(
        select(AuditRecord.action, AuditRecord.actor, AuditRecord.detail).where(AuditRecord.subject == f"report:{reference}")
    )
    assert ("answer received", "system") in {(row.action, row.actor) for row in noted}
    assert ANSWER not in html.unescape(repr(noted))


def test_a_second_seat_reads_the_answer_and_not_who_asked(story, app):
    story.ask()
    story.answer()
    story.moderator.post(f"/desk/cases/{story.case}/hand-back")
    second = signed_in(app)
    page = words(second.get(f"/desk/cases/{story.case}"))
    assert ANSWER in page
    assert "The desk asked" in page


def test_a_report_from_before_questions_is_followed_and_cannot_be_asked(app):
    code = sealing.new_receipt()
    case = report(app, code=code)
    with database_of(app).transaction() as session:
        found = session.scalars(select(Report).where(Report.receipt_digest == sealing.receipt_digest(code))).one()
        found.recipient = found.receipt_recipient = None
    assert app.test_client().post("/en/status", data={"code": code}).status_code == 200
    moderator = signed_in(app)
    claim(moderator, case)
    page = moderator.get(f"/desk/cases/{case}").text
    assert "Ask a reporter" not in page
    refused = moderator.post(f"/desk/cases/{case}/questions", {"question": QUESTION})
    assert refused.status_code == 409
    assert QUESTION in words(refused)


@pytest.mark.parametrize(("way", "field"), [("answer", f"answer-{uuid.UUID(int=7)}"), ("add", "more")])
def test_while_the_database_is_away_nothing_written_to_the_desk_is_lost(settings, way, field):
    alone = create_app(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing").test_client()
    code = sealing.new_receipt()
    answer = alone.post(f"/en/status/{way}", data={"code": code, "once": "o", field: "They moved on Friday."})
    assert answer.status_code == 503
    assert "We could not save this just now" in words(answer)
    assert f'action="/en/status/{way}"' in answer.text
    assert "They moved on Friday." in answer.text
    assert code in answer.text
