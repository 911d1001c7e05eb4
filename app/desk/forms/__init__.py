"""What moderators type, one file a form. Reads form, never content: what is allowed is for the rules."""

from app.desk.forms.assessment import EXPLAINED, INDICATOR, NARROWER, Typed, read_answers, target_value, territories, unwritten, written
from app.desk.forms.closing import (
    TYPED_WHEN_CLOSING,
    Closing,
    Disagreement,
    Keeping,
    as_shown,
    read_conclusion,
    read_delisting,
    read_disagreement,
    read_emergency,
    read_keeping,
    read_look,
    read_target,
)
from app.desk.forms.growth import GrowthTyped, read_growth
from app.desk.forms.holding import LettingGoTyped, read_letting_go
from app.desk.forms.looking import cases_of, lanes_of, page_number, read_filters, sought
from app.desk.forms.messages import NoticeTyped, QuestionTyped, read_notice, read_question
from app.desk.forms.reader import ANSWER_LIMIT, DAYS_AT_MOST, reference
from app.desk.forms.receipts import ReceiptTyped, read_receipt, receipt_as_shown
from app.desk.forms.teamwork import read_hand_over, read_note, read_standing_aside, read_taking_over

__all__ = [
    "ANSWER_LIMIT",
    "DAYS_AT_MOST",
    "EXPLAINED",
    "INDICATOR",
    "NARROWER",
    "TYPED_WHEN_CLOSING",
    "Closing",
    "Disagreement",
    "GrowthTyped",
    "Keeping",
    "LettingGoTyped",
    "NoticeTyped",
    "QuestionTyped",
    "ReceiptTyped",
    "Typed",
    "as_shown",
    "cases_of",
    "lanes_of",
    "page_number",
    "read_answers",
    "read_conclusion",
    "read_delisting",
    "read_disagreement",
    "read_emergency",
    "read_filters",
    "read_growth",
    "read_hand_over",
    "read_keeping",
    "read_letting_go",
    "read_look",
    "read_note",
    "read_notice",
    "read_question",
    "read_receipt",
    "read_standing_aside",
    "read_taking_over",
    "read_target",
    "receipt_as_shown",
    "reference",
    "sought",
    "target_value",
    "territories",
    "unwritten",
    "written",
]
