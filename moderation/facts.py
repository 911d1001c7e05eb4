"""Gathers what safeguards look at from the tables: known hosts, notices, reports. Asks nobody outside, writes nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from moderation import addresses, growth, policy, resources
from moderation.models import Case, CaseReport, KnownHostRow, NoticeRow, ResourceRow
from moderation.vocabulary import LOADED_MARK, Actor, Answers, CaseFacts, HostClass, KnownHost, LookAlike, Notice, Resource, Target

BELOW_AT_MOST = 50
"""Known hosts below a target that are worth naming; one is enough to refuse."""


def gather(session: Session, case: Case, answers: Answers, *, seat: int, by: Actor, at: datetime) -> CaseFacts:
    """Everything known of the case and of the target that the answers name."""
    resource = resource_of(case.resource)
    known = known_hosts(session, _name(answers.target, resource))
    day = growth.of_the_day(session, at=at)
    return replace(
        about_target(session, resource, answers, known, seat=seat, by=by, at=at),
        notices=notices(session, case.id),
        look_alikes=look_alikes(session, resource.host),
        lists_are_loaded=lists_are_loaded(session),
        listed_in_a_day=day.listed,
        list_size=day.size,
        growth_allowed=day.is_allowed,
        report_count=session.scalar(select(func.count()).select_from(CaseReport).where(CaseReport.case_id == case.id)) or 0,
    )


def about_target(
    session: Session, resource: Resource, answers: Answers, known: tuple[KnownHost, ...], *, seat: int, by: Actor, at: datetime
) -> CaseFacts:
    """What is known of the target alone, given what the lists say of its name: enough for the checks that need no answers."""
    target = answers.target
    return CaseFacts(
        resource=resource,
        answers=answers,
        seat=seat,
        actor=by,
        at=at,
        known_hosts=known,
        known_below=_known_below(session, target),
        is_public_suffix=target is not None and target.scope.is_wide and addresses.is_public_suffix(target.text),
    )


def lists_are_loaded(session: Session) -> bool:
    """Whether the packaged lists of known hosts are here. An operator's own few lines do not stand for them."""
    mark = LOADED_MARK.host, LOADED_MARK.host_class, LOADED_MARK.source
    return session.get(KnownHostRow, mark) is not None


def known_for_ladder(session: Session, resource: Resource) -> dict[Target, tuple[KnownHost, ...]]:
    """What the lists say of the name of each step; one look-up for each different name."""
    names = {target: _name(target, resource) for target in resource.ladder}
    known = {name: known_hosts(session, name) for name in set(names.values())}
    return {target: known[name] for target, name in names.items()}


def resource_of(row: ResourceRow) -> Resource:
    """The resource as its kind sees it, ladder included; nothing but its kind where the address was erased."""
    if row.erased_at is not None:
        return Resource(kind=row.kind, canonical=row.canonical)
    return resources.from_canonical(row.kind, row.canonical)


def known_hosts(session: Session, host: str | None) -> tuple[KnownHost, ...]:
    """What the lists say of a host and of every name above it, nearest name first."""
    if not host:
        return ()
    names = _with_parents(host)
    rows = session.scalars(select(KnownHostRow).where(KnownHostRow.host.in_(names)))
    return tuple(sorted(_values(rows), key=lambda known: (names.index(known.host), known.host_class, known.source)))


def look_alikes(session: Session, host: str | None) -> tuple[LookAlike, ...]:
    """Names on the lists that a host imitates, each once, longest first. A host in plain letters costs no question."""
    names = addresses.imitated_names(host) if host else {}
    if not names:
        return ()
    wanted = KnownHostRow.host.in_(names), KnownHostRow.host_class.in_(policy.IMITATED_CLASSES)
    rows = session.execute(select(KnownHostRow.host, KnownHostRow.host_class).where(*wanted).order_by(KnownHostRow.host_class))
    first = {row.host: HostClass(row.host_class) for row in reversed(rows.all())}
    longest = sorted(first, key=lambda name: (-len(name), name))
    return tuple(LookAlike(host=name, manner=names[name], host_class=first[name]) for name in longest)


def notices(session: Session, case_id: int) -> tuple[Notice, ...]:
    """Messages sent about this case, oldest first."""
    rows = session.scalars(select(NoticeRow).where(NoticeRow.case_id == case_id).order_by(NoticeRow.sent_at, NoticeRow.id))
    return tuple(Notice(recipient=row.recipient, sent_at=row.sent_at, recorded_at=row.recorded_at, proof=row.proof) for row in rows)


def _name(target: Target | None, resource: Resource) -> str | None:
    return target.text if target is not None and target.scope.is_wide else resource.host


def _known_below(session: Session, target: Target | None) -> tuple[KnownHost, ...]:
    if target is None or not target.scope.is_wide:
        return ()
    below = func.reverse(KnownHostRow.host).startswith(f"{target.text[::-1]}.", autoescape=True)
    # A wide name can have thousands of merely popular ones below it: those that refuse must not fall off the end.
    weak = KnownHostRow.host_class.not_in(policy.BLOCKED_CLASSES | policy.PLATFORM_CLASSES)
    return tuple(_values(session.scalars(select(KnownHostRow).where(below).order_by(weak, KnownHostRow.rank).limit(BELOW_AT_MOST))))


def _with_parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def _values(rows: Iterable[KnownHostRow]) -> Iterable[KnownHost]:
    return (
        KnownHost(host=row.host, host_class=HostClass(row.host_class), source=row.source, rank=row.rank, protected_as=row.protected_as)
        for row in rows
    )
