"""How soon a case should be seen, in points: what a report says of it, and the same sum for the rows of the queue. Changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case

from moderation import policy, states
from moderation.models import Case
from moderation.vocabulary import Category, Channel, ComesBack, Lane, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """What a report says about how soon its cases should be seen."""

    category: Category
    danger_now: bool
    lane: Lane
    from_partner: bool = False
    channel: Channel | None = None
    """None where nothing is known of it: what is added to a report comes from the same hand as the report."""
    stage_points: int = 0

    @property
    def channel_bit(self) -> int:
        """The independent channel, as one bit."""
        return policy.CHANNEL_BITS[self.channel] if self.channel else 0

    @property
    def priority(self) -> int:
        """Points of a case that nothing else is known of, higher is sooner."""
        points = policy.PRIORITY_BY_CATEGORY[self.category] + self.stage_points
        points += policy.PRIORITY_DANGER if self.danger_now else 0
        points += policy.PRIORITY_PARTNER if self.from_partner else 0
        return points + (policy.PRIORITY_SLOW_LANE if self.lane is Lane.SLOW else 0)


def corroboration(channels: int) -> int:
    """Points for independent channels beside the first; how many reports came through each is not asked."""
    beside = max(0, channels.bit_count() - 1)
    return min(beside * policy.PRIORITY_CORROBORATION, policy.PRIORITY_CORROBORATION_MOST)


def stage_points(stages: Iterable[Stage]) -> int:
    """Points for what is said to happen."""
    return max((policy.PRIORITY_BY_STAGE[stage] for stage in stages), default=0)


def sum_of_points(age_points: SQLColumnExpression[int], **changed: Any) -> ColumnElement[int]:  # noqa: ANN401 - what becomes of columns
    """SQL: the points of a case, as they are or as they will be with what is `changed`."""
    told = ("category", "danger_now", "from_partner", "lane", "channels", "stage_points")
    new: dict[str, Any] = {name: changed.get(name, getattr(Case, name)) for name in told}
    every_channel = range(1 << len(set(policy.CHANNEL_BITS.values())))
    total: ColumnElement[int] = (
        case(policy.PRIORITY_BY_CATEGORY, value=new["category"])
        + case((new["danger_now"], policy.PRIORITY_DANGER), else_=0)
        + case((new["from_partner"], policy.PRIORITY_PARTNER), else_=0)
        + case((new["lane"] == Lane.SLOW, policy.PRIORITY_SLOW_LANE), else_=0)
        + case({channels: corroboration(channels) for channels in every_channel}, value=new["channels"])
        + case((Case.state.in_(sorted(states.CAME_BACK)), policy.PRIORITY_DUE), else_=0)
        + case((Case.due_for == ComesBack.DISPUTED, policy.PRIORITY_DISPUTED), else_=0)
        + case((Case.child_material_told, policy.PRIORITY_CHILD_MATERIAL), else_=0)
        + new["stage_points"]
        + age_points
    )
    return total
