"""Many reports at once, whatever carried them: reads each, says what is wrong with it, stores the good ones together. Holds no rule."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import orjson
from flask_babel import gettext as _
from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import intake, sealing
from app.errors import words
from app.intake import Arrival
from app.keys import Keys
from app.report_shape import Fault, GivenReport, checked
from moderation import policy
from moderation.errors import NothingReported, TooManyResources
from moderation.partners import PartnerSeen
from moderation.vocabulary import Channel, Lane, Resource, Submission

ATTEMPTS = 4
"""Two batches that name the same new things in another order may wait for each other in a circle; one of them begins anew."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one report of a batch was read as, or what is wrong with it. `code` is its receipt, once it is stored."""

    report: GivenReport | None
    resources: tuple[Resource, ...] = ()
    faults: tuple[Fault, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose reports these are, which lane they take, and their language where they name none."""

    lane: Lane
    language: str
    partner: PartnerSeen | None = None


def read(given: object, keys: Keys, seed: bytes) -> Read:
    """Read one report. Nothing is stored."""
    report = checked(given, GivenReport)
    if not isinstance(report, GivenReport):
        return Read(report=None, faults=report)
    try:
        found = intake.read(report.what, keys, way_back=report.typed.get("contact", ""))
    except NothingReported:
        return Read(report=report, faults=(Fault("/what", _("This names nothing: give a link, a name, a number or a few words.")),))
    except TooManyResources as refusal:
        return Read(report=report, faults=(Fault("/what", words(refusal)),))
    return Read(report=report, resources=found, code=_code(report, keys, seed))


def read_all(given: Iterable[object], keys: Keys, seed: bytes | None) -> tuple[Read, ...]:
    """Read each report under a seed of its own place. The same seed and reports make the same receipts; without a seed all are new."""
    seed = seed or secrets.token_bytes(policy.RECEIPT_BITS // 8)
    return tuple(read(each, keys, seed + b"/%d" % place) for place, each in enumerate(given))


def sealed(reads: Sequence[Read], sender: Sender, keys: Keys) -> tuple[Submission, ...]:
    """The good ones, sealed, in an order in which two batches seldom meet head-on."""
    arrivals = [_arrival(each.report, each, sender) for each in reads if each.report and not each.faults]
    arrivals.sort(key=lambda each: min((one.kind, one.canonical) for one in each.resources))
    return tuple(intake.sealed(each, keys) for each in arrivals)


def store(session: Session, submissions: Sequence[Submission], *, at: datetime) -> None:
    """Store them in the caller's transaction. What is stored already, under the same receipts, is left as it is."""
    for submission in submissions:
        intake.store(session, submission, at=at)


def again_if_deadlocked(act: Callable[[], Result]) -> Result:
    """Do something that stores many reports, and do it anew where PostgreSQL ended it for another's sake."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return act()
        except OperationalError as fault:
            if not isinstance(fault.orig, DeadlockDetected):
                raise
    return act()


def _arrival(report: GivenReport, read: Read, sender: Sender) -> Arrival:
    return Arrival(
        typed=report.typed,
        resources=read.resources,
        category=report.category,
        danger_now=report.danger_now,
        language=report.language or sender.language,
        lane=sender.lane,
        code=read.code,
        partner_id=sender.partner.id if sender.partner else None,
        channel=Channel.PARTNER if sender.partner else Channel.API,
    )


def _code(report: GivenReport, keys: Keys, seed: bytes) -> str:
    """A receipt that only this instance can make, from the seed and everything that was said."""
    said: list[Any] = [report.typed, report.category, report.danger_now, report.language]
    secret = hmac.new(keys.derive("receipt"), seed + orjson.dumps(said, option=orjson.OPT_SORT_KEYS), hashlib.sha256).digest()
    return sealing.receipt_code(secret[: policy.RECEIPT_BITS // 8])
