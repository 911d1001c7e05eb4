"""The one door for reports, whatever way they came: seals what was typed, hands digests to the rules, keeps nothing in clear."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import clock, marking, sealing
from app.keys import Keys
from moderation import conversing, disowning, reporting, resources
from moderation.vocabulary import Category, Channel, Lane, Resource, Stage, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One report as it came in. `typed` holds each answer given, by the names of `report_fields.LABELS`; `code` is its receipt."""

    typed: Mapping[str, str]
    resources: tuple[Resource, ...]
    category: Category
    danger_now: bool
    language: str
    lane: Lane
    code: str
    partner_id: int | None = None
    """The accredited partner who sent it, where one did."""
    channel: Channel = Channel.FORM


def read(text: str, keys: Keys, *, way_back: str = "") -> tuple[Resource, ...]:
    """What a text names, but for what is the reporter's own: the way to reach them, in `way_back`.

    Raises:
        NothingReported: nothing that a person could see.
        TooManyResources: more than one report can hold.
    """
    return resources.parse(text, text_digest=lambda words: sealing.text_digest(keys, words), way_back=way_back)


def masked(typed: Mapping[str, str]) -> bool:
    """Tell whether numbers of bank cards or accounts are among the answers: `sealed` masks them before anything is kept."""
    return any(resources.mask(text)[1] for text in typed.values())


def take(session: Session, arrival: Arrival, keys: Keys, *, at: datetime) -> bool:
    """Seal and store a report, and join it to its cases; False where the same receipt is stored already. `at` is cut to the hour."""
    return store(session, sealed(arrival, keys), at=at)


def sealed(arrival: Arrival, keys: Keys) -> Submission:
    """The report as the rules may see it. Asks no database, so that many can be sealed before a transaction begins."""
    typed = {field: resources.mask(words)[0] for field, words in arrival.typed.items()}
    marks = marking.taken(typed, arrival.resources, keys)
    way_back = typed.pop("contact", "")
    text = sealing.seal(typed, keys)
    # Under a key of its own: it is kept for another time than the text.
    contact = sealing.seal({"contact": way_back}, keys) if way_back else None
    return Submission(
        resources=arrival.resources,
        category=arrival.category,
        danger_now=arrival.danger_now,
        language=arrival.language,
        lane=arrival.lane,
        sealed=text.text,
        wrapped_identity=text.wrapped_identity,
        receipt_digest=sealing.receipt_digest(arrival.code),
        reference=uuid.uuid4(),
        partner_id=arrival.partner_id,
        channel=arrival.channel,
        stages=tuple(Stage(stage) for stage in typed.get("stages", "").split(",") if stage in tuple(Stage)),
        marks=marks.marks,
        text_signature=marks.signature or None,
        recipient=text.recipient,
        receipt_recipient=str(sealing.receipt_identity(arrival.code, keys).to_public()),
        contact=contact.text if contact else None,
        wrapped_contact_identity=contact.wrapped_identity if contact else None,
        desk_key=text.desk_key,
    )


def store(session: Session, submission: Submission, *, at: datetime) -> bool:
    """Store a sealed report, and join it to its cases; False where the same receipt is stored already. `at` is cut to the hour."""
    return reporting.receive(session, submission, new_reference=uuid.uuid4, at=clock.to_the_hour(at))


def answer(session: Session, code: str, question: uuid.UUID, text: str, keys: Keys, *, at: datetime) -> bool:
    """Seal the answer to a question, and mark what it names; False where the question is answered already.

    Raises:
        What `conversing.answer` refuses.
    """
    told = resources.mask(text)[0]
    return conversing.answer(
        session,
        sealing.receipt_digest(code),
        question,
        lambda recipient: sealing.seal_message(told, recipient),
        marks=marking.of_message(told, keys),
        at=clock.to_the_hour(at),
    )


def add(session: Session, code: str, text: str, keys: Keys, *, lane: Lane, once: uuid.UUID, at: datetime) -> bool:
    """Seal what somebody adds to their report, and join the report to the cases of what it names; False where it came before.

    Words open no case, nor does what may be the reporter's own: they belong to the cases that are there. `once` is the form's own.

    Raises:
        TooManyResources; and what `conversing.add` refuses.
    """
    named = resources.parse_addition(text, text_digest=lambda words: sealing.text_digest(keys, words))
    return conversing.add(
        session,
        sealing.receipt_digest(code),
        named,
        lambda recipient: sealing.seal_message(resources.mask(text)[0], recipient),
        lane=lane,
        once=once,
        new_reference=uuid.uuid4,
        at=clock.to_the_hour(at),
    )


def disown(session: Session, code: str, kind: str, canonical: str, keys: Keys, *, at: datetime) -> bool:
    """Take what is the reporter's own out of their report; False where the report does not name it.

    Raises:
        What `disowning.take_out` refuses.
    """
    own = disowning.Own(
        kind=kind,
        canonical=canonical,
        mark=marking.of_resource(Resource(kind=kind, canonical=canonical), keys),
        # Made of chance: the words themselves are sealed, and cannot be read here.
        words=resources.from_canonical(resources.WORDS, sealing.text_digest(keys, str(uuid.uuid4()))),
    )
    return disowning.take_out(session, sealing.receipt_digest(code), own, new_reference=uuid.uuid4, at=clock.to_the_hour(at))
