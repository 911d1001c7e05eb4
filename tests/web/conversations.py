"""A reporter and a moderator who write to each other about one report."""

import re

from sqlalchemy import select

from app import sealing
from moderation.models import Case, Report
from tests.web.reporters import Reporter, code_on, words
from tests.web.visitors import claim, database_of, new_site, signed_in

QUESTION = "Is the phone number still the same?"
ANSWER = "No, since Monday they use another one: pelican."


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
