"""A partner's file on its way in: previewed, confirmed, taken in by the worker. What it says lies nowhere in clear.

Between preview and confirmation it lies in the partner's own browser, encrypted; then in the database, sealed to the desk, until each row
is a report. What became of each row is sealed to the ticket, which only the partner has.
"""

import base64
import functools
import gzip
import hashlib
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from cryptography.fernet import Fernet, InvalidToken

from app import batches, clock, sealing, spreadsheets
from app.batches import Read, Sender
from app.database import database
from app.keys import Keys
from app.spreadsheets import Sheet
from moderation import partners, policy
from moderation.partners import UploadSeen
from moderation.vocabulary import Lane, Submission

ROWS_AT_ONCE = 100
"""Rows that are stored together: how far a file is, is seen in steps of these."""

DIGEST_OCTETS = 32
PREVIEW = "upload preview"
"""What a file that is looked at is encrypted for, while its sender holds it."""


class PreviewIsOver(Exception):
    """The file that was previewed is too old, or not one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A file that a partner looked at and now confirms."""

    token_digest: bytes
    content: bytes
    ticket: str


def locked(content: bytes, token_digest: bytes, keys: Keys) -> str:
    """The file, for the partner's own browser to hold until it is confirmed."""
    return keys.box(PREVIEW).encrypt(token_digest + gzip.compress(content, mtime=0)).decode()


def confirmed(preview: str, keys: Keys) -> Previewed:
    """The file that was previewed. Confirmed twice, it has the same ticket.

    Raises:
        PreviewIsOver: it was too long ago, or this is no preview of ours.
    """
    try:
        opened = keys.box(PREVIEW).decrypt(preview.encode(), ttl=int(policy.UPLOAD_PREVIEW.total_seconds()))
    except (InvalidToken, UnicodeEncodeError):
        raise PreviewIsOver from None
    secret = hmac.new(keys.derive("upload ticket"), preview.encode(), hashlib.sha256).digest()[: policy.RECEIPT_BITS // 8]
    ticket = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    return Previewed(token_digest=opened[:DIGEST_OCTETS], content=gzip.decompress(opened[DIGEST_OCTETS:]), ticket=ticket)


def sealed(previewed: Previewed, *, lane: Lane, language: str, keys: Keys) -> bytes:
    """All that the worker needs, for the desk's key alone."""
    told = [previewed.ticket, lane, language, base64.b64encode(previewed.content).decode()]
    return sealing.seal_to_desk(orjson.dumps(told), keys)


def take_in(reference: UUID, keys: Keys) -> None:
    """Store every row of a file as a report, and then delete the file. Can be cut and run again at any time: no row is stored twice.

    Raises:
        moderation.errors.NotFound: the file is deleted. CannotOpen: the desk's key is not here.
    """
    with database().reading() as session:
        waiting = partners.take_up(session, reference)
    if waiting.sealed is None:
        return
    ticket, lane, language, content = orjson.loads(sealing.open_at_desk(waiting.sealed, keys))
    sheet = spreadsheets.read(base64.b64decode(content))
    reads = batches.read_all(sheet.given, keys, ticket.encode())
    sender = Sender(lane=Lane(lane), language=language, partner=waiting.partner)
    results = _ticket_lock(ticket).encrypt(spreadsheets.results(sheet, reads).encode())
    while batches.again_if_deadlocked(lambda: _some_taken(reference, reads, sender, results, keys)):
        pass


def _some_taken(reference: UUID, reads: tuple[Read, ...], sender: Sender, results: bytes, keys: Keys) -> bool:
    """Take the next rows in; False where none is left."""
    with database().transaction() as session:
        upload = partners.take_up(session, reference)
        if upload.sealed is None:
            return False
        rows = reads[upload.done : upload.done + ROWS_AT_ONCE]
        batches.store(session, batches.sealed(rows, sender, keys), at=clock.now())
        done, refused = upload.done + len(rows), upload.refused + sum(1 for each in rows if each.faults)
        partners.advance(session, reference, done=done, refused=refused)
        if done == upload.rows:
            partners.finish(session, upload, refused=refused, results=results, at=clock.now())
        return done < upload.rows


def results(upload: UploadSeen, ticket: str) -> bytes:
    """What became of each row, opened with the ticket of its partner; empty while it is not finished."""
    return _ticket_lock(ticket).decrypt(upload.results) if upload.results else b""


def import_at_once(sheet: Sheet, content: bytes, sender: Sender, keys: Keys) -> tuple[Read, ...]:
    """As `take_in`, for who works at the machine itself. The same file of the same partner is stored once."""
    whose = str(sender.partner.reference if sender.partner else uuid.UUID(int=0)).encode()
    reads = batches.read_all(sheet.given, keys, whose + hashlib.sha256(content).digest())
    for start in range(0, len(reads), ROWS_AT_ONCE):
        submissions = batches.sealed(reads[start : start + ROWS_AT_ONCE], sender, keys)
        batches.again_if_deadlocked(functools.partial(_store, submissions))
    return reads


def _store(submissions: Sequence[Submission]) -> None:
    with database().transaction() as session:
        batches.store(session, submissions, at=clock.now())


def _ticket_lock(ticket: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.blake2b(ticket.encode(), digest_size=32, person=b"results").digest()))
