"""What the desk calls things: a label for each value of the rules, one file a theme, and what it says with them. Knows no case."""

from app.desk.words.addresses import readable, visible
from app.desk.words.labels import LABELS, label
from app.desk.words.sentences import (
    WORDS,
    age,
    comes_back,
    imitates,
    minutes_left,
    row_due,
    safeguard,
    said,
    taken_over,
    urgency,
    urgency_reasons,
    waits_until,
    why_back,
    why_near,
)

__all__ = [
    "LABELS",
    "WORDS",
    "age",
    "comes_back",
    "imitates",
    "label",
    "minutes_left",
    "readable",
    "row_due",
    "safeguard",
    "said",
    "taken_over",
    "urgency",
    "urgency_reasons",
    "visible",
    "waits_until",
    "why_back",
    "why_near",
]
