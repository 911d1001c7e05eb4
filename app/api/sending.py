"""`POST /api/v1/reports`: one report from anyone, or many from a partner. Each goes through the one door; holds no rule."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify
from flask_babel import gettext as _

from app import batches, clock, instance, limits
from app.api import requests
from app.api.blueprint import api
from app.api.problems import Problem, as_errors, invalid
from app.audience import PARTNER, PUBLIC, audience
from app.batches import Read, Sender
from app.database import database, request_session
from app.languages import current_language
from app.report_shape import Fault, pointer
from moderation import partners, policy, resources
from moderation.partners import PartnerSeen
from moderation.vocabulary import Channel, Resource, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What was asked: `key` is empty where it may not be sent again, `given` holds each report, still unread."""

    partner: PartnerSeen | None
    key: str
    raw: bytes
    given: list[object]
    is_batch: bool

    @property
    def whose(self) -> bytes:
        """The key together with whose it is: two partners never share one."""
        return f"{self.partner.reference if self.partner else 'anyone'} {self.key}".encode()


@api.post("/v1/reports")
@audience(PUBLIC, PARTNER)
def send() -> Response:
    """Take one report, or a partner's batch of them."""
    asked = _asked()
    reads = batches.read_all(asked.given, instance.keys(), asked.whose if asked.key else None)
    if not asked.is_batch and reads[0].faults:
        raise invalid(*reads[0].faults)
    _refuse_suspended(reads, asked.partner)
    submissions = batches.sealed(reads, _sender(asked), instance.keys())
    is_new = batches.again_if_deadlocked(lambda: _stored(asked, submissions))
    response = jsonify(_results(reads) if asked.is_batch else _receipt(reads[0]))
    response.status_code = HTTPStatus.MULTI_STATUS if any(each.faults for each in reads) else HTTPStatus.CREATED
    if not is_new:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _asked() -> _Request:
    partner, key = requests.sender(), requests.idempotency_key()
    raw, given = requests.body(limit_octets=policy.BATCH_BYTES if partner else policy.REPORT_BYTES)
    is_batch = isinstance(given, dict) and "reports" in given
    reports = _many(given, partner) if is_batch else [given]
    return _Request(partner=partner, key=key, raw=raw, given=reports, is_batch=is_batch)


def _many(given: dict[str, Any], partner: PartnerSeen | None) -> list[object]:
    """The reports of a batch, each still unread."""
    if partner is None:
        raise Problem(HTTPStatus.FORBIDDEN, _("Only partners may send many reports at once. Send one, or use a partner's token."))
    reports, most = given["reports"], policy.BATCH_REPORTS
    others = [Fault(pointer([name]), _("There is no field of this name.")) for name in sorted(given) if name != "reports"]
    if others:
        raise invalid(*others)
    if not isinstance(reports, list) or not 1 <= len(reports) <= most:
        raise invalid(Fault("/reports", _("This must be a list of 1 to %(most)s reports.", most=most)))
    return reports


def _sender(asked: _Request) -> Sender:
    partner, many = asked.partner, len(asked.given)
    lane = limits.lane_for(Channel.PARTNER, who=str(partner.reference), reports=many) if partner else limits.lane_for(Channel.API)
    return Sender(lane=lane, language=current_language(), partner=partner)


def _stored(asked: _Request, submissions: Sequence[Submission]) -> bool:
    """Store all of them or none; False where the same request was answered before under its key."""
    at = clock.now()
    with database().transaction(request_session()) as session:
        if asked.key and not partners.is_first(session, *_digests(asked), kept_until=clock.to_the_hour(at + policy.REQUEST_KEY_KEPT)):
            return False
        batches.store(session, submissions, at=at)
        if asked.partner and asked.is_batch:
            refused = len(asked.given) - len(submissions)
            partners.note(session, asked.partner, reports=len(submissions), refused=refused, at=at)
    return True


def _digests(asked: _Request) -> tuple[bytes, bytes]:
    """Keyed digests of the request's key and of its body: what is kept of them."""
    secret = instance.keys().derive("request keys")
    return tuple(hashlib.blake2b(each, key=secret, digest_size=32).digest() for each in (asked.whose, asked.raw))  # type: ignore[return-value]


def _refuse_suspended(reads: Sequence[Read], partner: PartnerSeen | None) -> None:
    """The route for danger stays open to everyone."""
    if partner is None or not partner.is_suspended(clock.now()):
        return
    if not all(each.report.danger_now for each in reads if each.report):
        detail = _("You may send only reports of danger until %(until)s.", until=f"{partner.suspended_until:%Y-%m-%d}")
        raise Problem(HTTPStatus.FORBIDDEN, detail)


def _receipt(read: Read) -> dict[str, Any]:
    return {"receipt": read.code, "resources": [recognised(each) for each in read.resources]}


def recognised(resource: Resource) -> dict[str, Any]:
    """A resource as its sender may see it. The canonical form of a free text is a keyed digest, which would tell nothing."""
    return {"kind": resource.kind, "canonical": None if resource.kind == resources.WORDS else resource.canonical}


def _results(reads: Sequence[Read]) -> dict[str, Any]:
    refused = sum(1 for each in reads if each.faults)
    return {"stored": len(reads) - refused, "refused": refused, "results": [_result(place, each) for place, each in enumerate(reads)]}


def _result(place: int, read: Read) -> dict[str, Any]:
    if read.faults:
        return {"index": place, "status": HTTPStatus.UNPROCESSABLE_ENTITY, "errors": as_errors(read.faults)}
    return {"index": place, "status": HTTPStatus.CREATED, **_receipt(read)}
