"""Reads what the offline form made: opens it where it is locked, and holds it to the same rules as the form. Stores nothing itself."""

import re
from dataclasses import dataclass

import orjson
from werkzeug.datastructures import MultiDict

from app import intake, sealing
from app.intake import Arrival
from app.keys import Keys
from app.languages import ENGLISH
from app.public.forms import ReportForm
from app.report_shape import LANGUAGE
from moderation import policy
from moderation.vocabulary import Category, Lane

AGE_BEGINS = b"age-encryption.org/v1"

VERSION = 1
"""Of the file's own form, as app/static/offline.js writes it."""


class NotAnOfflineReport(Exception):
    """The file was not made by the offline form, or is damaged, or is locked for another desk. Told to the operator who imports it."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a file says: the receipt's secret, the language it was filled in, and every answer by field."""

    secret: bytes
    language: str
    answers: dict[str, list[str]]


def arrival(content: bytes, keys: Keys) -> Arrival:
    """The report in a file; always for the slower lane, since nothing tells who or what filled it in.

    Raises:
        NotAnOfflineReport.
        moderation.errors.NothingReported, moderation.errors.TooManyResources
    """
    if len(content) > policy.REPORT_BYTES:
        raise NotAnOfflineReport("The file is larger than a report can be.")
    told = _read(_opened(content, keys))
    form = ReportForm(MultiDict(told.answers))
    if not form.validate():
        raise NotAnOfflineReport(f"An answer in the file is missing or too long: {_faults(form)}")
    return Arrival(
        typed=form.typed,
        resources=intake.read(form.what.data or "", keys, way_back=form.contact.data or ""),
        category=Category(form.category.data),
        danger_now=bool(form.danger_now.data),
        language=told.language,
        lane=Lane.SLOW,
        code=sealing.receipt_code(told.secret),
    )


def _opened(content: bytes, keys: Keys) -> bytes:
    if not content.startswith(AGE_BEGINS):
        return content
    if keys.desk_identity is None:
        raise NotAnOfflineReport("The file is locked, and the desk's key is not here. Import it where the desk runs.")
    try:
        return sealing.open_at_desk(content, keys)
    except sealing.CannotOpen as fault:
        raise NotAnOfflineReport("The file is damaged, or locked for another desk.") from fault


def _read(content: bytes) -> _Told:
    try:
        told = orjson.loads(content)
        secret = bytes.fromhex(told["secret"])
        answers = {str(name): [str(value) for value in values] for name, values in told["answers"].items()}
        language = told["language"]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as fault:
        raise NotAnOfflineReport("This is no file of the offline form.") from fault
    if told.get("flagstone") != VERSION or len(secret) != policy.RECEIPT_BITS // 8:
        raise NotAnOfflineReport("This is no file of the offline form.")
    # By its form, not by what is spoken here: a language whose catalogue came later, or went, is still what the report is in.
    is_language = isinstance(language, str) and re.fullmatch(LANGUAGE, language) is not None
    return _Told(secret, language if is_language else ENGLISH, answers)


def _faults(form: ReportForm) -> str:
    return " ".join(str(faults[0]) for faults in form.errors.values())
