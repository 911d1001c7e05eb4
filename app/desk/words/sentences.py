"""What the desk says in whole sentences, and how long, how urgent and why, as people say it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import ModuleType

from flask_babel import gettext as _

from app.desk.words.labels import label
from app.languages import set_apart
from moderation import policy
from moderation.queue import Point, TakenOver
from moderation.reviewing import Reason
from moderation.safeguards import SAFEGUARDS
from moderation.vocabulary import Category, Finding, LookAlike

WORDS = frozenset({"kind", "group"})
"""Values of findings that are words of the rules, and so are translated; a host or a number never is."""


def said(sentence: str, values: Mapping[str, object]) -> str:
    """A finding's sentence in the page's language, its places filled."""
    translated: str = _(sentence) if sentence else ""
    return translated % {name: _(value) if name in WORDS else value for name, value in values.items()} if values else translated


def safeguard(finding: Finding) -> ModuleType | None:
    """The check behind a finding, None where it has since been removed."""
    return SAFEGUARDS.get(finding.safeguard)


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit."""
    hours = int((now - since) / timedelta(hours=1))
    if hours < 1:
        return str(_("under 1 h"))
    if hours < 48:
        return str(_("%(hours)s h", hours=hours))
    return str(_("%(days)s d", days=hours // 24))


def minutes_left(until: datetime | None, now: datetime) -> int:
    """Whole minutes of a lease, 0 where it has ended."""
    return 0 if until is None else max(0, -int((now - until) // timedelta(minutes=1)))


def imitates(look_alike: LookAlike) -> str:
    """What is seen of a name that looks like another, as a sentence; the name stands apart from the direction of the words."""
    return label(look_alike.manner, "imitates") % {"host": f"\u2068{look_alike.host}\u2069"}


def taken_over(taken: TakenOver) -> str:
    """Who took a case from its holder, when and why, as a sentence to that person."""
    why = label(taken.because, "takeover")
    when = set_apart(f"{taken.at:%Y-%m-%d %H:%M}")
    return str(_("%(name)s took this case over from you, on %(when)s UTC. Why: %(why)s.", name=taken.by, when=when, why=why))


def why_near(reason: Reason) -> str:
    """Why another case may belong with this one, with the kind of thing that a text names."""
    words = label(reason.nearness, "nearness")
    return f"{words}: {label(reason.kind, 'kind')}" if reason.kind else words


def urgency(priority: int) -> str:
    """How urgent a case is, in three steps: "high", "medium" or "low"."""
    if priority >= policy.PRIORITY_BY_CATEGORY[Category.CHILD]:
        return "high"
    return "medium" if priority >= policy.PRIORITY_BY_CATEGORY[Category.LABOUR] else "low"


def urgency_reasons(points: Iterable[Point]) -> tuple[tuple[str, int], ...]:
    """Each reason for a case's place in the queue, with its points."""
    return tuple((label(point.about, "because") if point.about else label(point.why, "why"), point.points) for point in points)
