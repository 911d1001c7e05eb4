"""Deciding on cases: seats, closing, second looks, delisting, and what a reviewer may see of a case."""

from moderation.reviewing.acknowledging import record_receipt, strike_receipt
from moderation.reviewing.case_view import CaseView
from moderation.reviewing.closing import ONE_PERSONS, conclude, latest, reject
from moderation.reviewing.delisting import ListingPage, ListingRow, delist, listings
from moderation.reviewing.emergencies import Emergency, delist_now, to_review
from moderation.reviewing.emergencies import review as review_emergency
from moderation.reviewing.keeping import keep, narrow
from moderation.reviewing.lacking import in_assessment as lacking_in_assessment
from moderation.reviewing.lacking import in_conclusion as lacking_in_conclusion
from moderation.reviewing.lacking import in_disagreement as lacking_in_disagreement
from moderation.reviewing.lacking import in_keeping as lacking_in_keeping
from moderation.reviewing.looking import record_look
from moderation.reviewing.notices import record_notice
from moderation.reviewing.outcomes import Decided
from moderation.reviewing.referring import lift_hold, refer
from moderation.reviewing.related import near
from moderation.reviewing.returning import bring_back, wake
from moderation.reviewing.sealing_away import kept_of_kind, reveal
from moderation.reviewing.seats import confirm, disagree, keep_suspicion, propose, withdraw
from moderation.reviewing.seen import (
    AddressSealed,
    AssessmentSeen,
    CaseListing,
    Clues,
    Colleague,
    DecisionSeen,
    HistoryLine,
    MessageSeen,
    Nearness,
    NoteSeen,
    Reason,
    RefusedSeen,
    RelatedCase,
    ReportSeen,
    Rung,
    SealedSeen,
)
from moderation.reviewing.standing import LookSeen, ReferralSeen, Standing, standing
from moderation.reviewing.standing_aside import stand_aside
from moderation.reviewing.suspecting import say as say_child_material
from moderation.reviewing.teamwork import hand_over, write_note
from moderation.reviewing.view import view

__all__ = [
    "ONE_PERSONS",
    "AddressSealed",
    "AssessmentSeen",
    "CaseListing",
    "CaseView",
    "Clues",
    "Colleague",
    "Decided",
    "DecisionSeen",
    "Emergency",
    "HistoryLine",
    "ListingPage",
    "ListingRow",
    "LookSeen",
    "MessageSeen",
    "Nearness",
    "NoteSeen",
    "Reason",
    "ReferralSeen",
    "RefusedSeen",
    "RelatedCase",
    "ReportSeen",
    "Rung",
    "SealedSeen",
    "Standing",
    "bring_back",
    "conclude",
    "confirm",
    "delist",
    "delist_now",
    "disagree",
    "hand_over",
    "keep",
    "keep_suspicion",
    "kept_of_kind",
    "lacking_in_assessment",
    "lacking_in_conclusion",
    "lacking_in_disagreement",
    "lacking_in_keeping",
    "latest",
    "lift_hold",
    "listings",
    "narrow",
    "near",
    "propose",
    "record_look",
    "record_notice",
    "record_receipt",
    "refer",
    "reject",
    "reveal",
    "review_emergency",
    "say_child_material",
    "stand_aside",
    "standing",
    "strike_receipt",
    "to_review",
    "view",
    "wake",
    "withdraw",
    "write_note",
]
