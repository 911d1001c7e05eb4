"""The API as tests call it, and what is stored then. Asserts nothing."""

import orjson
from sqlalchemy import func, select

from app import sealing
from moderation.models import Report, ReportKey
from tests.web.visitors import database_of, new_site

REPORTS, STATUS = "/api/v1/reports", "/api/v1/status"


def one(what=None, **given):
    return {"what": what or new_site(), "category": "labour", **given}


def send(app, body, *, token="", key="", **headers):
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Idempotency-Key": key} if key else {}
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return app.test_client().post(REPORTS, data=raw, content_type="application/json", headers=headers)


def counted(app, what=Report):
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(what))


def stored(app, receipt):
    """The report with this receipt, and what was typed in it."""
    with database_of(app).reading() as session:
        report = session.scalars(select(Report).where(Report.receipt_digest == sealing.receipt_digest(receipt))).one()
        return report, sealing.open_sealed(report.sealed, session.get(ReportKey, report.id).wrapped, app.extensions["keys"])


def pointers(answer):
    return [each["pointer"] for each in answer.json["errors"]]
