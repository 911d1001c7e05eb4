"""Holds back what may not go out, or by which the list would grow too fast; two people let the latter go. Never holds a removal."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, exists, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, aliased

from moderation import audit, formats, growth, policy
from moderation.models import HeldEntry, Listing, Release
from moderation.publishing.covering import AS_KEPT, entry_of
from moderation.vocabulary import N_, SYSTEM, HeldBecause

CHUNK = 2_000

TOO_MANY = N_("The list would grow too fast: a day may bring %(most)s additions; there was room for %(room)s of %(waiting)s.")


def hold_back(session: Session, *, list_name: str, at: datetime) -> int:
    """Hold back each addition that may not go out. The caller has the releases' lock.

    Returns by how many of those that go out the list grows: what takes another entry's place, or was let go, is not counted.
    """
    _take_up_again(session, list_name, at=at)
    unfit = sum(_hold_unfit(session, chunk, list_name, at=at) for chunk in _chunks(session, _fresh()))
    waiting = session.scalar(select(func.count()).select_from(_growing().subquery())) or 0
    room, most = _room(session, waiting, at=at)
    if waiting > room:
        _hold_the_rest(session, room, {"most": most, "room": room, "waiting": waiting}, at=at)
    held = {HeldBecause.UNFIT.value: unfit, HeldBecause.GROWTH.value: max(0, waiting - room)}
    if any(held.values()):
        audit.record(session, actor=SYSTEM, action="entries held back", subject="release", at=at, detail=held)
    return min(waiting, room)


def _fresh() -> Select[Any]:
    """Additions that no release looked at yet."""
    looked_at = exists().where(HeldEntry.listing_id == Listing.id, HeldEntry.fit_at.is_(None))
    return select(Listing.id, *AS_KEPT).where(Listing.released_in.is_(None), Listing.ended_at.is_(None), ~looked_at).order_by(Listing.id)


def _growing() -> Select[Any]:
    """Those of them by which the list grows: not the one that comes in the place of something of its case that leaves with this release."""
    old, earlier = aliased(Listing), aliased(Listing)
    leaves = old.released_in.is_not(None) & old.withdrawn_in.is_(None) & old.ended_at.is_not(None)
    comes = earlier.released_in.is_(None) & earlier.ended_at.is_(None) & (earlier.id < Listing.id)
    in_its_place = exists().where(old.case_id == Listing.case_id, leaves) & ~exists().where(earlier.case_id == Listing.case_id, comes)
    return _fresh().where(~in_its_place)


def _hold_unfit(session: Session, rows: Sequence[Any], list_name: str, *, at: datetime) -> int:
    reasons = {row.id: formats.barred(entry_of(row), list_name) for row in rows}
    held = [
        {"listing_id": key, "because": HeldBecause.UNFIT, "reason": reason, "numbers": {}, "held_at": at}
        for key, reason in reasons.items()
        if reason
    ]
    if held:
        session.execute(insert(HeldEntry), held)
    return len(held)


def _take_up_again(session: Session, list_name: str, *, at: datetime) -> None:
    """End the holds of what may go out by now, as after an update of the public suffix list."""
    waiting = select(Listing.id, HeldEntry.id.label("held"), *AS_KEPT).join(HeldEntry, HeldEntry.listing_id == Listing.id)
    is_unfit = (HeldEntry.because == HeldBecause.UNFIT) & HeldEntry.waits()
    unfit = waiting.where(is_unfit, Listing.ended_at.is_(None))
    fit = [row.held for row in session.execute(unfit) if not formats.barred(entry_of(row), list_name)]
    if fit:
        session.execute(update(HeldEntry).where(HeldEntry.id.in_(fit)).values(fit_at=at))


def _room(session: Session, waiting: int, *, at: datetime) -> tuple[int, int]:
    """How many additions may go out now, and how many may in a day. The list is counted only where they come near the bound."""
    # Of many releases in a row the later ones run ahead of the clock, and count as well.
    in_a_day = Release.published_at > at - growth.DAY, Release.published_at <= at + policy.RELEASE_AHEAD_MOST
    grown = int(session.scalar(select(func.coalesce(func.sum(Release.grown), 0)).where(*in_a_day)) or 0)
    if grown + waiting <= policy.BULK_ENTRIES:
        return waiting, policy.BULK_ENTRIES
    day = growth.of_the_day(session, at=at, in_full=True)
    most = max(day.most, day.allowed)
    return max(0, min(most - grown, policy.RELEASE_ADDITIONS_MOST)), most


def _hold_the_rest(session: Session, room: int, numbers: dict[str, int], *, at: datetime) -> None:
    rest = _growing().offset(room).subquery()
    columns = ["listing_id", "because", "reason", "numbers", "held_at"]
    values = (literal(HeldBecause.GROWTH.value), literal(TOO_MANY), literal(numbers, JSONB), literal(at))
    session.execute(insert(HeldEntry).from_select(columns, select(rest.c.id, *values)))


def _chunks(session: Session, query: Select[Any]) -> Iterator[list[Any]]:
    rows = iter(session.execute(query.execution_options(yield_per=CHUNK)))
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
