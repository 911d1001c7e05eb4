"""Why a case stands where it stands: each reason with its points. Their sum is the case's priority. Knows no words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from moderation import policy, states
from moderation.urgency import corroboration
from moderation.vocabulary import Category, ComesBack, Lane


class Why(StrEnum):
    """A reason for points."""

    DANGER = "danger"
    CATEGORY = "category"
    CHILD_MATERIAL = "child_material"
    STAGE = "stage"
    PARTNER = "partner"
    CHANNELS = "channels"
    AGE = "age"
    SLOW = "slow"
    DUE = "due"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Point:
    """A reason and its points. `about` names the category, where that is the reason."""

    why: Why
    points: int
    about: str = ""


class Placed(Protocol):
    """What a case, or a view of one, says of its place."""

    category: str
    danger_now: bool
    child_material_told: bool
    from_partner: bool
    lane: str
    channels: int
    stage_points: int
    age_points: int
    state: str
    due_for: str | None


def of(case: Placed) -> tuple[Point, ...]:
    """The reasons of a case, the weightiest kind first. The number of its reports is none."""
    found = (
        Point(Why.DANGER, policy.PRIORITY_DANGER if case.danger_now else 0),
        Point(Why.CATEGORY, policy.PRIORITY_BY_CATEGORY[Category(case.category)], case.category),
        Point(Why.CHILD_MATERIAL, policy.PRIORITY_CHILD_MATERIAL if case.child_material_told else 0),
        Point(Why.STAGE, case.stage_points),
        Point(Why.PARTNER, policy.PRIORITY_PARTNER if case.from_partner else 0),
        Point(Why.CHANNELS, corroboration(case.channels)),
        Point(Why.AGE, case.age_points),
        Point(Why.DUE, policy.PRIORITY_DUE if case.state in states.CAME_BACK else 0),
        Point(Why.DISPUTED, policy.PRIORITY_DISPUTED if case.due_for == ComesBack.DISPUTED else 0),
        Point(Why.SLOW, policy.PRIORITY_SLOW_LANE if case.lane == Lane.SLOW else 0),
    )
    return tuple(point for point in found if point.points)
