"""A reporter as tests meet them: a browser without scripts, cookies or an account. Asserts nothing."""

import html
import re
from datetime import timedelta

from sqlalchemy import select

from app import clock, sealing
from app.public import form_tokens
from moderation.models import ContactKey, Report, ReportKey

LINK = "https://jobs.test/offer/7"


class Reporter:
    """One browser at the report form, which was shown to it long enough ago for a person to have filled it in."""

    def __init__(self, app, *, shown_ago=timedelta(minutes=1)):
        self.app = app
        self.client = app.test_client(use_cookies=True)
        self.token = form_tokens.issue(app.extensions["keys"], at=clock.now() - shown_ago)

    def send(self, what=LINK, category="labour", *, address="/en/report", **more):
        return self.client.post(address, data={"what": what, "category": category, "token": self.token, **more})


def code_on(page):
    """The receipt's code on a receipt page."""
    found = re.search(r'<p class="receipt" id="code" dir="ltr">(.*?)</p>', page.text, re.S)
    return re.sub(r"<[^>]+>", "", found.group(1)) if found else ""


def words(page):
    """What a page says, without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def stored(app):
    """Every report in the database, oldest first."""
    with app.extensions["flagstone_database"].reading() as session:
        return session.scalars(select(Report).order_by(Report.id)).all()


def opened(app, report):
    """What its reporter typed, as the desk can read it."""
    keys, database = app.extensions["keys"], app.extensions["flagstone_database"]
    with database.reading() as session:
        wrapped = session.scalars(select(ReportKey.wrapped).where(ReportKey.report_id == report.id)).one()
        wrapped_contact = session.scalars(select(ContactKey.wrapped).where(ContactKey.report_id == report.id)).one_or_none()
    contact = sealing.open_sealed(report.contact, wrapped_contact, keys) if report.contact else {}
    return sealing.open_sealed(report.sealed, wrapped, keys) | contact
