"""Deciding on cases: seats, rejections, delisting, and what a reviewer may see of a case."""

from moderation.reviewing.delisting import ListingPage, ListingRow, delist, listings
from moderation.reviewing.notices import record_notice
from moderation.reviewing.outcomes import Decided
from moderation.reviewing.related import near
from moderation.reviewing.seats import confirm, disagree, propose, reject, withdraw
from moderation.reviewing.seen import (
    AssessmentSeen,
    CaseListing,
    CaseView,
    Clues,
    DecisionSeen,
    HistoryLine,
    MessageSeen,
    Nearness,
    Reason,
    RefusedSeen,
    RelatedCase,
    ReportSeen,
    Rung,
)
from moderation.reviewing.view import view

__all__ = [
    "AssessmentSeen",
    "CaseListing",
    "CaseView",
    "Clues",
    "Decided",
    "DecisionSeen",
    "HistoryLine",
    "ListingPage",
    "ListingRow",
    "MessageSeen",
    "Nearness",
    "Reason",
    "RefusedSeen",
    "RelatedCase",
    "ReportSeen",
    "Rung",
    "confirm",
    "delist",
    "disagree",
    "listings",
    "near",
    "propose",
    "record_notice",
    "reject",
    "view",
    "withdraw",
]
