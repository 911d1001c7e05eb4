"""What is known of a host before anyone looks at it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class HostClass(StrEnum):
    """What is known of a host before anyone looks at it."""

    POPULAR_10K = "popular_10k"
    POPULAR_1M = "popular_1m"
    BANK = "bank"
    UNIVERSITY = "university"
    INFRASTRUCTURE = "infrastructure"
    NEVER = "never"
    PROTECTED = "protected"
    PLATFORM = "platform"
    DYNAMIC_DNS = "dynamic_dns"
    SHORTENER = "shortener"
    LINK_IN_BIO = "link_in_bio"
    HOSTING = "hosting"
    PARKING = "parking"


class Protection(StrEnum):
    """Why a host is protected: the kinds of help, speech and office whose loss hurts people most (RS07, RS22)."""

    NEWS = "news"
    PRESS_FREEDOM = "press_freedom"
    POLITICAL_CRITICISM = "political_criticism"
    NGO = "ngo"
    HUMAN_RIGHTS = "human_rights"
    ANTI_TRAFFICKING = "anti_trafficking"
    SURVIVOR_SUPPORT = "survivor_support"
    CHILD_PROTECTION = "child_protection"
    SEX_WORKERS_RIGHTS = "sex_workers_rights"
    MIGRANTS = "migrants"
    LGBT = "lgbt"
    HEALTH = "health"
    LEGAL_AID = "legal_aid"
    EDUCATION = "education"
    GOVERNMENT = "government"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHost:
    """One line of a public or curated list. `rank` is the place in a top list, 1 the most popular.

    `protected_as` says why a host of the class `protected` is so: a `Protection`, or a word this version does not know; None
    where the list does not say.
    """

    host: str
    host_class: HostClass
    source: str
    rank: int | None = None
    protected_as: str | None = None


LOADED_MARK: Final = KnownHost(host="arpa", host_class=HostClass.NEVER, source="Flagstone never-list")
"""A line of the packaged lists, which come in one transaction: where it is, they are loaded, whatever an operator imported."""


class Manner(StrEnum):
    """How the letters of a name imitate those of another."""

    MIXED_SCRIPT = "mixed_script"
    WHOLE_SCRIPT = "whole_script"
    SAME_SCRIPT = "same_script"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """A name on the lists that looks the same to a reader and is another. A fact, not a verdict: words of two languages can look alike."""

    host: str
    manner: Manner
    host_class: HostClass
