"""What listing each step of a ladder would hit beside the resource, as far as reports and lists tell. Asks nobody outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from moderation import facts, policy, resources, safeguards
from moderation.models import Case, Decision, ResourceRow
from moderation.reviewing.seen import Rung
from moderation.vocabulary import REJECTIONS, Actor, Answers, Resource, Target


@dataclass(frozen=True, slots=True)
class Reach:
    """How many other reported resources a target covers, and how many of those were rejected."""

    reported: int = 0
    rejected: int = 0


def _reach(session: Session, resource: Resource) -> Mapping[Target, Reach]:
    """For each step of the ladder; one question, and at most `policy.RELATED_LOOKED_AT` resources of the site are looked at."""
    if not resource.host or len(resource.ladder) < 2:
        return {}
    site = ResourceRow.domain == resource.domain if resource.domain else ResourceRow.host == resource.host
    rejected = exists().where(Case.resource_id == ResourceRow.id, Decision.case_id == Case.id, Decision.outcome.in_(REJECTIONS))
    same = (ResourceRow.kind == resource.kind) & (ResourceRow.canonical == resource.canonical)
    query = select(ResourceRow.kind, ResourceRow.canonical, rejected.label("rejected"))
    query = query.where(or_(site, ResourceRow.host == resource.host), ~same, ResourceRow.erased_at.is_(None))
    found = {target: Reach() for target in resource.ladder}
    for row in session.execute(query.limit(policy.RELATED_LOOKED_AT)):
        for target in resources.covering_targets(resources.from_canonical(row.kind, row.canonical)):
            if target in found:
                found[target] = Reach(found[target].reported + 1, found[target].rejected + row.rejected)
    return found


def rungs(session: Session, resource: Resource, *, by: Actor, at: datetime) -> tuple[Rung, ...]:
    """What the facts alone say of each step, so that nobody writes a proposal that cannot pass."""
    found, also = [], _reach(session, resource)
    for target, known in facts.known_for_ladder(session, resource).items():
        hit = also.get(target, Reach())
        seen = facts.about_target(session, resource, Answers(target=target), known, seat=1, by=by, at=at)
        found.append(
            Rung(
                target=target,
                findings=safeguards.run(seen, safeguards=safeguards.FROM_FACTS),
                also_reported=hit.reported,
                also_rejected=hit.rejected,
                also_known=tuple(dict.fromkeys(line.host for line in seen.known_below)),
            )
        )
    return tuple(found)
