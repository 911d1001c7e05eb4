"""Builders: the least that makes a story, with every default named. Acts through verbs; asserts nothing."""

import hashlib
import itertools
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pyrage import x25519
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.keys import Keys, recipient_of
from app.sealing_away import DeskSealer
from config import Settings
from moderation import consumers, conversing, partners, people, queue, reporting, resources, reviewing
from moderation.models import Case, Message, Person, Report, ResourceRow
from moderation.reviewing import Decided
from moderation.vocabulary import (
    SYSTEM,
    Actor,
    Answers,
    Category,
    ChildMaterial,
    Conclusion,
    Conflict,
    Element,
    Evidence,
    EvidenceSource,
    Lane,
    MessageKind,
    Outcome,
    Presence,
    Proposed,
    Refused,
    Role,
    Scope,
    Sealer,
    Statement,
    Submission,
    Target,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def settings(data: Path, **changes: object) -> Settings:
    """A demo instance in `data`."""
    return replace(Settings.from_env({"FLAGSTONE_DATA": str(data), "FLAGSTONE_LIST_NAME": "list.example"}), **changes)


def person(session: Session, role: Role = Role.MODERATOR, *, name: str = "", email: str = "") -> Actor:
    """Somebody who works here, with credentials that open nothing."""
    number = next(_numbers)
    new = people.NewPerson(
        email=email or f"person{number}@desk.example",
        name=name or f"Person {number}",
        role=role,
        password_hash="no hash",
        sealed_code_secret=b"no secret",
    )
    people.add(session, new, reference=uuid.uuid4(), by=SYSTEM, at=NOON)
    found = session.scalars(select(Person).where(Person.email == new.email)).one()
    return Actor(person_id=found.id, role=Role(found.role), name=found.name)


def digest_of_text(text: str) -> str:
    """Stands for the instance's keyed digest."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def submission(text: str = "https://jobs.test/offer/7", **changes: object) -> Submission:
    """A report of whatever the text names."""
    reference = uuid.uuid4()
    made = Submission(
        resources=resources.parse(text, text_digest=digest_of_text),
        category=Category.LABOUR,
        danger_now=False,
        language="en",
        lane=Lane.STANDARD,
        sealed=b"ciphertext",
        wrapped_identity=b"wrapped",
        receipt_digest=hashlib.sha256(reference.bytes).digest(),
        reference=reference,
        recipient="age1report",
        receipt_recipient="age1receipt",
        contact=b"ciphertext of a contact",
        wrapped_contact_identity=b"wrapped too",
        desk_key="the desk's key",
    )
    return replace(made, **changes)


def report(session: Session, text: str = "https://jobs.test/offer/7", *, at: datetime = NOON, **changes: object) -> Submission:
    """A report that was received."""
    made = submission(text, **changes)
    reporting.receive(session, made, new_reference=uuid.uuid4, at=at.replace(minute=0, second=0, microsecond=0))
    return made


def case(session: Session, text: str = "https://jobs.test/offer/7", *, at: datetime = NOON, **changes: object) -> Case:
    """The newest case of the one resource that the text names, after a report of it."""
    made = report(session, text, at=at, **changes)
    one = made.resources[0]
    query = select(Case).join(ResourceRow).where(ResourceRow.kind == one.kind, ResourceRow.canonical == one.canonical)
    return session.scalars(query.order_by(Case.id.desc()).limit(1)).one()


def target(text: str = "https://jobs.test/offer/7", scope: Scope = Scope.PAGE) -> Target:
    """The narrowest rung of this scope on the ladder of what the text names."""
    (one,) = resources.parse(text, text_digest=digest_of_text)
    return next(rung for rung in one.ladder if rung.scope is scope)


def answers(chosen: Target | None = None, **changes: object) -> Answers:
    """What a careful moderator writes; passes every safeguard where the facts allow it."""
    chosen = chosen or target()
    wide = chosen.scope.is_wide
    made = Answers(
        target=chosen,
        territories=("FR", "DE"),
        provision="Criminal Code, article 225-4-1",
        evidence=(
            Evidence(
                element=Element.ACT,
                text="Three people say they were recruited through this offer.",
                source=EvidenceSource.REPORT,
                first_hand=True,
            ),
            Evidence(element=Element.MEANS, text="Their passports were taken on arrival.", source=EvidenceSource.OTHER_REPORT),
            Evidence(element=Element.PURPOSE, text="They worked sixteen hours a day without pay.", source=EvidenceSource.PARTNER),
        ),
        narrower_tried={}
        if chosen.scope is Scope.PAGE
        else {
            "page": "The same offer stands on every page of the site.",
            "path": "New folders with the same offer appear each day.",
            "host": "The same people use every name of this domain.",
        },
        lifeline="No one who needs help depends on it, and the offer is not elsewhere.",
        statement=Statement(
            facts="The page offers hotel work; people who answered were held without papers.",
            legal_ground="Recruiting for forced labour.",
            explanation="The page is the way in: it is listed so that nobody else answers it.",
        ),
        review_after=timedelta(days=60 if wide else 90),
        expires_after=timedelta(days=90 if wide else 180),
        conflict=Conflict.NONE,
        sent_none_of_the_reports=True,
        facilitation="“Hotel work, papers and travel arranged, call the agent today.”",
        still_there=Presence.SAME,
        child_material=ChildMaterial.NO,
        sample_pages=20,
        sample_unrelated=0,
    )
    return replace(made, **changes)


def question(session: Session, found: Case, by: Actor, *, report: uuid.UUID | None = None, at: datetime = NOON) -> Message:
    """A question to whoever reported the case, which this person holds."""
    conversing.ask(session, found.reference, report, lambda *_: b"question", once=uuid.uuid4(), by=by, at=at)
    return session.scalars(select(Message).where(Message.kind == MessageKind.QUESTION).order_by(Message.id.desc()).limit(1)).one()


def conversation(session: Session) -> Submission:
    """A report whose reporter was asked, answered, and added something."""
    made = report(session, "https://asked.test/offer")
    found, by = case(session, "https://asked.test/offer"), person(session)
    asked = question(session, claimed(session, found, by), by, report=made.reference)
    conversing.answer(session, made.receipt_digest, asked.reference, lambda _: b"answer", at=NOON)
    added: dict[str, Any] = {"lane": Lane.STANDARD, "once": uuid.uuid4(), "new_reference": uuid.uuid4}
    conversing.add(session, made.receipt_digest, (), lambda _: b"addition", **added, at=NOON)
    return made


def claimed(session: Session, found: Case, by: Actor, *, at: datetime = NOON) -> Case:
    """The case, held by this person."""
    queue.claim(session, found.reference, by=by, at=at)
    return found


def notice(session: Session, found: Case, by: Actor, *, sent_at: datetime | None = None, at: datetime = NOON) -> None:
    """The host was told, three days ago where nothing else is said."""
    sent_at = sent_at or at - timedelta(days=3)
    reviewing.record_notice(session, found.reference, "the host's abuse desk", "ticket 4711", sent_at, by=by, at=at)


def propose(
    session: Session, found: Case, by: Actor, given: Answers | None = None, *, outcome: Outcome = Outcome.LIST, at: datetime = NOON
) -> Proposed | Refused:
    """Claim, write down that the host was told three days ago, and propose."""
    claimed(session, found, by, at=at)
    notice(session, found, by, at=at)
    return reviewing.propose(session, found.reference, given or answers(), outcome=outcome, by=by, at=at, version=found.version)


def concluded(
    session: Session, found: Case, by: Actor, outcome: Outcome, *, sealer: Sealer | None = None, at: datetime = NOON, **fields: Any
) -> Decided:
    """Claim and close, or put aside."""
    claimed(session, found, by, at=at)
    given = {"note": "Somebody looked at it with care.", "sent_none_of_the_reports": True} | fields
    told = Conclusion(outcome=outcome, **given)
    return reviewing.conclude(session, found.reference, told, sealer=sealer, by=by, at=at, version=found.version)


def referral(**changes: Any) -> dict[str, Any]:
    """The fields of a referral that lacks nothing."""
    return {
        "recipient": "The national unit against trafficking",
        "country": "FR",
        "their_reference": "2026/114",
        "passed_on": "The address and what three reporters wrote.",
        "referred_at": NOON - timedelta(minutes=20),
        "child_material": ChildMaterial.NO,
    } | changes


@cache
def desk_keys() -> Keys:
    """Keys of a desk that are in no file."""
    identity = str(x25519.Identity.generate())
    return Keys(secret=b"of the tests", desk_recipient=recipient_of(identity), desk_identity=identity)


def sealed_away(session: Session, found: Case, by: Actor, *, at: datetime = NOON, **changes: Any) -> Decided:
    """Passed to a hotline because sexual images of a child are suspected."""
    given = referral(**{"recipient": "The national hotline", "child_material": ChildMaterial.SUSPECTED, **changes})
    return concluded(session, found, by, Outcome.REFER_HOTLINE, sealer=DeskSealer(desk_keys()), at=at, **given)


def confirm(
    session: Session, found: Case, by: Actor, given: Answers | None = None, *, outcome: Outcome = Outcome.LIST, at: datetime = NOON
) -> Proposed | Refused | Decided:
    """Claim and confirm."""
    claimed(session, found, by, at=at)
    return reviewing.confirm(session, found.reference, given or answers(), outcome=outcome, by=by, at=at, version=found.version)


def partner(session: Session, name: str = "", *, token: str = "", at: datetime = NOON) -> partners.PartnerSeen:
    """An accredited partner, whose token is known where it is given."""
    return partners.add_partner(
        session,
        name or f"Partner {next(_numbers)}",
        token_digest=hashlib.sha256((token or str(uuid.uuid4())).encode()).digest(),
        reference=uuid.uuid4(),
        rights=tuple(partners.Right),
        by=SYSTEM,
        at=at,
    )


def consumer(
    session: Session, name: str = "", *, token: bytes = b"", address_formats: tuple[str, ...] = (), at: datetime = NOON
) -> consumers.ConsumerSeen:
    """A network that may pull the list, whose token has this digest where one is given."""
    return consumers.add_consumer(
        session,
        name or f"Network {next(_numbers)}",
        token_digest=token or uuid.uuid4().bytes * 2,
        reference=uuid.uuid4(),
        address_formats=address_formats,
        by=SYSTEM,
        at=at,
    )


def listed(
    session: Session,
    text: str = "https://jobs.test/offer/7",
    scope: Scope = Scope.PAGE,
    *,
    outcome: Outcome = Outcome.LIST,
    at: datetime = NOON,
    **changes: object,
) -> Decided:
    """A listing, through every seat it needs."""
    found = case(session, text, at=at)
    given = answers(target(text, scope), **changes)
    first, second, third = person(session), person(session), person(session, Role.SENIOR)
    propose(session, found, first, given, outcome=outcome, at=at)
    seated = confirm(session, found, second, given, outcome=outcome, at=at)
    if isinstance(seated, Proposed):
        seated = confirm(session, found, third, given, outcome=outcome, at=at)
    if not isinstance(seated, Decided):
        raise AssertionError(f"This was to be listed, but {seated}")
    return seated


def reports(session: Session) -> int:
    """How many reports there are."""
    return len(session.scalars(select(Report.id)).all())
