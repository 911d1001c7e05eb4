"""What the desk says in whole sentences, and how long, how urgent and why, as people say it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import ModuleType

from flask_babel import gettext as _

from app.desk.words.labels import label
from app.languages import set_apart
from moderation import policy, states
from moderation.queue import Point, QueueRow, TakenOver
from moderation.reviewing import Reason, Standing
from moderation.safeguards import SAFEGUARDS
from moderation.vocabulary import Category, ComesBack, Finding, LookAlike

WORDS = frozenset({"kind", "group"})
"""Values of findings that are words of the rules, and so are translated; a host or a number never is."""

PUT_ASIDE = frozenset({ComesBack.MONITOR, ComesBack.EVIDENCE, ComesBack.TAKEDOWN, ComesBack.HOLD})
"""Why a case comes back that somebody put aside."""


def said(sentence: str, values: Mapping[str, object]) -> str:
    """A finding's sentence in the page's language, its places filled."""
    translated: str = _(sentence) if sentence else ""
    if not values:
        return translated
    return translated % {name: set_apart(_(value) if name in WORDS else value) for name, value in values.items()}


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


def waits_until(standing: Standing) -> str:
    """Until when a case that was put aside waits, and when that was said."""
    return str(_("Until %(day)s. Said on %(said)s.", **_days(standing)))


def comes_back(standing: Standing, now: datetime) -> str:
    """The date for which a case came back or by which it is looked at; of one that was put aside, when that was said, too."""
    if standing.due_for not in PUT_ASIDE or standing.due_at is None or standing.said_at is None:
        return set_apart(f"{standing.due_at:%Y-%m-%d}")
    if standing.due_at > now and standing.due_for is ComesBack.HOLD:
        return str(_("until %(day)s, said on %(said)s; nothing is listed before that", **_days(standing)))
    if standing.due_at > now:
        return str(_("until %(day)s, said on %(said)s; it came back sooner", **_days(standing)))
    return str(_("until %(day)s, said on %(said)s", **_days(standing)))


def why_back(standing: Standing, now: datetime) -> str:
    """For what a case came back. A hold that lives on has not ended, though somebody took the case back to the queue."""
    if standing.due_for is ComesBack.HOLD and standing.due_at is not None and standing.due_at > now:
        return str(_("The police asked for a hold"))
    return label(standing.due_for or "", "comes_back")


def row_due(row: QueueRow, now: datetime) -> str:
    """What a line of the queue says of a date: one that is still to come is due only where it is the last day to look."""
    if row.due_at is None:
        return ""
    day = set_apart(f"{row.due_at:%Y-%m-%d}")
    if row.due_for is ComesBack.HOLD and row.due_at > now:
        return str(_("On hold until %(day)s", day=day))
    if row.due_for in PUT_ASIDE and row.due_at > now and row.state not in states.PARKED:
        return ""
    return str(_("Due %(day)s", day=day))


def _days(standing: Standing) -> dict[str, str]:
    return {"day": set_apart(f"{standing.due_at:%Y-%m-%d}"), "said": set_apart(f"{standing.said_at:%Y-%m-%d}")}


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
