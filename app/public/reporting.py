"""The report page: shows the form, seals what was typed, and hands over a receipt. Refuses nothing for its form; keeps nothing in clear."""

from datetime import datetime

import orjson
import structlog
from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from app import batches, clock, instance, intake, limits, report_fields, sealing, work
from app.database import transaction
from app.errors import words
from app.intake import Arrival
from app.languages import requested_language
from app.public import form_tokens
from app.public.blueprint import page
from app.public.form_tokens import FormToken
from app.public.forms import CATEGORIES, ReportForm
from moderation import resources
from moderation.errors import NothingReported, TooManyResources
from moderation.vocabulary import Category, Lane, Resource, Submission

log = structlog.get_logger(__name__)


@page("/report", "report", methods=("GET", "POST"))
def report() -> ResponseReturnValue:
    """The form; sent, its receipt, or the form again with all that was typed and what is wrong."""
    if request.method != "POST":
        return shown(ReportForm())
    form = ReportForm(request.form)
    form.validate()
    found = _resources(form)
    if form.errors:
        return shown(form), 422
    code = _send(form, found)
    if code is None:
        return shown(form, not_saved=True), 503
    return _receipt(form, code, found)


def _receipt(form: ReportForm, code: str, found: tuple[Resource, ...]) -> str:
    """The code, and what was read: who sees their own number among it can take it out at once."""
    return render_template(
        "public/receipt.html",
        code=code,
        routes=form.routes,
        masked=intake.masked(form.typed),
        read=[(one, resources.label(one.kind), resources.may_be_own(one.kind)) for one in found if one.kind != resources.WORDS],
    )


def shown(form: ReportForm, *, not_saved: bool = False) -> str:
    """The form, with what is in it and what is wrong with it."""
    if _token(form).nonce is None:
        form.token.data = form_tokens.issue(instance.keys(), at=clock.now())
    return render_template(
        "public/report.html",
        form=form,
        categories=CATEGORIES,
        how_known=report_fields.HOW_KNOWN,
        forms=report_fields.FORMS,
        stages=report_fields.STAGES,
        not_saved=not_saved,
        work=_work(),
    )


def _resources(form: ReportForm) -> tuple[Resource, ...]:
    """What the report names; what is wrong with it is said at the field."""
    if form.what.errors:
        return ()
    try:
        return intake.read(form.what.data or "", instance.keys(), way_back=form.contact.data or "")
    except NothingReported:
        fault = _("Tell us what you want to report: a link, a name or a few words.")
    except TooManyResources as refusal:
        fault = words(refusal)
    form.what.errors = (*form.what.errors, fault)
    return ()


def _send(form: ReportForm, found: tuple[Resource, ...]) -> str | None:
    """Store the report and return its code; None where the database is away."""
    keys, token = instance.keys(), _token(form)
    answers = orjson.dumps([form.typed, form.category.data, form.danger_now.data], option=orjson.OPT_SORT_KEYS)
    arrival = Arrival(
        typed=form.typed,
        resources=found,
        category=Category(form.category.data),
        danger_now=bool(form.danger_now.data),
        language=requested_language(),
        lane=_lane(form, token),
        code=sealing.receipt_code(token.receipt_secret(answers, keys)),
        channel=limits.form_channel(with_script=bool(form.scripted.data)),
    )
    submission, now = intake.sealed(arrival, keys), clock.now()
    try:
        batches.again_if_deadlocked(lambda: _store(submission, at=now))
    except (OperationalError, NoConnection) as fault:
        # The fault's own text may hold values of the report, so only its kind is logged.
        log.error("report not saved", fault=type(fault).__name__)
        return None
    return arrival.code


def _store(submission: Submission, *, at: datetime) -> None:
    with transaction() as session:
        intake.store(session, submission, at=at)


def _lane(form: ReportForm, token: FormToken) -> Lane:
    """Signs of a machine cost speed, never the report: a person behind a strange browser must still be heard."""
    channel = limits.form_channel(with_script=bool(form.scripted.data))
    within_budget = limits.lane_for(channel, proof=lambda: work.is_done(form.work.data or "", limits.counters()))
    return within_budget if token.is_timely(clock.now()) and not form.subject.data else Lane.SLOW


def _work() -> str | None:
    """A piece of work for browsers with scripts, only while many reports come in: its solution keeps the standard lane."""
    if not limits.is_busy(limits.form_channel(with_script=True)):
        return None
    return work.challenge(limits.counters())


def _token(form: ReportForm) -> FormToken:
    return form_tokens.read(form.token.data or "", instance.keys())
