"""Gathers what safeguards look at from the tables: known hosts, notices, reports. Asks nobody outside, writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from moderation import addresses, growth, policy, resources
from moderation.errors import NothingReported, TooManyResources
from moderation.models import Case, CaseReport, KnownHostRow, NoticeRow, Observation, ReferralRow, Report, ResourceRow
from moderation.vocabulary import (
    LOADED_MARK,
    N_,
    Actor,
    Answers,
    CaseFacts,
    Category,
    HostClass,
    KnownHost,
    LookAlike,
    Notice,
    Observed,
    PersonalDatum,
    Presence,
    Referral,
    ReferralKind,
    Resource,
    Target,
)


def gather(session: Session, case: Case, answers: Answers, *, seat: int, by: Actor, at: datetime) -> CaseFacts:
    """Everything known of the case and of the target that the answers name."""
    resource = resource_of(case.resource)
    known = known_hosts(session, _name(answers.target, resource))
    day = growth.of_the_day(session, at=at)
    return replace(
        about_target(session, resource, answers, known, seat=seat, by=by, at=at),
        category=Category(case.category),
        danger_now=case.danger_now,
        opened_at=case.opened_at,
        danger_told_at=_danger_told_at(session, case) if case.danger_now else None,
        notices=notices(session, case.id),
        referrals=referrals(session, case, at=at),
        observations=observations(session, case.resource_id),
        look_alikes=look_alikes(session, resource.host),
        lists_are_loaded=lists_are_loaded(session),
        listed_in_a_day=day.listed,
        list_size=day.size,
        growth_allowed=day.is_allowed,
        personal_data=personal_data(answers, resource),
        report_count=session.scalar(select(func.count()).select_from(CaseReport).where(CaseReport.case_id == case.id)) or 0,
    )


def _danger_told_at(session: Session, case: Case) -> datetime | None:
    told = select(func.min(Report.received_at)).join(CaseReport, CaseReport.report_id == Report.id)
    return session.scalar(told.where(CaseReport.case_id == case.id, Report.danger_now))


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
    """The resource as its kind sees it, ladder included; nothing but its kind where the address was erased or sealed."""
    if row.erased_at is not None or row.sealed_at is not None:
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
    return tuple(
        Notice(recipient=row.recipient, sent_at=row.sent_at, recorded_at=row.recorded_at, proof=row.proof, recorded_by=row.recorded_by)
        for row in rows
    )


def referrals(session: Session, case: Case, *, at: datetime) -> tuple[Referral, ...]:
    """To whom this case was referred, newest first; and each hold that stands on another case of the same resource."""
    holds = ReferralRow.hold_lifted_at.is_(None), ReferralRow.hold_until > at
    held = select(ReferralRow.id).join(Case, Case.id == ReferralRow.case_id).where(Case.resource_id == case.resource_id, *holds)
    counts = or_(ReferralRow.case_id == case.id, ReferralRow.id.in_(held))
    rows = session.scalars(select(ReferralRow).where(counts).order_by(ReferralRow.referred_at.desc(), ReferralRow.id.desc()))
    return tuple(Referral(kind=ReferralKind(row.kind), made_at=row.referred_at, holds=_holds(row, at)) for row in rows)


def observations(session: Session, resource_id: int) -> tuple[Observed, ...]:
    """How people and machines found the resource, newest first."""
    looks = select(Observation).where(Observation.resource_id == resource_id, Observation.kind == "liveness")
    rows = session.scalars(looks.order_by(Observation.observed_at.desc(), Observation.id.desc()).limit(policy.LOOKS_READ))
    return tuple(Observed(presence=Presence(row.value["presence"]), at=row.observed_at) for row in rows)


def _holds(row: ReferralRow, at: datetime) -> bool:
    return row.hold_until is not None and row.hold_until > at and row.hold_lifted_at is None


def personal_data(answers: Answers, resource: Resource) -> tuple[PersonalDatum, ...]:
    """Numbers and addresses of people in what would be kept, but for the resource itself. Their values stay where they are."""
    written = {f"evidence_{item.element}": item.text for item in answers.evidence}
    written |= {"facilitation": answers.facilitation, "lifeline": answers.lifeline}
    written |= {f"statement_{part}": getattr(answers.statement, part) for part in ("facts", "legal_ground", "explanation")}
    found = ((field, one) for field, text in written.items() for one in _people_in(text) if one.canonical != resource.canonical)
    return tuple(dict.fromkeys(PersonalDatum(field=field, kind=one.kind) for field, one in found))


PEOPLE_IN: Final = {
    "phone": N_(
        "A phone number would be kept here. Put a word in its place, such as [phone]. "
        "If it belongs to those who recruit, report it as a resource of its own. (RS18)"
    ),
}
PEOPLE_ELSE: Final = N_(
    "An address or an account of a person would be kept here. Put a word in its place, such as [e-mail]. "
    "If it belongs to those who recruit, report it as a resource of its own. (RS18)"
)


def people_named(texts: Mapping[str, str], case: Case) -> dict[str, str]:
    """Why these texts are not kept as they are, by field: RS18 for what no check looks at. The case's own resource may be named."""
    resource = resource_of(case.resource)
    found = {field: [one.kind for one in _people_in(text) if one.canonical != resource.canonical] for field, text in texts.items() if text}
    return {field: PEOPLE_IN.get(kinds[0], PEOPLE_ELSE) for field, kinds in found.items() if kinds}


def _people_in(text: str) -> Iterable[Resource]:
    try:
        return [one for one in resources.parse(text, text_digest=lambda _words: "") if one.kind in policy.PERSONAL_KINDS]
    except (NothingReported, TooManyResources):
        return ()


def _name(target: Target | None, resource: Resource) -> str | None:
    return target.text if target is not None and target.scope.is_wide else resource.host


def _known_below(session: Session, target: Target | None) -> tuple[KnownHost, ...]:
    if target is None or not target.scope.is_wide:
        return ()
    below = func.reverse(KnownHostRow.host).startswith(f"{target.text[::-1]}.", autoescape=True)
    # A wide name can have thousands of merely popular ones below it: those that refuse must not fall off the end.
    weak = KnownHostRow.host_class.not_in(policy.BLOCKED_CLASSES | policy.PLATFORM_CLASSES | {HostClass.PROTECTED})
    named = select(KnownHostRow).where(below).order_by(weak, KnownHostRow.rank).limit(policy.KNOWN_BELOW_NAMED)
    return tuple(_values(session.scalars(named)))


def _with_parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def _values(rows: Iterable[KnownHostRow]) -> Iterable[KnownHost]:
    return (
        KnownHost(host=row.host, host_class=HostClass(row.host_class), source=row.source, rank=row.rank, protected_as=row.protected_as)
        for row in rows
    )
