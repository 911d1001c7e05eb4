"""Which case is next, and who holds it: lanes, views and claims. Decides nothing."""

from moderation.queue.ageing import grow_older
from moderation.queue.claiming import claim, extend, hand_back, next_case
from moderation.queue.lanes import BY_STATE, choose, chosen, open_to
from moderation.queue.looking import QueuePage, QueueRow, counts, page
from moderation.queue.noting import forget_notes
from moderation.queue.parking import faults_of_terms, let_lapsed_go, park, take_up
from moderation.queue.points import Point, Why
from moderation.queue.points import of as points_of
from moderation.queue.taking_over import TakenOver, close_note, take_over, taken_from
from moderation.queue.views import VIEWS, Filters

__all__ = [
    "BY_STATE",
    "VIEWS",
    "Filters",
    "Point",
    "QueuePage",
    "QueueRow",
    "TakenOver",
    "Why",
    "choose",
    "chosen",
    "claim",
    "close_note",
    "counts",
    "extend",
    "faults_of_terms",
    "forget_notes",
    "grow_older",
    "hand_back",
    "let_lapsed_go",
    "next_case",
    "open_to",
    "page",
    "park",
    "points_of",
    "take_over",
    "take_up",
    "taken_from",
]
