"""What moderators type, one file a form. Reads form, never content: what is allowed is for the rules."""

from app.desk.forms.assessment import EXPLAINED, INDICATOR, NARROWER, Typed, read_answers, target_value, territories, unwritten, written
from app.desk.forms.closing import Closing, read_closing, read_delisting
from app.desk.forms.growth import GrowthTyped, read_growth
from app.desk.forms.looking import cases_of, lanes_of, page_number, read_filters, sought
from app.desk.forms.messages import NoticeTyped, QuestionTyped, read_notice, read_question
from app.desk.forms.reader import ANSWER_LIMIT, DAYS_AT_MOST, reference
from app.desk.forms.teamwork import read_hand_over, read_note, read_standing_aside

__all__ = [
    "ANSWER_LIMIT",
    "DAYS_AT_MOST",
    "EXPLAINED",
    "INDICATOR",
    "NARROWER",
    "Closing",
    "GrowthTyped",
    "NoticeTyped",
    "QuestionTyped",
    "Typed",
    "cases_of",
    "lanes_of",
    "page_number",
    "read_answers",
    "read_closing",
    "read_delisting",
    "read_filters",
    "read_growth",
    "read_hand_over",
    "read_note",
    "read_notice",
    "read_question",
    "read_standing_aside",
    "reference",
    "sought",
    "target_value",
    "territories",
    "unwritten",
    "written",
]
