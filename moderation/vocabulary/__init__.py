"""Frozen values that cross walls. No behaviour beyond comparing and describing themselves; no imports from the rest of the house."""

from moderation.vocabulary.afterwards import ComesBack, EmergencyReason, FalsePositiveAnswer
from moderation.vocabulary.assessment import (
    LISTS,
    REFERRALS,
    REJECTIONS,
    Answers,
    ChildMaterial,
    Conflict,
    Element,
    Evidence,
    EvidenceSource,
    Outcome,
    Presence,
    Statement,
    WeakCue,
)
from moderation.vocabulary.conclusions import Conclusion
from moderation.vocabulary.consumers import KeyKind
from moderation.vocabulary.finding import (
    CaseFacts,
    Effect,
    Finding,
    Notice,
    Observed,
    PersonalDatum,
    Proposed,
    Referral,
    ReferralKind,
    Refused,
)
from moderation.vocabulary.hosts import LOADED_MARK, HostClass, KnownHost, LookAlike, Manner, Protection
from moderation.vocabulary.marking import N_
from moderation.vocabulary.naming import likeness, tidied
from moderation.vocabulary.paging import Window
from moderation.vocabulary.people import PUBLIC, REVIEWING_ROLES, SYSTEM, Actor, Role, TakeoverReason
from moderation.vocabulary.publishing import Change, Due, Entry, Header, HeldBecause
from moderation.vocabulary.reports import Budget, Category, Channel, DeskLane, Lane, MessageKind, RateLimit, Stage, Submission
from moderation.vocabulary.resource import Resource, Scope, Target
from moderation.vocabulary.sealing import SealedWords, Sealer
from moderation.vocabulary.transfer import TransferAlgorithm, TransferKeySealed, TransferKeySeen
from moderation.vocabulary.writing import too_little

__all__ = [
    "LISTS",
    "LOADED_MARK",
    "N_",
    "PUBLIC",
    "REFERRALS",
    "REJECTIONS",
    "REVIEWING_ROLES",
    "SYSTEM",
    "Actor",
    "Answers",
    "Budget",
    "CaseFacts",
    "Category",
    "Change",
    "Channel",
    "ChildMaterial",
    "ComesBack",
    "Conclusion",
    "Conflict",
    "DeskLane",
    "Due",
    "Effect",
    "Element",
    "EmergencyReason",
    "Entry",
    "Evidence",
    "EvidenceSource",
    "FalsePositiveAnswer",
    "Finding",
    "Header",
    "HeldBecause",
    "HostClass",
    "KeyKind",
    "KnownHost",
    "Lane",
    "LookAlike",
    "Manner",
    "MessageKind",
    "Notice",
    "Observed",
    "Outcome",
    "PersonalDatum",
    "Presence",
    "Proposed",
    "Protection",
    "RateLimit",
    "Referral",
    "ReferralKind",
    "Refused",
    "Resource",
    "Role",
    "Scope",
    "SealedWords",
    "Sealer",
    "Stage",
    "Statement",
    "Submission",
    "TakeoverReason",
    "Target",
    "TransferAlgorithm",
    "TransferKeySealed",
    "TransferKeySeen",
    "WeakCue",
    "Window",
    "likeness",
    "tidied",
    "too_little",
]
