"""What networks' software carries: noted when it pulls, and measured against the newest release. Serves nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, and_, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert
from sqlalchemy.orm import Session

from moderation import formats, listings, policy
from moderation.consumers.adding import CHANGES
from moderation.models import ChangeLog, Consumer, ConsumerPull, ConsumerToken, Listing, Release
from moderation.vocabulary import Scope

_IN_ORDER = (ChangeLog.release_number, (ChangeLog.action == "add"), ChangeLog.id)
_BACKWARDS = (ChangeLog.release_number.desc(), (ChangeLog.action == "add").desc(), ChangeLog.id.desc())
"""Where a target is removed and added in one release, another listing took its place: the addition counts as the later of the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What one token last pulled of one file."""

    consumer: int
    file: str
    label: str
    token: UUID
    token_is_good: bool
    serial: int
    pulled_at: datetime
    behind: int
    """Releases after the one that is carried."""
    behind_since: datetime | None
    """When the first of them came out."""
    still: int
    """Entries in it that left the list since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A whole network at a glance: its newest pull, and the oldest serial that good tokens of it carry."""

    pulled_at: datetime
    serial: int
    behind: int
    still: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An entry that left the list, and in which release."""

    scope: Scope
    target: str
    serial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """Removed entries that are carried: how many, and the newest of them."""

    count: int
    entries: tuple[Gone, ...]


def note(session: Session, token: int, file: str, serial: int, *, at: datetime) -> bool:
    """Write down that a token pulled a file at a serial, once a minute at most but for another serial; returns whether it was written."""
    table = ConsumerPull.table()
    made = insert(table).values(token_id=token, file=file, serial=serial, pulled_at=at)
    is_news = or_(table.c.serial != serial, table.c.pulled_at <= at - policy.PULL_NOTED)
    news = made.on_conflict_do_update(
        index_elements=["token_id", "file"], set_={"serial": serial, "pulled_at": at}, where=is_news
    ).returning(table.c.serial)
    return session.scalar(news) is not None


def carried_by(session: Session, consumer: int, *, at: datetime) -> tuple[Carried, ...]:
    """Everything that one network's tokens pulled, furthest behind first."""
    return _carried(session, ConsumerToken.consumer_id == consumer, at=at)


def states(session: Session, *, at: datetime) -> Mapping[int, State]:
    """Every network that ever pulled with a token that is good, by its `id`."""
    found: dict[int, list[Carried]] = {}
    for one in _carried(session, Consumer.disabled_at.is_(None), at=at):
        if one.token_is_good:
            found.setdefault(one.consumer, []).append(one)
    return {consumer: _state(pulls) for consumer, pulls in found.items()}


def still_carried(session: Session, carried: Sequence[Carried], *, at_desk: bool) -> Still:
    """The entries that left the list and are in something that is carried, newest first.

    `at_desk` names them as the desk's pages do, where an address may be sealed by now. The network itself is told what the list named to
    it: that is what lies in its software, and what it has to take out.
    """
    behind = [one for one in carried if one.behind and one.token_is_good]
    if not behind:
        return Still(count=0, entries=())
    furthest: dict[frozenset[Scope], int] = {}
    for one in behind:
        scopes = _scopes_of(one.file)
        furthest[scopes] = min(one.serial, furthest.get(scopes, one.serial))
    gone = {(each.scope, each.target): each for scopes, serial in furthest.items() if scopes for each in _gone(session, serial, scopes)}
    newest = sorted(gone.values(), key=lambda each: (-each.serial, each.target))
    entries = tuple(newest[: policy.STILL_CARRIED_SHOWN])
    return Still(count=len(newest), entries=_as_the_desk_names(session, entries) if at_desk else entries)


def _carried(session: Session, *which: ColumnElement[bool], at: datetime) -> tuple[Carried, ...]:
    good = ConsumerToken.revoked_at.is_(None) & (ConsumerToken.expires_at.is_(None) | (ConsumerToken.expires_at > at))
    rows = session.execute(
        select(ConsumerPull, ConsumerToken.consumer_id, ConsumerToken.label, ConsumerToken.reference, good.label("good"))
        .join(ConsumerToken, ConsumerToken.id == ConsumerPull.token_id)
        .join(Consumer, Consumer.id == ConsumerToken.consumer_id)
        .where(*which)
        .order_by(ConsumerPull.serial, ConsumerPull.file)
    ).all()
    newest = session.scalar(select(func.max(Release.number))) or 0
    behind = sorted({row.ConsumerPull.serial for row in rows if row.ConsumerPull.serial < newest})
    since = _came_out(session, behind)
    removed = _removed(session, behind)
    return tuple(
        Carried(
            consumer=row.consumer_id,
            file=row.ConsumerPull.file,
            label=row.label,
            token=row.reference,
            token_is_good=row.good,
            serial=row.ConsumerPull.serial,
            pulled_at=row.ConsumerPull.pulled_at,
            behind=max(0, newest - row.ConsumerPull.serial),
            behind_since=since.get(row.ConsumerPull.serial),
            still=sum(removed.get(row.ConsumerPull.serial, {}).get(scope, 0) for scope in _scopes_of(row.ConsumerPull.file)),
        )
        for row in rows
    )


def _state(pulls: Sequence[Carried]) -> State:
    return State(
        pulled_at=max(one.pulled_at for one in pulls),
        serial=min(one.serial for one in pulls),
        behind=max(one.behind for one in pulls),
        still=max(one.still for one in pulls),
    )


def _scopes_of(file: str) -> frozenset[Scope]:
    if file == CHANGES:
        return frozenset(Scope)
    return next((form.SCOPES for form in formats.installed() if file == form.FILE_NAME), frozenset())


def _came_out(session: Session, serials: Iterable[int]) -> dict[int, datetime]:
    """When the release after each of these serials came out."""
    following = {serial + 1: serial for serial in serials}
    rows = session.execute(select(Release.number, Release.published_at).where(Release.number.in_(following)))
    return {following[row.number]: row.published_at for row in rows}


def _removed(session: Session, serials: Sequence[int]) -> dict[int, dict[Scope, int]]:
    """How many targets of each scope left the list since each of these serials, in one look however many they are."""
    if not serials:
        return {}
    each = (ChangeLog.scope, ChangeLog.target)
    before = func.lag(ChangeLog.release_number).over(partition_by=each, order_by=_IN_ORDER)
    last = func.first_value(ChangeLog.action).over(partition_by=each, order_by=_BACKWARDS)
    columns = (ChangeLog.scope, ChangeLog.action, ChangeLog.release_number.label("number"))
    log = select(*columns, before.label("before"), last.label("last")).where(ChangeLog.release_number > min(serials)).subquery()
    # The next thing that happened is this removal for every serial from what happened before it on.
    spans = select(log.c.scope, log.c.number, func.coalesce(log.c.before, 0).label("before"), func.count().label("count"))
    ended = spans.where(log.c.action == "remove", log.c.last == "remove").group_by(log.c.scope, log.c.number, log.c.before).subquery()
    serial = func.unnest(cast(list(serials), ARRAY(BigInteger))).column_valued("serial")
    counted = select(serial, ended.c.scope, func.sum(ended.c.count)).join(ended, and_(ended.c.before <= serial, ended.c.number > serial))
    found: dict[int, dict[Scope, int]] = {}
    for number, scope, count in session.execute(counted.group_by(serial, ended.c.scope)):
        found.setdefault(number, {})[Scope(scope)] = int(count)
    return found


def _as_the_desk_names(session: Session, entries: Sequence[Gone]) -> tuple[Gone, ...]:
    """The same entries, but for those whose address was sealed, or erased, since the list named it."""
    here = tuple_(ChangeLog.scope, ChangeLog.target).in_([(each.scope, each.target) for each in entries])
    shown = listings.shown_target()
    query = select(ChangeLog.scope, ChangeLog.target, func.min(shown)).join(
        Listing, Listing.reference == cast(ChangeLog.listing_reference, Uuid)
    )
    rows = session.execute(query.where(here, shown != ChangeLog.target).group_by(ChangeLog.scope, ChangeLog.target)).all()
    names = {(Scope(scope), target): name for scope, target, name in rows}
    return tuple(replace(each, target=names.get((each.scope, each.target), each.target)) for each in entries)


def _gone(session: Session, serial: int, scopes: frozenset[Scope]) -> tuple[Gone, ...]:
    left = _left_since(serial, ChangeLog.scope.in_(scopes))
    return tuple(Gone(scope=Scope(row.scope), target=row.target, serial=row.number) for row in session.execute(left))


def _left_since(serial: int, *which: ColumnElement[bool]) -> Select[str, str, int]:
    """Targets that were on the list at this serial and are not now: the first and the last thing that happened to them is a removal."""
    first = func.array_agg(aggregate_order_by(ChangeLog.action, *_IN_ORDER))[1]
    last = func.array_agg(aggregate_order_by(ChangeLog.action, *_BACKWARDS))[1]
    return (
        select(ChangeLog.scope, ChangeLog.target, func.max(ChangeLog.release_number).label("number"))
        .where(ChangeLog.release_number > serial, *which)
        .group_by(ChangeLog.scope, ChangeLog.target)
        .having(and_(first == "remove", last == "remove"))
    )
