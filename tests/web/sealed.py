"""Cases that go to a hotline, as tests of the desk send them. Asserts nothing."""

import re

from sqlalchemy import select

from moderation.models import Case, ReferralRow
from tests.web.visitors import claim, database_of, report, send

NOTE = {"note": "A reporter suspects pictures of a child. Nobody looked.", "sent_none_of_the_reports": "1"}
HOTLINE = {
    "outcome": "refer_hotline",
    "refer_recipient": "The national hotline",
    "refer_passed_on": "The address, and that two people saw it.",
    "refer_at": "2026-11-20",
    "refer_child_material": "suspected",
}
SUMMARY = re.compile(r'<div class="errors".*?</div>', re.DOTALL)


def referred(app, visitor, what, **changes):
    """A case that this person passed to the hotline."""
    case = report(app, what, more="I saw an osprey there.", category="child")
    claim(visitor, case)
    assert send(visitor, case, "reject", {**NOTE, **HOTLINE, **changes}).status_code == 303
    return case


def referral_of(app, case):
    with database_of(app).reading() as session:
        return session.scalars(select(ReferralRow.reference).join(Case, Case.id == ReferralRow.case_id).where(Case.reference == case)).one()


def send_receipt(app, visitor, case, **typed):
    visitor.get(f"/desk/cases/{case}")
    return visitor.post(f"/desk/cases/{case}/receipt", {"receipt_of": str(referral_of(app, case)), **typed})
