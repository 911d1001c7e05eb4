"""What the desk calls things: a label for each value of the rules, one file a theme, and what it says with them. Knows no case."""

from app.desk.words.addresses import readable, visible
from app.desk.words.labels import LABELS, label
from app.desk.words.sentences import WORDS, age, imitates, minutes_left, safeguard, said, taken_over, urgency, urgency_reasons, why_near

__all__ = [
    "LABELS",
    "WORDS",
    "age",
    "imitates",
    "label",
    "minutes_left",
    "readable",
    "safeguard",
    "said",
    "taken_over",
    "urgency",
    "urgency_reasons",
    "visible",
    "why_near",
]
