"""Frozen values that cross walls. No behaviour beyond comparing and describing themselves; no imports from the rest of the house."""

from moderation.vocabulary.assessment import REJECTIONS, Answers, Conflict, Element, Evidence, EvidenceSource, Outcome, Statement
from moderation.vocabulary.finding import CaseFacts, Effect, Finding, Notice, Proposed, Refused
from moderation.vocabulary.hosts import LOADED_MARK, HostClass, KnownHost, LookAlike, Manner, Protection
from moderation.vocabulary.marking import N_
from moderation.vocabulary.people import PUBLIC, REVIEWING_ROLES, SYSTEM, Actor, Role
from moderation.vocabulary.publishing import Due, Entry, Header
from moderation.vocabulary.reports import Budget, Category, Channel, Lane, MessageKind, RateLimit, Submission
from moderation.vocabulary.resource import Resource, Scope, Target

__all__ = [
    "LOADED_MARK",
    "N_",
    "PUBLIC",
    "REJECTIONS",
    "REVIEWING_ROLES",
    "SYSTEM",
    "Actor",
    "Answers",
    "Budget",
    "CaseFacts",
    "Category",
    "Channel",
    "Conflict",
    "Due",
    "Effect",
    "Element",
    "Entry",
    "Evidence",
    "EvidenceSource",
    "Finding",
    "Header",
    "HostClass",
    "KnownHost",
    "Lane",
    "LookAlike",
    "Manner",
    "MessageKind",
    "Notice",
    "Outcome",
    "Proposed",
    "Protection",
    "RateLimit",
    "Refused",
    "Resource",
    "Role",
    "Scope",
    "Statement",
    "Submission",
    "Target",
]
