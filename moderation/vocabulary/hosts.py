"""What is known of a host before anyone looks at it."""

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHost:
    """One line of a public or curated list. `rank` is the place in a top list, 1 the most popular."""

    host: str
    host_class: HostClass
    source: str
    rank: int | None = None


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
